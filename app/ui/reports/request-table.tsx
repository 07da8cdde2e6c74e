import { Link } from '@remix-run/react';
import { useText } from '~/text/react';
import { ButtonLink } from '../button/button';
import { EmptyState } from '../page/page';
import { ProgressBar, StatusTag, type StatusTone } from '../status/status';
import { DataTable } from '../table/table';
import { InstantText } from '../time/time';
import { sizeText } from './size';
import type { ShownRequest } from './shown-request.server';

const REQUEST_TONES: Record<ShownRequest['state'], StatusTone> = { waiting: 'neutral', running: 'due', done: 'ok', failed: 'bad', cancelled: 'neutral' };

/** What somebody asked for: how far it is, until when the file is kept, how often it was taken. */
export function RequestTable({ requests }: { requests: readonly ShownRequest[] }) {
  const { t } = useText();
  return (
    <DataTable
      caption={t('reports.made')}
      rows={[...requests]}
      rowKey={(row) => row.id}
      empty={<EmptyState title={t('reports.made-none')}>{t('reports.made-none-text')}</EmptyState>}
      columns={[
        { key: 'name', header: t('reports.name'), cell: (row) => <><Link to={`/hr/reports/${row.id}`}>{row.name}</Link><br /><small>{t(`reports.kind.${row.kind}`)}{row.scheduled && ` · ${t('reports.scheduled')}`}</small></> },
        { key: 'asked', header: t('reports.asked'), cell: (row) => <InstantText at={row.askedAt} /> },
        { key: 'state', header: t('reports.state'), cell: (row) => <RequestState request={row} /> },
        { key: 'lines', header: t('reports.lines'), cell: (row) => row.lines ?? '', numeric: true },
        { key: 'until', header: t('reports.kept-until'), cell: (row) => (row.expiresAt === null ? '' : row.isThere ? <InstantText at={row.expiresAt} /> : t('reports.removed')) },
        { key: 'downloads', header: t('reports.downloads'), cell: (row) => row.downloads, numeric: true },
        { key: 'take', header: t('reports.file'), screenOnly: true, cell: (row) => row.isThere && <ButtonLink to={`/hr/reports/files/${row.id}`} document>{t('reports.take', { format: t(`reports.format-short.${row.format}`), size: sizeText(row.bytes ?? 0) })}</ButtonLink> },
      ]}
    />
  );
}

export function RequestState({ request: { state, percent } }: { request: Pick<ShownRequest, 'state' | 'percent'> }) {
  const { t } = useText();
  if (state === 'running' && percent !== null) return <ProgressBar value={percent} max={100} label={t('reports.request.running')} />;
  return <StatusTag tone={REQUEST_TONES[state]}>{t(`reports.request.${state}`)}</StatusTag>;
}
