import fc from 'fast-check';
import { afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { z } from 'zod';
import {
  applies, appliesSql, applyVersion, assignFor, carryBackMove, carryOutMove, changeCalendar, countExceptions, decideException, decideMove, discardDraft, draftVersion, editDraft, findWritten,
  historyOfProgramme, listExceptions, listProgrammes, movesTo, openVersion, previewMove, previewPeople, previewReach, publishVersion, recordCompletion, reverseMove, sweep,
  sweepExceptions, versionsOf, withdrawVersion, type AppliesTo,
} from '~/certification';
import { execute, inTransaction, reader, rows } from '~/db';
import type { Actor } from '~/identity';
import { useOwnDays } from '~/kernel/calendar';
import { clock, resetClock } from '~/kernel/clock';
import { useConfig } from '~/kernel/config';
import { newId } from '~/kernel/id';
import { must, ok } from '~/kernel/result';
import { adoptRootOrganisation, appoint, createPerson, type Organisation } from '~/people';
import { anActor, anOrganisation } from '../support/actors';
import { aCity, completeCourse, countOf, itIs, somebody, type City } from '../support/certification';
import { testConfig } from '../support/config';
import { onEveryDatabase } from '../support/databases';
import { anIntake } from '../support/intakes';
import { aDraft, change, courseOf, examOf, nextVersion, publish } from '../support/programmes';

const Assigned = z.object({ id: z.string(), programme_version_id: z.string(), due_on: z.string(), ended_at: z.number().nullable(), cycle: z.number(), follows: z.string().nullable() });
const assigned = (appointmentId: string, versionId: string) => rows(reader(), Assigned, `SELECT id, programme_version_id, due_on, ended_at, cycle, follows
  FROM assignments WHERE appointment_id = $appointmentId AND programme_version_id = $versionId ORDER BY cycle`, { appointmentId, versionId });
const live = async (appointmentId: string, versionId: string) => (await assigned(appointmentId, versionId)).filter(({ ended_at }) => ended_at === null);
const statusOf = async (assignmentId: string) => (await rows(reader(), z.object({ status: z.string() }), 'SELECT status FROM clearances WHERE assignment_id = $assignmentId', { assignmentId }))[0]?.status;
const reachOf = async (id: string) => { const version = await findWritten(reader(), id); return version && previewReach(reader(), version); };

onEveryDatabase('programmes', () => {
  let city: City;
  let actor: Actor;
  let hr: Actor;
  let rootPath: string;
  beforeAll(async () => {
    useConfig(testConfig());
    itIs('2026-05-04');
    city = await aCity();
    await inTransaction(async (tx) => {
      await execute(tx, `INSERT INTO item_banks (id, slug, title, origin, created_at) VALUES ('bank', 'bank', '题库', 'own', 0)`);
      await execute(tx, `UPDATE exams SET bank_id = 'bank'`);
      // The one that applies to every recruit would stand in the lists of these.
      await execute(tx, `UPDATE programme_versions SET state = 'withdrawn'`);
    });
    rootPath = (await adoptRootOrganisation()).path;
    actor = anActor({ administrator: [rootPath] });
    hr = anActor({ hr: [rootPath] });
  });
  beforeEach(() => itIs('2026-05-04'));
  afterEach(resetClock);

  /** A rule that touches nobody but these tests' own: people of one new unit. */
  const own = async (): Promise<{ unit: Organisation; rule: AppliesTo; join: (startOfDuty?: string) => Promise<{ personId: string; appointmentId: string }> }> => {
    const unit = await anOrganisation({});
    const rule: AppliesTo = { kind: 'all', of: [{ kind: 'appointment', kinds: ['recruit'] }, { kind: 'organisation', ids: [unit.id] }] };
    return { unit, rule, join: (startOfDuty = '2026-07-01') => somebody({ ...city, bureau: unit }, { startOfDuty }) };
  };

  it('go from draft over preview and publishing to being assigned, once however often the job runs', async () => {
    const { rule, join } = await own();
    const [first, second, late] = [await join(), await join(), await join('2026-05-05')];
    const id = await aDraft(actor, city, { appliesTo: rule });
    expect(await reachOf(id)).toEqual({ total: 3, fresh: 3, former: 0, exceptions: 1 });
    const version = must(await openVersion(actor, id)).version;
    expect(await previewPeople(reader(), version, 1)).toEqual(expect.arrayContaining([expect.objectContaining({ personId: late.personId, exception: true, fresh: true, held: null })]));
    await publish(actor, id);
    await applyVersion(id);
    for (const { appointmentId } of [first, second, late]) expect(await live(appointmentId, id)).toHaveLength(1);
    expect((await live(first.appointmentId, id))[0]?.due_on).toBe('2026-06-26');
    expect(await countOf('enrolments', 'person_id = $personId', { personId: first.personId })).toBe(1);
    expect(await reachOf(id)).toEqual({ total: 3, fresh: 0, former: 3, exceptions: 0 });
    const fourth = await join();
    await assignFor(fourth.appointmentId);
    expect(await live(fourth.appointmentId, id)).toHaveLength(1);
    expect((await listProgrammes(reader(), { today: '2026-05-04' })).find(({ slug }) => slug === version.slug)).toMatchObject({ assigned: 4, cleared: 0, in_force: 1 });
    const history = await historyOfProgramme(reader(), version.programmeId);
    expect(history.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['programme.created', 'programme.published']));
    // Who drafted it and who published it, also where that is one person.
    expect(history.find(({ kind }) => kind === 'programme.published')).toMatchObject({ by: actor.by, body: { draftedBy: version.createdBy, draftedAt: version.createdAt } });
  });

  it('are not published when the numbers that were shown are no longer right, or something is wrong', async () => {
    const { rule, join } = await own();
    await join();
    const id = await aDraft(actor, city, { appliesTo: rule });
    const seen = (await reachOf(id)) ?? { total: 0, fresh: 0, former: 0, exceptions: 0 };
    const { version } = must(await openVersion(actor, id)).version;
    await join();
    const attempt = (given: object) => publishVersion(actor, id, { version, effectiveOn: '2026-05-04', seen, ...given });
    expect(await attempt({})).toMatchObject({ error: { code: 'programme.numbers-changed' } });
    expect(await attempt({ effectiveOn: '2026-05-03' })).toMatchObject({ error: { code: 'programme.effective-past' } });
    await change(actor, id, { requirements: [], tree: { kind: 'all', of: [] } });
    expect(await attempt({})).toMatchObject({ error: { code: 'programme.faulty' } });
    expect(must(await openVersion(actor, id)).faults.map(({ code }) => code)).toEqual(['programme.no-requirements']);
  });

  it('are written by one at a time, as a draft only, and a discarded draft leaves nothing but a note', async () => {
    const { rule } = await own();
    const id = await aDraft(actor, city, { appliesTo: rule });
    const before = must(await openVersion(actor, id)).version;
    expect(await editDraft(actor, id, before.version - 1, () => ok({ note: '旧' }))).toMatchObject({ error: { code: 'conflict.changed' } });
    await publish(actor, id);
    expect(await editDraft(actor, id, before.version + 1, () => ok({ note: '晚' }))).toMatchObject({ error: { code: 'programme.not-draft' } });
    const next = must(await draftVersion(actor, before.programmeId));
    expect(await draftVersion(actor, before.programmeId)).toMatchObject({ error: { code: 'programme.has-draft' } });
    expect((await findWritten(reader(), next))?.requirements).toEqual([courseOf(city)]);
    must(await discardDraft(actor, next, 1));
    expect((await versionsOf(reader(), before.programmeId)).map(({ id: one }) => one)).toEqual([id]);
  });

  it('leave people with the version that they were assigned when a newer one comes, also one that asks others', async () => {
    const { rule, join } = await own();
    const { appointmentId } = await join();
    const first = await aDraft(actor, city, { appliesTo: rule });
    await publish(actor, first);
    const second = await nextVersion(actor, first, { requirements: [examOf(city)], tree: { kind: 'all' }, appliesTo: { kind: 'all', of: [rule, { kind: 'post', posts: ['无此岗位'] }] } });
    await publish(actor, second);
    await assignFor(appointmentId);
    await sweep(clock.now());
    expect(await live(appointmentId, first)).toHaveLength(1);
    expect(await assigned(appointmentId, second)).toEqual([]);
  });

  it('take effect on their date by the sweep, and stop being assigned when withdrawn', async () => {
    const { rule, join } = await own();
    const { appointmentId } = await join();
    const id = await aDraft(actor, city, { appliesTo: rule });
    await publish(actor, id, { on: '2026-05-11' });
    expect(await assigned(appointmentId, id)).toEqual([]);
    expect(await countOf('outbox', `name = 'certification.publish' AND payload LIKE $id`, { id: `%${id}%` })).toBe(0);
    itIs('2026-05-11');
    await sweep(clock.now());
    await sweep(clock.now());
    expect(await countOf('outbox', `name = 'certification.publish' AND payload LIKE $id`, { id: `%${id}%` })).toBe(1);
    await applyVersion(id);
    expect(await live(appointmentId, id)).toHaveLength(1);
    must(await withdrawVersion(actor, id, (await findWritten(reader(), id))?.version ?? 0, '另有新规'));
    const later = await join();
    await assignFor(later.appointmentId);
    await assignFor(appointmentId);
    expect(await assigned(later.appointmentId, id)).toEqual([]);
    expect(await live(appointmentId, id)).toHaveLength(1);
  });

  it('are assigned to the others when one cannot be, and to that one when the job runs again', async () => {
    const { rule, join } = await own();
    const people = [];
    for (let i = 0; i < 23; i += 1) people.push(await join());
    const id = await aDraft(actor, city, { appliesTo: rule });
    const victim = people[5] ?? { personId: '', appointmentId: '' };
    await publish(actor, id, { run: false });
    await inTransaction((tx) => execute(tx, `UPDATE appointments SET start_of_duty = 'broken' WHERE id = $id`, { id: victim.appointmentId }));
    await expect(applyVersion(id)).rejects.toThrow('1 appointments');
    expect(await countOf('assignments', 'programme_version_id = $id', { id })).toBe(22);
    expect((await findWritten(reader(), id))?.appliedAt).toBeNull();
    await inTransaction((tx) => execute(tx, `UPDATE appointments SET start_of_duty = '2026-07-01' WHERE id = $id`, { id: victim.appointmentId }));
    await applyVersion(id);
    expect(await countOf('assignments', 'programme_version_id = $id', { id })).toBe(23);
    expect((await findWritten(reader(), id))?.appliedAt).toBe(clock.now());
  });

  it('move people to a version by a decision: nobody loses a permission, and it can be taken back', async () => {
    const { rule, join } = await own();
    const [cleared, open, free] = [await join(), await join(), await join()];
    const first = await aDraft(actor, city, { appliesTo: rule });
    await publish(actor, first);
    await recordCompletion(await completeCourse(cleared.personId, city.course));
    const second = await nextVersion(actor, first, { requirements: [courseOf(city), examOf(city)], tree: { kind: 'all' } });
    await publish(actor, second);
    const version = must(await openVersion(actor, second)).version;
    const { reach, people } = await previewMove(reader(), version, first, 'all');
    expect(reach).toEqual({ total: 3, keeps: 1, done: 0 });
    expect(people.find(({ personId }) => personId === cleared.personId)).toMatchObject({ keeps: { until: null }, open: ['exam'] });
    expect(people.find(({ personId }) => personId === open.personId)).toMatchObject({ keeps: null, open: ['course', 'exam'] });
    const decide = (given: object = {}) => decideMove(actor, second, { fromVersionId: first, who: 'all', dueOn: null, reason: '按新办法执行', seen: reach, ...given });
    expect(await decide({ seen: { ...reach, total: 2 } })).toMatchObject({ error: { code: 'programme.numbers-changed' } });
    const moveId = must(await decide());
    await carryOutMove(moveId);
    await carryOutMove(moveId);
    const [old] = await live(cleared.appointmentId, first);
    expect(await statusOf(old?.id ?? '')).toBe('cleared');
    expect(await live(cleared.appointmentId, second)).toMatchObject([{ cycle: 2, follows: old?.id }]);
    expect(await live(open.appointmentId, first)).toEqual([]);
    expect(await live(open.appointmentId, second)).toHaveLength(1);
    // Neither a change of personnel nor the sweep undoes it.
    await assignFor(open.appointmentId);
    await sweep(clock.now());
    expect(await live(open.appointmentId, first)).toEqual([]);

    const [move] = await movesTo(reader(), second);
    expect(move).toMatchObject({ state: 'done', moved: 3, waiting: 0 });
    must(await reverseMove(actor, moveId, move?.version ?? 0, '时机未到'));
    await carryBackMove(moveId);
    for (const { appointmentId } of [cleared, open, free]) {
      expect(await live(appointmentId, first)).toHaveLength(1);
      expect(await live(appointmentId, second)).toEqual([]);
    }
    expect(await statusOf((await live(cleared.appointmentId, first))[0]?.id ?? '')).toBe('cleared');
    expect(await countOf('ledger_events', `kind IN ('programme.move-decided', 'programme.move-reversed') AND subject_id = $second`, { second })).toBe(2);
    // And decided once more.
    await carryOutMove(must(await decide({ dueOn: '2026-06-30' })));
    expect(await live(open.appointmentId, first)).toEqual([]);
    for (const { appointmentId } of [cleared, open]) expect(await live(appointmentId, second)).toMatchObject([{ due_on: '2026-06-30' }]);
  });

  it('put what cannot be fulfilled on a list, where somebody decides', async () => {
    const { unit, rule, join } = await own();
    const [accepted, moved, ended] = [await join('2026-05-05'), await join('2026-05-05'), await join('2026-05-05')];
    const id = await aDraft(actor, city, { appliesTo: rule });
    await publish(actor, id);
    const filter = { paths: [unit.path] };
    expect(await countExceptions(reader(), { ...filter, state: 'open' })).toBe(3);
    expect((await live(accepted.appointmentId, id))[0]?.due_on).toBe('2026-04-28');
    const list = await listExceptions(reader(), filter, { limit: 10, offset: 0 });
    const of = ({ personId }: { personId: string }) => list.find((one) => one.person_id === personId)?.id ?? '';
    const decide = (who: { personId: string }, given: object) => decideException(hr, of(who), { version: 1, decision: 'accept', reason: '情况已知', ...given });
    expect(await decide(moved, { decision: 'new-due' })).toMatchObject({ error: { code: 'exception.due-missing', field: 'newDue' } });
    expect(await decide(moved, { decision: 'new-due', newDue: '2026-05-03' })).toMatchObject({ error: { code: 'exception.due-past' } });
    expect(await decide(moved, { decision: 'new-due', newDue: '2026-05-06' })).toMatchObject({ error: { code: 'exception.due-after-gate' } });
    must(await decide(moved, { decision: 'new-due', newDue: '2026-05-05' }));
    must(await decide(accepted, {}));
    must(await decide(ended, { decision: 'end', reason: '另有安排' }));
    expect(await decide(ended, {})).toMatchObject({ error: { code: 'exception.decided' } });
    await expect(decideException(anActor({ hr: ['/elsewhere/'] }), of(accepted), { version: 1, decision: 'accept', reason: '越权' })).rejects.toThrow('access.denied');
    expect((await live(moved.appointmentId, id))[0]?.due_on).toBe('2026-05-05');
    // What was decided holds: nothing assigns it again, nothing asks again.
    for (const { appointmentId } of [accepted, moved, ended]) await assignFor(appointmentId);
    await applyVersion(id);
    await sweep(clock.now());
    expect(await live(ended.appointmentId, id)).toEqual([]);
    expect(await countExceptions(reader(), { ...filter, state: 'open' })).toBe(0);
    expect(await countExceptions(reader(), { ...filter, state: 'decided' })).toBe(3);
    expect(await reachOf(id)).toMatchObject({ fresh: 0 });
  });

  it('find later that no sitting is left, and that the cause has gone', async () => {
    const { unit, rule, join } = await own();
    await join();
    const id = await aDraft(actor, city, { appliesTo: rule, requirements: [examOf(city)], tree: { kind: 'all' } });
    await publish(actor, id);
    const filter = { paths: [unit.path], state: 'open' } as const;
    expect(await countExceptions(reader(), filter)).toBe(0);
    await inTransaction((tx) => execute(tx, `UPDATE exams SET delivery = 'sittings' WHERE id = $id`, { id: city.exam.id }));
    await sweepExceptions(clock.now());
    await sweepExceptions(clock.now());
    expect((await listExceptions(reader(), filter, { limit: 5, offset: 0 })).map(({ kind, detail }) => [kind, detail.reasons])).toEqual([['no-sitting-left', [{ code: 'no-sitting', requirement: 'exam' }]]]);
    await inTransaction((tx) => execute(tx, `UPDATE exams SET delivery = 'open' WHERE id = $id`, { id: city.exam.id }));
    await sweepExceptions(clock.now());
    expect(await countExceptions(reader(), filter)).toBe(0);
    expect(await countExceptions(reader(), { ...filter, state: 'gone' })).toBe(1);
  });

  it('are due by days that an administrator has set', async () => {
    const { rule, join } = await own();
    const day = { from: '2031-03-04', until: '2031-03-04', note: '放假通知' };
    must(await changeCalendar(actor, { ...day, working: false }, 0));
    const { appointmentId } = await join('2031-03-05');
    const id = await aDraft(actor, city, { appliesTo: rule, due: { kind: 'before-start', workingDays: 1 } });
    await publish(actor, id);
    expect((await live(appointmentId, id))[0]?.due_on).toBe('2031-03-03');
    must(await changeCalendar(actor, { ...day, working: null }, 1));
    expect(await changeCalendar(actor, { ...day, until: '2031-03-03', working: false }, 0)).toMatchObject({ error: { code: 'calendar.order' } });
    useOwnDays(new Map());
  });

  it('apply to the same appointments by the rule and by its SQL', async () => {
    const units = [await anOrganisation({}), await anOrganisation({})];
    const beneath = await anOrganisation({ parent: units[0] as Organisation });
    const intake = await anIntake(units[1] as Organisation);
    const posts = ['科员', '综合科科员', '局长 a_b', '局长 A%B', "O'Brien"];
    await inTransaction(async (tx) => {
      for (let i = 0; i < 40; i += 1) {
        const personId = must(await createPerson(tx, { by: 'system:a test' }, { name: `甲${i}` }));
        await appoint(tx, { by: 'system:a test' }, {
          personId, organisationId: [...units, beneath][i % 3]?.id ?? '', kind: (['recruit', 'staff', 'leader'] as const)[i % 3] ?? 'recruit', post: posts[i % 5] ?? '',
          rank: i % 4 === 0 ? null : `${i % 4} 级`, nature: (['main', 'concurrent', 'secondment'] as const)[(i >> 1) % 3] ?? 'main', startOfDuty: `2026-0${1 + (i % 7)}-01`, intakeId: null,
        });
      }
    });
    const Row = z.object({ id: z.string(), kind: z.enum(['recruit', 'staff', 'leader']), nature: z.enum(['main', 'concurrent', 'secondment']), post: z.string(), rank: z.string().nullable(), path: z.string(), intake_id: z.string().nullable(), start_of_duty: z.string() });
    const all = await rows(reader(), Row, `SELECT ap.id, ap.kind, ap.nature, ap.post, ap.rank, o.path, ap.intake_id, ap.start_of_duty FROM appointments ap JOIN organisations o ON o.id = ap.organisation_id`);
    const some = <T>(...values: T[]) => fc.uniqueArray(fc.constantFrom(...values), { minLength: 1, maxLength: 3 });
    const condition: fc.Arbitrary<AppliesTo> = fc.oneof(
      some('recruit' as const, 'staff' as const, 'leader' as const).map((kinds) => ({ kind: 'appointment' as const, kinds })),
      some('main' as const, 'concurrent' as const, 'secondment' as const).map((natures) => ({ kind: 'nature' as const, natures })),
      some('1 级', '2 级', '3 级', '9 级').map((ranks) => ({ kind: 'rank' as const, ranks })), some(...posts).map((list) => ({ kind: 'post' as const, posts: list })),
      some('科员', 'a_b', 'A%B', "'", '%', '_').map((words) => ({ kind: 'post-contains' as const, words })),
      some(...units.map(({ id }) => id), beneath.id, newId()).map((ids) => ({ kind: 'organisation' as const, ids })), some(intake.intakeId, newId()).map((ids) => ({ kind: 'intake' as const, ids })),
      fc.constantFrom('2026-02-01', '2026-05-01').map((from) => ({ kind: 'start-of-duty' as const, from })), fc.constant({ kind: 'start-of-duty' as const, from: '2026-02-01', until: '2026-04-01' }),
    );
    const rule = fc.letrec<{ rule: AppliesTo }>((tie) => ({
      rule: fc.oneof({ maxDepth: 3 }, condition, fc.record({ kind: fc.constantFrom('all' as const, 'any' as const), of: fc.array(tie('rule'), { maxLength: 3 }) }), tie('rule').map((of) => ({ kind: 'not' as const, of }))),
    })).rule;
    await fc.assert(fc.asyncProperty(rule, async (one) => {
      const { sql, params } = appliesSql(one);
      const found = await rows(reader(), z.object({ id: z.string() }), `SELECT ap.id FROM appointments ap JOIN organisations o ON o.id = ap.organisation_id WHERE ${sql}`, params);
      const expected = all.filter((row) => applies(one, { ...row, organisationPath: row.path, intakeId: row.intake_id, startOfDuty: row.start_of_duty }));
      expect(found.map(({ id }) => id).sort()).toEqual(expected.map(({ id }) => id).sort());
    }), { numRuns: 60 });
  });
});
