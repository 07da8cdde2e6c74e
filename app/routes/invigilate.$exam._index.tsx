import { json, type ActionFunctionArgs, type LoaderFunctionArgs } from '@remix-run/node';
import { Link, useActionData, useLoaderData } from '@remix-run/react';
import { ATTEMPT_STATES, findExamBySlug, invigilatedExam } from '~/exams';
import { authorise, signedIn } from '~/identity';
import { reader } from '~/db';
import { clock } from '~/kernel/clock';
import { must, ProblemError } from '~/kernel/result';
import { releaseAll } from '~/marking';
import { langOf } from '~/text/lang';
import { useText } from '~/text/react';
import { Banner, ButtonLink, DataTable, Disclosure, EmptyState, FilterBar, FilterSelect, FilterText, Page, PostButton, StatusTag } from '~/ui';
import { pageTitle } from '~/ui/page-title';
import { useRefresh } from '~/ui/use-refresh';

export const meta = pageTitle;

export async function loader({ request, params }: LoaderFunctionArgs) {
  const actor = await signedIn(request);
  const query = new URL(request.url).searchParams;
  const state = ATTEMPT_STATES.find((one) => one === query.get('state')) ?? null;
  const now = clock.now();
  const { exam, items, candidates } = must(await invigilatedExam(actor, params['exam'] ?? '', { search: query.get('search') ?? '', state }, now));
  return json({ heading: exam.title[langOf(request)], slug: exam.slug, byPerson: exam.release === 'by-person', items, candidates, now });
}

/** Releases all results of an exam whose results a person releases. */
export async function action({ request, params }: ActionFunctionArgs) {
  const actor = await signedIn(request);
  authorise(actor, 'release results');
  const exam = await findExamBySlug(reader(), params['exam'] ?? '');
  if (!exam) throw new ProblemError({ code: 'not-found' });
  return json({ released: await releaseAll(actor, exam.id) });
}

type Data = ReturnType<typeof useLoaderData<typeof loader>>;
type Candidate = Data['candidates'][number];

export default function InvigilateExam() {
  const data = useLoaderData<typeof loader>();
  const done = useActionData<typeof action>();
  const { t, dateTime } = useText();
  useRefresh(10);
  const unreleased = data.byPerson ? data.candidates.filter((one) => one.state === 'graded').length : 0;
  return (
    <Page title={data.heading} lead={t('invigilate.updated', { at: dateTime(data.now) })} width="wide" trail={[{ to: '/invigilate', label: t('invigilate.title') }]} actions={<ButtonLink to=".">{t('invigilate.refresh')}</ButtonLink>}>
      {done && <Banner tone="success" title={t('invigilate.released', { count: done.released })} />}
      {unreleased > 0 && (
        <Disclosure summary={t('invigilate.release-all', { count: unreleased })}>
          <p>{t('invigilate.release-lead')}</p>
          <PostButton kind="danger">{t('invigilate.release-all', { count: unreleased })}</PostButton>
        </Disclosure>
      )}
      <FilterBar count={data.candidates.length}>
        <FilterText name="search" label={t('invigilate.search')} />
        <FilterSelect name="state" label={t('invigilate.state')} options={(['in-progress', 'handed-in', 'graded', 'released'] as const).map((value) => ({ value, label: t(`exams.attempt-state.${value}`) }))} />
      </FilterBar>
      <Candidates data={data} />
    </Page>
  );
}

function Candidates({ data }: { data: Data }) {
  const { t } = useText();
  return (
    <DataTable
      caption={t('invigilate.candidates')}
      rows={data.candidates}
      rowKey={(row) => row.attemptId}
      empty={<EmptyState title={t('invigilate.no-candidates')} />}
      columns={[
        { key: 'name', header: t('invigilate.name'), cell: (row) => row.name },
        { key: 'organisation', header: t('invigilate.organisation'), cell: (row) => row.organisation },
        { key: 'state', header: t('invigilate.state'), cell: (row) => <State row={row} now={data.now} /> },
        { key: 'contact', header: t('invigilate.contact'), cell: (row) => <Contact row={row} now={data.now} /> },
        { key: 'answered', header: t('invigilate.answered'), cell: (row) => t('invigilate.answered-value', { answered: row.answered, total: data.items }), numeric: true },
        { key: 'left', header: t('invigilate.left'), cell: (row) => <Left row={row} now={data.now} />, numeric: true },
        { key: 'act', header: t('invigilate.act'), cell: (row) => <Link to={`/invigilate/${data.slug}/${row.attemptId}`} aria-label={t('invigilate.act-on', { name: row.name })}>{t('invigilate.act')}</Link> },
      ]}
    />
  );
}

/** Whoever was silent for this long may have lost the network, or the device. */
const SILENT_AFTER = 90_000;

function State({ row, now }: { row: Candidate; now: number }) {
  const { t, dateTime } = useText();
  const silent = row.state === 'in-progress' && now - (row.lastContactAt ?? row.startedAt) > SILENT_AFTER;
  return (
    <>
      <StatusTag tone={row.state === 'in-progress' ? 'ok' : 'neutral'}>{t(`exams.attempt-state.${row.state}`)}</StatusTag>
      {silent && <StatusTag tone="due">{t('invigilate.silent')}</StatusTag>}
      {row.permitOpen && <StatusTag tone="due">{t('invigilate.permit-open', { minutes: 10 })}</StatusTag>}
      {row.state === 'in-progress' && row.refusedDeviceAt !== null && <p className="small">{t('invigilate.other-device', { at: dateTime(row.refusedDeviceAt) })}</p>}
    </>
  );
}

function Contact({ row, now }: { row: Candidate; now: number }) {
  const { t } = useText();
  if (row.state !== 'in-progress' || row.lastContactAt === null) return null;
  const seconds = Math.max(0, Math.round((now - row.lastContactAt) / 1000));
  return <>{seconds < 120 ? t('invigilate.contact-ago', { seconds }) : t('invigilate.contact-minutes', { minutes: Math.floor(seconds / 60) })}</>;
}

function Left({ row, now }: { row: Candidate; now: number }) {
  const { t } = useText();
  if (row.state !== 'in-progress') return null;
  const left = row.deadlineAt - now;
  return <>{left <= 0 ? t('invigilate.left-over') : t('invigilate.left-value', { minutes: Math.ceil(left / 60_000) })}</>;
}
