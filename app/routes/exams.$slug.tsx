import { json, redirect, type ActionFunctionArgs, type LoaderFunctionArgs } from '@remix-run/node';
import { Form, useActionData, useLoaderData } from '@remix-run/react';
import { findCourseById } from '~/courses';
import { reader } from '~/db';
import { deviceOf, examState, findExamBySlug, startAttempt } from '~/exams';
import { authorise, can, signedIn } from '~/identity';
import { blueprintItems, blueprintPoints } from '~/itembank';
import { clock } from '~/kernel/clock';
import { statusOf } from '~/kernel/errors';
import { ProblemError } from '~/kernel/result';
import { textFor } from '~/text';
import { langOf } from '~/text/lang';
import { useText } from '~/text/react';
import { Banner, Button, ButtonLink, ButtonRow, DataTable, Facts, InstantText, Page, Section, StatusTag } from '~/ui';
import { percentText } from '~/ui/figures';
import { pageTitle } from '~/ui/page-title';

export const meta = pageTitle;

async function examOf(slug: string | undefined) {
  const exam = await findExamBySlug(reader(), slug ?? '');
  if (!exam) throw new ProblemError({ code: 'not-found' });
  return exam;
}

export async function loader({ request, params }: LoaderFunctionArgs) {
  const actor = await signedIn(request);
  authorise(actor, 'see courses');
  const exam = await examOf(params['slug']);
  const standing = actor.personId === null ? null : await examState(reader(), exam.id, actor.personId, clock.now());
  const course = exam.courseId === null ? null : await findCourseById(reader(), exam.courseId);
  return json({
    heading: textFor(langOf(request)).t('exams.title', { title: exam.title[langOf(request)] }),
    courseSlug: course?.slug ?? null,
    minutes: exam.minutes, cutScore: exam.cutScore, maxAttempts: exam.maxAttempts, coolingOffHours: exam.coolingOffHours,
    opensAt: exam.opensAt, closesAt: exam.closesAt,
    items: blueprintItems(exam.blueprint), points: blueprintPoints(exam.blueprint),
    mayChooseBank: can(actor, 'choose item banks'),
    standing: standing && { state: standing.state, nextAt: standing.nextAt, left: standing.attemptsLeft, attempts: standing.attempts },
    runningUntil: standing?.runningUntil ?? null,
  });
}

/** Starts the exam, or goes on with the attempt that runs. */
export async function action({ request, params }: ActionFunctionArgs) {
  const actor = await signedIn(request);
  authorise(actor, 'take an exam', { personId: actor.personId });
  const { device, headers } = deviceOf(request);
  const started = await startAttempt(actor, (await examOf(params['slug'])).id, device);
  if (started.ok) return redirect(`/attempts/${started.value}`, { headers });
  return json({ problem: started.error }, { status: statusOf(started.error.code) });
}

type Data = ReturnType<typeof useLoaderData<typeof loader>>;

export default function ExamPage() {
  const exam = useLoaderData<typeof loader>();
  const refused = useActionData<typeof action>();
  const { t, problem } = useText();
  return (
    <Page title={exam.heading} trail={exam.courseSlug ? [{ to: `/courses/${exam.courseSlug}`, label: t('exams.back-course') }] : undefined}>
      {refused && <Banner tone="danger" title={problem(refused.problem)} />}
      <Standing exam={exam} />
      <Section title={t('exams.rules')}>
        <Facts items={useRules(exam)} />
        <p>{t('exams.clock-rule')}</p>
        <p>{t('exams.device-rule')}</p>
      </Section>
      {exam.standing && exam.standing.attempts.length > 0 && <Attempts attempts={exam.standing.attempts} />}
    </Page>
  );
}

function useRules(exam: Data) {
  const { t, duration } = useText();
  const window = useWindow(exam);
  return [
    { term: t('exams.minutes'), value: duration(exam.minutes) },
    { term: t('exams.items'), value: t('exams.items-value', { items: exam.items, points: exam.points }) },
    { term: t('exams.cut-score'), value: t('exams.cut-score-value', { percent: exam.cutScore }) },
    { term: t('exams.attempts'), value: t('exams.attempts-value', { max: exam.maxAttempts, left: exam.standing?.left ?? exam.maxAttempts }) },
    { term: t('exams.cooling-off'), value: exam.coolingOffHours > 0 ? t('exams.cooling-off-value', { hours: exam.coolingOffHours }) : t('exams.cooling-off-none') },
    { term: t('exams.window'), value: window },
    { term: t('exams.recorded'), value: t('exams.recorded-value') },
  ];
}

function useWindow({ opensAt, closesAt }: Data): string {
  const { t, dateTime } = useText();
  if (opensAt !== null && closesAt !== null) return t('exams.window-both', { from: dateTime(opensAt), to: dateTime(closesAt) });
  if (opensAt !== null) return t('exams.window-from', { from: dateTime(opensAt) });
  return closesAt === null ? t('exams.window-always') : t('exams.window-to', { to: dateTime(closesAt) });
}

/** Where one stands, in one sentence, and the one thing to do. */
function Standing({ exam }: { exam: Data }) {
  const { t, dateTime } = useText();
  if (!exam.standing) return <Banner tone="info" title={t('exams.no-person')} />;
  const { state, nextAt, left, attempts } = exam.standing;
  const at = nextAt ?? exam.runningUntil ?? exam.closesAt;
  const sentence = t(`exams.state.${state}`, { at: at === null ? '' : dateTime(at), left, max: exam.maxAttempts });
  const last = attempts[attempts.length - 1];
  return (
    <Banner tone={state === 'passed' ? 'success' : state === 'may-start' || state === 'in-progress' ? 'info' : 'warning'} title={sentence}>
      <ButtonRow>
        {state === 'may-start' && <StartForm label={t('exams.start')} />}
        {state === 'in-progress' && <StartForm label={t('exams.continue')} />}
        {state === 'course-first' && exam.courseSlug && <ButtonLink to={`/courses/${exam.courseSlug}`} kind="primary">{t('exams.to-course')}</ButtonLink>}
        {state === 'not-ready' && exam.mayChooseBank && <ButtonLink to="/admin/banks" kind="primary">{t('exams.to-banks')}</ButtonLink>}
        {(state === 'passed' || state === 'cooling-off' || state === 'no-attempts-left') && last && (
          <ButtonLink to={`/attempts/${last.id}/result`}>{t('exams.to-result')}</ButtonLink>
        )}
      </ButtonRow>
    </Banner>
  );
}

/** The exam page is another document: it needs its own headers, and works alone. */
function StartForm({ label }: { label: string }) {
  return (
    <Form method="post" reloadDocument>
      <input type="hidden" name="intent" value="start" />
      <Button kind="primary">{label}</Button>
    </Form>
  );
}

type AttemptRow = NonNullable<Data['standing']>['attempts'][number];

function Attempts({ attempts }: { attempts: AttemptRow[] }) {
  const { t } = useText();
  return (
    <Section title={t('exams.your-attempts')}>
      <DataTable
        caption={t('exams.your-attempts')}
        rows={attempts}
        rowKey={(row) => row.id}
        empty=""
        columns={[
          { key: 'number', header: t('exams.attempts'), cell: (row) => <a href={row.state === 'in-progress' ? `/attempts/${row.id}` : `/attempts/${row.id}/receipt`}>{t('exams.attempt-number', { number: row.number })}</a> },
          { key: 'started', header: t('exams.started'), cell: (row) => <InstantText at={row.startedAt} /> },
          { key: 'handed-in', header: t('exams.handed-in'), cell: (row) => row.handedInAt !== null && <InstantText at={row.handedInAt} /> },
          { key: 'result', header: t('exams.result'), cell: (row) => <Outcome row={row} /> },
        ]}
      />
    </Section>
  );
}

function Outcome({ row }: { row: AttemptRow }) {
  const { t } = useText();
  if (row.passed === null) return <>{t(`exams.attempt-state.${row.state}`)}</>;
  return (
    <>
      <StatusTag tone={row.passed ? 'ok' : 'bad'}>{t(row.passed ? 'exams.passed' : 'exams.failed')}</StatusTag>
      {row.percent !== null && <a className="figures" href={`/attempts/${row.id}/result`}> {t('exams.percent', { percent: percentText(row.percent) })}</a>}
    </>
  );
}
