import { json, type LoaderFunctionArgs } from '@remix-run/node';
import { Link, useLoaderData } from '@remix-run/react';
import { can, signedIn } from '~/identity';
import { administratorsSeen } from '~/people';
import { textFor } from '~/text';
import { langOf } from '~/text/lang';
import { useText } from '~/text/react';
import { Disclosure, FilterBar, FilterText, Page, Pager, Section } from '~/ui';
import { pageNumber } from '~/ui/page-number';
import { pageTitle } from '~/ui/page-title';
import { RoleList } from '~/ui/units/role-list';

export const meta = pageTitle;

const PAGE = 100;

export async function loader({ request }: LoaderFunctionArgs) {
  const actor = await signedIn(request);
  const { roles, without } = await administratorsSeen(actor, new URL(request.url).searchParams.get('q') ?? '');
  const page = pageNumber(request.url);
  return json({
    heading: textFor(langOf(request)).t('units.administrators'), roles: roles.slice((page - 1) * PAGE, page * PAGE), count: roles.length, page, pageCount: Math.max(1, Math.ceil(roles.length / PAGE)),
    without: without.slice(0, 500), links: can(actor, 'see accounts'),
  });
}

export default function Administrators() {
  const { roles, count, page, pageCount, without, links } = useLoaderData<typeof loader>();
  const { t } = useText();
  return (
    <Page title={t('units.administrators')} lead={<p>{t('units.administrators-text')}</p>} width="wide" trail={[{ to: '/hr/units', label: t('units.title') }]}>
      <FilterBar count={count}><FilterText name="q" label={t('units.administrators-search')} /></FilterBar>
      <RoleList caption={t('units.administrators')} roles={roles} links={links} mayEnd={false} empty={t('units.administrators-none')} />
      <Pager page={page} pageCount={pageCount} />
      {without.length > 0 && (
        <Section title={t('units.without')}>
          <Disclosure summary={t('units.without-lead')}>
            <ul>{without.map((one) => <li key={one.id}><Link to={`/hr/units/${one.id}`}>{one.name}</Link>（{one.code}）</li>)}</ul>
          </Disclosure>
        </Section>
      )}
    </Page>
  );
}
