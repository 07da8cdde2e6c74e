import type { Instant } from '~/kernel/clock';
import { useText } from '~/text/react';
import { DataTable } from '../table/table';
import { InstantText } from '../time/time';

/** An event of the ledger, as far as a page shows it. */
export interface ShownEvent {
  id: string;
  kind: string;
  at: Instant;
  /** Null: a part of the program. */
  by: string | null;
  reason: string | null;
}

/** What the ledger holds about an account or a person, newest first. */
export function EventList({ caption, events }: { caption: string; events: ShownEvent[] }) {
  const { t, has } = useText();
  const what = (kind: string) => {
    const key = `admin.event.${kind}`;
    return has(key) ? t(key) : t('admin.event.other');
  };
  return (
    <DataTable
      caption={caption}
      rows={events}
      rowKey={(row) => row.id}
      empty=""
      columns={[
        { key: 'what', header: t('admin.history-what'), cell: (row) => what(row.kind) },
        { key: 'when', header: t('admin.history-when'), cell: (row) => <InstantText at={row.at} /> },
        { key: 'by', header: t('admin.history-by'), cell: (row) => row.by ?? t('admin.history-system') },
        { key: 'why', header: t('admin.history-why'), cell: (row) => row.reason ?? '' },
      ]}
    />
  );
}
