import { useEffect, useLayoutEffect, useRef, type RefObject } from 'react';
import type { ConsoleRow } from '~/exams';
import { useText } from '~/text/react';
import { CandidateRow } from './candidate-row';
import { ago } from './view';

export interface CandidateTableProps {
  rows: readonly ConsoleRow[];
  now: number;
  rooms: ReadonlyMap<string, string>;
  selected: ReadonlySet<string>;
  onSelect: (id: string, on: boolean) => void;
  onSelectAll: (on: boolean) => void;
  /** Address of a candidate's own page. */
  to: (id: string) => string;
}

/** Everybody, one line each. */
export function CandidateTable({ rows, now, rooms, selected, onSelect, onSelectAll, to }: CandidateTableProps) {
  const { t } = useText();
  const box = useRef<HTMLDivElement>(null);
  useKeptInPlace(box);
  if (rows.length === 0) return <p className="empty empty-title">{t('console.none-found')}</p>;
  const all = rows.every(({ id }) => selected.has(id));
  return (
    // Wider than a phone: it is scrolled sideways, also by keyboard.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div className="console-scroll" ref={box} role="region" aria-label={t('console.candidates')} tabIndex={0}>
      <table className="console-table">
        <caption className="visually-hidden">{t('console.candidates')}</caption>
        <thead>
          <tr>
            <td className="console-tick">
              <label>
                <span className="visually-hidden">{t('console.select-all')}</span>
                <input type="checkbox" className="console-check" checked={all} onChange={(event) => onSelectAll(event.target.checked)} />
              </label>
            </td>
            <th scope="col">{t('console.seat')}</th>
            <th scope="col">{t('console.name')}</th>
            <th scope="col" className="console-organisation">{t('console.organisation')}</th>
            <th scope="col">{t('console.state')}</th>
            <th scope="col" className="numeric">{t('console.item')}</th>
            <th scope="col">{t('console.contact')}</th>
            <th scope="col" className="numeric">{t('console.saved')}</th>
            <th scope="col" className="numeric">{t('console.observed')}</th>
            <th scope="col" className="numeric">{t('console.left')}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => {
            const since = row.state === 'in-progress' && row.contactAt !== null ? ago(row.contactAt, now) : null;
            return (
              <CandidateRow
                key={row.id} row={row} room={rooms.get(row.room ?? '') ?? null} selected={selected.has(row.id)} onSelect={onSelect} to={to(row.id)}
                unit={since?.unit ?? null} n={since?.n ?? 0} left={minutesLeft(row, now)}
              />
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

/** The server draws once, and has no layout. */
const useLayout = typeof window === 'undefined' ? useEffect : useLayoutEffect;

/** What grows or shrinks above the rows must not move them from under somebody's finger, once they are scrolled to. */
function useKeptInPlace(box: RefObject<HTMLElement>): void {
  const top = useRef<number | null>(null);
  useEffect(() => {
    const note = () => void (top.current = topOf(box));
    note();
    window.addEventListener('scroll', note, { passive: true });
    return () => window.removeEventListener('scroll', note);
  }, [box]);
  useLayout(() => {
    const now = topOf(box);
    if (top.current !== null && now !== null && top.current < 0 && now !== top.current) window.scrollBy(0, now - top.current);
    top.current = topOf(box);
  });
}

const topOf = (box: RefObject<HTMLElement>): number | null => box.current?.getBoundingClientRect().top ?? null;

/** While it stands still the clock shows what was left when it was stopped. */
function minutesLeft(row: ConsoleRow, now: number): number | null {
  if (row.deadlineAt === null) return null;
  return Math.max(0, Math.ceil((row.deadlineAt - (row.pausedAt ?? now)) / 60_000));
}
