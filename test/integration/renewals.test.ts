import { afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { z } from 'zod';
import {
  askExtension, assignFor, decideExtension, extensionsOf, issueCredential, myDuties, openWindow, ownRenewals, recordCompletion, renewalCounts, renewalPage, recordResult, sweepWindows, withdrawExtension,
} from '~/certification';
import { insertRequirements } from '~/certification/programme.repository';
import { turnClearances } from '~/certification/turn.service';
import { courseProgress, markLessonRead } from '~/courses';
import { execute, inTransaction, one, reader, rows } from '~/db';
import { examState } from '~/exams';
import type { Actor } from '~/identity';
import { clock, resetClock } from '~/kernel/clock';
import { useConfig } from '~/kernel/config';
import { newId } from '~/kernel/id';
import { must } from '~/kernel/result';
import { adoptRootOrganisation } from '~/people';
import { anActor, anOrganisation } from '../support/actors';
import { aCity, aResult, countOf, itIs, tenTimes, type City } from '../support/certification';
import { testConfig } from '../support/config';
import { onEveryDatabase } from '../support/databases';
import { aHolder, anEndingProgramme, askedWindows, cyclesOf, differencesIn, windowsOpen } from '../support/renewals';

onEveryDatabase('renewals', () => {
  let all: City;
  let city: City;
  let rootPath: string;
  let versionId: string;
  beforeAll(async () => {
    useConfig(testConfig());
    itIs('2026-03-02');
    all = await aCity();
    await inTransaction(async (tx) => {
      await execute(tx, `INSERT INTO item_banks (id, slug, title, origin, created_at) VALUES ('bank', 'bank', '题库', 'own', 0)`);
      await execute(tx, `UPDATE exams SET bank_id = 'bank'`);
    });
    rootPath = (await adoptRootOrganisation()).path;
  });
  beforeEach(async () => {
    itIs('2026-03-02');
    // A unit of its own for each test, so that no sweep finds what another left.
    await inTransaction(async (tx) => { await execute(tx, `UPDATE appointments SET ended_on = '2026-03-01'`); await execute(tx, `UPDATE outbox SET status = 'done'`); });
    city = { ...all, bureau: await anOrganisation() };
    versionId = await anEndingProgramme(city);
  });
  afterEach(resetClock);

  const agree = async (): Promise<void> => expect(await differencesIn(city.bureau.id)).toEqual([]);

  it('are told to the holder: when they may begin, that they may, and what is left when it is too late', async () => {
    const { personId, appointmentId } = await aHolder(city);
    const own = async () => (await ownRenewals(reader(), personId, clock.now())).map(({ endsOn, state, opensOn, by }) => ({ endsOn, state, opensOn, by: by?.dueOn ?? null }));
    const duties = async () => (await myDuties(reader(), personId, clock.now())).map(({ cycle, status, renewsUntil, next }) => ({ cycle, status, renewsUntil, next: next.kind }));
    expect(await own()).toEqual([]);
    itIs('2026-12-01');
    await windowsOpen();
    expect(await own()).toEqual([]);
    itIs('2026-12-02');
    expect(await own()).toEqual([{ endsOn: '2027-03-02', state: 'expiring', opensOn: null, by: null }]);
    await windowsOpen();
    expect(await own()).toEqual([{ endsOn: '2027-03-02', state: 'window', opensOn: null, by: '2027-03-02' }]);
    // What is to be done is not told as if nothing were permitted.
    expect(await duties()).toEqual([
      { cycle: 1, status: 'cleared', renewsUntil: null, next: 'collect-credential' }, { cycle: 2, status: 'not-cleared', renewsUntil: '2027-03-02', next: 'learn' },
    ]);
    itIs('2027-03-03');
    expect(await own()).toEqual([{ endsOn: '2027-03-02', state: 'lapsed', opensOn: null, by: '2027-03-02' }]);
    expect(await duties()).toMatchObject([{ cycle: 1, status: 'not-cleared' }, { cycle: 2, status: 'not-cleared', renewsUntil: null }]);
    await inTransaction((tx) => execute(tx, `UPDATE appointments SET ended_on = '2027-03-03' WHERE id = $appointmentId`, { appointmentId }));
    expect(await own()).toEqual([]);
  });

  it('begin when the window opens, once, however often and at once the sweep and its jobs run', async () => {
    const { appointmentId } = await aHolder(city);
    itIs('2026-12-01');
    await windowsOpen();
    expect(await cyclesOf(appointmentId)).toHaveLength(1);

    itIs('2026-12-02');
    await Promise.all([sweepWindows(clock.now()), sweepWindows(clock.now())]);
    const asked = await askedWindows();
    await tenTimes(() => openWindow(asked[0] ?? ''));
    await sweepWindows(clock.now());
    const [first, second, ...more] = await cyclesOf(appointmentId);
    expect(more).toEqual([]);
    expect(second).toMatchObject({ cycle: 2, follows: first?.id, counts_from: '2026-12-02', due_on: '2027-03-02', status: 'not-cleared', version: versionId });
    expect(await countOf('ledger_events', `kind = 'assignment.made' AND subject_id = $id`, { id: second?.id ?? '' })).toBe(1);
    expect(await countOf('outbox', `name = 'certification.assigned' AND payload LIKE $id`, { id: `%${second?.id}%` })).toBe(1);
    await agree();
  });

  it('leave the old one valid until its end, and count nothing that was shown before', async () => {
    const { personId, appointmentId } = await aHolder(city);
    await issueAll();
    itIs('2027-01-11');
    await windowsOpen();
    expect((await cyclesOf(appointmentId)).map(({ status, cleared_until }) => [status, cleared_until])).toEqual([['cleared', '2027-03-02'], ['not-cleared', null]]);

    // The course is learned again in a round of its own; the exam is open again.
    const [progress] = await courseProgress(reader(), personId, [city.course.id]);
    expect(progress).toMatchObject({ enrolled: true, lessonsRead: 0, completedAt: null });
    expect((await examState(reader(), city.exam.id, personId, clock.now()))?.state).toBe('course-first');
    expect(await countOf('completions', 'person_id = $personId', { personId })).toBe(1);
    await doesBothAgain(personId);
    expect((await examState(reader(), city.exam.id, personId, clock.now()))?.state).toBe('passed');
    await issueAll();
    expect(await credentials(personId)).toEqual([['superseded', '2027-03-02'], ['valid', '2028-03-02']]);
    // Early, and nothing is lost by it.
    expect((await cyclesOf(appointmentId)).map(({ status, cleared_until }) => [status, cleared_until])).toEqual([['cleared', '2027-03-02'], ['cleared', '2028-03-02']]);
    await agree();
  });

  /** The jobs that issue what was cleared. */
  const issueAll = async (): Promise<void> => {
    const asked = await rows(reader(), z.object({ payload: z.string() }), `SELECT payload FROM outbox WHERE name = 'certification.cleared' AND status = 'waiting'`);
    for (const { payload } of asked) await issueCredential((JSON.parse(payload) as { assignmentId: string }).assignmentId);
    await inTransaction((tx) => execute(tx, `UPDATE outbox SET status = 'done' WHERE name = 'certification.cleared'`));
  };
  const credentials = async (personId: string) => (await rows(reader(), z.object({ state: z.string(), valid_until: z.string().nullable() }), `SELECT k.state, k.valid_until FROM credentials k
    JOIN assignments a ON a.id = k.assignment_id JOIN programme_versions v ON v.id = a.programme_version_id JOIN programmes p ON p.id = v.programme_id
    WHERE k.person_id = $personId AND p.slug LIKE 'ending-%' ORDER BY k.issued_at`, { personId })).map(({ state, valid_until }) => [state, valid_until]);

  const doesBothAgain = async (personId: string): Promise<void> => {
    for (const lesson of city.course.lessons) must(await markLessonRead({ personId, courseId: city.course.id, by: 'system:a test' }, lesson.slug));
    const done = await one(reader(), z.object({ id: z.string() }), 'SELECT id FROM completions WHERE person_id = $personId ORDER BY completed_at DESC LIMIT 1', { personId });
    await recordCompletion(done.id);
    await recordResult(await aResult(personId, city.exam, { percent: 88 }));
  };

  it('begin anew after a lapse, and go on from cycle to cycle', async () => {
    const { personId, appointmentId } = await aHolder(city);
    itIs('2026-12-02');
    await windowsOpen();
    itIs('2027-03-03');
    await turnClearances(clock.now());
    expect((await cyclesOf(appointmentId)).map(({ status, expired_on }) => [status, expired_on])).toEqual([['not-cleared', '2027-03-02'], ['not-cleared', null]]);
    expect((await renewalPage(reader(), { paths: [city.bureau.path], today: '2027-03-03' }, { limit: 10, offset: 0 })).map(({ state, endsOn }) => [state, endsOn])).toEqual([['lapsed', '2027-03-02']]);

    itIs('2027-04-15');
    await doesBothAgain(personId);
    itIs('2028-01-15');
    await windowsOpen();
    const cycles = await cyclesOf(appointmentId);
    expect(cycles.map(({ cycle, cleared_until, rule_until }) => [cycle, cleared_until, rule_until])).toEqual([[1, null, '2027-03-02'], [2, '2028-04-15', '2028-04-15'], [3, null, null]]);
    expect(cycles[2]).toMatchObject({ follows: cycles[1]?.id, counts_from: '2028-01-15' });
    await agree();
  });

  it('ask for what the version in effect asks for', async () => {
    const { appointmentId } = await aHolder(city);
    const next = await aNextVersion();
    itIs('2026-12-10');
    await windowsOpen();
    expect((await cyclesOf(appointmentId)).map(({ version }) => version)).toEqual([versionId, next]);
  });

  const aNextVersion = async (): Promise<string> => {
    const id = newId();
    await inTransaction(async (tx) => {
      await execute(tx, `INSERT INTO programme_versions (id, programme_id, number, state, title_zh, title_en, gate, due_rule, applies_to, tree, validity, effective_on, note,
          created_at, created_by, published_at, published_by, applied_at)
        SELECT $id, programme_id, 2, state, title_zh, title_en, gate, due_rule, applies_to, tree, validity, '2026-06-01', note, created_at, created_by, published_at, published_by, applied_at
        FROM programme_versions WHERE id = $versionId`, { id, versionId });
      await insertRequirements(tx, id, [{ code: 'course', kind: 'course', targetId: city.course.id }]);
    });
    return id;
  };

  it('keep their dates when the start of duty changes, and do not begin for who has left', async () => {
    const [moved, left] = [await aHolder(city), await aHolder(city)];
    itIs('2026-12-02');
    await sweepWindows(clock.now());
    await inTransaction((tx) => execute(tx, `UPDATE appointments SET ended_on = '2026-11-30' WHERE id = $id`, { id: left.appointmentId }));
    for (const id of await askedWindows()) await openWindow(id);
    await inTransaction((tx) => execute(tx, `UPDATE appointments SET start_of_duty = '2026-04-01' WHERE id = $id`, { id: moved.appointmentId }));
    await assignFor(moved.appointmentId);
    expect((await cyclesOf(moved.appointmentId)).map(({ due_on, counts_from }) => [due_on, counts_from])[1]).toEqual(['2027-03-02', '2026-12-02']);
    expect(await cyclesOf(left.appointmentId)).toHaveLength(1);
    await agree();
  });

  it('are listed by who ends soon, whose window is open, and who has lapsed, within one’s scope', async () => {
    const [soon, open] = [await aHolder(city), await aHolder(city)];
    itIs('2026-12-05');
    await windowsOpen();
    // Nobody but one has an open window: the other's has not been found yet.
    await inTransaction((tx) => execute(tx, 'UPDATE clearances SET followed_by = NULL WHERE appointment_id = $id', { id: soon.appointmentId }));
    const filter = { paths: [city.bureau.path], today: '2026-12-05' };
    expect(await renewalCounts(reader(), filter)).toEqual({ expiring: 2, window: 1, lapsed: 0, total: 2 });
    const windows = await renewalPage(reader(), { ...filter, state: 'window' }, { limit: 10, offset: 0 });
    expect(windows.map(({ personId, endsOn, next }) => [personId, endsOn, next?.since, next?.dueOn])).toEqual([[open.personId, '2027-03-02', '2026-12-02', '2027-03-02']]);
    expect((await renewalCounts(reader(), { ...filter, paths: [] })).total).toBe(0);
  });

  const hr = (): Actor => ({ ...anActor({ hr: [rootPath] }), by: 'account:asker' });
  const chief = (): Actor => ({ ...anActor({ administrator: [rootPath] }), by: 'account:decider' });
  const ask = (assignmentId: string, until: string, actor = hr()) => askExtension(actor, { id: newId(), assignmentId, until, reason: '外派援助，无法按期参加' });

  it('count from the rule when an expiry was extended: an extension moves that expiry only', async () => {
    const { personId, appointmentId } = await aHolder(city);
    await issueAll();
    itIs('2026-12-02');
    await windowsOpen();
    const [first] = await cyclesOf(appointmentId);
    const id = first?.id ?? '';
    expect(await ask(id, '2027-03-02')).toMatchObject({ ok: false, error: { code: 'extension.not-later' } });
    expect(await ask(id, '2028-03-03')).toMatchObject({ ok: false, error: { code: 'extension.too-long' } });
    must(await ask(id, '2027-05-31'));
    expect(await ask(id, '2027-05-31')).toMatchObject({ ok: false, error: { code: 'extension.asked' } });
    const [asked] = await extensionsOf(reader(), id);
    expect(await decideExtension({ ...chief(), by: hr().by }, asked?.id ?? '', { grant: true, reason: '同意' })).toMatchObject({ ok: false, error: { code: 'extension.own' } });
    expect((await cyclesOf(appointmentId))[0]?.cleared_until).toBe('2027-03-02');

    must(await decideExtension(chief(), asked?.id ?? '', { grant: true, reason: '同意' }));
    expect(await decideExtension(chief(), asked?.id ?? '', { grant: false, reason: '迟了' })).toMatchObject({ ok: false, error: { code: 'extension.decided' } });
    const [extended, renewal] = await cyclesOf(appointmentId);
    expect(await credentials(personId)).toEqual([['valid', '2027-05-31']]);
    expect([extended?.cleared_until, extended?.rule_until, renewal?.due_on]).toEqual(['2027-05-31', '2027-03-02', '2027-05-31']);

    // Renewed within the time of the extension: after the end by rule, so from the completion on, as after a lapse.
    itIs('2027-04-06');
    await doesBothAgain(personId);
    expect((await cyclesOf(appointmentId)).map(({ cleared_until }) => cleared_until)).toEqual(['2027-05-31', '2028-04-06']);
    await agree();
  });

  it('are asked for and decided by the same rules when refused, withdrawn or too late', async () => {
    const { appointmentId } = await aHolder(city);
    const id = (await cyclesOf(appointmentId))[0]?.id ?? '';
    itIs('2027-02-01');
    must(await ask(id, '2027-04-30'));
    const [first] = await extensionsOf(reader(), id);
    expect(await withdrawExtension(chief(), first?.id ?? '').catch((error: unknown) => error)).toMatchObject({ problem: { code: 'access.denied' } });
    must(await withdrawExtension(hr(), first?.id ?? ''));
    must(await ask(id, '2027-04-30'));
    const [second] = await extensionsOf(reader(), id);
    itIs('2027-03-03');
    await turnClearances(clock.now());
    expect(await decideExtension(chief(), second?.id ?? '', { grant: true, reason: '同意' })).toMatchObject({ ok: false, error: { code: 'extension.lapsed' } });
    must(await decideExtension(chief(), second?.id ?? '', { grant: false, reason: '已经到期' }));
    expect((await extensionsOf(reader(), id)).map(({ state }) => state).sort()).toEqual(['refused', 'withdrawn']);
    expect(await countOf('ledger_events', `kind LIKE 'extension.%' AND body LIKE $id`, { id: `%${id}%` })).toBe(4);
    await expect(inTransaction((tx) => execute(tx, `UPDATE extensions SET decided_by = asked_by WHERE id = $id`, { id: second?.id ?? '' }))).rejects.toThrow();
  });
});
