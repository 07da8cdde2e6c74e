import { Link } from '@remix-run/react';
import type { HiringStatus } from '~/certification';
import { useText } from '~/text/react';
import { StatusTag } from '../status/status';
import { DataTable } from '../table/table';
import { DateText } from '../time/time';
import { TONES } from './statuses';

/** A row as a page shows it. */
export interface ShownRow {
  line: number;
  name: string;
  number: string;
  organisation: string | null;
  post: string | null;
  startOn: string | null;
  status: HiringStatus;
  assignmentId: string | null;
  says: string;
}

/** The people of a list; with `choose` each can be ticked for what is done about several. */
export function PeopleTable({ rows, choose }: { rows: ShownRow[]; choose: boolean }) {
  const { t } = useText();
  return (
    <DataTable
      caption={t('hiring.people')}
      rows={rows}
      rowKey={(row) => String(row.line)}
      empty={t('hiring.nobody-found')}
      columns={[
        { key: 'person', header: t('hiring.person'), cell: (row) => <Person row={row} choose={choose} /> },
        { key: 'unit', header: t('hiring.unit'), cell: (row) => <>{row.organisation}{row.post && <><br /><small>{row.post}</small></>}</> },
        { key: 'on', header: t('hiring.start-on'), cell: (row) => row.startOn && <DateText date={row.startOn} far /> },
        { key: 'status', header: t('hiring.status'), cell: (row) => <StatusTag tone={TONES[row.status]}>{t(`hiring.status.${row.status}`)}</StatusTag> },
        { key: 'why', header: t('hiring.why'), cell: (row) => row.says },
      ]}
    />
  );
}

function Person({ row, choose }: { row: ShownRow; choose: boolean }) {
  const { t } = useText();
  return (
    <div className="hiring-person">
      {choose && <input type="checkbox" className="hiring-tick no-print" name="row" value={row.line} aria-label={t('hiring.choose', { name: row.name })} />}
      <div>
        {row.assignmentId ? <Link to={`/hr/clearance/${row.assignmentId}`}>{row.name}</Link> : row.name}
        <br /><small className="figures">{row.number}</small>
      </div>
    </div>
  );
}
