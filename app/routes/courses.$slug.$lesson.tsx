import { json, redirect, type ActionFunctionArgs, type LoaderFunctionArgs } from '@remix-run/node';
import { useActionData, useLoaderData } from '@remix-run/react';
import { courseForReader, findLesson, markLessonRead, mayRead, openLesson, type CourseForReader, type LessonContent } from '~/courses';
import { reader } from '~/db';
import { actorOf, authorise, can, signedIn, signInPath, type Actor } from '~/identity';
import { must, ProblemError } from '~/kernel/result';
import { langOf } from '~/text/lang';
import { useText } from '~/text/react';
import { ButtonLink, Page, PostButton, ProgressBar, Prose, Section, StatusTag } from '~/ui';
import { LessonChecks, type CheckAnswer } from '~/ui/course/lesson-checks';
import { pageTitle } from '~/ui/page-title';

export const meta = pageTitle;

interface Opened {
  found: CourseForReader;
  lesson: LessonContent;
}

/** The lesson, for those who may read it; others are led to where they can sign in or choose the course. */
async function lessonFor(request: Request, slug = '', lessonSlug = '', actor: Actor | null): Promise<Opened> {
  const found = await courseForReader(reader(), slug, actor?.personId ?? null);
  const lesson = found && await findLesson(reader(), found.course.versionId, lessonSlug);
  if (!found || !lesson) throw new ProblemError({ code: 'not-found' });
  if (mayRead(found, can(actor, 'preview courses'))) return { found, lesson };
  throw redirect(actor ? `/courses/${slug}` : signInPath(request));
}

export async function loader({ request, params }: LoaderFunctionArgs) {
  const actor = await actorOf(request);
  authorise(actor, 'read open courses');
  const { found: { course, enrolment, states, lessonsRead }, lesson } = await lessonFor(request, params['slug'], params['lesson'], actor);
  if (enrolment && actor) await openLesson({ personId: enrolment.person_id, courseId: course.id, by: actor.by }, lesson.slug);
  const lang = langOf(request);
  const neighbour = (position: number) => {
    const other = course.lessons.find((one) => one.position === position);
    return other ? { slug: other.slug, title: other.title[lang] } : null;
  };
  return json({
    heading: lesson.title[lang], course: { slug: course.slug, title: course.title[lang], lessons: course.lessons.length },
    position: lesson.position, minutes: lesson.minutes, summary: lesson.summary[lang], html: lesson.html,
    aims: lesson.aims, takeaways: lesson.takeaways, sources: lesson.sources,
    checks: lesson.checks.map(({ question, options }) => ({ question, options })),
    previous: neighbour(lesson.position - 1), next: neighbour(lesson.position + 1),
    reading: enrolment && { read: states[lesson.slug] === 'read', lessonsRead },
  });
}

/** Two buttons: "mark as read" records and goes on; the checks are answered on the spot and never kept. */
export async function action({ request, params }: ActionFunctionArgs) {
  const form = await request.formData();
  if (form.get('intent') === 'read') return markRead(request, params['slug'], params['lesson']);
  const actor = await actorOf(request);
  authorise(actor, 'read open courses');
  const { lesson } = await lessonFor(request, params['slug'], params['lesson'], actor);
  return json({
    answers: lesson.checks.map(({ answer, explanation }, i): CheckAnswer => {
      const chosen = Number(form.get(`check-${i}`) ?? 0);
      return { chosen, right: answer, explanation };
    }),
  });
}

async function markRead(request: Request, slug: string | undefined, lessonSlug: string | undefined) {
  const actor = await signedIn(request);
  authorise(actor, 'learn');
  const { found: { course, enrolment }, lesson } = await lessonFor(request, slug, lessonSlug, actor);
  if (!enrolment) throw redirect(`/courses/${course.slug}`);
  const { completed } = must(await markLessonRead({ personId: enrolment.person_id, courseId: course.id, by: actor.by }, lesson.slug));
  const next = course.lessons.find((one) => one.position === lesson.position + 1);
  // Who completed the course with this lesson sees that first.
  const justDone = completed && enrolment.completed_at === null;
  return redirect(next && !justDone ? `/courses/${course.slug}/${next.slug}` : `/courses/${course.slug}`);
}

type Data = ReturnType<typeof useLoaderData<typeof loader>>;

export default function LessonPage() {
  const lesson = useLoaderData<typeof loader>();
  const reply = useActionData<typeof action>();
  const { t } = useText();
  const to = `/courses/${lesson.course.slug}`;
  return (
    <Page title={lesson.heading} lead={lesson.summary} trail={[{ to: '/courses', label: t('courses.title') }, { to, label: lesson.course.title }]}>
      <p className="course-tags lesson-where">
        <span>{t('courses.lesson-where', { position: lesson.position, count: lesson.course.lessons })} · {t('courses.lesson-minutes', { minutes: lesson.minutes })}</span>
        {lesson.reading?.read && <StatusTag tone="ok">{t('courses.lesson-done')}</StatusTag>}
      </p>
      <Box title={t('courses.aims')} lines={lesson.aims} />
      <div lang="zh-CN"><Prose html={lesson.html} /></div>
      <Box title={t('courses.takeaways')} lines={lesson.takeaways} />
      {lesson.checks.length > 0 && <LessonChecks key={lesson.heading} checks={lesson.checks} answers={reply && 'answers' in reply ? reply.answers : null} />}
      {lesson.sources.length > 0 && (
        <Section title={t('courses.sources')}>
          <ul className="lesson-sources" lang="zh-CN">{lesson.sources.map((source) => <li key={source}>{source}</li>)}</ul>
        </Section>
      )}
      {lesson.reading && <ProgressBar value={lesson.reading.lessonsRead} max={lesson.course.lessons} label={t('courses.read-lessons')} />}
      <LessonSteps lesson={lesson} />
    </Page>
  );
}

function Box({ title, lines }: { title: string; lines: string[] }) {
  return (
    <section className="lesson-box">
      <h2>{title}</h2>
      <ul lang="zh-CN">{lines.map((line) => <li key={line}>{line}</li>)}</ul>
    </section>
  );
}

/** On to the next lesson, back to the one before; for the enrolled the way on records that this one was read. */
function LessonSteps({ lesson: { course, previous, next, reading } }: { lesson: Data }) {
  const { t } = useText();
  const to = `/courses/${course.slug}`;
  const toNext = next && <ButtonLink to={`${to}/${next.slug}`} kind="primary">{t('courses.next-lesson', { title: next.title })}</ButtonLink>;
  return (
    <nav className="lesson-steps" aria-label={t('courses.lesson-nav')}>
      {reading && !reading.read
        ? <PostButton fields={{ intent: 'read' }} kind="primary">{t(next ? 'courses.mark-read' : 'courses.mark-read-last')}</PostButton>
        : toNext ?? <ButtonLink to={to} kind="primary">{t('courses.to-course')}</ButtonLink>}
      {previous
        ? <ButtonLink to={`${to}/${previous.slug}`} kind="quiet">{t('courses.previous-lesson', { title: previous.title })}</ButtonLink>
        : <ButtonLink to={to} kind="quiet">{t('courses.to-course')}</ButtonLink>}
    </nav>
  );
}
