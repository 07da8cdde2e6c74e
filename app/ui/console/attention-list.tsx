import { memo } from 'react';
import type { ConsoleRow, Need } from '~/exams';
import { useText } from '~/text/react';
import { ago, inNeed } from './view';

export interface AttentionListProps {
  rows: readonly ConsoleRow[];
  /** The most pressing first. */
  order: readonly Need[];
  now: number;
  rooms: ReadonlyMap<string, string>;
  selected: ReadonlySet<string>;
  onSelect: (id: string, on: boolean) => void;
}

/** So many are shown as cards; the others are in the table. */
const SHOWN = 12;

/** The first thing on the console: who needs somebody now, and why. Ticking one here ticks it in the table. */
export function AttentionList({ rows, order, now, rooms, selected, onSelect }: AttentionListProps) {
  const { t } = useText();
  const found = inNeed(rows, order);
  return (
    <section className="console-attention" aria-labelledby="console-attention-title">
      <h2 id="console-attention-title">
        {t('console.attention')}
        {found.length > 0 && <span className="console-attention-count figures">{t('console.attention-some', { count: found.length })}</span>}
      </h2>
      {found.length === 0 && <p className="console-calm">{t('console.attention-none')}</p>}
      <ul className="console-needs">
        {found.slice(0, SHOWN).map((row) => (
          <NeedCard
            key={row.id} row={row} room={rooms.get(row.room ?? '') ?? null} selected={selected.has(row.id)} onSelect={onSelect}
            unit={row.since === null ? 'now' : ago(row.since, now).unit} n={row.since === null ? 0 : ago(row.since, now).n}
          />
        ))}
      </ul>
      {found.length > SHOWN && <p className="small">{t('console.attention-more', { count: found.length - SHOWN })}</p>}
    </section>
  );
}

interface NeedCardProps {
  row: ConsoleRow;
  room: string | null;
  selected: boolean;
  onSelect: (id: string, on: boolean) => void;
  unit: 'now' | 'seconds' | 'minutes' | 'hours';
  n: number;
}

const NeedCard = memo(function NeedCard({ row, room, selected, onSelect, unit, n }: NeedCardProps) {
  const { t } = useText();
  const [first, ...more] = row.needs;
  return (
    <li className={`console-needy console-needy--${first ?? 'none'}`}>
      <label>
        <input type="checkbox" className="console-check" checked={selected} onChange={(event) => onSelect(row.id, event.target.checked)} />
        <span className="console-needy-text">
          <strong>{row.name}</strong>
          <span className="small">{row.seat === null ? row.ticket : room ? t('console.seat-in', { room, seat: row.seat }) : t('console.seat-only', { seat: row.seat })}</span>
          {first && <span className="console-needy-why">{t(`console.need.${first}`)}<span className="figures small"> {t(`console.contact.${unit}`, { n })}</span></span>}
          {more.length > 0 && <span className="small">{more.map((need) => t(`console.need.${need}`)).join(' · ')}</span>}
        </span>
      </label>
    </li>
  );
});
