import { json, type LoaderFunctionArgs } from '@remix-run/node';
import { Link, useLoaderData } from '@remix-run/react';
import { countExceptions, EXCEPTION_KINDS, EXCEPTION_STATES, listExceptions } from '~/certification';
import { reader } from '~/db';
import { authorise, scopePaths, signedIn } from '~/identity';
import { textFor } from '~/text';
import { langOf } from '~/text/lang';
import { useText } from '~/text/react';
import { DataTable, DateText, FilterBar, FilterSelect, FilterText, InstantText, Page, Pager } from '~/ui';
import { pageNumber } from '~/ui/page-number';
import { pageTitle } from '~/ui/page-title';
import { ExceptionKindText, ExceptionState } from '~/ui/programme/exception-words';

export const meta = pageTitle;

const PAGE = 50;

export async function loader({ request }: LoaderFunctionArgs) {
  const actor = await signedIn(request);
  authorise(actor, 'see exceptions');
  const { lang, t } = textFor(langOf(request));
  const query = new URL(request.url).searchParams;
  const paths = scopePaths(actor, ['hr', 'inspector']);
  const filter = {
    paths, state: EXCEPTION_STATES.find((one) => one === query.get('state')), kind: EXCEPTION_KINDS.find((one) => one === query.get('kind')),
    search: query.get('q')?.trim().slice(0, 100) || undefined,
  };
  const total = await countExceptions(reader(), filter);
  const pageCount = Math.max(1, Math.ceil(total / PAGE));
  const page = Math.min(pageNumber(request.url), pageCount);
  const found = await listExceptions(reader(), filter, { limit: PAGE, offset: (page - 1) * PAGE });
  return json({
    heading: t('exception.title'), total, page, pageCount, open: await countExceptions(reader(), { paths, state: 'open' }),
    exceptions: found.map((one) => ({
      id: one.id, kind: one.kind, name: one.name, organisation: one.organisation, programme: lang === 'zh' ? one.title_zh : one.title_en, state: one.state, foundAt: one.found_at,
      decision: one.decision, dueOn: one.detail.dueOn, startOfDuty: one.detail.startOfDuty,
    })),
  });
}

const STATES = ['open', 'decided', 'gone'] as const;
const KINDS = ['due-before-assigned', 'no-sitting-left', 'contradiction'] as const;

export default function Exceptions() {
  const { exceptions, total, page, pageCount, open } = useLoaderData<typeof loader>();
  const { t } = useText();
  return (
    <Page title={t('exception.title')} lead={<p>{open === 0 ? t('exception.lead-none') : `${t('exception.count', { count: open })}${t('ui.colon')}${t('exception.lead')}`}</p>} width="wide" trail={[{ to: '/hr', label: t('hr.title') }]}>
      <FilterBar count={total}>
        <FilterText name="q" label={t('exception.search')} />
        <FilterSelect name="state" label={t('exception.state')} options={STATES.map((value) => ({ value, label: t(`exception.state.${value}`) }))} />
        <FilterSelect name="kind" label={t('exception.kind')} options={KINDS.map((value) => ({ value, label: t(`exception.kind.${value}`) }))} />
      </FilterBar>
      <DataTable
        caption={t('exception.title')}
        rows={exceptions}
        rowKey={(row) => row.id}
        empty={t('exception.none-found')}
        columns={[
          { key: 'person', header: t('exception.person'), cell: (row) => <><Link to={`/hr/exceptions/${row.id}`}>{row.name}</Link><br /><small>{row.organisation}</small></> },
          { key: 'programme', header: t('exception.programme'), cell: (row) => row.programme },
          { key: 'kind', header: t('exception.kind'), cell: (row) => <ExceptionKindText kind={row.kind} /> },
          { key: 'dates', header: t('exception.dates'), cell: (row) => <>{t('exception.due-on')} <DateText date={row.dueOn} /><br />{t('exception.start')} <DateText date={row.startOfDuty} /></> },
          { key: 'found', header: t('exception.found'), cell: (row) => <InstantText at={row.foundAt} /> },
          { key: 'state', header: t('exception.state'), cell: (row) => <><ExceptionState state={row.state} />{row.decision && <><br /><small>{t(`exception.decision.${row.decision}`)}</small></>}</> },
        ]}
      />
      <Pager page={page} pageCount={pageCount} />
    </Page>
  );
}
