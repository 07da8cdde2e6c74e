import { json, type LoaderFunctionArgs } from '@remix-run/node';
import { Link, useLoaderData } from '@remix-run/react';
import { listProgrammes } from '~/certification';
import { reader } from '~/db';
import { authorise, signedIn } from '~/identity';
import { dateAt } from '~/kernel/calendar';
import { clock } from '~/kernel/clock';
import { config } from '~/kernel/config';
import { textFor } from '~/text';
import { langOf } from '~/text/lang';
import { useText } from '~/text/react';
import { Banner, ButtonLink, DataTable, EmptyState, FilterBar, FilterText, Page, StatusTag } from '~/ui';
import { pageTitle } from '~/ui/page-title';

export const meta = pageTitle;

export async function loader({ request }: LoaderFunctionArgs) {
  authorise(await signedIn(request), 'see programmes');
  const { lang, t } = textFor(langOf(request));
  const query = new URL(request.url).searchParams;
  const search = query.get('q')?.trim().slice(0, 100);
  const found = await listProgrammes(reader(), { search, today: dateAt(clock.now(), config().TIME_ZONE) });
  return json({
    heading: t('programme.title'), filtered: Boolean(search), discarded: query.has('discarded'),
    programmes: found.map((one) => ({
      id: one.id, title: lang === 'zh' ? one.title_zh : one.title_en, gate: one.gate, inForce: one.in_force, draft: one.drafts > 0, withdrawn: one.state === 'withdrawn',
      comes: one.state === 'published' && one.in_force === null ? one.effective_on : null, assigned: one.assigned, cleared: one.cleared,
    })),
  });
}

type Row = ReturnType<typeof useLoaderData<typeof loader>>['programmes'][number];

export default function Programmes() {
  const { programmes, filtered, discarded } = useLoaderData<typeof loader>();
  const { t } = useText();
  const make = <ButtonLink to="/admin/programmes/new" kind="primary">{t('programme.new')}</ButtonLink>;
  return (
    <Page title={t('programme.title')} lead={t('programme.lead')} width="wide" trail={[{ to: '/admin', label: t('shell.nav-admin') }]} actions={programmes.length > 0 && make}>
      {discarded && <Banner tone="success" title={t('programme.discarded')} />}
      <FilterBar count={programmes.length}><FilterText name="q" label={t('programme.search')} /></FilterBar>
      <DataTable
        caption={t('programme.title')}
        rows={programmes}
        rowKey={(row) => row.id}
        empty={filtered ? t('hr.none-found') : <EmptyState title={t('programme.none')} action={make}>{t('programme.none-text')}</EmptyState>}
        columns={[
          { key: 'title', header: t('programme.name'), cell: (row) => <Link to={`/admin/programmes/${row.id}`}>{row.title}</Link> },
          { key: 'gate', header: t('programme.gate'), cell: (row) => t(`programme.gate.${row.gate}`) },
          { key: 'state', header: t('programme.state'), cell: (row) => <State row={row} /> },
          { key: 'assigned', header: t('programme.assigned'), cell: (row) => row.assigned, numeric: true },
          { key: 'cleared', header: t('programme.cleared'), cell: (row) => row.cleared, numeric: true },
        ]}
      />
    </Page>
  );
}

function State({ row }: { row: Row }) {
  const { t, date } = useText();
  return (
    <>
      {row.inForce !== null && <StatusTag tone="ok">{t('programme.version-n', { number: row.inForce })}</StatusTag>}
      {row.inForce === null && row.withdrawn && <StatusTag tone="neutral">{t('programme.state.withdrawn')}</StatusTag>}
      {row.comes !== null && <StatusTag tone="due">{t('programme.state.coming')}{t('ui.colon')}{date(row.comes)}</StatusTag>}
      {row.inForce === null && !row.withdrawn && row.comes === null && <span className="soft">{t('programme.no-version')}</span>}
      {row.draft && <> <StatusTag tone="due">{t('programme.state.draft')}</StatusTag></>}
    </>
  );
}
