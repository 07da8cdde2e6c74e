import { json, redirect, type ActionFunctionArgs, type LoaderFunctionArgs } from '@remix-run/node';
import { Link, useLoaderData } from '@remix-run/react';
import { z } from 'zod';
import { reader } from '~/db';
import { authorise, scopePaths, signedIn } from '~/identity';
import { config } from '~/kernel/config';
import { Id } from '~/kernel/id';
import { badAddressesOf, channelNames, countTold, TOLD_STATES, toldInScope, trustAddress } from '~/notices';
import { findPerson, pathsOfPerson } from '~/people';
import { textFor } from '~/text';
import { langOf } from '~/text/lang';
import { wordNotice } from '~/text/notice';
import { useText } from '~/text/react';
import { Banner, ButtonLink, DataTable, FilterBar, FilterSelect, FilterText, InstantText, Page, Pager, PostButton, StatusTag } from '~/ui';
import { parseOneOf } from '~/ui/form.server';
import { ResultTag } from '~/ui/notices/proof';
import { channelName } from '~/ui/notices/shown-proof.server';
import { pageNumber } from '~/ui/page-number';
import { pageTitle } from '~/ui/page-title';

export const meta = pageTitle;

const PER_PAGE = 50;
const Trust = z.object({ person: Id, channel: z.string() });

/** What the people of a scope were told, and what became of it. */
export async function loader({ request }: LoaderFunctionArgs) {
  const actor = await signedIn(request);
  authorise(actor, 'see notices of people');
  const text = textFor(langOf(request), config().TIME_ZONE);
  const query = new URL(request.url).searchParams;
  const page = pageNumber(request.url);
  const state = TOLD_STATES.find((one) => one === query.get('state'));
  const search = query.get('q')?.trim() || undefined;
  const person = Id.safeParse(query.get('person'));
  const personId = person.success ? person.data : undefined;
  const filter = { paths: scopePaths(actor, 'hr'), state, search, personId };
  const total = await countTold(reader(), filter);
  const found = await toldInScope(reader(), filter, { limit: PER_PAGE, offset: (page - 1) * PER_PAGE });
  const names = await channelNames(reader());
  return json({
    heading: text.t('told.title'), total, page, pageCount: Math.max(1, Math.ceil(total / PER_PAGE)), filtered: Boolean(state ?? search), trusted: query.get('done') === 'trusted',
    person: personId === undefined ? null : { id: personId, name: (await findPerson(reader(), personId))?.name ?? '' },
    bad: personId === undefined || found.length === 0 ? [] : (await badAddressesOf(reader(), personId)).map((one) => ({ ...one, channelName: channelName(one.channel, names, text) })),
    notices: found.map(({ id, name, organisation, createdAt, content, results }) => ({ id, name, organisation, createdAt, results, title: wordNotice(text, content).title })),
  });
}

/** An address of somebody counts as good again. */
export async function action({ request }: ActionFunctionArgs) {
  const actor = await signedIn(request);
  authorise(actor, 'see notices of people');
  const form = await parseOneOf(request, { trust: Trust });
  if (!form.ok) return form.response;
  const { person, channel } = form.value;
  authorise(actor, 'see what was sent', { personId: person, organisationPath: await pathsOfPerson(reader(), person) });
  await trustAddress(actor.by, person, channel);
  return redirect(`/hr/notices?person=${person}&done=trusted`);
}

type Data = ReturnType<typeof useLoaderData<typeof loader>>;

// Named here too: the room is the server's.
const STATES = ['trouble', 'waiting', 'paper', 'sent', 'unread'] as const satisfies readonly (typeof TOLD_STATES)[number][];

export default function NoticesOfPeople() {
  const { notices, total, page, pageCount, filtered, bad, person, trusted } = useLoaderData<typeof loader>();
  const { t } = useText();
  return (
    <Page title={person ? `${t('told.title')}：${person.name}` : t('told.title')} lead={t('told.lead')} width="wide" trail={[{ to: '/hr', label: t('hr.title') }]}
      actions={<><ButtonLink to="/hr/notices/slips">{t('slips.title')}</ButtonLink><ButtonLink to="/hr/notices/outlook">{t('told.outlook')}</ButtonLink></>}>
      {trusted && <Banner tone="success" title={t('told.trusted')} />}
      {person && bad.length > 0 && <Bad bad={bad} personId={person.id} />}
      <FilterBar count={total}>
        <FilterText name="q" label={t('told.search')} />
        <FilterSelect name="state" label={t('told.state')} options={STATES.map((value) => ({ value, label: t(`told.state.${value}`) }))} />
      </FilterBar>
      <DataTable
        caption={t('told.title')}
        rows={notices}
        rowKey={(row) => row.id}
        empty={filtered ? t('told.none') : t('notices.empty')}
        columns={[
          { key: 'person', header: t('told.person'), cell: (row) => <>{row.name}<br /><small>{row.organisation}</small></> },
          { key: 'notice', header: t('told.notice'), cell: (row) => <Link to={`/hr/notices/${row.id}`}>{row.title}</Link> },
          { key: 'when', header: t('told.when'), cell: (row) => <InstantText at={row.createdAt} /> },
          { key: 'result', header: t('told.result'), cell: (row) => (row.results.length === 0 ? <StatusTag tone="neutral">{t('told.in-product')}</StatusTag> : row.results.map((result) => <ResultTag key={result} result={result} />)) },
        ]}
      />
      <Pager page={page} pageCount={pageCount} />
    </Page>
  );
}

function Bad({ bad, personId }: { bad: Data['bad']; personId: string }) {
  const { t } = useText();
  return (
    <Banner tone="warning" title={t('told.bad')}>
      <ul>
        {bad.map((one) => (
          <li key={`${one.channel} ${one.address}`}>
            {one.channelName} {one.address}（<InstantText at={one.since} />）{one.detail}
            <PostButton fields={{ __form: 'trust', person: personId, channel: one.channel }}>{t('preferences.trust')}</PostButton>
          </li>
        ))}
      </ul>
    </Banner>
  );
}
