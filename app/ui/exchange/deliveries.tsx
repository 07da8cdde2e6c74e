import { useText } from '~/text/react';
import { PostButton } from '../button/button';
import { FORM_FIELD } from '../form/form-reply';
import { StatusTag } from '../status/status';
import { FilterBar, FilterSelect } from '../table/filter';
import { Pager } from '../table/pager';
import { DataTable } from '../table/table';
import { InstantText } from '../time/time';

// Named here too: the room's list is the server's.
const STATES = ['waiting', 'delivered', 'dead'] as const;
const TONES = { waiting: 'due', delivered: 'ok', dead: 'bad' } as const;

interface Delivery {
  id: string;
  sequence: number;
  kind: string;
  state: (typeof STATES)[number];
  attempts: number;
  at: number;
  next_at: number;
  name: string | null;
  last_at: number | null;
  last_status: number | null;
  last_error: string | null;
}

interface Attempt {
  delivery_id: string;
  number: number;
  kind: string;
  sequence: number;
  at: number;
  status: number | null;
  ms: number | null;
  error: string | null;
}

function useKind(): (kind: string) => string {
  const { t, has } = useText();
  return (kind) => {
    const key = `webhooks.kind.${kind}`;
    return has(key) ? t(key) : kind;
  };
}

/** What came back: the status of the answer, or why there was none. */
function Answer({ status, error }: { status: number | null; error: string | null }) {
  const { t } = useText();
  return <span className="code">{status ?? error ?? t('webhooks.attempt-open')}</span>;
}

/** The messages of a webhook, each with how its last attempt went; those that arrived or were given up can be sent again. */
export function Deliveries({ deliveries, count, page, pageCount, filtered }: { deliveries: Delivery[]; count: number; page: number; pageCount: number; filtered: boolean }) {
  const { t, dateTime } = useText();
  const kindOf = useKind();
  return (
    <>
      <FilterBar count={count}><FilterSelect name="state" label={t('webhooks.state')} options={STATES.map((value) => ({ value, label: t(`webhooks.delivery-state.${value}`) }))} /></FilterBar>
      <DataTable
        caption={t('webhooks.deliveries')} rows={deliveries} rowKey={(row) => row.id} empty={t(filtered ? 'webhooks.deliveries-none-found' : 'webhooks.deliveries-none')}
        columns={[
          { key: 'at', header: t('webhooks.at'), cell: (row) => <InstantText at={row.at} /> },
          { key: 'about', header: t('webhooks.kind'), cell: (row) => <>{kindOf(row.kind)}{row.name !== null && <><br /><small>{row.name}{' · '}{t('webhooks.sequence')}{' '}<span className="figures">{row.sequence}</span></small></>}</> },
          { key: 'state', header: t('webhooks.state'), cell: (row) => <><StatusTag tone={TONES[row.state]}>{t(`webhooks.delivery-state.${row.state}`)}</StatusTag>{row.state === 'waiting' && row.attempts > 0 && <><br /><small>{t('webhooks.next', { at: dateTime(row.next_at) })}</small></>}</> },
          { key: 'tries', header: t('webhooks.tries'), cell: (row) => row.attempts, numeric: true },
          { key: 'last', header: t('webhooks.last'), cell: (row) => row.last_at !== null && <><InstantText at={row.last_at} /><br /><Answer status={row.last_status} error={row.last_error} /></> },
          { key: 'again', header: t('webhooks.again'), cell: (row) => row.state !== 'waiting' && <PostButton fields={{ [FORM_FIELD]: 'again', delivery: row.id }} label={t('webhooks.again-this', { sequence: row.sequence })}>{t('webhooks.again')}</PostButton> },
        ]}
      />
      <Pager page={page} pageCount={pageCount} />
    </>
  );
}

/** The latest attempts of a webhook, whatever became of the message. */
export function Attempts({ attempts }: { attempts: Attempt[] }) {
  const { t } = useText();
  const kindOf = useKind();
  return (
    <DataTable
      caption={t('webhooks.attempts')} rows={attempts} rowKey={(row) => `${row.delivery_id} ${row.number}`} empty={t('webhooks.deliveries-none')}
      columns={[
        { key: 'at', header: t('webhooks.attempt-at'), cell: (row) => <InstantText at={row.at} /> },
        { key: 'kind', header: t('webhooks.kind'), cell: (row) => kindOf(row.kind) },
        { key: 'sequence', header: t('webhooks.sequence'), cell: (row) => row.sequence, numeric: true },
        { key: 'number', header: t('webhooks.attempt-number'), cell: (row) => row.number, numeric: true },
        { key: 'answer', header: t('webhooks.attempt-answer'), cell: (row) => <Answer status={row.status} error={row.error} /> },
        { key: 'ms', header: t('webhooks.attempt-ms'), cell: (row) => row.ms, numeric: true },
      ]}
    />
  );
}
