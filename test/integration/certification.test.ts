import { afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { z } from 'zod';
import { assignFor, findAssignment, hoursOf, myDuties, recordCompletion, recordResult, type Assignment } from '~/certification';
import { enrolTx, findEnrolment } from '~/courses';
import { execute, inTransaction, one, reader, rows } from '~/db';
import { clock, resetClock, setClock } from '~/kernel/clock';
import { useConfig } from '~/kernel/config';
import { onEveryDatabase } from '../support/databases';
import { aCity, aResult, completeCourse, countOf, itIs, somebody, tenTimes, type City } from '../support/certification';
import { testConfig } from '../support/config';

const assignmentsOf = async (personId: string): Promise<Assignment[]> => {
  const ids = await rows(reader(), z.object({ id: z.string() }), 'SELECT id FROM assignments WHERE person_id = $personId ORDER BY id', { personId });
  return Promise.all(ids.map(async ({ id }) => (await findAssignment(reader(), id)) as Assignment));
};
const statusOf = async (personId: string) => one(reader(), z.object({ status: z.string(), done: z.number(), may_start_on: z.string().nullable(), due_on: z.string() }),
  'SELECT status, done, may_start_on, due_on FROM clearances WHERE person_id = $personId', { personId });
const events = (kind: string, personId: string) => countOf('ledger_events', 'kind = $kind AND person_id = $personId', { kind, personId });
const jobs = (name: string, id: string) => countOf('outbox', 'name = $name AND payload LIKE $payload', { name, payload: `%${id}%` });

onEveryDatabase('certification', () => {
  let city: City;
  beforeAll(async () => {
    useConfig(testConfig());
    itIs('2026-05-04');
    city = await aCity();
  });
  beforeEach(() => itIs('2026-05-04'));
  afterEach(resetClock);

  it('assigns the standard programme to a recruit once, however often and at once it is asked', async () => {
    const { personId, appointmentId } = await somebody(city);
    await tenTimes(() => assignFor(appointmentId));
    const [assignment, ...more] = await assignmentsOf(personId);
    expect(more).toEqual([]);
    expect(assignment).toMatchObject({ due_on: '2026-06-26', start_of_duty: '2026-07-01', version: 1 });
    expect(await findEnrolment(reader(), personId, city.course.id)).toMatchObject({ source: 'assigned' });
    expect(await statusOf(personId)).toMatchObject({ status: 'not-cleared', done: 0, due_on: '2026-06-26' });
    expect(await events('assignment.made', personId)).toBe(1);
    expect(await jobs('certification.assigned', assignment?.id ?? '')).toBe(1);
  });

  it('assigns nothing to staff and leaders', async () => {
    for (const kind of ['staff', 'leader'] as const) {
      const { personId, appointmentId } = await somebody(city, { kind });
      await assignFor(appointmentId);
      expect(await assignmentsOf(personId)).toEqual([]);
    }
  });

  it('plans anew when the start of duty has moved, once, and tells so', async () => {
    const { personId, appointmentId } = await somebody(city);
    await assignFor(appointmentId);
    await inTransaction((tx) => execute(tx, `UPDATE appointments SET start_of_duty = '2026-08-03' WHERE id = $appointmentId`, { appointmentId }));
    await tenTimes(() => assignFor(appointmentId));
    const [assignment] = await assignmentsOf(personId);
    expect(assignment).toMatchObject({ start_of_duty: '2026-08-03', due_on: '2026-07-29', version: 2 });
    expect(await statusOf(personId)).toMatchObject({ due_on: '2026-07-29' });
    expect(await events('assignment.replanned', personId)).toBe(1);
    expect(await jobs('certification.assigned', assignment?.id ?? '')).toBe(2);
  });

  it('ends the assignment with the appointment and takes it up again with it', async () => {
    const { personId, appointmentId } = await somebody(city);
    await assignFor(appointmentId);
    const endedOn = (date: string | null) => inTransaction((tx) => execute(tx, 'UPDATE appointments SET ended_on = $date WHERE id = $appointmentId', { appointmentId, date }));
    await endedOn('2026-05-31');
    await tenTimes(() => assignFor(appointmentId));
    expect(await countOf('clearances', 'person_id = $personId', { personId })).toBe(0);
    expect(await events('assignment.ended', personId)).toBe(1);
    await endedOn(null);
    await tenTimes(() => assignFor(appointmentId));
    expect(await statusOf(personId)).toMatchObject({ status: 'not-cleared' });
    expect((await assignmentsOf(personId)).length).toBe(1);
  });

  it('turns to cleared with the last piece of evidence, each recorded once', async () => {
    const { personId, appointmentId } = await somebody(city);
    await assignFor(appointmentId);
    itIs('2026-06-20');
    const completionId = await completeCourse(personId, city.course);
    await tenTimes(() => recordCompletion(completionId));
    expect(await statusOf(personId)).toMatchObject({ status: 'not-cleared', done: 1 });
    itIs('2026-06-22');
    const attemptId = await aResult(personId, city.exam, { percent: 80 });
    await tenTimes(() => recordResult(attemptId));
    expect(await statusOf(personId)).toMatchObject({ status: 'cleared', done: 2, may_start_on: '2026-07-01' });
    const [assignment] = await assignmentsOf(personId);
    expect(await events('evidence.recorded', personId)).toBe(2);
    expect(await events('assignment.cleared', personId)).toBe(1);
    expect(await jobs('certification.cleared', assignment?.id ?? '')).toBe(1);
    expect(await countOf('hour_entries', 'person_id = $personId', { personId })).toBe(1);
  });

  it('notices that all is there when two pieces of evidence arrive at the same moment', async () => {
    const people = await Promise.all(Array.from({ length: 8 }, () => somebody(city)));
    for (const { personId, appointmentId } of people) {
      await assignFor(appointmentId);
      const completionId = await completeCourse(personId, city.course);
      const attemptId = await aResult(personId, city.exam, { percent: 75 });
      await Promise.all([recordCompletion(completionId), recordResult(attemptId)]);
      expect(await statusOf(personId)).toMatchObject({ status: 'cleared' });
      expect(await events('assignment.cleared', personId)).toBe(1);
    }
  });

  it('finds evidence that was there before the assignment', async () => {
    const { personId, appointmentId } = await somebody(city);
    await inTransaction((tx) => enrolTx(tx, { personId, courseId: city.course.id, source: 'chosen', by: 'system:a test' }));
    await recordCompletion(await completeCourse(personId, city.course));
    await recordResult(await aResult(personId, city.exam, { percent: 60 }));
    await tenTimes(() => assignFor(appointmentId));
    expect(await statusOf(personId)).toMatchObject({ status: 'cleared' });
    const [assignment] = await assignmentsOf(personId);
    expect(await jobs('certification.cleared', assignment?.id ?? '')).toBe(1);
  });

  it('counts nothing of a result before its release', async () => {
    const { personId, appointmentId } = await somebody(city);
    await assignFor(appointmentId);
    await recordResult(await aResult(personId, city.exam, { percent: 90, released: false }));
    expect(await countOf('evidence', 'person_id = $personId', { personId })).toBe(0);
  });

  it('keeps a failed exam as evidence with its figures, and says when the next attempt is possible', async () => {
    const { personId, appointmentId } = await somebody(city);
    await assignFor(appointmentId);
    await recordCompletion(await completeCourse(personId, city.course));
    await inTransaction((tx) => execute(tx, `INSERT INTO item_banks (id, slug, title, origin, created_at) SELECT $id, $id, 'x', 'own', 0
      WHERE NOT EXISTS (SELECT 1 FROM item_banks WHERE id = $id)`, { id: 'bank' }));
    await inTransaction((tx) => execute(tx, 'UPDATE exams SET bank_id = $id WHERE id = $examId', { id: 'bank', examId: city.exam.id }));
    const failedAt = clock.now();
    await recordResult(await aResult(personId, city.exam, { percent: 41.5 }));
    const [duty] = await myDuties(reader(), personId, failedAt);
    expect(duty?.requirements[1]).toMatchObject({ state: 'failed', reason: { code: 'exam-failed-next', params: { percent: 41.5, cutScore: 60, nextAt: failedAt + 24 * 3_600_000 } } });
    expect(duty?.next).toEqual({ kind: 'wait', targetId: city.exam.id, until: failedAt + 24 * 3_600_000 });
    setClock(failedAt + 25 * 3_600_000);
    expect((await myDuties(reader(), personId, clock.now()))[0]?.next).toMatchObject({ kind: 'take-exam' });
  });

  it('names the next lesson to read', async () => {
    const { personId, appointmentId } = await somebody(city);
    await assignFor(appointmentId);
    const [before] = await myDuties(reader(), personId, clock.now());
    expect(before?.lesson).toMatchObject({ courseSlug: 'e-government-foundations', lessonSlug: '01-first', position: 1, title: { zh: '一' } });
    expect(before?.requirements.map((one) => one.reason.code)).toEqual(['course-not-begun', 'exam-course-first']);
  });

  it('enters learning hours for a leader’s course too, in the year of the deployment’s zone', async () => {
    const { personId } = await somebody(city, { kind: 'leader' });
    itIs('2027-01-01', 0);
    await inTransaction((tx) => enrolTx(tx, { personId, courseId: city.leaders.id, source: 'chosen', by: 'system:a test' }));
    const completionId = await completeCourse(personId, city.leaders);
    await tenTimes(() => recordCompletion(completionId));
    expect(new Date(clock.now()).getUTCFullYear()).toBe(2026);
    expect(await hoursOf(reader(), personId, 2027)).toMatchObject({ minutes: 90, entries: [{ courseSlug: 'small', minutes: 90 }] });
    expect(await hoursOf(reader(), personId, 2026)).toMatchObject({ minutes: 0, entries: [] });
  });

  it('does nothing for ids that are not there', async () => {
    const nobody = '00000000-0000-7000-8000-000000000000';
    const before = await countOf('ledger_events', '1 = 1');
    await Promise.all([assignFor(nobody), recordCompletion(nobody), recordResult(nobody)]);
    expect(await countOf('ledger_events', '1 = 1')).toBe(before);
  });
});
