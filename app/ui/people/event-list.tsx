import type { Instant } from '~/kernel/clock';
import type { TextKey } from '~/text';
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

const KINDS: readonly string[] = [
  'account.opened', 'account.code-made', 'account.activated', 'account.password-reset', 'account.password-changed', 'account.closed',
  'account.reopened', 'role.granted', 'role.ended', 'sign-in.started', 'sign-in.ended', 'sign-in.ended-elsewhere',
  'person.registered', 'person.appointed', 'person.read',
] satisfies (TextKey extends infer Key ? Key extends `admin.event.${infer Kind}` ? Kind : never : never)[];

const isKnown = (key: string): key is TextKey & `admin.event.${string}` => KINDS.includes(key.slice('admin.event.'.length));

/** What the ledger holds about an account or a person, newest first. */
export function EventList({ caption, events }: { caption: string; events: ShownEvent[] }) {
  const { t } = useText();
  const what = (kind: string) => {
    const key = `admin.event.${kind}`;
    return isKnown(key) ? t(key) : t('admin.event.other');
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
