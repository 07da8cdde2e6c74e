import { rmSync } from 'node:fs';
import path from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import {
  chooseCourse, countShippedItems, courseList, courseProgress, enrolTx, findCourse, findEnrolment, findLesson, lessonStates, markLessonRead, openLesson,
  readMedia, shippedItems, syncCourses, type Course,
} from '~/courses';
import { inTransaction, insert, reader, rows } from '~/db';
import { useConfig } from '~/kernel/config';
import { newId } from '~/kernel/id';
import { testConfig } from '../support/config';
import { addCourse, courseFolder, COURSE_MD, ITEMS_YAML, lessonMd } from '../support/course-folder';
import { onEveryDatabase } from '../support/databases';

const by = 'account:learner' as const;
const Kinds = z.object({ kind: z.string() });

async function aPerson(lead?: { endedOn: string | null }): Promise<string> {
  const id = newId();
  await inTransaction(async (tx) => {
    await insert(tx, 'persons', [{ id, name: '测试', created_at: tx.now }]);
    if (!lead) return;
    const organisation = newId();
    await insert(tx, 'organisations', [{ id: organisation, parent_id: null, path: `/${organisation}/`, code: organisation, name: '某局', created_at: tx.now }]);
    await insert(tx, 'appointments', [{
      id: newId(), person_id: id, organisation_id: organisation, intake_id: null, kind: 'leader', post: '局长', rank: null,
      start_of_duty: '2020-01-01', ended_on: lead.endedOn, created_at: tx.now,
    }]);
  });
  return id;
}

const eventKinds = async (personId: string) =>
  (await rows(reader(), Kinds, 'SELECT kind FROM ledger_events WHERE person_id = $personId ORDER BY recorded_at, id', { personId })).map((row) => row.kind);
const completionJobs = () => rows(reader(), z.object({ payload: z.string() }), `SELECT payload FROM outbox WHERE name = 'courses.completed'`);

onEveryDatabase('courses', () => {
  let slug: string;
  let dir: string;
  let course: Course;
  let counter = 0;

  beforeEach(async () => {
    useConfig(testConfig());
    dir = courseFolder();
    rmSync(path.join(dir, 'small'), { recursive: true });
    slug = `course-${(counter += 1)}`;
    addCourse(dir, slug);
    await syncCourses(dir, 1000);
    course = await current();
  });

  async function current(): Promise<Course> {
    const found = await findCourse(reader(), slug);
    if (!found) throw new Error('the course is not there');
    return found;
  }
  const read = (personId: string, lesson: string) => markLessonRead({ personId, courseId: course.id, by }, lesson);
  const enrol = (personId: string, source: 'assigned' | 'chosen' = 'assigned') =>
    inTransaction((tx) => enrolTx(tx, { personId, courseId: course.id, source, by }));
  const progress = async (personId: string) => (await courseProgress(reader(), personId, [course.id]))[0];

  describe('loading the folders', () => {
    it('stores course, lessons, exam and items', async () => {
      expect(course).toMatchObject({ slug, version: 1, minutes: 90, title: { zh: '小课' }, exam: { cutScore: 60, blueprint: [{ points: 50 }, { points: 50 }] } });
      expect(course.lessons.map((lesson) => lesson.slug)).toEqual(['01-first', '02-second']);
      expect(await findLesson(reader(), course.versionId, '01-first')).toMatchObject({ aims: ['会收件', '会登记', '会告知'], checks: [{ answer: 1 }, { answer: 2 }, { answer: 1 }] });
      expect(await shippedItems(reader(), course.versionId, { limit: 1, offset: 1 })).toMatchObject([{ code: 'small-002', key: ['受理之日'] }]);
      expect(await countShippedItems(reader(), course.versionId, '01-first')).toBe(1);
    });

    it('adds a version only when content changed', async () => {
      expect(await syncCourses(dir, 2000)).toEqual({ loaded: [slug], published: [], problems: [] });
      addCourse(dir, slug, { 'items/all.yaml': `# only a comment\n${ITEMS_YAML}` });
      expect((await syncCourses(dir, 2000)).published).toEqual([]);
      addCourse(dir, slug, { 'lessons/02-second.md': lessonMd('改') });
      expect((await syncCourses(dir, 3000)).published).toEqual([slug]);
      addCourse(dir, slug);
      expect((await syncCourses(dir, 4000)).published).toEqual([slug]);
      expect(await current()).toMatchObject({ version: 3, publishedAt: 4000 });
    });

    it('publishes once when processes start together', async () => {
      addCourse(dir, slug, { 'lessons/02-second.md': lessonMd('同时') });
      const outcomes = await Promise.all([syncCourses(dir, 2000), syncCourses(dir, 2000)]);
      expect(outcomes.flatMap((outcome) => outcome.published)).toEqual([slug]);
    });

    it('names file and line of a broken folder, serves the others, and keeps what was there before', async () => {
      addCourse(dir, slug, { 'course.md': COURSE_MD.replace('minutes: 90', 'minutes: soon') });
      const other = `sound-${slug}`;
      addCourse(dir, other);
      expect(await syncCourses(dir, 2000)).toEqual({
        loaded: [other], published: [other],
        problems: [{ file: path.join(dir, slug, 'course.md'), line: 7, message: 'minutes: minutes must be a whole number' }],
      });
      expect((await current()).version).toBe(1);
      expect(await findCourse(reader(), other)).toMatchObject({ slug: other });
    });

    it('says when there is no folder of courses', async () => {
      const gone = path.join(dir, 'gone');
      expect(await syncCourses(gone, 1)).toMatchObject({ loaded: [], problems: [{ file: gone, line: 1 }] });
    });

    it('loads the courses of the product', async () => {
      const { loaded, problems } = await syncCourses('courses', 1);
      expect(problems).toEqual([]);
      expect(loaded).toEqual(['digital-skills-for-residents', 'e-government-foundations', 'leading-e-government']);
      const foundations = await findCourse(reader(), 'e-government-foundations');
      expect(foundations?.lessons.length).toBeGreaterThanOrEqual(8);
      expect(await countShippedItems(reader(), foundations?.versionId ?? '')).toBeGreaterThanOrEqual(120);
    });
  });

  describe('the list of courses', () => {
    it('filters by audience and words of either language, and is worded in one', async () => {
      const slugs = async (search: string) => (await courseList(reader(), { audience: 'leaders', search, lang: 'en' })).map((one) => one.slug);
      expect(await slugs('small')).toContain(slug);
      expect(await slugs('小课')).toContain(slug);
      expect(await slugs('100%')).toEqual([]);
      expect(await courseList(reader(), { access: 'open', lang: 'zh' })).not.toContainEqual(expect.objectContaining({ slug }));
      const [first] = await courseList(reader(), { search: 'small course', lang: 'en' });
      expect(first).toMatchObject({ title: 'A small course', lessons: 2, hasExam: true });
    });
  });

  describe('learning', () => {
    it('enrols once, and what is assigned later counts as assigned', async () => {
      const person = await aPerson();
      const first = await enrol(person, 'chosen');
      expect(await enrol(person, 'chosen')).toBe(first);
      expect(await enrol(person, 'assigned')).toBe(first);
      expect(await progress(person)).toEqual({ courseId: course.id, enrolled: true, source: 'assigned', lessonsRead: 0, lessons: 2, completedAt: null });
      expect(await eventKinds(person)).toEqual(['enrolment.made', 'enrolment.assigned']);
    });

    it('lets leaders choose a course for leaders and nobody else', async () => {
      const [leader, former, clerk] = [await aPerson({ endedOn: null }), await aPerson({ endedOn: '2021-01-01' }), await aPerson()];
      expect((await chooseCourse(course, { personId: leader, by })).ok).toBe(true);
      for (const personId of [former, clerk]) {
        expect(await chooseCourse(course, { personId, by })).toEqual({ ok: false, error: { code: 'courses.for-leaders' } });
        expect(await findEnrolment(reader(), personId, course.id)).toBeNull();
      }
      expect(await chooseCourse({ ...course, access: 'assigned' }, { personId: leader, by })).toMatchObject({ ok: false, error: { code: 'courses.assigned-only' } });
    });

    it('completes with the last lesson, once, and tells certification', async () => {
      const person = await aPerson();
      await enrol(person);
      await openLesson({ personId: person, courseId: course.id, by }, '01-first');
      await openLesson({ personId: person, courseId: course.id, by }, '01-first');
      expect(await read(person, '01-first')).toEqual({ ok: true, value: { completed: false } });
      expect(await read(person, '01-first')).toEqual({ ok: true, value: { completed: false } });
      expect(await progress(person)).toMatchObject({ lessonsRead: 1, completedAt: null });
      const before = (await completionJobs()).length;
      expect(await read(person, '02-second')).toEqual({ ok: true, value: { completed: true } });
      expect(await read(person, '02-second')).toEqual({ ok: true, value: { completed: true } });
      expect(await completionJobs()).toHaveLength(before + 1);
      const completions = await rows(reader(), z.object({ minutes: z.number() }), 'SELECT minutes FROM completions WHERE person_id = $person', { person });
      expect(completions).toEqual([{ minutes: 90 }]);
      expect(await eventKinds(person)).toEqual(['enrolment.made', 'lesson.opened', 'lesson.read', 'lesson.read', 'course.completed']);
    });

    it('completes once when the last two lessons are read at the same moment', async () => {
      const person = await aPerson();
      await enrol(person);
      const before = (await completionJobs()).length;
      await Promise.all([read(person, '01-first'), read(person, '02-second')]);
      expect((await progress(person))?.completedAt).not.toBeNull();
      expect(await completionJobs()).toHaveLength(before + 1);
    });

    it('records nothing for those who are not enrolled, nor for lessons that do not exist', async () => {
      const person = await aPerson();
      await openLesson({ personId: person, courseId: course.id, by }, '01-first');
      expect(await read(person, '01-first')).toEqual({ ok: false, error: { code: 'courses.not-enrolled' } });
      await enrol(person);
      expect(await read(person, '09-none')).toEqual({ ok: true, value: { completed: false } });
      expect(await eventKinds(person)).toEqual(['enrolment.made']);
    });

    it('goes on with a new version and keeps what was read', async () => {
      const person = await aPerson();
      const id = await enrol(person);
      await read(person, '01-first');
      addCourse(dir, slug, { 'lessons/03-third.md': lessonMd('三') });
      await syncCourses(dir, 2000);
      expect(await progress(person)).toMatchObject({ lessonsRead: 1, lessons: 3, completedAt: null });
      const states = await lessonStates(reader(), id, (await current()).versionId);
      expect(states.map((state) => [state.slug, state.read_at !== null])).toEqual([['01-first', true], ['02-second', false], ['03-third', false]]);
      await read(person, '02-second');
      expect((await progress(person))?.completedAt).toBeNull();
      expect(await read(person, '03-third')).toMatchObject({ value: { completed: true } });
    });

    it('completes those who had read all that a new version still has, and leaves the completed alone', async () => {
      const [reading, done] = [await aPerson(), await aPerson()];
      await enrol(reading);
      await enrol(done);
      await read(reading, '01-first');
      await read(done, '01-first');
      await read(done, '02-second');
      const before = await progress(done);
      rmSync(path.join(dir, slug), { recursive: true });
      addCourse(dir, slug, { 'lessons/02-second.md': null, 'items/all.yaml': ITEMS_YAML.replace('02-second', '01-first'), 'course.md': COURSE_MD.replace(', 02-second', '') });
      expect((await syncCourses(dir, 2000)).problems).toEqual([]);
      expect(await progress(reading)).toMatchObject({ lessonsRead: 1, lessons: 1, completedAt: expect.any(Number) });
      expect(await progress(done)).toEqual(before);
    });

    it('tells how far everybody is, enrolled or not', async () => {
      expect(await progress(await aPerson())).toEqual({ courseId: course.id, enrolled: false, source: null, lessonsRead: 0, lessons: 2, completedAt: null });
      expect(await courseProgress(reader(), await aPerson(), [])).toEqual([]);
    });
  });

  describe('media', () => {
    it('hands out files of known kinds from the course’s own folder and nothing else', async () => {
      addCourse(dir, slug, { 'media/nets.svg': '<svg xmlns="http://www.w3.org/2000/svg"/>', 'media/note.html': '<p>', 'secret.svg': '<svg/>' });
      expect(await readMedia(dir, slug, 'nets.svg')).toMatchObject({ contentType: 'image/svg+xml' });
      for (const file of ['none.svg', 'note.html', '../secret.svg', '..%2fsecret.svg', '.svg', 'a/../nets.svg', 'nets.svg\0.png']) {
        expect(await readMedia(dir, slug, file)).toBeNull();
      }
      expect(await readMedia(dir, '..', 'nets.svg')).toBeNull();
      expect(await readMedia(dir, `../${path.basename(dir)}/${slug}`, 'nets.svg')).toBeNull();
    });
  });
});
