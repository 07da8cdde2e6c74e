import fc from 'fast-check';
import { afterEach, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { assignFor, enterResult, recordCompletion, recordResult, rebuildProjections, sweep } from '~/certification';
import { execute, inTransaction, reader, rows } from '~/db';
import { addDays } from '~/kernel/calendar';
import { clock, resetClock } from '~/kernel/clock';
import { useConfig } from '~/kernel/config';
import { drainOutbox } from '~jobs/drain';
import { aCity, aResult, completeCourse, countOf, itIs, somebody, type City } from '../support/certification';
import { testConfig } from '../support/config';
import { onEveryDatabase } from '../support/databases';

type Happening =
  | { kind: 'result'; percent: number }
  | { kind: 'course' | 'assign' | 'end' | 'return' }
  | { kind: 'start-moved'; startOfDuty: string };

const anyHappening: fc.Arbitrary<Happening> = fc.oneof(
  fc.integer({ min: 30, max: 90 }).map((percent): Happening => ({ kind: 'result', percent })),
  fc.constantFrom<Happening>({ kind: 'course' }, { kind: 'assign' }, { kind: 'end' }, { kind: 'return' }),
  fc.integer({ min: 0, max: 90 }).map((days): Happening => ({ kind: 'start-moved', startOfDuty: addDays('2026-06-01', days) })),
);

onEveryDatabase('the projection of clearances', () => {
  let city: City;
  beforeAll(async () => {
    useConfig(testConfig());
    itIs('2026-05-04');
    city = await aCity();
  });
  afterEach(resetClock);

  const setAppointment = (id: string, column: 'ended_on' | 'start_of_duty', value: string | null) =>
    inTransaction((tx) => execute(tx, `UPDATE appointments SET ${column} = $value WHERE id = $id`, { id, value }));

  async function happen(one: Happening, person: { personId: string; appointmentId: string }): Promise<void> {
    switch (one.kind) {
      case 'assign': return assignFor(person.appointmentId);
      case 'result': return recordResult(await aResult(person.personId, city.exam, { percent: one.percent }));
      case 'course':
        if (await countOf('enrolments', 'person_id = $id', { id: person.personId }) === 0) return;
        return recordCompletion(await completeCourse(person.personId, city.course));
      case 'start-moved':
        await setAppointment(person.appointmentId, 'start_of_duty', one.startOfDuty);
        return assignFor(person.appointmentId);
      case 'end':
        await setAppointment(person.appointmentId, 'ended_on', '2026-06-30');
        return assignFor(person.appointmentId);
      case 'return':
        await setAppointment(person.appointmentId, 'ended_on', null);
        return assignFor(person.appointmentId);
    }
  }

  it('equals what the ledger gives, after any sequence of events', async () => {
    await fc.assert(fc.asyncProperty(fc.array(anyHappening, { maxLength: 8 }), async (history) => {
      const person = await somebody(city);
      for (const [i, one] of history.entries()) {
        itIs(addDays('2026-05-05', i), 9 + i);
        await happen(one, person);
      }
      expect(await rebuildProjections({ check: true })).toEqual([]);
    }), { numRuns: 12 });
  });

  it('is found out and put right when somebody tampers with it', async () => {
    itIs('2026-06-01');
    const [falsified, removed, kept] = await Promise.all([somebody(city), somebody(city), somebody(city)]);
    for (const { appointmentId } of [falsified, removed, kept]) await assignFor(appointmentId);
    await inTransaction(async (tx) => {
      await execute(tx, `UPDATE clearances SET status = 'cleared', may_start_on = '2026-06-02' WHERE person_id = $id`, { id: falsified.personId });
      await execute(tx, 'DELETE FROM clearances WHERE person_id = $id', { id: removed.personId });
      await execute(tx, 'UPDATE assignments SET ended_at = 1 WHERE person_id = $id', { id: kept.personId });
    });
    const found = await rebuildProjections({ check: true });
    expect(found.map(({ personId, field, table, ledger }) => ({ personId, field, table, ledger }))).toEqual(expect.arrayContaining([
      { personId: falsified.personId, field: 'status', table: 'cleared', ledger: 'not-cleared' },
      { personId: falsified.personId, field: 'mayStartOn', table: '2026-06-02', ledger: null },
      { personId: kept.personId, field: 'stale', table: 'present', ledger: null },
    ]));
    expect(found.some((one) => one.personId === removed.personId && one.field === 'missing')).toBe(true);
    expect(found).toHaveLength(4);
    expect((await rebuildProjections({ check: false })).length).toBe(4);
    expect(await rebuildProjections({ check: true })).toEqual([]);
  });

  it('finds evidence that was slipped in beside the ledger', async () => {
    itIs('2026-06-01');
    const { personId, appointmentId } = await somebody(city);
    await assignFor(appointmentId);
    await inTransaction((tx) => execute(tx, `INSERT INTO evidence (id, person_id, kind, ref, target_id, passed, at, facts)
      VALUES ('slipped', $personId, 'course-completion', 'slipped', $courseId, 1, 1, '{}')`, { personId, courseId: city.course.id }));
    await recordCompletion(await completeCourse(personId, city.course));
    expect((await rebuildProjections({ check: true })).map((one) => one.field)).toEqual(['requirements']);
    await inTransaction((tx) => execute(tx, `DELETE FROM evidence WHERE id = 'slipped'`));
    await rebuildProjections({ check: false });
  });
});

onEveryDatabase('the sweep of certification', () => {
  let city: City;
  beforeAll(async () => {
    useConfig(testConfig());
    itIs('2026-05-04');
    city = await aCity();
  });
  afterEach(resetClock);

  const forget = () => inTransaction((tx) => execute(tx, 'DELETE FROM outbox'));
  const waiting = async () => (await rows(reader(), z.object({ name: z.string() }), `SELECT name FROM outbox WHERE status = 'waiting' ORDER BY name`)).map((row) => row.name);

  it('finds every step that got lost, one after the other, and asks for it once', async () => {
    const { personId } = await somebody(city);
    const leader = await somebody(city, { kind: 'leader' });
    await forget();
    for (let i = 0; i < 3; i += 1) await sweep(clock.now());
    expect(await waiting()).toEqual(['people.appointed']);
    await drainOutbox();
    expect(await countOf('clearances', 'person_id = $personId', { personId })).toBe(1);

    await completeCourse(personId, city.course);
    await aResult(personId, city.exam, { percent: 88 });
    await forget();
    await sweep(clock.now());
    expect(await waiting()).toEqual(['courses.completed', 'marking.released']);
    await sweep(clock.now());
    expect(await waiting()).toEqual(['courses.completed', 'marking.released']);
    await drainOutbox();
    expect(await countOf('credentials', 'person_id = $personId', { personId })).toBe(1);

    await forget();
    await sweep(clock.now());
    expect(await waiting()).toEqual([]);
    expect(await countOf('assignments', 'person_id = $id', { id: leader.personId })).toBe(0);
  });

  it('notices a start of duty that moved and a credential that was never issued', async () => {
    const { personId, appointmentId } = await somebody(city);
    await drainOutbox();
    await inTransaction((tx) => execute(tx, `UPDATE appointments SET start_of_duty = '2026-09-01' WHERE id = $appointmentId`, { appointmentId }));
    await forget();
    await sweep(clock.now());
    expect(await waiting()).toEqual(['people.appointed']);
    await drainOutbox();
    await recordCompletion(await completeCourse(personId, city.course));
    const attemptId = await aResult(personId, city.exam, { percent: 88 });
    await recordResult(attemptId);
    await enterResult(attemptId);
    await forget();
    await sweep(clock.now());
    expect(await waiting()).toEqual(['certification.cleared']);
    await drainOutbox();
    expect(await countOf('credentials', 'person_id = $personId', { personId })).toBe(1);
  });

  it('leaves what has failed for an administrator to retry', async () => {
    await somebody(city);
    await inTransaction((tx) => execute(tx, `UPDATE outbox SET status = 'failed' WHERE status = 'waiting'`));
    await sweep(clock.now());
    expect(await waiting()).toEqual([]);
  });

  it('follows an appointment that ends and is taken up again', async () => {
    const { appointmentId } = await somebody(city);
    const endedOn = (date: string | null) => inTransaction((tx) => execute(tx, 'UPDATE appointments SET ended_on = $date WHERE id = $appointmentId', { appointmentId, date }));
    const asked = () => countOf('outbox', `status = 'waiting' AND payload LIKE $id`, { id: `%${appointmentId}%` });
    await drainOutbox();
    for (const date of ['2026-05-03', null]) {
      await endedOn(date);
      await sweep(clock.now());
      expect(await asked()).toBe(1);
      await drainOutbox();
      await sweep(clock.now());
      expect(await asked()).toBe(0);
    }
  });
});
