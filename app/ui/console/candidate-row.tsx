import { Link } from '@remix-run/react';
import { memo } from 'react';
import type { ConsoleRow } from '~/exams';
import { useText } from '~/text/react';
import { StatusTag, type StatusTone } from '../status/status';
import { rowState } from './view';

export interface CandidateRowProps {
  row: ConsoleRow;
  room: string | null;
  selected: boolean;
  onSelect: (id: string, on: boolean) => void;
  /** Where this candidate's own page is. */
  to: string;
  /** How long ago the last contact was, in steps: a row is drawn again only when its words change. */
  unit: 'now' | 'seconds' | 'minutes' | 'hours' | null;
  n: number;
  /** Whole minutes left; 0: the time is up; null: no clock runs. */
  left: number | null;
}

/** One candidate in the table. */
export const CandidateRow = memo(function CandidateRow({ row, room, selected, onSelect, to, unit, n, left }: CandidateRowProps) {
  const { t } = useText();
  const writes = row.state === 'in-progress';
  return (
    <tr className={row.needs.length > 0 ? 'console-row console-row--need' : 'console-row'} aria-selected={selected}>
      <td className="console-tick">
        <label>
          <span className="visually-hidden">{t('console.select', { name: row.name })}</span>
          <input type="checkbox" className="console-check" name="who" value={row.id} checked={selected} onChange={(event) => onSelect(row.id, event.target.checked)} />
        </label>
      </td>
      <td className="console-seat">{room && <span className="console-room">{room}</span>}<span className="figures">{row.seat ?? '–'}</span></td>
      <th scope="row">
        <Link to={to}>{row.name}</Link>
        <span className="console-under figures">{row.ticket}</span>
      </th>
      <td className="console-organisation">{row.organisation}</td>
      <td className="console-state"><States row={row} /></td>
      <td className="numeric">{writes ? row.item : null}</td>
      <td className="console-contact">{writes && unit !== null && t(`console.contact.${unit}`, { n })}</td>
      <td className="numeric">{row.attempt !== null && t('console.saved-value', { saved: row.saved, total: row.total })}</td>
      <td className="numeric">{row.observed > 0 ? row.observed : null}</td>
      <td className="numeric">{writes && left !== null && (left > 0 ? t('console.left-minutes', { n: left }) : t('console.left-over'))}</td>
    </tr>
  );
});

function States({ row }: { row: ConsoleRow }) {
  const { t } = useText();
  const state = rowState(row);
  return (
    <>
      <StatusTag tone={TONES[state]}>{state === 'waiting' || state === 'admitted' ? t(identityKey(row)) : state === 'paused' ? t('console.paused') : t(`exams.attempt-state.${row.state ?? 'prepared'}`)}</StatusTag>
      {row.needs.filter((need) => need !== 'paused' && need !== 'at-door').map((need) => <StatusTag key={need} tone="due">{t(`console.need.${need}`)}</StatusTag>)}
      {row.permit && <StatusTag tone="neutral">{t('console.permit')}</StatusTag>}
      {row.unread > 0 && !row.needs.includes('unread') && <StatusTag tone="neutral">{t('console.unread', { n: row.unread })}</StatusTag>}
      {row.exempt.map((kind) => <StatusTag key={kind} tone="neutral">{t(`console.exempt.${kind}`)}</StatusTag>)}
    </>
  );
}

const TONES: Record<ReturnType<typeof rowState>, StatusTone> = {
  waiting: 'neutral', admitted: 'neutral', 'in-progress': 'ok', paused: 'due', 'handed-in': 'neutral', void: 'bad',
};

const identityKey = (row: ConsoleRow) => {
  if (row.identity !== null) return `console.identity.${row.identity}` as const;
  return row.checkedInAt === null ? 'console.identity.none' as const : 'console.identity.checked-in' as const;
};
