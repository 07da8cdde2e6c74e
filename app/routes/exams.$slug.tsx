import { json, redirect, type ActionFunctionArgs, type LoaderFunctionArgs } from '@remix-run/node';
import { useActionData, useLoaderData } from '@remix-run/react';
import { findCourseById } from '~/courses';
import { reader } from '~/db';
import { beforeStart, deviceOf, enterCode, findExamBySlug, inLine, inTurn, sebProofOf, startAttempt, startPractice, type BeforeStart, type Exam } from '~/exams';
import { authorise, can, clientAddress, signedIn } from '~/identity';
import { blueprintItems, blueprintPoints } from '~/itembank';
import { clock } from '~/kernel/clock';
import { statusOf } from '~/kernel/errors';
import { must, ProblemError, type Problem } from '~/kernel/result';
import { textFor } from '~/text';
import { langOf } from '~/text/lang';
import { useText } from '~/text/react';
import { Banner, ButtonLink, ButtonRow, DataTable, Facts, InstantText, Page, Section, StatusTag } from '~/ui';
import { Entrance, PlaceFacts, type EntranceView } from '~/ui/exam/entrance';
import { ExamSections, OwnTime } from '~/ui/exam/own-time';
import { StartForm } from '~/ui/exam/start-form';
import { percentText } from '~/ui/figures';
import { ObservationNotice } from '~/ui/exam/observation-notice';
import { pageTitle } from '~/ui/page-title';

export const meta = pageTitle;

async function examOf(slug: string | undefined): Promise<Exam> {
  const exam = await findExamBySlug(reader(), slug ?? '');
  if (!exam || exam.practiceOf !== null) throw new ProblemError({ code: 'not-found' });
  return exam;
}

export async function loader({ request, params }: LoaderFunctionArgs) {
  const actor = await signedIn(request);
  authorise(actor, 'see courses');
  const exam = await examOf(params['slug']);
  const lang = langOf(request);
  const before = await beforeStart(actor, exam, { address: clientAddress(request), seb: sebProofOf(request.headers, request.url) }, clock.now());
  const course = exam.courseId === null ? null : await findCourseById(reader(), exam.courseId);
  return json({
    heading: textFor(lang).t('exams.title', { title: exam.title[lang] }),
    slug: exam.slug, courseSlug: course?.slug ?? null,
    minutes: exam.minutes, cutScore: exam.cutScore, maxAttempts: exam.maxAttempts, coolingOffHours: exam.coolingOffHours,
    opensAt: exam.opensAt, closesAt: exam.closesAt, inSittings: exam.delivery === 'sittings',
    items: blueprintItems(exam.blueprint), points: blueprintPoints(exam.blueprint),
    sections: exam.sections.map(({ title, minutes, oneWay }) => ({ title: title[lang], minutes, oneWay })),
    ownTakeover: exam.ownTakeover, observed: exam.observed, idleMinutes: exam.idleMinutes,
    mayChooseBank: can(actor, 'choose item banks'),
    standing: before && standingView(before),
    entrance: before?.entrance ? entranceView(exam.slug, before.entrance) : null,
    time: before && { minutes: before.ownMinutes, cutAt: before.cutAt, cutsExtra: exam.windowCutsExtra, accommodations: before.accommodations.map(({ id, extraMinutes, factorPercent }) => ({ id, extraMinutes, factorPercent })) },
    practice: before?.practice ? before.practice.attempts : null,
  });
}

const standingView = ({ standing: { state, nextAt, attemptsLeft, attempts, runningUntil } }: BeforeStart) =>
  ({ state, nextAt, left: attemptsLeft, attempts, runningUntil });

function entranceView(examSlug: string, { place, shut, asksCode, lastStart, seb }: NonNullable<BeforeStart['entrance']>): EntranceView {
  return {
    examSlug, shut, asksCode, seb,
    place: place && {
      bookingId: place.booking.id, ticket: place.booking.ticket, title: place.sitting.title, startsAt: place.sitting.startsAt, endsAt: place.sitting.endsAt,
      room: place.room?.name ?? null, seat: place.booking.seat, lateRule: place.sitting.lateRule, lastStart: lastStart ?? place.sitting.endsAt,
    },
  };
}

/** Starts the exam or a practice, or goes on with the attempt that runs. At the peak one at a time, in turn. */
export async function action({ request, params }: ActionFunctionArgs) {
  const actor = await signedIn(request);
  authorise(actor, 'take an exam', { personId: actor.personId });
  const form = await request.formData();
  const exam = await examOf(params['slug']);
  const { device, headers: cookie } = deviceOf(request);
  if (form.get('intent') === 'practice') {
    return redirect(`/attempts/${must(await startPractice(actor, exam.id, device))}`, { headers: cookie });
  }
  const code = form.get('code');
  const door = { address: clientAddress(request), seb: sebProofOf(request.headers, request.url), checkInCode: typeof code === 'string' && code !== '' ? code : null };
  const entered = await enterCode(actor, exam.id, door.checkInCode);
  const answer = entered.ok ? await inTurn(inLine(exam.slug, actor.personId), (askedAt) => startAttempt(actor, exam.id, device, { ...door, askedAt })) : entered;
  if (!answer.ok) return json({ problem: answer.error }, { status: statusOf(answer.error.code) });
  // The code was entered: it is not asked for again, however long the line.
  return redirect(answer.value.kind === 'wait' ? `/exams/${exam.slug}/waiting` : `/attempts/${answer.value.attemptId}`, { headers: cookie });
}

type Data = ReturnType<typeof useLoaderData<typeof loader>>;

export default function ExamPage() {
  const exam = useLoaderData<typeof loader>();
  const reply = useActionData<typeof action>();
  const { t } = useText();
  return (
    <Page title={exam.heading} trail={exam.courseSlug ? [{ to: `/courses/${exam.courseSlug}`, label: t('exams.back-course') }] : undefined}>
      <BeforeExam exam={exam} refused={reply?.problem ?? null} />
    </Page>
  );
}

function BeforeExam({ exam, refused }: { exam: Data; refused: Problem | null }) {
  const { t, problem } = useText();
  const aboutCode = refused?.field === 'code' ? refused : null;
  return (
    <>
      {refused && !aboutCode && <Banner tone="danger" title={problem(refused)} />}
      {exam.entrance && exam.standing?.state === 'may-start' ? <Entrance entrance={exam.entrance} wrongCode={aboutCode} />
        : <><Standing exam={exam} />{exam.entrance?.place && <PlaceFacts place={exam.entrance.place} examSlug={exam.slug} />}</>}
      {exam.time && exam.standing?.state === 'may-start' && <OwnTime time={exam.time} />}
      <Section title={t('exams.rules')}>
        <Facts items={useRules(exam)} />
        <p>{t('exams.clock-rule')}</p>
        <p>{t('exams.device-rule')}</p>
        {exam.ownTakeover && <p>{t('start.own-takeover')}</p>}
      </Section>
      <Section title={t('integrity.told-title')} id="recorded"><ObservationNotice observed={exam.observed} idleMinutes={exam.idleMinutes} /></Section>
      <ExamSections sections={exam.sections} />
      {exam.practice && <Practice attempts={exam.practice} />}
      {exam.standing && exam.standing.attempts.length > 0 && <Attempts attempts={exam.standing.attempts} />}
    </>
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
    ...(exam.inSittings ? [] : [{ term: t('exams.window'), value: window }]),
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
  const at = nextAt ?? exam.standing.runningUntil ?? exam.closesAt;
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

/** Practising, as often as one likes; apart from the exam, so that nobody takes one for the other. */
function Practice({ attempts }: { attempts: AttemptRow[] }) {
  const { t } = useText();
  const running = attempts.some((one) => one.state === 'in-progress');
  const done = attempts.filter((one) => one.state === 'released').reverse();
  return (
    <Section title={t('start.practice')}>
      <p>{t('start.practice-lead')}</p>
      <StartForm intent="practice" kind="secondary" label={t(running ? 'start.practice-continue' : 'start.practice-start')} />
      {done.length > 0 && (
        <ul>
          {done.slice(0, 5).map((one) => (
            <li key={one.id}>
              <InstantText at={one.startedAt} /> <a href={`/attempts/${one.id}/result`}>{t('start.practice-score', { percent: percentText(one.percent ?? 0) })}</a>
            </li>
          ))}
        </ul>
      )}
    </Section>
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
