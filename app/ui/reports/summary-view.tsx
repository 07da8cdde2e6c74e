import { ShareChart } from '~/charts';
import { useText } from '~/text/react';
import { DataTable } from '../table/table';
import type { ShownSummary } from './shown-summary.server';

/** Numbers by groups: a chart of the share that matters, and all numbers as a table beside it. */
export function SummaryView({ summary }: { summary: ShownSummary }) {
  const { t } = useText();
  const rows = [...summary.groups, summary.total];
  return (
    <>
      {summary.hideSmall && <p className="soft">{t('reports.hidden-note')}</p>}
      {summary.chart !== null && <ShareChart title={summary.chart} shares={rows.map(({ label, share, shareText }) => ({ label, share, text: shareText }))} />}
      <DataTable
        caption={t('reports.numbers')}
        rows={rows}
        rowKey={(row) => row.key === '' ? row.label : row.key}
        empty={t('reports.preview-none')}
        columns={[
          { key: 'group', header: summary.grouping, cell: (row) => row.label },
          { key: 'all', header: summary.lines, cell: (row) => row.all, numeric: true },
          ...summary.states.map((state, i) => ({ key: state, header: state, cell: (row: (typeof rows)[number]) => row.cells[i] ?? '', numeric: true })),
          ...(summary.mean === null ? [] : [{ key: 'mean', header: summary.mean, cell: (row: (typeof rows)[number]) => row.mean, numeric: true }]),
        ]}
      />
    </>
  );
}
