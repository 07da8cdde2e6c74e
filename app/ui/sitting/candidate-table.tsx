import { Link } from '@remix-run/react';
import type { SittingCandidate } from '~/exams';
import { useText } from '~/text/react';
import { FilterBar, FilterSelect, FilterText } from '../table/filter';
import { Pager } from '../table/pager';
import { DataTable } from '../table/table';
import { CandidateState } from './states';

export interface CandidateTableProps {
  sittingId: string;
  candidates: SittingCandidate[];
  rooms: { id: string; name: string }[];
  count: number;
  page: number;
  pageCount: number;
  filtered: boolean;
  over: boolean;
  /** Whether the names lead to where places are changed. */
  planner: boolean;
}

/** Who has a place in a sitting, waits for one, or has left. */
export function CandidateTable({ sittingId, candidates, rooms, count, page, pageCount, filtered, over, planner }: CandidateTableProps) {
  const { t } = useText();
  return (
    <>
      {(filtered || count > 0) && (
        <FilterBar count={count} exportTo={`/sittings/${sittingId}/candidates.csv`}>
          <FilterText name="q" label={t('sittings.candidate-search')} />
          {rooms.length > 1 && <FilterSelect name="room" label={t('sittings.seat-room')} options={rooms.map(({ id, name }) => ({ value: id, label: name }))} />}
          <FilterSelect name="state" label={t('sittings.candidate-state')} options={(['booked', 'waiting', 'absent', 'ended'] as const).map((value) => ({ value, label: t(`sittings.booking-state.${value}`) }))} />
        </FilterBar>
      )}
      <DataTable
        caption={t('sittings.candidates')}
        rows={candidates}
        rowKey={(row) => row.id}
        empty={filtered ? t('sittings.candidates-found-none') : t('sittings.candidates-none')}
        columns={[
          { key: 'name', header: t('sittings.candidate-name'), cell: (row) => (planner ? <Link to={`/sittings/${sittingId}/candidates/${row.id}`}>{row.name}</Link> : <Link to={`/sittings/ticket/${row.ticket}`}>{row.name}</Link>) },
          { key: 'number', header: t('sittings.candidate-number'), cell: (row) => <span className="figures">{row.number}</span> },
          { key: 'unit', header: t('sittings.candidate-unit'), cell: (row) => row.organisation },
          { key: 'seat', header: t('sittings.candidate-seat'), cell: (row) => (row.room === null || row.seat === null ? '' : t('sittings.seat', { room: row.room, seat: row.seat })) },
          { key: 'ticket', header: t('sittings.candidate-ticket'), cell: (row) => <span className="figures">{row.ticket}</span> },
          { key: 'source', header: t('sittings.candidate-source'), cell: (row) => t(`sittings.source.${row.source}`) },
          { key: 'state', header: t('sittings.candidate-state'), cell: (row) => <CandidateState row={row} over={over} /> },
        ]}
      />
      <Pager page={page} pageCount={pageCount} />
    </>
  );
}
