import { json, type LoaderFunctionArgs } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { findWritten, namesFor, previewPeople, previewReach, PREVIEW_PAGE } from '~/certification';
import { reader } from '~/db';
import { authorise, signedIn } from '~/identity';
import { err, must, ok } from '~/kernel/result';
import { textFor } from '~/text';
import { langOf } from '~/text/lang';
import { useText } from '~/text/react';
import { DataTable, DateText, Page, Pager, Section, StatusTag } from '~/ui';
import { pageNumber } from '~/ui/page-number';
import { pageTitle } from '~/ui/page-title';
import { Ruling } from '~/ui/programme/choice-field';
import { ReachCounts } from '~/ui/programme/reach-counts';
import { versionWords } from '~/ui/programme/version-view.server';

export const meta = pageTitle;

export async function loader({ request, params }: LoaderFunctionArgs) {
  authorise(await signedIn(request), 'see programmes');
  const text = textFor(langOf(request));
  const found = await findWritten(reader(), params['id'] ?? '');
  const version = must(found ? ok(found) : err('not-found'));
  const reach = await previewReach(reader(), version);
  const pageCount = Math.max(1, Math.ceil(reach.total / PREVIEW_PAGE));
  const page = Math.min(pageNumber(request.url), pageCount);
  const words = versionWords(version, await namesFor(reader(), text.lang), text);
  return json({
    heading: text.t('programme.preview-title', { title: words.title, number: words.number }), id: version.id, programmeId: version.programmeId, words, reach, page, pageCount,
    people: await previewPeople(reader(), version, page),
  });
}

type Data = ReturnType<typeof useLoaderData<typeof loader>>;

export default function Preview() {
  const data = useLoaderData<typeof loader>();
  const { t } = useText();
  return (
    <Page title={data.heading} lead={t('programme.preview-lead', { total: data.reach.total })} width="wide" trail={[
      { to: '/admin/programmes', label: t('programme.title') }, { to: `/admin/programmes/${data.programmeId}`, label: data.words.title },
      { to: `/admin/programmes/versions/${data.id}`, label: t('programme.version-n', { number: data.words.number }) },
    ]}>
      <Ruling sentence={data.words.sentence} />
      <ReachCounts reach={data.reach} />
      <Section title={t('programme.people')}>
        <DataTable
          caption={t('programme.people')}
          rows={data.people}
          rowKey={(row) => `${row.personId} ${row.startOfDuty} ${row.organisation}`}
          empty={t('programme.people-none')}
          columns={[
            { key: 'name', header: t('programme.person'), cell: (row) => row.name },
            { key: 'unit', header: t('programme.organisation'), cell: (row) => row.organisation },
            { key: 'start', header: t('programme.start-of-duty'), cell: (row) => <DateText date={row.startOfDuty} /> },
            { key: 'due', header: t('programme.due-on'), cell: (row) => (row.fresh ? <DateText date={row.dueOn} /> : '—') },
            { key: 'what', header: t('programme.what-happens'), cell: (row) => <WhatHappens row={row} /> },
          ]}
        />
        <Pager page={data.page} pageCount={data.pageCount} />
      </Section>
    </Page>
  );
}

function WhatHappens({ row }: { row: Data['people'][number] }) {
  const { t } = useText();
  if (row.exception) return <StatusTag tone="bad">{t('programme.happens.exception')}</StatusTag>;
  if (row.fresh) return <StatusTag tone="ok">{t('programme.happens.fresh')}</StatusTag>;
  return <StatusTag tone="neutral">{row.held === null ? t('programme.happens.released') : t('programme.happens.former', { number: row.held })}</StatusTag>;
}
