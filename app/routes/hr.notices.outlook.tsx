import { json, type LoaderFunctionArgs } from '@remix-run/node';
import { Link, useLoaderData } from '@remix-run/react';
import { reader } from '~/db';
import { authorise, can, scopePaths, signedIn } from '~/identity';
import { clock } from '~/kernel/clock';
import { AHEAD_KINDS, LISTED, namesAhead, outlook } from '~/notices';
import { textFor } from '~/text';
import { langOf } from '~/text/lang';
import { useText } from '~/text/react';
import { ButtonLink, DataTable, DateText, Page, Section } from '~/ui';
import { pageTitle } from '~/ui/page-title';

export const meta = pageTitle;

/** What will be sent in the next days, by day and kind; behind each number its people. */
export async function loader({ request }: LoaderFunctionArgs) {
  const actor = await signedIn(request);
  authorise(actor, 'see what is planned');
  const { t, lang } = textFor(langOf(request));
  const query = new URL(request.url).searchParams;
  const kind = AHEAD_KINDS.find((one) => one === query.get('kind'));
  const day = query.get('day') ?? '';
  const wanted = kind === undefined ? null : { day, kind };
  const { counts, listed } = await outlook(reader(), { now: clock.now(), paths: scopePaths(actor, ['hr', 'administrator']), wanted });
  const names = await namesAhead(reader(), listed);
  return json({
    heading: t('outlook.title'), days: [...counts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([on, count]) => ({ on, counts: count })), most: LISTED, seesPeople: can(actor, 'see people'),
    shown: wanted && { ...wanted, count: counts.get(day)?.[wanted.kind] ?? 0, people: listed.map(({ personId, on, title }, i) => ({ key: i, personId, name: names.get(personId) ?? '', on, title: title?.[lang] ?? null })) },
  });
}

type Data = ReturnType<typeof useLoaderData<typeof loader>>;

// Named here too: the room is the server's.
const KINDS = ['reminder', 'manager', 'hr', 'ending', 'weekly'] as const satisfies readonly (typeof AHEAD_KINDS)[number][];

export default function NoticeOutlook() {
  const { days, shown, most, seesPeople } = useLoaderData<typeof loader>();
  const { t } = useText();
  return (
    <Page title={t('outlook.title')} lead={t('outlook.lead')} width="wide" trail={[{ to: '/notices', label: t('notices.title') }]}>
      {shown && <Behind shown={shown} most={most} links={seesPeople} />}
      <DataTable
        caption={t('outlook.by-day')}
        rows={days}
        rowKey={(row) => row.on}
        empty={t('outlook.none')}
        columns={[
          { key: 'day', header: t('outlook.day'), cell: (row) => <DateText date={row.on} far /> },
          ...KINDS.map((kind) => ({ key: kind, header: t(`outlook.kind.${kind}`), numeric: true, cell: (row: Data['days'][number]) => <Figure day={row.on} kind={kind} count={row.counts[kind] ?? 0} /> })),
        ]}
      />
    </Page>
  );
}

function Figure({ day, kind, count }: { day: string; kind: (typeof KINDS)[number]; count: number }) {
  return count === 0 ? <>–</> : <Link to={`?day=${day}&kind=${kind}`}>{count}</Link>;
}

function Behind({ shown, most, links }: { shown: NonNullable<Data['shown']>; most: number; links: boolean }) {
  const { t, date } = useText();
  const caption = t('outlook.list', { day: date(shown.day), kind: t(`outlook.kind.${shown.kind}`), count: shown.count });
  return (
    <Section title={caption} actions={<ButtonLink kind="quiet" to="/hr/notices/outlook">{t('outlook.back')}</ButtonLink>}>
      {shown.count > shown.people.length && <p>{t('outlook.more', { shown: most })}</p>}
      <DataTable
        caption={caption}
        rows={shown.people}
        rowKey={(row) => String(row.key)}
        empty={t('outlook.none')}
        columns={[
          { key: 'name', header: t('outlook.people'), cell: (row) => (links ? <Link to={`/hr/people/${row.personId}`}>{row.name}</Link> : row.name) },
          { key: 'what', header: t('sending.programme'), cell: (row) => row.title ?? '–' },
          { key: 'due', header: t('outlook.due'), cell: (row) => (row.on === null ? '–' : <DateText date={row.on} />) },
        ]}
      />
    </Section>
  );
}
