import { useText } from '~/text/react';
import { Banner } from '../banner/banner';
import { DataTable } from '../table/table';
import type { ShownPreview } from './preview.server';
import { SummaryView } from './summary-view';

/** The first lines of a report and how many there are, or its numbers. */
export function PreviewView({ preview }: { preview: ShownPreview }) {
  const { t } = useText();
  if (!preview.ok) return <Banner tone="warning" title={preview.problem} />;
  return (
    <>
      <ul className="soft">{preview.about.map((line) => <li key={line}>{line}</li>)}</ul>
      {preview.posts !== null && <p role="status">{preview.lines === null ? t('reports.preview-posts', { posts: preview.posts }) : t('reports.preview-lines', { lines: preview.lines, posts: preview.posts })}</p>}
      {preview.layout === 'groups' && !preview.summary && <p>{t('reports.preview-large')}</p>}
      {preview.layout === 'people' && (
        <DataTable
          caption={t('reports.preview')}
          rows={preview.rows.map((cells, i) => ({ key: String(i), cells }))}
          rowKey={(row) => row.key}
          empty={t('reports.preview-none')}
          columns={preview.columns.map(({ code, header, numeric }, i) => ({ key: code, header, numeric, cell: (row: { cells: string[] }) => row.cells[i] ?? '' }))}
        />
      )}
      {preview.summary && <SummaryView summary={preview.summary} />}
    </>
  );
}
