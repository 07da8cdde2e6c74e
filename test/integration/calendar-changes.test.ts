import { afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { z } from 'zod';
import {
  askExtension, assignFor, calendarChanges, changeCalendar, decideExtension, listExceptions, decideException, previewCalendar, recordCompletion, replanByCalendar, sweep, type DaysToChange,
} from '~/certification';
import { insertProgramme } from '~/certification/programme.repository';
import { execute, inTransaction, json, reader, rows } from '~/db';
import type { Actor } from '~/identity';
import { useOwnDays } from '~/kernel/calendar';
import { clock, minutes, resetClock, setClock } from '~/kernel/clock';
import { useConfig } from '~/kernel/config';
import { newId } from '~/kernel/id';
import { must } from '~/kernel/result';
import { adoptRootOrganisation } from '~/people';
import { anActor, anOrganisation } from '../support/actors';
import { aCity, completeCourse, countOf, itIs, somebody, tenTimes, type City } from '../support/certification';
import { testConfig } from '../support/config';
import { onEveryDatabase } from '../support/databases';
import { aHolder, anEndingProgramme, cyclesOf, differencesIn, windowsOpen } from '../support/renewals';

/** A Monday on which people work. */
const MONDAY = '2026-06-22';
const OFF: DaysToChange = { from: MONDAY, until: MONDAY, working: false, note: '市庆放假' };
const BACK: DaysToChange = { ...OFF, working: null, note: '' };

onEveryDatabase('a change of the working calendar', () => {
  let all: City;
  let city: City;
  let actor: Actor;
  let hr: Actor;
  let made = 0;
  beforeAll(async () => {
    useConfig(testConfig());
    itIs('2026-05-04');
    all = await aCity();
    const { path } = await adoptRootOrganisation();
    actor = { ...anActor({ administrator: [path], hr: [path] }), by: 'account:admin' };
    hr = { ...anActor({ hr: [path] }), by: 'account:hr' };
  });
  beforeEach(async () => {
    itIs('2026-05-04');
    useOwnDays(new Map());
    await inTransaction(async (tx) => {
      await execute(tx, 'DELETE FROM calendar_days');
      await execute(tx, 'DELETE FROM calendar_changes');
      await execute(tx, `UPDATE outbox SET status = 'done'`);
      // Nobody of another test is due any more.
      await execute(tx, `UPDATE assignments SET due_by = 'decision'`);
    });
    city = { ...all, bureau: await anOrganisation() };
  });
  afterEach(() => {
    useOwnDays(new Map());
    resetClock();
  });

  /** Due so many working days before the start of duty, for everybody of this test's unit. */
  const aProgramme = async (given: { workingDays?: number; on?: string } = {}) => {
    made += 1;
    const { workingDays = 3, on } = given;
    await inTransaction((tx) => insertProgramme(tx, {
      slug: `calendar-${made}`, titleZh: `日历 ${made}`, titleEn: `Calendar ${made}`, gate: 'none', by: 'system:a test', effectiveOn: '2026-01-01',
      dueRule: on ? { kind: 'fixed', on } : { kind: 'before-start', workingDays }, appliesTo: { kind: 'organisation', ids: [city.bureau.id] },
      requirements: [{ code: 'course', kind: 'course', targetId: city.course.id }],
    }));
  };
  const joins = async (startOfDuty: string) => {
    const person = await somebody(city, { kind: 'staff', startOfDuty });
    await assignFor(person.appointmentId);
    return person;
  };
  const Due = z.object({ due_on: z.string(), due_by: z.string(), version: z.number(), kept: z.string() });
  const dueOf = async (appointmentId: string) => {
    const [one] = await rows(reader(), Due, `SELECT a.due_on, a.due_by, a.version, c.due_on AS kept FROM assignments a JOIN clearances c ON c.assignment_id = a.id
      JOIN programme_versions v ON v.id = a.programme_version_id WHERE a.appointment_id = $appointmentId AND v.title_en LIKE 'Calendar %' ORDER BY a.id`, { appointmentId });
    return one;
  };
  const moves = async (personId: string) => (await rows(reader(), z.object({ cause: z.string().nullable(), body: json(z.record(z.string(), z.unknown())) }),
    `SELECT cause, body FROM ledger_events WHERE kind = 'assignment.replanned' AND person_id = $personId ORDER BY recorded_at, id`, { personId }));
  const effect = async (change: DaysToChange) => must(await previewCalendar(reader(), change, clock.now()));
  const change = async (days: DaysToChange): Promise<string> => {
    must(await changeCalendar(actor, days, (await effect(days)).people));
    const [latest] = await calendarChanges(reader(), 1);
    return latest?.id ?? '';
  };
  /** Every step, the second look included. */
  const finish = async (id: string): Promise<void> => {
    for (let i = 0; i < 20; i += 1) {
      await replanByCalendar(id);
      if ((await calendarChanges(reader(), 50)).find((one) => one.id === id)?.state === 'done') return;
    }
    throw new Error('it never comes to its end');
  };

  it('moves what follows from working days, says before how many, and keeps each move in the ledger once', async () => {
    await aProgramme();
    const [first, second, later] = [await joins('2026-06-25'), await joins('2026-06-25'), await joins('2026-07-20')];
    expect(await dueOf(first.appointmentId)).toMatchObject({ due_on: '2026-06-22', due_by: 'rule', version: 1 });
    const seen = await effect(OFF);
    expect(seen).toMatchObject({ people: 2, earlier: 2, later: 0, late: 0, groups: [{ people: 2, dueOn: '2026-06-22', newDueOn: '2026-06-18', title: { en: `Calendar ${made}` } }] });
    expect(await countOf('calendar_days', '1 = 1')).toBe(0);
    // What was looked at must be what happens.
    expect(await changeCalendar(actor, OFF, 3)).toMatchObject({ ok: false, error: { code: 'calendar.numbers-changed' } });

    const id = await change(OFF);
    expect(await dueOf(first.appointmentId)).toMatchObject({ due_on: '2026-06-22' });
    await tenTimes(() => replanByCalendar(id));
    await finish(id);
    for (const { personId, appointmentId } of [first, second]) {
      expect(await dueOf(appointmentId)).toEqual({ due_on: '2026-06-18', due_by: 'rule', version: 2, kept: '2026-06-18' });
      expect(await moves(personId)).toEqual([{ cause: 'calendar', body: { startOfDuty: '2026-06-25', dueOn: '2026-06-18', formerDueOn: '2026-06-22', version: 2, calendarChange: id } }]);
    }
    expect(await dueOf(later.appointmentId)).toMatchObject({ due_on: '2026-07-15', version: 1 });
    expect(await moves(later.personId)).toEqual([]);
    expect((await calendarChanges(reader(), 1))[0]).toMatchObject({ id, seen: 2, moved: 2, state: 'done', working: false, note: '市庆放假' });
    expect(await countOf('outbox', `name = 'certification.assigned' AND status = 'waiting'`)).toBe(5);
    expect(await differencesIn(city.bureau.id)).toEqual([]);

    await finish(await change(BACK));
    expect(await dueOf(first.appointmentId)).toMatchObject({ due_on: '2026-06-22', version: 3 });
    expect(await moves(first.personId)).toHaveLength(2);
    expect(await differencesIn(city.bureau.id)).toEqual([]);
  });

  it('leaves alone what is done, fixed by its date, or decided by somebody', async () => {
    await aProgramme();
    const [done, decided, ended, open] = [await joins('2026-06-25'), await joins('2026-06-25'), await joins('2026-06-25'), await joins('2026-06-25')];
    await recordCompletion(await completeCourse(done.personId, city.course));
    await inTransaction((tx) => execute(tx, `UPDATE appointments SET ended_on = '2026-05-04' WHERE id = $id`, { id: ended.appointmentId }));
    await assignFor(ended.appointmentId);
    // Due before it was assigned is an exception that HR decides.
    itIs('2026-06-23');
    const late = await joins('2026-06-25');
    const [exception] = await listExceptions(reader(), { paths: [city.bureau.path], state: 'open' }, { limit: 5, offset: 0 });
    must(await decideException(hr, exception?.id ?? '', { version: 1, decision: 'new-due', newDue: '2026-06-24', reason: '入职晚' }));
    expect(await dueOf(late.appointmentId)).toMatchObject({ due_on: '2026-06-24', due_by: 'decision' });
    await inTransaction((tx) => execute(tx, `UPDATE assignments SET due_by = 'decision' WHERE appointment_id = $id`, { id: decided.appointmentId }));
    itIs('2026-05-04');
    const fixedUnit = city;
    city = { ...all, bureau: await anOrganisation() };
    await aProgramme({ on: MONDAY });
    const fixed = await joins('2026-06-25');
    city = fixedUnit;

    expect(await effect(OFF)).toMatchObject({ people: 1 });
    await finish(await change(OFF));
    expect((await dueOf(open.appointmentId))?.due_on).toBe('2026-06-18');
    expect(await dueOf(late.appointmentId)).toMatchObject({ due_on: '2026-06-24' });
    for (const one of [done, decided, fixed]) expect([await dueOf(one.appointmentId), await moves(one.personId)]).toMatchObject([{ due_on: '2026-06-22', version: 1 }, []]);
    expect(await moves(ended.personId)).toEqual([]);
  });

  it('moves the due date of a renewal with the last working day before its end, not of one that was extended', async () => {
    itIs('2026-03-02');
    await anEndingProgramme(city);
    const [plain, extended] = [await aHolder(city), await aHolder(city)];
    itIs('2026-12-02');
    await windowsOpen();
    const renewal = async (appointmentId: string) => (await cyclesOf(appointmentId))[1];
    expect((await renewal(plain.appointmentId))?.due_on).toBe('2027-03-02');
    const held = (await cyclesOf(extended.appointmentId))[0];
    const id = newId();
    must(await askExtension(hr, { id, assignmentId: held?.id ?? '', until: '2027-03-02', reason: '外派' }).then((asked) => (asked.ok ? asked : askExtension(hr, { id, assignmentId: held?.id ?? '', until: '2027-03-09', reason: '外派' }))));
    must(await decideExtension(actor, id, { grant: true, reason: '属实' }));
    expect((await renewal(extended.appointmentId))?.due_on).toBe('2027-03-09');
    const off: DaysToChange = { from: '2027-03-01', until: '2027-03-09', working: false, note: '会议放假' };
    expect(await effect(off)).toMatchObject({ people: 1, groups: [{ dueOn: '2027-03-02', newDueOn: '2027-02-26', source: { by: 'renewal', endsOn: '2027-03-02' } }] });
    await finish(await change(off));
    expect((await renewal(plain.appointmentId))?.due_on).toBe('2027-02-26');
    expect((await renewal(extended.appointmentId))?.due_on).toBe('2027-03-09');
    expect(await differencesIn(city.bureau.id)).toEqual([]);
  });

  it('goes through many in steps that may be stopped and run twice, and finds what was assigned by the former calendar meanwhile', async () => {
    await aProgramme();
    // More than one step takes.
    for (let i = 0; i < 205; i += 1) await joins('2026-06-25');
    const state = async () => (await calendarChanges(reader(), 1))[0];
    const id = await change(OFF);
    await replanByCalendar(id);
    expect(await state()).toMatchObject({ state: 'running', seen: 205 });
    for (let i = 0; (await state())?.state === 'running' && i < 50; i += 1) await Promise.all([replanByCalendar(id), replanByCalendar(id)]);
    expect(await state()).toMatchObject({ state: 'checking', moved: 205 });
    // Another process has not read the calendar yet.
    useOwnDays(new Map());
    const late = await somebody(city, { kind: 'staff', startOfDuty: '2026-06-25' });
    const at = clock.now();
    await assignFor(late.appointmentId);
    expect((await dueOf(late.appointmentId))?.due_on).toBe('2026-06-22');
    // Its job got lost: the sweep asks for it again, once.
    await inTransaction((tx) => execute(tx, `UPDATE outbox SET status = 'done' WHERE name = 'certification.calendar'`));
    setClock(at + minutes(4));
    await sweep(clock.now());
    await sweep(clock.now());
    expect(await countOf('outbox', `name = 'certification.calendar' AND status = 'waiting'`)).toBe(1);
    await tenTimes(() => replanByCalendar(id));
    await finish(id);
    expect((await dueOf(late.appointmentId))?.due_on).toBe('2026-06-18');
    expect(await state()).toMatchObject({ state: 'done', moved: 206 });
    expect(await moves(late.personId)).toHaveLength(1);
  });
});
