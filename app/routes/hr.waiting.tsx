import { json, type LoaderFunctionArgs } from '@remix-run/node';
import { Link, useLoaderData } from '@remix-run/react';
import { isWaitingKind, waitingCounts, waitingThings } from '~/certification';
import { reader } from '~/db';
import { authorise, can, signedIn } from '~/identity';
import { textFor } from '~/text';
import { langOf } from '~/text/lang';
import { useText } from '~/text/react';
import { DataTable, EmptyState, FilterBar, FilterSelect, InstantText, Page, Pager } from '~/ui';
import { waitingPath, WaitingReason } from '~/ui/desk/waiting-words';
import { pageNumber } from '~/ui/page-number';
import { pageTitle } from '~/ui/page-title';

export const meta = pageTitle;

const PER_PAGE = 50;

/** What waits for a decision of mine, the longest waiting first. */
export async function loader({ request }: LoaderFunctionArgs) {
  const actor = await signedIn(request);
  authorise(actor, 'see what waits');
  const asked = new URL(request.url).searchParams.get('kind');
  const kind = isWaitingKind(asked) ? asked : undefined;
  const counts = await waitingCounts(reader(), actor);
  const total = counts.filter((one) => !kind || one.kind === kind).reduce((sum, { count }) => sum + count, 0);
  const pageCount = Math.max(1, Math.ceil(total / PER_PAGE));
  const page = Math.min(pageNumber(request.url), pageCount);
  return json({
    heading: textFor(langOf(request)).t('desk.waiting'), kinds: counts.map((one) => one.kind), total, page, pageCount, filtered: kind !== undefined,
    things: await waitingThings(reader(), actor, kind, { limit: PER_PAGE, offset: (page - 1) * PER_PAGE }), mayHr: can(actor, 'see who may start'),
  });
}

export default function Waiting() {
  const { things, kinds, total, page, pageCount, filtered, mayHr } = useLoaderData<typeof loader>();
  const { t } = useText();
  return (
    <Page title={t('desk.waiting')} lead={t('desk.waiting-lead')} width="wide" trail={[mayHr ? { to: '/hr', label: t('hr.title') } : { to: '/admin', label: t('admin.title') }]}>
      <FilterBar count={total}>
        <FilterSelect name="kind" label={t('desk.kind')} options={kinds.map((value) => ({ value, label: t(`desk.kind.${value}`) }))} />
      </FilterBar>
      <DataTable
        caption={t('desk.waiting')}
        rows={things}
        rowKey={(row) => `${row.kind} ${row.link}`}
        empty={filtered ? t('desk.waiting-none-of-kind') : <EmptyState title={t('desk.waiting-none')}>{t('desk.waiting-none-text')}</EmptyState>}
        columns={[
          { key: 'about', header: t('desk.about'), cell: (row) => <><Link to={waitingPath(row)}>{row.about}</Link>{row.organisation && <><br /><small>{row.organisation}</small></>}</> },
          { key: 'kind', header: t('desk.kind'), cell: (row) => t(`desk.kind.${row.kind}`) },
          { key: 'reason', header: t('desk.reason'), cell: (row) => <WaitingReason thing={row} /> },
          { key: 'asked', header: t('desk.asked'), cell: (row) => <><InstantText at={row.at} /><br /><small>{row.asker_name ?? t('hr.by-system')}</small></> },
        ]}
      />
      <Pager page={page} pageCount={pageCount} />
    </Page>
  );
}
