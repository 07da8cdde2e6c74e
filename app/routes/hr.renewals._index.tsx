import { json, type LoaderFunctionArgs } from '@remix-run/node';
import { Link, useLoaderData } from '@remix-run/react';
import { AHEAD_DAYS, askedExtensions, renewalCounts, renewalPage, type RenewalState } from '~/certification';
import { reader } from '~/db';
import { authorise, can, scopePaths, signedIn } from '~/identity';
import { textFor } from '~/text';
import { langOf } from '~/text/lang';
import { useText } from '~/text/react';
import { ButtonLink, Counts, DataTable, DateText, EmptyState, FilterBar, FilterSelect, FilterText, Page, Pager, Section, StatusTag } from '~/ui';
import { pageNumber } from '~/ui/page-number';
import { pageTitle } from '~/ui/page-title';
import { renewalQuery } from '~/ui/clearance/renewal-query.server';

export const meta = pageTitle;

const PER_PAGE = 50;

/** Whose clearance ends soon, who may renew, and who has let it lapse. */
export async function loader({ request }: LoaderFunctionArgs) {
  const actor = await signedIn(request);
  authorise(actor, 'see who may start');
  const filter = renewalQuery(actor, request.url);
  const all = await renewalCounts(reader(), { ...filter, state: undefined, search: undefined });
  const filtered = Boolean(filter.search ?? filter.state);
  const { total } = filtered ? await renewalCounts(reader(), filter) : all;
  const pageCount = Math.max(1, Math.ceil(total / PER_PAGE));
  const page = Math.min(pageNumber(request.url), pageCount);
  const { lang, t } = textFor(langOf(request));
  const found = await renewalPage(reader(), filter, { limit: PER_PAGE, offset: (page - 1) * PER_PAGE });
  return json({
    heading: t('renewal.title'), recertifies: can(actor, 'recertify'), counts: all, total, page, pageCount, filtered, days: AHEAD_DAYS,
    renewals: found.map(({ title, validity: _, ...one }) => ({ ...one, programme: title[lang] })),
    extensions: await askedExtensions(reader(), scopePaths(actor, ['hr', 'administrator', 'inspector'])),
  });
}

type Data = ReturnType<typeof useLoaderData<typeof loader>>;

// Named here too: the room's list is the server's.
const STATES = ['expiring', 'window', 'lapsed'] as const satisfies readonly RenewalState[];
const TONES = { expiring: 'due', window: 'ok', lapsed: 'bad' } as const;

export default function Renewals() {
  const { renewals, counts, total, page, pageCount, filtered, days, extensions, recertifies } = useLoaderData<typeof loader>();
  const { t } = useText();
  return (
    <Page title={t('renewal.title')} lead={<p>{counts.total === 0 ? t('renewal.lead-none', { days }) : t('renewal.lead')}</p>} width="wide" trail={[{ to: '/hr', label: t('hr.title') }]} actions={recertifies && <ButtonLink to="/admin/recertifications">{t('recertification.title')}</ButtonLink>}>
      <Counts items={STATES.map((state) => ({ label: t(`renewal.${state}`, { days }), value: counts[state], to: `?state=${state}`, tone: TONES[state] }))} />
      {extensions.length > 0 && <Waiting extensions={extensions} />}
      <FilterBar count={total} exportTo="/hr/renewals.csv">
        <FilterText name="q" label={t('renewal.search')} />
        <FilterSelect name="state" label={t('renewal.state')} options={STATES.map((value) => ({ value, label: t(`renewal.state.${value}`) }))} />
      </FilterBar>
      <DataTable
        caption={t('renewal.list')}
        rows={renewals}
        rowKey={(row) => row.assignmentId}
        empty={filtered ? t('renewal.none-found') : <EmptyState title={t('renewal.none')}>{t('renewal.none-text')}</EmptyState>}
        columns={[
          { key: 'name', header: t('renewal.name'), cell: (row) => <><Link to={`/hr/clearance/${row.assignmentId}`}>{row.name}</Link><br /><small className="figures">{row.number}</small></> },
          { key: 'unit', header: t('renewal.organisation'), cell: (row) => <>{row.organisation}<br /><small>{row.post}</small></> },
          { key: 'programme', header: t('renewal.programme'), cell: (row) => row.programme },
          { key: 'ends', header: t('renewal.ends'), cell: (row) => <><DateText date={row.endsOn} far />{row.lawUntil === row.endsOn && <StatusTag tone="due">{t('renewal.by-law')}</StatusTag>}<Link to={`/hr/clearance/${row.assignmentId}/extension`}>{t('renewal.extension')}</Link></> },
          { key: 'state', header: t('renewal.state'), cell: (row) => <StatusTag tone={TONES[row.state]}>{t(`renewal.state.${row.state}`)}</StatusTag> },
          { key: 'next', header: t('renewal.next'), cell: (row) => <NextCycle row={row} /> },
        ]}
      />
      <Pager page={page} pageCount={pageCount} />
    </Page>
  );
}

function NextCycle({ row: { next, state } }: { row: Data['renewals'][number] }) {
  const { t, date } = useText();
  if (!next) return <>{t(state === 'lapsed' ? 'renewal.next-missing' : 'renewal.next-none')}</>;
  return (
    <>
      <Link to={`/hr/clearance/${next.assignmentId}`}>{t('renewal.next-progress', { done: next.done, total: next.total })}</Link>
      {next.since !== null && next.dueOn !== null && <><br /><small>{t('renewal.next-since', { since: date(next.since), due: date(next.dueOn) })}</small></>}
    </>
  );
}

function Waiting({ extensions }: { extensions: Data['extensions'] }) {
  const { t, date } = useText();
  return (
    <Section title={t('extension.waiting')}>
      <ul>
        {extensions.map((one) => (
          <li key={one.id}>
            <Link to={`/hr/clearance/${one.assignment_id}/extension`}>{one.name}</Link>{t('extension.of-organisation', { organisation: one.organisation })}{t('extension.from-to', { from: date(one.from_expiry), until: date(one.until) })}
          </li>
        ))}
      </ul>
    </Section>
  );
}
