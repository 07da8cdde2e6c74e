import { useText } from '~/text/react';
import { usePartWords } from '../player/deadline-parts';
import { DataTable } from '../table/table';
import type { ShownLine } from './shown-lines.server';

/** What an incident gives back to everybody, with the evidence that it rests on. `expected`: not done yet. */
export function CreditTable({ lines, expected }: { lines: ShownLine[]; expected: boolean }) {
  const { t } = useText();
  return (
    <DataTable
      caption={t('incident.candidates')}
      rows={lines}
      rowKey={(row) => row.attemptId}
      empty={t('incident.nobody')}
      columns={[
        { key: 'name', header: t('incident.candidate'), cell: (row) => row.name },
        { key: 'seat', header: t('incident.seat'), cell: (row) => (row.seat === null ? '' : row.seat.seat === null ? row.seat.room : t('incident.seat-value', { room: row.seat.room, seat: row.seat.seat })) },
        { key: 'last', header: t('incident.last-before'), cell: (row) => row.lastBefore ?? '', numeric: true },
        { key: 'first', header: t('incident.first-after'), cell: (row) => row.firstAfter ?? (row.effect === 'open' ? t('incident.not-back') : ''), numeric: true },
        { key: 'credit', header: t('incident.credit'), cell: (row) => <Credit row={row} expected={expected} /> },
        { key: 'deadline', header: t('incident.deadline'), cell: (row) => (row.credit > 0 ? t('incident.deadline-change', { before: row.before, after: row.after }) : row.before), numeric: true },
        { key: 'effect', header: t('incident.effect'), cell: (row) => t(`incident.effect.${row.effect}`) },
      ]}
    />
  );
}

function Credit({ row, expected }: { row: ShownLine; expected: boolean }) {
  const { t } = useText();
  const { span } = usePartWords();
  if (row.credit <= 0 && row.lost === 0) return <>–</>;
  const openEnd = row.effect === 'open' || (expected && row.effect === 'reopen');
  const given = span(Math.max(0, row.credit));
  return (
    <>
      <strong>{openEnd ? t('incident.credit-at-most', { span: given }) : given}</strong>
      {row.lost > row.credit && row.effect !== 'left-closed' && <><br /><small>{t('incident.credit-overlap', { span: span(row.lost - row.credit) })}</small></>}
    </>
  );
}
