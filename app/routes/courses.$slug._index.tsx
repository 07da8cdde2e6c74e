import { json, redirect, type ActionFunctionArgs, type LoaderFunctionArgs } from '@remix-run/node';
import { useActionData, useLoaderData } from '@remix-run/react';
import { chooseCourse, countShippedItems, courseForReader, isLeader, mayEnrol, mayRead, type CourseForReader } from '~/courses';
import { reader } from '~/db';
import { examForCourse } from '~/exams';
import { actorOf, authorise, can, signedIn, type Actor } from '~/identity';
import { must, ProblemError } from '~/kernel/result';
import { langOf } from '~/text/lang';
import { useText } from '~/text/react';
import { Banner, ButtonLink, ButtonRow, Facts, InstantText, Page, PostButton, ProgressBar, Prose, Section } from '~/ui';
import { LessonList } from '~/ui/course/lesson-list';
import { pageTitle } from '~/ui/page-title';

export const meta = pageTitle;

async function courseOf(slug: string | undefined, personId: string | null): Promise<CourseForReader> {
  const found = await courseForReader(reader(), slug ?? '', personId);
  if (!found) throw new ProblemError({ code: 'not-found' });
  return found;
}

/** What the reader can do with the course: go on, choose it, sign in first, or only look. */
async function standing(found: CourseForReader, actor: Actor | null) {
  if (found.enrolment) return 'enrolled' as const;
  if (!actor) return found.course.access === 'open' ? 'open' as const : 'sign-in' as const;
  const choice = actor.personId ? mayEnrol(found.course, await isLeader(reader(), actor.personId)) : null;
  if (choice?.ok) return 'may-enrol' as const;
  if (can(actor, 'preview courses')) return 'preview' as const;
  if (!choice) return found.course.access === 'open' ? 'open' as const : 'assigned' as const;
  return choice.error.code === 'courses.for-leaders' ? 'leaders' as const : 'assigned' as const;
}

export async function loader({ request, params }: LoaderFunctionArgs) {
  const actor = await actorOf(request);
  authorise(actor, 'read open courses');
  const lang = langOf(request);
  const found = await courseOf(params['slug'], actor?.personId ?? null);
  const { course, enrolment, states, lessonsRead, next } = found;
  const exam = course.exam && await examForCourse(reader(), course.id);
  const readable = mayRead(found, can(actor, 'preview courses'));
  return json({
    heading: course.title[lang],
    slug: course.slug, title: course.title[lang], summary: course.summary[lang], audience: course.audience, access: course.access,
    minutes: course.minutes, html: course.descriptionHtml, standing: await standing(found, actor), readable,
    lessons: course.lessons.map((lesson) => ({
      slug: lesson.slug, position: lesson.position, title: lesson.title[lang], summary: lesson.summary[lang], minutes: lesson.minutes,
      state: enrolment ? states[lesson.slug] ?? 'new' : null,
    })),
    lessonsRead, next, source: enrolment?.source ?? null, completedAt: enrolment?.completed_at ?? null,
    exam: exam && { slug: exam.slug, minutes: exam.minutes, cutScore: exam.cutScore, attempts: exam.maxAttempts },
    practice: readable && (await countShippedItems(reader(), course.versionId)) > 0,
  });
}

/** Chooses the course. */
export async function action({ request, params }: ActionFunctionArgs) {
  const actor = await signedIn(request);
  authorise(actor, 'learn');
  const { course } = await courseOf(params['slug'], null);
  const chosen = await chooseCourse(course, { personId: must(personOf(actor)), by: actor.by });
  return chosen.ok ? redirect(`/courses/${course.slug}`) : json({ problem: chosen.error }, { status: 403 });
}

const personOf = (actor: Actor) =>
  actor.personId === null ? { ok: false as const, error: { code: 'access.denied' as const } } : { ok: true as const, value: actor.personId };

type Data = ReturnType<typeof useLoaderData<typeof loader>>;

export default function CoursePage() {
  const course = useLoaderData<typeof loader>();
  const refused = useActionData<typeof action>();
  const { t, lang, problem, duration } = useText();
  const done = course.completedAt !== null;
  return (
    <Page title={course.title} lead={course.summary} trail={[{ to: '/courses', label: t('courses.title') }]}>
      {refused && <Banner tone="danger" title={problem(refused.problem)} />}
      <Next course={course} />
      <Facts items={[
        { term: t('courses.audience-term'), value: t(`courses.audience.${course.audience}`) },
        { term: t('courses.access-term'), value: t(course.source ? `courses.source.${course.source}` : `courses.access.${course.access}`) },
        { term: t('courses.learning-time'), value: duration(course.minutes) },
        ...(lang === 'zh' ? [] : [{ term: t('ui.language'), value: t('courses.text-language') }]),
        ...(course.completedAt === null ? [] : [{ term: t('courses.completed-on'), value: <InstantText at={course.completedAt} /> }]),
      ]} />
      {course.exam && done && <ExamSection course={course} exam={course.exam} />}
      <Section title={t('courses.lesson-list')}>
        <LessonList course={course.slug} lessons={course.lessons} linked={course.readable} here={course.standing === 'enrolled' && course.completedAt === null ? course.next : null} />
      </Section>
      {course.exam && !done && <ExamSection course={course} exam={course.exam} />}
      {course.practice && (
        <Section title={t('courses.practice')}>
          <p>{t('courses.practice-text')}</p>
          <ButtonLink to={`/courses/${course.slug}/practice`}>{t('courses.practice-go')}</ButtonLink>
        </Section>
      )}
      <Section title={t('courses.about')}><div lang="zh-CN"><Prose html={course.html} /></div></Section>
    </Page>
  );
}

/** How far one is, and the one next step. */
function Next({ course }: { course: Data }) {
  const { t, duration } = useText();
  const first = course.lessons[0];
  const next = course.lessons.find((lesson) => lesson.slug === course.next) ?? first;
  const read = (label: string, lesson = next, primary = true) => lesson &&
    <ButtonLink to={`/courses/${course.slug}/${lesson.slug}`} kind={primary ? 'primary' : 'secondary'}>{label}</ButtonLink>;
  switch (course.standing) {
    case 'enrolled':
      if (course.completedAt !== null) {
        return <Banner tone="success" title={t('courses.completed-title')}><p>{t('courses.completed-text', { duration: duration(course.minutes) })}</p><ButtonRow>{read(t('courses.read-again'), first, false)}</ButtonRow></Banner>;
      }
      return (
        <>
          <ProgressBar value={course.lessonsRead} max={course.lessons.length} label={t('courses.read-lessons')} />
          <div className="button-row">{read(course.lessonsRead === 0 ? t('courses.start') : t('courses.go-on', { title: next?.title ?? '' }))}</div>
        </>
      );
    case 'may-enrol':
      return (
        <>
          <p>{course.access === 'open' ? t('courses.enrol-open-text') : t('courses.enrol-text', { duration: duration(course.minutes) })}</p>
          <div className="button-row">
            <PostButton kind="primary">{t(course.access === 'open' ? 'courses.enrol-open' : 'courses.enrol')}</PostButton>
            {course.access === 'open' && read(t('courses.start'), first, false)}
          </div>
        </>
      );
    case 'open': return <div className="button-row">{read(t('courses.start'), first)}</div>;
    case 'sign-in':
      return (
        <Banner tone="info" title={t('courses.sign-in-title')}>
          <p>{t('courses.sign-in-text')}</p>
          <ButtonRow><ButtonLink to={`/sign-in?next=${encodeURIComponent(`/courses/${course.slug}`)}`} kind="primary">{t('courses.sign-in')}</ButtonLink></ButtonRow>
        </Banner>
      );
    case 'preview': return <Banner tone="info" title={t('courses.preview-title')}><p>{t('courses.preview-text')}</p><ButtonRow>{read(t('courses.start'), first, false)}</ButtonRow></Banner>;
    case 'leaders': return <Banner tone="info" title={t('courses.leaders-text')} />;
    case 'assigned': return <Banner tone="info" title={t('courses.assigned-text')} />;
  }
}

function ExamSection({ course, exam }: { course: Data; exam: NonNullable<Data['exam']> }) {
  const { t } = useText();
  const done = course.completedAt !== null;
  return (
    <Section title={t('courses.exam')}>
      <p>{t('courses.exam-facts', { minutes: exam.minutes, cutScore: exam.cutScore, attempts: exam.attempts })}</p>
      <p>{t(done ? 'courses.exam-now' : 'courses.exam-after')}</p>
      {course.standing === 'enrolled' && <ButtonLink to={`/exams/${exam.slug}`} kind={done ? 'primary' : 'secondary'}>{t(done ? 'courses.exam-go' : 'courses.exam-look')}</ButtonLink>}
    </Section>
  );
}
