import { afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { assignFor, recordCompletion, recordResult } from '~/certification';
import { execute, inTransaction, one, reader, rows } from '~/db';
import { addDays } from '~/kernel/calendar';
import { advanceClock, hours, minutes, resetClock } from '~/kernel/clock';
import { useConfig } from '~/kernel/config';
import { must } from '~/kernel/result';
import {
  announceAssignment, changeHouse, Ladders, lookBack, markAllRead, markRead, noticeCounts, noticesOf, planDay, planDigests, planNotices, SHIPPED_HOUSE, stepOn, unreadCount, versionedHouse, type House,
} from '~/notices';
import { drainOutbox } from '~jobs/drain';
import { aSignedInAccount } from '../support/actors';
import { aCity, aResult, completeCourse, countOf, itIs, somebody, tenTimes, type City } from '../support/certification';
import { testConfig } from '../support/config';
import { onEveryDatabase } from '../support/databases';

const told = async (personId: string) => (await noticesOf(reader(), personId, { limit: 50, offset: 0 })).reverse();
const kinds = async (personId: string) => (await told(personId)).map(({ content }) => content.kind);
const Step = z.object({ step: z.string() });
const reminders = async (personId: string) =>
  (await rows(reader(), Step, `SELECT step FROM notices WHERE person_id = $personId AND kind = 'reminder' ORDER BY created_at`, { personId })).map(({ step }) => step.split(':')[1]);
const digestsOf = (personId: string) => rows(reader(), z.object({ id: z.string(), day: z.string(), outcome: z.string().nullable() }),
  `SELECT id, day, outcome FROM dispatches WHERE person_id = $personId AND kind = 'digest' ORDER BY day`, { personId });
const BY = { by: 'account:a-test' } as const;

async function setHouse(changes: Partial<House>): Promise<void> {
  const { version } = await versionedHouse(reader());
  must(await changeHouse(BY, { ...SHIPPED_HOUSE, ...changes }, version));
}

/** Plans each morning at nine, from one day to another. */
async function mornings(from: string, until: string): Promise<void> {
  for (let today = from; today <= until; today = addDays(today, 1)) await planNotices(itIs(today, 9));
}

const finish = async (city: City, personId: string) => {
  await recordCompletion(await completeCourse(personId, city.course));
  await recordResult(await aResult(personId, city.exam, { percent: 88 }));
};

onEveryDatabase('notices', () => {
  let city: City;
  beforeAll(async () => {
    useConfig(testConfig());
    itIs('2026-05-04');
    city = await aCity();
  });
  beforeEach(async () => {
    itIs('2026-05-04');
    await setHouse({});
    // Each test lives through the same months; what another one planned is forgotten, and so are its people.
    await inTransaction(async (tx) => {
      await execute(tx, 'DELETE FROM notice_plans');
      await execute(tx, `UPDATE clearances SET status = 'cleared' WHERE status = 'not-cleared'`);
      await execute(tx, 'UPDATE escalations SET told_at = 1 WHERE told_at IS NULL');
    });
  });
  afterEach(() => {
    vi.restoreAllMocks();
    resetClock();
  });

  it('tell of an assignment once, of moved dates once more, and of the credential', async () => {
    const { personId, appointmentId } = await somebody(city);
    await drainOutbox();
    const { id } = await one(reader(), z.object({ id: z.string() }), 'SELECT id FROM assignments WHERE person_id = $personId', { personId });
    await tenTimes(() => announceAssignment(id));
    expect(await kinds(personId)).toEqual(['assigned']);
    advanceClock(hours(1));
    await inTransaction((tx) => execute(tx, `UPDATE appointments SET start_of_duty = '2026-08-03' WHERE id = $appointmentId`, { appointmentId }));
    await assignFor(appointmentId);
    await drainOutbox();
    expect(await kinds(personId)).toEqual(['assigned', 'replanned']);
    advanceClock(hours(1));
    await finish(city, personId);
    await drainOutbox();
    expect(await kinds(personId)).toEqual(['assigned', 'replanned', 'credential']);
  });

  it('climb down the ladder day by day, each step once, though planned many times and at once', async () => {
    const { personId } = await somebody(city);
    await drainOutbox();
    for (let today = '2026-05-04'; today <= '2026-07-20'; today = addDays(today, 1)) {
      const now = itIs(today, 9);
      await Promise.all(Array.from({ length: 3 }, () => planNotices(now)));
      await planNotices(now + hours(5));
    }
    expect(await reminders(personId)).toEqual(['before-30', 'before-14', 'before-7', 'before-3', 'before-1', 'due', 'overdue-1', 'overdue-7', 'overdue-14']);
    const params = (await told(personId)).flatMap(({ content }) => (content.kind === 'reminder' ? [content.params] : []));
    expect(params[0]).toMatchObject({ days: 30, openZh: expect.stringMatching(/课程.*；.*考试/), openEn: expect.stringContaining('; ') });
    // One digest a day holds them, and none holds two days' steps.
    const digests = await digestsOf(personId);
    expect(new Set(digests.map(({ day }) => day)).size).toBe(digests.length);
    expect(digests).toHaveLength(10);
  });

  it('stop at once when somebody is cleared, and what waits for the digest is not needed any more', async () => {
    const { personId } = await somebody(city);
    await drainOutbox();
    await planDay(itIs('2026-06-12', 8));
    expect(await reminders(personId)).toEqual(['before-14']);
    await finish(city, personId);
    await planDigests(itIs('2026-06-12', 9));
    await drainOutbox();
    const [reminder] = (await told(personId)).filter(({ content }) => content.kind === 'reminder');
    expect(reminder?.droppedAt).not.toBeNull();
    for (const today of ['2026-06-18', '2026-06-26', '2026-07-03']) await planNotices(itIs(today));
    expect(await reminders(personId)).toEqual(['before-14']);
  });

  it('stop for those whose appointment has ended', async () => {
    const { personId, appointmentId } = await somebody(city);
    await drainOutbox();
    await planNotices(itIs('2026-06-12'));
    await inTransaction((tx) => execute(tx, `UPDATE appointments SET ended_on = '2026-06-15' WHERE id = $appointmentId`, { appointmentId }));
    await planNotices(itIs('2026-06-18'));
    expect(await reminders(personId)).toEqual(['before-14']);
  });

  it('send only the latest step after an outage, and begin anew when the due date moves', async () => {
    const { personId, appointmentId } = await somebody(city);
    await drainOutbox();
    await planNotices(itIs('2026-06-24'));
    expect(await reminders(personId)).toEqual(['before-3']);
    await inTransaction((tx) => execute(tx, `UPDATE appointments SET start_of_duty = '2026-08-03' WHERE id = $appointmentId`, { appointmentId }));
    await assignFor(appointmentId);
    await planNotices(itIs('2026-06-26'));
    await planNotices(itIs('2026-07-15'));
    expect(await reminders(personId)).toEqual(['before-3', 'before-14']);
  });

  it('plan for everybody what the rule says for each', async () => {
    const people = [];
    for (const [assignedOn, startOfDuty] of [['2026-05-06', '2026-06-01'], ['2026-05-11', '2026-06-01'], ['2026-05-20', '2026-06-08'], ['2026-05-25', '2026-05-27']] as const) {
      itIs(assignedOn);
      const { personId } = await somebody(city, { startOfDuty });
      await drainOutbox();
      const { due_on } = await one(reader(), z.object({ due_on: z.string() }), 'SELECT due_on FROM assignments WHERE person_id = $personId', { personId });
      people.push({ personId, assignedOn, dueOn: due_on, told: [] as string[] });
    }
    const ladders = new Ladders(SHIPPED_HOUSE.ladders);
    let planned: string | null = null;
    for (let today = '2026-05-25'; today <= '2026-06-26'; today = addDays(today, 1)) {
      await planDay(itIs(today));
      for (const person of people) {
        const step = stepOn({ ...person, openKinds: ['course', 'exam'] }, today, lookBack(planned, today), ladders);
        if (step && !person.told.includes(step.step)) person.told.push(step.step);
      }
      planned = today;
    }
    for (const { personId, told: expected } of people) expect(await reminders(personId)).toEqual(expected);
    expect(people.map((one) => one.told.length)).toEqual([6, 6, 7, 2]);
  });

  it('go by the ladder that the house has set for what is open', async () => {
    await setHouse({ ladders: { ...SHIPPED_HOUSE.ladders, course: [-3], exam: [0] } });
    const [both, examOnly] = [await somebody(city), await somebody(city)];
    await drainOutbox();
    await recordCompletion(await completeCourse(examOnly.personId, city.course));
    await mornings('2026-05-20', '2026-07-15');
    expect(await reminders(both.personId)).toEqual(['before-3', 'due']);
    expect(await reminders(examOnly.personId)).toEqual(['due']);
    const open = (await told(both.personId)).flatMap(({ content }) => (content.kind === 'reminder' ? [content.params.openZh] : []));
    // Each step reminds of what has it on its ladder.
    expect(open).toEqual([expect.not.stringContaining('考试'), expect.not.stringContaining('课程')]);
  });

  it('make nothing on rest days and in quiet hours, and what was kept back afterwards', async () => {
    const { personId } = await somebody(city);
    await drainOutbox();
    for (const [day, hour] of [['2026-06-12', 7], ['2026-06-13', 10], ['2026-06-14', 10], ['2026-06-12', 21]] as const) await planNotices(itIs(day, hour));
    expect([await reminders(personId), await digestsOf(personId)]).toEqual([[], []]);
    await planDay(itIs('2026-06-15', 8));
    expect(await reminders(personId)).toEqual(['before-14']);
  });

  it('go on where a plan was cut off, with every person once', async () => {
    const people = await Promise.all(Array.from({ length: 5 }, () => somebody(city, { startOfDuty: '2026-06-22' })));
    await drainOutbox();
    const now = itIs('2026-06-03');
    await planDay(now);
    // As if the process had died before the last two were written: notices and place in the plan share a transaction.
    const [, , third] = (await rows(reader(), z.object({ id: z.string(), person_id: z.string() }), `SELECT a.id, a.person_id FROM assignments a JOIN clearances c ON c.assignment_id = a.id
      WHERE c.status = 'not-cleared' ORDER BY a.id`));
    await inTransaction(async (tx) => {
      await execute(tx, `DELETE FROM notices WHERE kind = 'reminder' AND person_id IN (SELECT person_id FROM assignments WHERE id > $third)`, { third: third?.id ?? '' });
      await execute(tx, `UPDATE notice_plans SET stage = 'reminders', due_on = (SELECT due_on FROM assignments WHERE id = $id), after_id = $third, reminders = 3, ended_at = NULL`, { id: third?.id ?? '', third: third?.id ?? '' });
    });
    expect(await planDay(now + minutes(10))).toMatchObject({ reminders: 5 });
    for (const person of people) expect(await reminders(person.personId)).toEqual(['before-14']);
  });

  it('are planned in a number of statements that does not grow with the people', async () => {
    const statements = async (people: number, day: string) => {
      await inTransaction((tx) => execute(tx, `UPDATE clearances SET status = 'cleared' WHERE status = 'not-cleared'`));
      itIs('2026-05-04');
      await Promise.all(Array.from({ length: people }, () => somebody(city, { startOfDuty: '2026-06-22' })));
      await drainOutbox();
      await inTransaction((tx) => execute(tx, 'DELETE FROM notice_plans'));
      const now = itIs(day);
      const { sequelize } = reader();
      const spy = vi.spyOn(Object.getPrototypeOf(sequelize) as typeof sequelize, 'query');
      const { reminders: made } = await planDay(now);
      await planDigests(now);
      const count = spy.mock.calls.length;
      spy.mockRestore();
      expect(made).toBe(people);
      return count;
    };
    const [few, many] = [await statements(4, '2026-06-03'), await statements(40, '2026-06-03')];
    expect(many).toBeLessThanOrEqual(few + 8);
  });

  it('bring one digest a person and day, at the hour that the person chose, of everything that waits', async () => {
    const [usual, late, never] = [await somebody(city), await somebody(city), await somebody(city)];
    await drainOutbox();
    await inTransaction(async (tx) => {
      const prefer = (personId: string, hour: number) => execute(tx, `INSERT INTO notice_preferences (person_id, digest_hour, changed_at) VALUES ($personId, $hour, 1)`, { personId, hour });
      await prefer(late.personId, 15);
      // In quiet hours nothing is sent: the hour of the house counts.
      await prefer(never.personId, 23);
    });
    const madeBy = async (hour: number) => {
      await planNotices(itIs('2026-06-12', hour));
      return Promise.all([usual, late, never].map(async ({ personId }) => (await digestsOf(personId)).length));
    };
    expect(await madeBy(8)).toEqual([0, 0, 0]);
    expect(await madeBy(9)).toEqual([1, 0, 1]);
    expect(await madeBy(15)).toEqual([1, 1, 1]);
    const [digest] = await digestsOf(late.personId);
    expect(await rows(reader(), z.object({ kind: z.string() }), 'SELECT kind FROM notices WHERE dispatch_id = $id ORDER BY created_at', { id: digest?.id ?? '' })).toEqual([{ kind: 'assigned' }, { kind: 'reminder' }]);
    // What comes after the digest of the day waits for the next one.
    await inTransaction((tx) => execute(tx, `UPDATE appointments SET start_of_duty = '2026-08-03' WHERE id = $id`, { id: usual.appointmentId }));
    await assignFor(usual.appointmentId);
    await drainOutbox();
    await planNotices(itIs('2026-06-12', 18));
    expect(await digestsOf(usual.personId)).toHaveLength(1);
    await planNotices(itIs('2026-06-15', 9));
    expect((await digestsOf(usual.personId)).map(({ day }) => day)).toEqual(['2026-06-12', '2026-06-15']);
  });

  it('are unread until they are read, and only by whose they are', async () => {
    const [mine, other] = await Promise.all([somebody(city), somebody(city)]);
    await drainOutbox();
    const [notice] = await noticesOf(reader(), mine.personId, { limit: 10, offset: 0 });
    await markRead(other.personId, [notice?.id ?? '']);
    expect(await unreadCount(reader(), mine.personId)).toBe(1);
    await markRead(mine.personId, [notice?.id ?? '']);
    expect(await noticeCounts(reader(), mine.personId)).toEqual({ total: 1, unread: 0 });
    await markAllRead(other.personId);
    expect(await unreadCount(reader(), other.personId)).toBe(0);
  });

  it('tell the manager after a week and HR after two, once for each who is overdue, and nobody of who has finished', async () => {
    const [head, officer] = [await somebody(city, { kind: 'leader', startOfDuty: '2026-01-01' }), await somebody(city, { kind: 'staff', startOfDuty: '2026-01-01' })];
    await aSignedInAccount({ personId: officer.personId, role: 'hr', organisationId: city.bureau.id });
    const [late, later] = [await somebody(city, { name: '沈晚' }), await somebody(city, { name: '林迟' })];
    await drainOutbox();
    await mornings('2026-06-26', '2026-07-06');
    const escalations = async (personId: string) => (await told(personId)).flatMap(({ content }) => (content.kind === 'escalation' ? [content.params] : []));
    expect(await escalations(head.personId)).toEqual([{ onDay: '2026-07-03', count: 2, names: expect.stringMatching(/沈晚|林迟/), organisation: '云江市数据局' }]);
    expect(await escalations(officer.personId)).toEqual([]);
    await finish(city, late.personId);
    await mornings('2026-07-07', '2026-07-20');
    for (const { personId } of [head, officer]) expect((await escalations(personId)).at(-1)).toMatchObject({ onDay: '2026-07-10', count: 1, names: '林迟' });
    expect(await countOf('escalation_notices', 'assignment_id IN (SELECT id FROM assignments WHERE person_id = $personId)', { personId: later.personId })).toBe(3);
    expect(await countOf('escalations', 'told_at IS NULL')).toBe(0);
  });

  it('tell managers and HR once a week how their people stand, in the digest of that day', async () => {
    const head = await somebody(city, { kind: 'leader', startOfDuty: '2026-01-01' });
    await somebody(city, { startOfDuty: '2026-07-01' });
    await drainOutbox();
    await mornings('2026-06-15', '2026-06-23');
    const weekly = (await told(head.personId)).flatMap(({ content, dispatchId }) => (content.kind === 'weekly' ? [{ ...content.params, dispatchId }] : []));
    // Sunday 21 June is the last day of a holiday; Monday 22 comes next.
    expect(weekly.map(({ onDay }) => onDay)).toEqual(['2026-06-15', '2026-06-22']);
    expect(weekly[0]).toMatchObject({ organisation: '云江市数据局', open: 1, overdue: 0, dueSoon: 0, startsSoon: 0 });
    expect(weekly[1]).toMatchObject({ open: 1, dueSoon: 1, startsSoon: 1 });
    expect(weekly.every(({ dispatchId }) => dispatchId !== null)).toBe(true);
  });
});
