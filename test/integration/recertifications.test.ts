import { afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { z } from 'zod';
import {
  assignFor, cancelRecertification, checkCredential, credentialsOf, findRecertification, issueCredential, myDuties, ownRenewals, memberCounts, memberPage, planRecertification, previewHolders, recertificationPreviewed,
  recordCompletion, startRecertification, stepRecertification, sweepRecertifications, type Numbers, type Recertification,
} from '~/certification';
import { insertRequirements } from '~/certification/programme.repository';
import { turnClearances } from '~/certification/turn.service';
import { enrolTx } from '~/courses';
import { execute, inTransaction, one, reader, rows } from '~/db';
import type { Actor } from '~/identity';
import { clock, resetClock } from '~/kernel/clock';
import { useConfig } from '~/kernel/config';
import { newId } from '~/kernel/id';
import { must } from '~/kernel/result';
import { adoptRootOrganisation } from '~/people';
import { anActor, anOrganisation } from '../support/actors';
import { aCity, completeCourse, countOf, itIs, tenTimes, type City } from '../support/certification';
import { testConfig } from '../support/config';
import { onEveryDatabase } from '../support/databases';
import { aHolder, anEndingProgramme, cyclesOf, differencesIn, windowsOpen } from '../support/renewals';

const LONG = { kind: 'from-last-expiry' as const, period: { count: 3, unit: 'years' as const }, window: { count: 3, unit: 'months' as const } };

onEveryDatabase('recertification by change of law', () => {
  let all: City;
  let city: City;
  let rootPath: string;
  let versionId: string;
  beforeAll(async () => {
    useConfig(testConfig());
    itIs('2026-03-02');
    all = await aCity();
    rootPath = (await adoptRootOrganisation()).path;
  });
  beforeEach(async () => {
    itIs('2026-03-02');
    city = { ...all, bureau: await anOrganisation() };
    versionId = await anEndingProgramme(city, LONG);
  });
  afterEach(resetClock);

  const planner = (): Actor => ({ ...anActor({ hr: [rootPath] }), by: 'account:planner' });
  const starter = (): Actor => ({ ...anActor({ administrator: [rootPath] }), by: 'account:starter' });

  /** The law asks holders of the version before to take the leaders' course, which is short, until the end of 2026. */
  const plan = async (given: Partial<Recertification> = {}): Promise<string> => must(await planRecertification(planner(), {
    id: newId(), title: { zh: '数据条例修订', en: 'The Data Ordinance as amended' }, basis: '《数据条例》第 12 条', programmes: [{ programmeId: await programmeId(), before: 2 }],
    organisationId: city.bureau.id, courseId: city.leaders.id, examId: null, until: '2026-12-31', countsFrom: '2026-06-01', ...given,
  }));
  const programmeId = async (): Promise<string> =>
    (await one(reader(), z.object({ programme_id: z.string() }), 'SELECT programme_id FROM programme_versions WHERE id = $versionId', { versionId })).programme_id;
  const numbersOf = async (id: string): Promise<Numbers> => (await recertificationPreviewed(id))?.numbers ?? { affected: 0, exempt: 0, expiring: 0 };
  const start = async (id: string): Promise<void> => {
    must(await startRecertification(starter(), id, await numbersOf(id)));
    await finish(id);
  };
  const finish = async (id: string): Promise<void> => {
    while (['starting', 'cancelling'].includes((await findRecertification(reader(), id))?.state ?? '')) await stepRecertification(id);
  };
  const learnsNew = async (personId: string): Promise<void> => {
    await inTransaction((tx) => enrolTx(tx, { personId, courseId: city.leaders.id, source: 'assigned', by: 'system:a test' }));
    await recordCompletion(await completeCourse(personId, city.leaders));
  };
  const held = async (appointmentId: string) => (await cyclesOf(appointmentId))[0];
  const agree = async (): Promise<void> => expect(await differencesIn(city.bureau.id)).toEqual([]);

  it('does what its preview says: who is affected must show the new, who has shown it is exempt', async () => {
    const [first, second, exempt] = [await aHolder(city), await aHolder(city), await aHolder(city)];
    itIs('2026-06-10');
    await learnsNew(exempt.personId);
    itIs('2026-07-01');
    const id = await plan();
    const numbers = await numbersOf(id);
    expect(numbers).toEqual({ affected: 2, exempt: 1, expiring: 0 });
    expect((await previewHolders(reader(), must0(await findRecertification(reader(), id)), 'exempt', { limit: 10, offset: 0 })).map(({ personId, exemptBy }) => [personId, exemptBy]))
      .toEqual([[exempt.personId, 'shown']]);

    expect(await startRecertification(planner(), id, numbers)).toMatchObject({ ok: false, error: { code: 'recertification.own' } });
    expect(await startRecertification(starter(), id, { ...numbers, affected: 3 })).toMatchObject({ ok: false, error: { code: 'recertification.numbers-changed' } });
    must(await startRecertification(starter(), id, numbers));
    await tenTimes(() => stepRecertification(id));
    await finish(id);
    expect(await memberCounts(reader(), id, '2026-07-01')).toEqual({ affected: 2, fulfilled: 0, open: 2, lapsed: 0, exempt: 1, expiring: 0 });
    expect((await held(first.appointmentId))?.cleared_until).toBe('2026-12-31');
    expect((await held(exempt.appointmentId))?.cleared_until).toBe('2029-03-02');
    const deltas = await rows(reader(), z.object({ person_id: z.string(), due_on: z.string() }), `SELECT a.person_id, a.due_on FROM assignments a
      JOIN recertifications r ON r.programme_version_id = a.programme_version_id WHERE r.id = $id AND a.ended_at IS NULL`, { id });
    expect(deltas.map(({ person_id, due_on }) => [person_id, due_on]).sort()).toEqual([[first.personId, '2026-12-31'], [second.personId, '2026-12-31']].sort());
    // No rule ends what the law assigned.
    await assignFor(first.appointmentId);
    expect(await countOf('assignments a JOIN recertifications r ON r.programme_version_id = a.programme_version_id', 'r.id = $id AND a.ended_at IS NULL', { id })).toBe(2);

    itIs('2026-09-01');
    await learnsNew(first.personId);
    expect((await held(first.appointmentId))?.cleared_until).toBe('2029-03-02');
    expect(await memberCounts(reader(), id, '2026-09-01')).toMatchObject({ fulfilled: 1, open: 1 });
    await agree();
  });

  const must0 = <T>(value: T | null): T => {
    if (value === null) throw new Error('it is not there');
    return value;
  };

  it('ends what is held on its date, and lets it go on from the day on which the new is shown', async () => {
    const person = await aHolder(city);
    itIs('2026-07-01');
    const id = await plan();
    await start(id);
    itIs('2027-01-01');
    await turnClearances(clock.now());
    await sweepRecertifications(clock.now());
    await sweepRecertifications(clock.now());
    expect(await held(person.appointmentId)).toMatchObject({ status: 'not-cleared', expired_on: '2026-12-31' });
    expect(await memberCounts(reader(), id, '2027-01-01')).toMatchObject({ fulfilled: 0, open: 0, lapsed: 1 });
    expect((await memberPage(reader(), id, 'lapsed', '2027-01-01', { limit: 10, offset: 0 })).map(({ personId }) => personId)).toEqual([person.personId]);
    expect(await countOf('ledger_events', `kind = 'clearance.lapsed' AND person_id = $id`, { id: person.personId })).toBe(1);
    await agree();

    itIs('2027-02-10');
    await learnsNew(person.personId);
    expect(await held(person.appointmentId)).toMatchObject({ status: 'cleared', may_start_on: '2027-02-10', cleared_until: '2029-03-02' });
    expect(await memberCounts(reader(), id, '2027-02-10')).toMatchObject({ fulfilled: 1, lapsed: 0 });
    await agree();
  });

  it('tells the holder, HR and whoever checks the credential that the law ends it early', async () => {
    const person = await aHolder(city);
    const cycle = must0(await held(person.appointmentId) ?? null);
    await issueCredential(cycle.id);
    const number = async () => must0((await credentialsOf(reader(), person.personId))[0] ?? null).number;
    const status = async () => {
      const found = await checkCredential(reader(), await number(), null);
      return found.found === 'status' ? found.status : null;
    };
    const own = async () => (await ownRenewals(reader(), person.personId, clock.now())).map(({ endsOn, state, law, by }) => ({ endsOn, state, law: law?.en, dueOn: by?.dueOn }));
    expect(await status()).toMatchObject({ validUntil: '2029-03-02', isEndedByLaw: false });
    expect(await own()).toEqual([]);
    itIs('2026-07-01');
    await start(await plan());
    expect(await status()).toMatchObject({ state: 'valid', validUntil: '2026-12-31', isEndedByLaw: true, isExtended: false });
    // Also when the date is further away than the list of renewals looks.
    expect(await own()).toEqual([{ endsOn: '2026-12-31', state: 'window', law: 'The Data Ordinance as amended', dueOn: '2026-12-31' }]);
    const [duty] = (await myDuties(reader(), person.personId, clock.now())).filter((one) => one.assignmentId === cycle.id);
    expect(duty).toMatchObject({ status: 'cleared', until: '2026-12-31', lawUntil: '2026-12-31' });
    await agree();

    itIs('2027-01-04');
    await turnClearances(clock.now());
    expect(await status()).toMatchObject({ state: 'expired', isEndedByLaw: true });
    expect(await own()).toEqual([{ endsOn: '2026-12-31', state: 'lapsed', law: 'The Data Ordinance as amended', dueOn: '2026-12-31' }]);
    await learnsNew(person.personId);
    expect(await status()).toMatchObject({ state: 'valid', validUntil: '2029-03-02', isEndedByLaw: false });
    expect(await own()).toEqual([]);
    await agree();
  });

  it('exempts who holds the newer version, and leaves alone who ends before the date anyway', async () => {
    const [newer, ending] = [await aHolder(city), await aHolder(city)];
    const next = await aNewerVersion();
    await inTransaction((tx) => execute(tx, `UPDATE clearances SET cleared_until = '2026-11-30' WHERE appointment_id = $id AND rule_until IS NOT NULL`, { id: ending.appointmentId }));
    await holdsToo(newer, next);
    itIs('2026-07-01');
    const id = await plan();
    await aHolder(city);
    expect(await numbersOf(id)).toEqual({ affected: 1, exempt: 1, expiring: 1 });
    await start(id);
    expect(await memberCounts(reader(), id, '2026-07-01')).toMatchObject({ affected: 1, exempt: 1, expiring: 1 });
    expect((await held(newer.appointmentId))?.cleared_until).toBe('2029-03-02');
  });

  const aNewerVersion = async (): Promise<string> => {
    const id = newId();
    await inTransaction(async (tx) => {
      await execute(tx, `INSERT INTO programme_versions (id, programme_id, number, state, title_zh, title_en, gate, due_rule, applies_to, tree, validity, effective_on, note,
          created_at, created_by, published_at, published_by, applied_at)
        SELECT $id, programme_id, 2, state, title_zh, title_en, gate, due_rule, applies_to, tree, validity, '2030-01-01', note, created_at, created_by, published_at, published_by, applied_at
        FROM programme_versions WHERE id = $versionId`, { id, versionId });
      await insertRequirements(tx, id, [{ code: 'course', kind: 'course', targetId: city.course.id }]);
    });
    return id;
  };
  const holdsToo = ({ personId, appointmentId }: { personId: string; appointmentId: string }, version: string): Promise<void> => inTransaction(async (tx) => {
    const id = newId();
    await execute(tx, `INSERT INTO assignments (id, person_id, appointment_id, programme_version_id, assigned_at, due_on, start_of_duty)
      VALUES ($id, $personId, $appointmentId, $version, $now, '2026-03-30', '2026-03-02')`, { id, personId, appointmentId, version, now: tx.now });
    await execute(tx, `INSERT INTO clearances (assignment_id, person_id, appointment_id, gate, status, due_on, start_of_duty, done, total, requirements, computed_at)
      VALUES ($id, $personId, $appointmentId, 'none', 'cleared', '2026-03-30', '2026-03-02', 1, 1, '[]', $now)`, { id, personId, appointmentId, now: tx.now });
  });

  it('ends renewals under the old law with it', async () => {
    const person = await aHolder(city);
    // The window of a renewal under the old version is open when the law changes.
    itIs('2028-12-15');
    await windowsOpen();
    const id = await plan({ until: '2029-06-30', countsFrom: '2028-12-01' });
    expect(await numbersOf(id)).toEqual({ affected: 1, exempt: 0, expiring: 0 });
    await start(id);
    const [first, second] = await cyclesOf(person.appointmentId);
    expect(await countOf('ledger_events', `kind = 'clearance.limited' AND subject_id IN ('${first?.id}', '${second?.id}')`)).toBe(2);
    expect(first?.cleared_until).toBe('2029-03-02');
    await agree();
  });

  it('can be cancelled: from that day on nothing is asked, and what had lapsed holds again', async () => {
    const [early, late] = [await aHolder(city), await aHolder({ ...city, bureau: city.bureau })];
    itIs('2026-07-01');
    const id = await plan();
    await start(id);
    itIs('2027-03-01');
    await turnClearances(clock.now());
    expect((await held(early.appointmentId))?.status).toBe('not-cleared');
    must(await cancelRecertification(starter(), id, '条例推迟施行'));
    await tenTimes(() => stepRecertification(id));
    await finish(id);
    expect((await findRecertification(reader(), id))?.state).toBe('cancelled');
    expect(await held(late.appointmentId)).toMatchObject({ status: 'cleared', may_start_on: '2027-03-01', cleared_until: '2029-03-02' });
    await assignFor(early.appointmentId);
    expect(await countOf('assignments a JOIN recertifications r ON r.programme_version_id = a.programme_version_id', 'r.id = $id AND a.ended_at IS NULL', { id })).toBe(0);
    expect(await cancelRecertification(starter(), id, '再次取消')).toMatchObject({ ok: false, error: { code: 'recertification.not-running' } });
    await agree();

    const draft = await plan({ until: '2027-12-31' });
    must(await cancelRecertification(planner(), draft, '不需要了'));
    expect(await startRecertification(starter(), draft, await numbersOf(draft))).toMatchObject({ ok: false, error: { code: 'recertification.started' } });
  });

  it('refuses dates that leave no time, and what asks for nothing', async () => {
    itIs('2026-07-01');
    const given = { id: newId(), title: { zh: '修订', en: 'Amended' }, basis: '第 1 条', programmes: [{ programmeId: await programmeId(), before: 2 }], organisationId: city.bureau.id };
    const code = async (more: { courseId: string | null; until: string; countsFrom: string }) => {
      const planned = await planRecertification(planner(), { ...given, examId: null, ...more });
      return planned.ok ? null : planned.error.code;
    };
    expect(await code({ courseId: null, until: '2026-12-31', countsFrom: '2026-07-01' })).toBe('recertification.nothing-asked');
    expect(await code({ courseId: city.leaders.id, until: '2026-07-01', countsFrom: '2026-06-01' })).toBe('recertification.past');
    expect(await code({ courseId: city.leaders.id, until: '2026-12-31', countsFrom: '2027-01-01' })).toBe('recertification.counts-late');
    const id = await plan();
    expect(await startRecertification(starter(), id, { affected: 0, exempt: 0, expiring: 0 })).toMatchObject({ ok: false, error: { code: 'recertification.nobody' } });
  });
});
