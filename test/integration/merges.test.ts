import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import {
  addAttendees, adjustHours, askWaiver, assignFor, clearanceAsKnown, decideExternal, decideMerge, decideWaiver, handInExternal, issueUnprinted, openEvent, partMerge, planEvent,
  proposeMerge, rebuildProjections, recordAttendance, recordCompletion, recordResult, revokeWaiver, suspendCredential, syncHourRules, voidExternal,
} from '~/certification';
import { execute, inTransaction, one, reader, rows } from '~/db';
import type { Actor } from '~/identity';
import { addDays } from '~/kernel/calendar';
import { resetClock } from '~/kernel/clock';
import { useConfig } from '~/kernel/config';
import { newId } from '~/kernel/id';
import { must } from '~/kernel/result';
import { adoptRootOrganisation } from '~/people';
import { drainOutbox } from '~jobs/drain';
import { anActor } from '../support/actors';
import { aCity, aResult, completeCourse, countOf, itIs, somebody, type City } from '../support/certification';
import { testConfig } from '../support/config';
import { onEveryDatabase } from '../support/databases';
import { aDraft, courseOf, publish } from '../support/programmes';
import { PDF } from '../support/records';

const Id = z.object({ id: z.string() });
const Owner = z.object({ person_id: z.string() });

onEveryDatabase('records that were merged and parted', () => {
  let city: City;
  let chief: Actor;
  let hr: Actor;
  let other: Actor;
  let thirdVersion: string;

  beforeAll(async () => {
    useConfig(testConfig({ DATA_DIR: mkdtempSync(path.join(tmpdir(), 'merges-')) }));
    itIs('2026-03-02');
    city = await aCity();
    await syncHourRules('app/certification/hours/rules');
    const root = await adoptRootOrganisation();
    chief = anActor({ administrator: [root.path], hr: [root.path] });
    hr = { ...anActor({ hr: [root.path] }), accountId: 'a-hr', by: 'account:a-hr' };
    other = { ...anActor({ hr: [root.path] }), accountId: 'a-other', by: 'account:a-other' };
    const external = { code: 'ext', kind: 'external', targetId: 'cert-a', params: { titleZh: '普通话证书', titleEn: 'Certificate' } } as const;
    const hours = { code: 'hours', kind: 'hours', targetId: 'all', params: { hundredths: 600, window: { kind: 'calendar-year' } } } as const;
    await publish(chief, await aDraft(chief, city, { requirements: [external, hours] }));
    // Comes in between: published only while two records are merged.
    thirdVersion = await aDraft(chief, city, { requirements: [courseOf(city), external], gate: 'before-confirmation' });
    await drain();
  });
  afterAll(resetClock);

  /** Credentials without their PDFs: nothing here reads them. */
  const drain = () => drainOutbox({
    'certification.cleared': async (payload) => issueUnprinted((payload as { assignmentId: string }).assignmentId), 'certification.issued': async () => undefined,
  });
  const aRecruit = async (name: string) => {
    const person = await somebody(city, { name });
    await drain();
    return person;
  };
  const assignmentsOf = async (appointmentId: string) => (await rows(reader(), Id, 'SELECT id FROM assignments WHERE appointment_id = $appointmentId ORDER BY id', { appointmentId })).map(({ id }) => id);
  const ownerOf = async (table: string, id: string, key = 'id') => (await one(reader(), Owner, `SELECT person_id FROM ${table} WHERE ${key} = $id`, { id })).person_id;
  const merged = async (survivorId: string, mergedId: string): Promise<string> => {
    const id = must(await proposeMerge(hr, { survivorId, mergedId, reason: '两次报考' }));
    must(await decideMerge(other, id, { decision: 'merged', reason: '身份证相同' }));
    await drain();
    return id;
  };
  const parted = async (id: string) => {
    must(await partMerge(other, id, '其实是两个人'));
    await drain();
  };
  const handedIn = async (personId: string) => must(await handInExternal(hr, {
    personId, code: 'cert-a', title: '普通话二甲', issuer: '省语委', issuedOn: '2026-01-05', validUntil: null, note: '', file: PDF,
  }));
  const approved = async (id: string) => must(await decideExternal(other, id, { decision: 'approved', reason: '核对无误' }));
  const aWaiver = async (assignmentId: string): Promise<string> => {
    const id = newId();
    must(await askWaiver(hr, { id, assignmentId, requirementCode: null, from: '2026-03-03', until: '2026-04-30', reason: '考试推迟', proof: '通知', conditions: '带教', file: null }));
    return id;
  };
  const grant = async (id: string) => must(await decideWaiver(other, id, { grant: true, until: '2026-04-20', conditions: '带教', reason: '同意' }));
  const agrees = async () => expect(await rebuildProjections({ check: true })).toEqual([]);
  const moveStart = async (appointmentId: string, startOfDuty: string) => {
    await inTransaction((tx) => execute(tx, 'UPDATE appointments SET start_of_duty = $startOfDuty WHERE id = $appointmentId', { appointmentId, startOfDuty }));
    await assignFor(appointmentId);
    await drain();
  };

  it('stand each with the person they belong to, whatever was done in between', async () => {
    itIs('2026-03-02');
    const [a, b] = [await aRecruit('孙悦'), await aRecruit('孙悦')];
    const [ofA, ofB] = [await assignmentsOf(a.appointmentId), await assignmentsOf(b.appointmentId)];
    await recordCompletion(await completeCourse(a.personId, city.course));
    const failed = await aResult(b.personId, city.exam, { percent: 40 });
    await recordResult(failed);
    const [early, late] = [await handedIn(b.personId), await handedIn(b.personId)];
    await approved(early);
    const waiver = await aWaiver(ofB[0] ?? '');
    const event = must(await planEvent(hr, { organisationId: city.bureau.id, series: 'series-a', title: '集中培训', fromOn: '2026-03-02', untilOn: '2026-03-02', place: '党校', hundredths: 700, capacity: null }));
    const number = await one(reader(), z.object({ value: z.string() }), 'SELECT value FROM identifiers WHERE person_id = $id', { id: b.personId });
    must(await addAttendees(hr, event, number.value));
    await drain();
    await agrees();

    itIs('2026-03-04');
    const merge = await merged(a.personId, b.personId);
    await agrees();

    itIs('2026-03-05');
    await publish(chief, thirdVersion);
    await moveStart(b.appointmentId, '2026-08-03');
    await grant(waiver);
    await inTransaction((tx) => execute(tx, 'UPDATE results SET percent = 72, passed = 1, graded_at = $now WHERE attempt_id = $failed', { failed, now: tx.now }));
    await recordResult(failed);
    must(await voidExternal(hr, early, '撤销'));
    await approved(late);
    const ofSurvivor = await handedIn(a.personId);
    await approved(ofSurvivor);
    const page = await openEvent(hr, event);
    must(await recordAttendance(hr, event, (page?.attendees ?? []).map(({ id }) => ({ id, state: 'attended' as const, leave: 0 }))));
    must(await adjustHours({ ...hr, roles: chief.roles }, { key: newId(), personId: a.personId, countsAs: 'classroom', occurredOn: '2026-03-02', hundredths: 300, reason: '补记' }));
    await drain();
    const between = await aResult(a.personId, city.exam, { percent: 95 });
    await recordResult(between);
    await drain();
    await agrees();
    const issued = await rows(reader(), z.object({ id: z.string(), number: z.string(), assignment_id: z.string(), person_id: z.string() }), 'SELECT id, number, assignment_id, person_id FROM credentials WHERE person_id IN ($a, $b)', { a: a.personId, b: b.personId });
    expect(issued.filter((row) => ofB.includes(row.assignment_id)).length).toBeGreaterThan(0);
    const suspended = issued.find((row) => ofB.includes(row.assignment_id))?.number ?? '';
    must(await suspendCredential('account:a-hr', suspended, 'inquiry', '核查'));
    await drain();
    await agrees();
    const made = (await assignmentsOf(b.appointmentId)).filter((id) => !ofB.includes(id));
    expect(made.length).toBe(1);
    const asThen = { on: '2026-03-05', knownOn: '2026-03-05' };
    const answers = async (query: { on: string; knownOn?: string }) => Promise.all([...ofA, ...ofB, ...made].map(async (id) => (await clearanceAsKnown(reader(), id, query))?.clearance));
    const then = await answers(asThen);
    const before = await answers({ on: '2026-03-03', knownOn: '2026-03-03' });

    itIs('2026-03-09');
    await parted(merge);
    await agrees();
    // What was done in between and concerns what had moved went back with it.
    for (const id of [...ofB, ...made]) expect(await ownerOf('assignments', id)).toBe(b.personId);
    for (const id of ofA) expect(await ownerOf('assignments', id)).toBe(a.personId);
    for (const row of issued) expect(await ownerOf('credentials', row.id)).toBe(ofA.includes(row.assignment_id) || row.person_id === b.personId ? row.person_id : (await one(reader(), Owner, 'SELECT person_id FROM assignments WHERE id = $id', { id: row.assignment_id })).person_id);
    expect(await ownerOf('waivers', waiver)).toBe(b.personId);
    for (const ref of [failed, early, late]) expect(await ownerOf('evidence', ref, 'ref')).toBe(b.personId);
    for (const ref of [between, ofSurvivor]) expect(await ownerOf('evidence', ref, 'ref')).toBe(a.personId);
    const entries = await rows(reader(), z.object({ kind: z.string(), person_id: z.string() }), `SELECT kind, person_id FROM hour_entries WHERE person_id IN ($a, $b) AND kind IN ('classroom', 'adjustment') ORDER BY kind`, { a: a.personId, b: b.personId });
    expect(entries).toEqual([{ kind: 'adjustment', person_id: a.personId }, { kind: 'classroom', person_id: b.personId }]);
    // What the merged record was assigned in between can be learned under it.
    expect(await countOf('enrolments', 'person_id = $id AND course_id = $course', { id: b.personId, course: city.course.id })).toBe(1);
    // The past stays what it was, however it is asked about.
    expect(await answers(asThen)).toEqual(then);
    expect(await answers({ on: '2026-03-03', knownOn: '2026-03-03' })).toEqual(before);

    itIs('2026-03-11');
    must(await revokeWaiver(other, waiver, '不再需要'));
    must(await voidExternal(hr, late, '撤销'));
    must(await voidExternal(hr, ofSurvivor, '撤销'));
    await moveStart(b.appointmentId, '2026-07-20');
    await drain();
    await agrees();

    // Merged again the other way round, and parted again.
    itIs('2026-03-12');
    const again = await merged(b.personId, a.personId);
    await agrees();
    await recordResult(await aResult(b.personId, city.exam, { percent: 30 }));
    await moveStart(a.appointmentId, '2026-09-01');
    await agrees();
    itIs('2026-03-13');
    await parted(again);
    await agrees();
    expect(await answers(asThen)).toEqual(then);
  });

  type Happening =
    | { kind: 'result' | 'regraded'; who: number; percent: number }
    | { kind: 'start-moved'; who: number; days: number }
    | { kind: 'course' | 'handed-in' | 'approve' | 'void' | 'ask-waiver' | 'grant' | 'hours'; who: number }
    | { kind: 'merge'; who: number; into: number }
    | { kind: 'part' };
  const who = fc.integer({ min: 0, max: 2 });
  const anyHappening: fc.Arbitrary<Happening> = fc.oneof(
    { weight: 3, arbitrary: fc.record({ kind: fc.constant('merge' as const), who, into: who }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('part' as const) }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constantFrom('result' as const, 'regraded' as const), who, percent: fc.integer({ min: 30, max: 95 }) }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('start-moved' as const), who, days: fc.integer({ min: 0, max: 60 }) }) },
    { weight: 5, arbitrary: fc.record({ kind: fc.constantFrom('course' as const, 'handed-in' as const, 'approve' as const, 'void' as const, 'ask-waiver' as const, 'grant' as const, 'hours' as const), who }) },
  );
  interface Somebody { personId: string; appointmentId: string }
  const idsWhere = async (sql: string, params: Record<string, string>) => (await rows(reader(), Id, sql, params)).map(({ id }) => id);

  /** Does it to whoever the appointment belongs to now; what cannot be done is left. */
  async function happen(one: Happening, people: readonly Somebody[]): Promise<void> {
    if (one.kind === 'part') {
      const [last] = await idsWhere(`SELECT id FROM person_merges WHERE state = 'merged' AND survivor_id IN ($a, $b, $c) ORDER BY decided_at DESC LIMIT 1`, {
        a: people[0]?.personId ?? '', b: people[1]?.personId ?? '', c: people[2]?.personId ?? '',
      });
      return last === undefined ? undefined : parted(last);
    }
    const of = people[one.who];
    if (!of) throw new Error('nobody');
    const personId = await ownerOf('appointments', of.appointmentId);
    const [assignmentId = ''] = await idsWhere('SELECT id FROM assignments WHERE appointment_id = $id ORDER BY id', { id: of.appointmentId });
    switch (one.kind) {
      case 'merge': {
        const into = people[one.into]?.personId ?? '';
        const proposed = await proposeMerge(hr, { survivorId: into, mergedId: of.personId, reason: '同一人' });
        if (proposed.ok) must(await decideMerge(other, proposed.value, { decision: 'merged', reason: '是' }));
        return;
      }
      case 'result': return recordResult(await aResult(personId, city.exam, { percent: one.percent }));
      case 'regraded': {
        const [attemptId] = await idsWhere('SELECT attempt_id AS id FROM results WHERE person_id = $personId ORDER BY attempt_id LIMIT 1', { personId });
        if (attemptId === undefined) return;
        await inTransaction((tx) => execute(tx, 'UPDATE results SET percent = $percent, passed = $passed, graded_at = $now WHERE attempt_id = $attemptId', { attemptId, percent: one.percent, passed: one.percent >= city.exam.cutScore ? 1 : 0, now: tx.now }));
        return recordResult(attemptId);
      }
      case 'start-moved': return moveStart(of.appointmentId, addDays('2026-06-01', one.days));
      case 'course': {
        const open = await countOf('enrolments', 'person_id = $personId AND course_id = $course AND completed_at IS NULL', { personId, course: city.course.id });
        return open === 0 ? undefined : recordCompletion(await completeCourse(personId, city.course));
      }
      case 'handed-in':
        await handedIn(personId);
        return;
      case 'approve': return approveAll(await idsWhere(`SELECT id FROM external_evidence WHERE person_id = $personId AND state = 'asked'`, { personId }));
      case 'void': {
        const [id] = await idsWhere(`SELECT id FROM external_evidence WHERE person_id = $personId AND state = 'approved' ORDER BY id`, { personId });
        if (id !== undefined) must(await voidExternal(hr, id, '撤销'));
        return;
      }
      case 'ask-waiver':
        await askWaiver(hr, { id: newId(), assignmentId, requirementCode: null, from: '2026-04-01', until: '2026-05-30', reason: '考试推迟', proof: '通知', conditions: '', file: null });
        return;
      case 'grant': {
        const [id] = await idsWhere(`SELECT id FROM waivers WHERE person_id = $personId AND state = 'asked' ORDER BY id`, { personId });
        if (id !== undefined) must(await decideWaiver(other, id, { grant: true, until: '2026-05-20', conditions: '', reason: '同意' }));
        return;
      }
      case 'hours':
        must(await adjustHours({ ...hr, roles: chief.roles }, { key: newId(), personId, countsAs: 'classroom', occurredOn: '2026-03-02', hundredths: 300, reason: '补记' }));
    }
  }
  const approveAll = async (ids: readonly string[]) => { for (const id of ids) await approved(id); };

  it('agree with the ledger and leave the past as it was known, after any sequence of events', async () => {
    await fc.assert(fc.asyncProperty(fc.array(anyHappening, { minLength: 4, maxLength: 12 }), async (history) => {
      itIs('2026-03-20');
      const people = [await aRecruit('林一'), await aRecruit('林一'), await aRecruit('林一')];
      const ids = (await Promise.all(people.map(({ appointmentId }) => assignmentsOf(appointmentId)))).flat();
      const answersOn = (day: string) => Promise.all(ids.map(async (id) => (await clearanceAsKnown(reader(), id, { on: day, knownOn: day }))?.clearance));
      const told = new Map<string, unknown>();
      for (const [i, one] of history.entries()) {
        const day = addDays('2026-03-21', i);
        itIs(day);
        await happen(one, people);
        await drain();
        await agrees();
        told.set(day, await answersOn(day));
      }
      itIs('2026-04-20');
      for (const [day, answers] of told) expect({ day, answers: await answersOn(day) }).toEqual({ day, answers });
    }), { numRuns: Number(process.env['MERGE_RUNS'] ?? 6) });
  }, 120_000);
});
