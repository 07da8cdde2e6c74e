import { Link } from '@remix-run/react';
import { useText } from '~/text/react';
import { DataTable } from '../table/table';
import { StatusTag, type StatusTone } from '../status/status';
import { DateText } from '../time/time';

/** A change of an organisation, as far as a list shows it. */
export interface ShownChange {
  id: string;
  kind: 'move' | 'merge' | 'close';
  organisationId: string;
  name: string;
  target: string;
  effectiveOn: string;
  state: 'planned' | 'done' | 'withdrawn' | 'failed';
  /** The code of why it could not be carried out. */
  problem: string | null;
}

const TONES = { planned: 'due', done: 'ok', withdrawn: 'neutral', failed: 'bad' } as const satisfies Record<ShownChange['state'], StatusTone>;

/** Moves, mergers and closings, each with its day and what came of it. */
export function PlannedChanges({ changes }: { changes: ShownChange[] }) {
  const { t, has } = useText();
  const why = (change: ShownChange): string => {
    const key = `units.failed.${change.problem}`;
    return has(key) ? t(key) : '';
  };
  return (
    <DataTable
      caption={t('units.planned')}
      rows={changes}
      rowKey={(row) => row.id}
      empty={t('units.planned-none')}
      columns={[
        { key: 'what', header: t('units.what'), cell: (row) => <Link to={`/hr/units/${row.organisationId}`}>{t(`units.says-${row.kind}`, { name: row.name, target: row.target })}</Link> },
        { key: 'when', header: t('units.when'), cell: (row) => <DateText date={row.effectiveOn} far /> },
        { key: 'state', header: t('units.state'), cell: (row) => (
          <><StatusTag tone={TONES[row.state]}>{t(`units.state.${row.state}`)}</StatusTag>{row.problem !== null && <> <small>{why(row)}</small></>}</>
        ) },
      ]}
    />
  );
}
