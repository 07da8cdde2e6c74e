import { json, type LoaderFunctionArgs } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { hoursOf } from '~/certification';
import { courseList, courseProgress, isLeader, type CourseSummary } from '~/courses';
import { reader } from '~/db';
import { authorise, signedIn } from '~/identity';
import { dateAt, daysBetween } from '~/kernel/calendar';
import { clock } from '~/kernel/clock';
import { config } from '~/kernel/config';
import { textFor, type Lang } from '~/text';
import { langOf } from '~/text/lang';
import { useText } from '~/text/react';
import { ButtonLink, Card, Cards, EmptyState, Page, Section } from '~/ui';
import { CourseCard, type CourseCardData } from '~/ui/course/course-card';
import { DutyFacts, dutyHeading, DutyLead, DutyMore, DutySection, HeldDuties } from '~/ui/clearance/duty';
import { LearningHours } from '~/ui/clearance/learning-hours';
import { NextAction } from '~/ui/clearance/next-action';
import { RenewalBanner } from '~/ui/clearance/renewal-banner';
import { ownDuties, shownRenewals } from '~/ui/clearance/own-duties.server';
import { RequirementSteps } from '~/ui/clearance/requirement-steps';
import { navigationFor } from '~/ui/navigation.server';
import { pageTitle } from '~/ui/page-title';
import { NextPlace } from '~/ui/sitting/next-place';
import { shownNextPlace } from '~/ui/sitting/next-place.server';
import { useRefresh } from '~/ui/use-refresh';

export const meta = pageTitle;

/** What must I do before I may start, by when, and how far am I? For who has started: what counts for me. */
export async function loader({ request }: LoaderFunctionArgs) {
  const actor = await signedIn(request);
  authorise(actor, 'see own home');
  const lang = langOf(request);
  const text = textFor(lang);
  const today = dateAt(clock.now(), config().TIME_ZONE);
  const tasks = navigationFor(actor).filter(({ to }) => !OWN.includes(to));
  const learning = actor.personId === null ? null : await learningOf(actor.personId, lang);
  const place = actor.personId === null ? null : await shownNextPlace(actor.personId, clock.now(), lang);
  const [first] = learning?.duties ?? [];
  const heading = first ? dutyHeading(text, first.duty) : text.t(tasks.length > 0 ? 'home.title' : 'home.learning-title');
  return json({ heading, today, tasks, learning, place });
}

const OWN = ['/home', '/courses', '/hours', '/check'];

async function learningOf(personId: string, lang: Lang) {
  const now = clock.now();
  const duties = await ownDuties(personId, now, lang);
  const leader = await isLeader(reader(), personId);
  const courses = await courseList(reader(), { lang });
  const required = duties.flatMap(({ duty }) => duty.requirements.filter((one) => one.kind === 'course').map((one) => one.targetId));
  const own = await withProgress(personId, courses.filter((course) => !required.includes(course.id)));
  const hours = await hoursOf(reader(), personId, Number(dateAt(now, config().TIME_ZONE).slice(0, 4)));
  const today = dateAt(now, config().TIME_ZONE);
  return {
    duties, renewals: (await shownRenewals(personId, now, lang, duties[0])).map((one) => ({ ...one, daysLeft: daysBetween(today, one.endsOn) })),
    hours: { year: hours.year, hundredths: hours.hundredths, entries: hours.entries.length },
    inProgress: own.filter((course) => course.progress && course.progress.completedAt === null),
    forLeaders: leader ? own.filter((course) => course.audience === 'leaders' && !course.progress) : [],
  };
}

async function withProgress(personId: string, courses: CourseSummary[]): Promise<CourseCardData[]> {
  const progress = await courseProgress(reader(), personId, courses.map((course) => course.id));
  return courses.map(({ slug, title, summary, audience, access, minutes, lessons, hasExam, id }) => {
    const far = progress.find((one) => one.courseId === id);
    return {
      slug, title, summary, audience, access, minutes, lessons, hasExam,
      progress: far?.enrolled ? { read: far.lessonsRead, of: far.lessons, completedAt: far.completedAt } : null,
    };
  });
}

type Data = ReturnType<typeof useLoaderData<typeof loader>>;
type Learning = NonNullable<Data['learning']>;

export default function Home() {
  const { heading, today, tasks, learning, place } = useLoaderData<typeof loader>();
  const { t } = useText();
  const [main, ...others] = learning?.duties ?? [];
  const first = main?.duty;
  const held = others.filter(({ settled }) => settled);
  // Somebody who has just handed in sees the result and the credential arrive.
  useRefresh(first && (first.next.kind === 'await-result' || (first.status === 'cleared' && !first.credential)) ? 5 : null);
  return (
    <Page title={heading} lead={first ? <DutyLead duty={first} today={today} /> : learning && tasks.length === 0 && t('home.learning-lead')} actions={learning && <ButtonLink kind="quiet" to="/my/record">{t('records.record')}</ButtonLink>}>
      {learning?.renewals.map(({ daysLeft, ...one }) => (
        <RenewalBanner key={one.assignmentId} renewal={one} daysLeft={daysLeft} duty={renewing(learning, one)} />
      ))}
      {first && <DutyFacts duty={first} today={today} />}
      {place && <NextPlace place={place} />}
      {first && (
        <Section title={t(first.gate === 'before-start-of-duty' ? 'home.steps' : 'home.steps-other')}>
          <RequirementSteps duty={first} action={<NextAction duty={first} />} />
        </Section>
      )}
      {main && <Section title={t('home.outlook')}><DutyMore own={main} /></Section>}
      {others.filter(({ settled }) => !settled).map((own) => <DutySection key={own.duty.assignmentId} own={own} today={today} />)}
      {held.length > 0 && <HeldDuties held={held} />}
      {tasks.length > 0 && <Tasks tasks={tasks} />}
      {learning && <OwnLearning learning={learning} />}
      {!learning && tasks.length === 0 && <EmptyState title={t('home.no-duty')}>{t('home.no-duty-text')}</EmptyState>}
    </Page>
  );
}

/** The assignment by which something is renewed; the first one has its button further down. */
function renewing({ duties }: Learning, { by }: Pick<Learning['renewals'][number], 'by'>) {
  const found = duties.find(({ duty }) => duty.assignmentId === by?.assignmentId);
  return found && found === duties[0] ? 'below' : found?.duty;
}

function OwnLearning({ learning: { duties, hours, inProgress, forLeaders } }: { learning: Learning }) {
  const { t } = useText();
  const quiet = duties.length > 0 && hours.entries === 0 && inProgress.length === 0;
  if (quiet) return null;
  return (
    <>
      <LearningHours year={hours.year} hundredths={hours.hundredths} />
      {(inProgress.length > 0 || duties.length === 0) && (
        <Section title={t('home.in-progress')} actions={<ButtonLink to="/courses" kind="quiet">{t('home.courses-all')}</ButtonLink>}>
          {inProgress.length === 0 ? <p>{t('home.in-progress-none')}</p> : <CourseCards courses={inProgress} />}
        </Section>
      )}
      {forLeaders.length > 0 && <Section title={t('home.for-leaders')}><CourseCards courses={forLeaders} /></Section>}
    </>
  );
}

const CourseCards = ({ courses }: { courses: CourseCardData[] }) => <Cards>{courses.map((course) => <CourseCard key={course.slug} course={course} />)}</Cards>;

function Tasks({ tasks }: { tasks: Data['tasks'] }) {
  const { t } = useText();
  return (
    <Section title={t('home.tasks')}>
      <Cards>{tasks.map(({ to, label }) => <Card key={to} title={t(label)} to={to} />)}</Cards>
    </Section>
  );
}
