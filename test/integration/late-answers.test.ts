import { afterEach, beforeEach, expect, it } from 'vitest';
import { z } from 'zod';
import { execute, inTransaction, maybeOne, one, reader, rows } from '~/db';
import { checkReceipt, closeIfDue, decideLate, findAttempt, findExam, findReceipt, handIn, lateEvidence, lateOutcome, lateToDecide, saveResponses, type Change } from '~/exams';
import type { Actor } from '~/identity';
import { advanceClock, clock, minutes, resetClock, seconds, setClock } from '~/kernel/clock';
import { useConfig } from '~/kernel/config';
import { must } from '~/kernel/result';
import { gradeAttempt, regradeAttempt, regradePreview, resultOf } from '~/marking';
import { adoptRootOrganisation } from '~/people';
import { anActor } from '../support/actors';
import { testConfig } from '../support/config';
import { onEveryDatabase } from '../support/databases';
import { aCandidate, anExam, aStartedAttempt, DEVICE, rightResponse, type ExamGiven, type StartedAttempt } from '../support/exams';

const T0 = Date.parse('2026-07-01T01:00:00Z');

const save = (started: StartedAttempt, changes: Change[], given: { device?: string; byForm?: boolean } = {}) =>
  saveResponses({ attemptId: started.attemptId, tokenHash: started.candidate.tokenHash, device: DEVICE, receivedAt: clock.now(), changes, ...given });
const right = (started: StartedAttempt, i: number, seq: number, changedAt?: number): Change => {
  const item = started.items[i];
  if (!item) throw new Error(`no item ${i}`);
  return { item: item.item, seq, response: rightResponse(item.type), changedAt };
};
const wrong = (started: StartedAttempt, i: number, seq: number): Change => ({ ...right(started, i, seq), response: null });
const stored = (started: StartedAttempt) => rows(reader(), z.object({ item: z.string(), seq: z.number() }), 'SELECT item, seq FROM responses WHERE attempt_id = $id ORDER BY item', { id: started.attemptId });
const logged = (started: StartedAttempt) => rows(reader(), z.object({ seq: z.number(), outcome: z.string(), counted: z.string().nullable(), changed_at: z.number().nullable() }),
  'SELECT seq, outcome, counted, changed_at FROM response_log WHERE attempt_id = $id ORDER BY received_at, id', { id: started.attemptId });
const jobs = async (name: string, attemptId: string) => (await one(reader(), z.object({ n: z.number() }),
  `SELECT COUNT(*) AS n FROM outbox WHERE name = $name AND payload LIKE '%' || $attemptId || '%'`, { name, attemptId })).n;
const events = async (attemptId: string) => (await rows(reader(), z.object({ kind: z.string(), body: z.string() }),
  'SELECT kind, body FROM ledger_events WHERE subject_id = $attemptId ORDER BY recorded_at, id', { attemptId }));

/** An attempt of six items with `good` right ones, closed by the deadline; then what comes is late. */
async function aClosed(good: number, given: ExamGiven = {}): Promise<StartedAttempt> {
  const started = await aStartedAttempt({ items: 6, minutes: 30, toleranceSeconds: 60, candidate: await aCandidate(), ...given });
  await save(started, Array.from({ length: good }, (_, i) => right(started, i, 1)));
  setClock(started.deadlineAt + seconds(63));
  await closeIfDue(started.attemptId);
  return started;
}

onEveryDatabase('answers that come late', () => {
  let adjudicator: Actor;
  beforeEach(async () => {
    useConfig(testConfig());
    setClock(T0);
    adjudicator = anActor({ adjudicator: [(await adoptRootOrganisation()).path] }, 'somebody-else');
  });
  afterEach(() => resetClock());
  const evidence = async (started: StartedAttempt) => must(await lateEvidence(adjudicator, started.attemptId));
  const idsOf = async (started: StartedAttempt) => (await evidence(started)).items.flatMap(({ changes }) => changes.map(({ id }) => id));

  it('count by rule within the tolerance when they were changed before the deadline, and the rest is kept', async () => {
    const started = await aStartedAttempt({ minutes: 10, toleranceSeconds: 60 });
    await save(started, [right(started, 0, 1)]);
    setClock(started.deadlineAt + seconds(30));
    const reply = await save(started, [right(started, 0, 1), right(started, 1, 4, started.deadlineAt), right(started, 2, 2, started.deadlineAt + 1), right(started, 3, 2)]);
    expect(reply).toMatchObject({ outcome: 'late-within-tolerance', counted: [{ seq: 1 }, { seq: 4 }], kept: [{ seq: 2 }, { seq: 2 }] });
    expect(await stored(started)).toHaveLength(2);
    const log = await logged(started);
    expect(log).toHaveLength(4);
    expect(log).toEqual(expect.arrayContaining([
      { seq: 1, outcome: 'accepted', counted: null, changed_at: null },
      { seq: 2, outcome: 'late-within-tolerance', counted: null, changed_at: started.deadlineAt + 1 },
      { seq: 2, outcome: 'late-within-tolerance', counted: null, changed_at: null },
      { seq: 4, outcome: 'late-within-tolerance', counted: 'by-rule', changed_at: started.deadlineAt },
    ]));
    // Sent once more because the reply got lost: it counts already, and nothing is noted twice.
    expect(await save(started, [right(started, 1, 4, started.deadlineAt)])).toMatchObject({ counted: [{ seq: 4 }], kept: [] });
    expect(await logged(started)).toHaveLength(4);
  });

  it('count by rule when a form posts them within the tolerance', async () => {
    const started = await aStartedAttempt({ minutes: 10, toleranceSeconds: 60 });
    setClock(started.deadlineAt + seconds(60));
    expect(await save(started, [right(started, 0, 1)], { byForm: true })).toMatchObject({ outcome: 'late-within-tolerance', counted: [{ seq: 1 }], kept: [] });
    advanceClock(1);
    expect(await save(started, [right(started, 1, 1)], { byForm: true })).toMatchObject({ outcome: 'late', counted: [], kept: [{ seq: 1 }] });
  });

  it('find the attempt open until the tolerance is over, unless the candidate hands in', async () => {
    const [waiting, quick] = [await aStartedAttempt({ minutes: 10, toleranceSeconds: 60 }), await aStartedAttempt({ minutes: 10, toleranceSeconds: 60, candidate: await aCandidate() })];
    setClock(waiting.deadlineAt + seconds(61));
    await closeIfDue(waiting.attemptId);
    expect(await findAttempt(reader(), waiting.attemptId)).toMatchObject({ state: 'in-progress' });
    const receipt = must(await handIn(quick.candidate.actor, quick.attemptId, DEVICE));
    expect(receipt.handedInAt).toBe(quick.deadlineAt);
    advanceClock(seconds(1));
    await closeIfDue(waiting.attemptId);
    expect(await findAttempt(reader(), waiting.attemptId)).toMatchObject({ state: 'handed-in', handedInAt: waiting.deadlineAt, handInCause: 'deadline' });
    expect(await save(quick, [right(quick, 0, 1, quick.deadlineAt - 1)])).toMatchObject({ outcome: 'late', counted: [], kept: [{ seq: 1 }] });
  });

  it('wait for adjudicators over the candidate, never for the candidate', async () => {
    const started = await aClosed(2);
    await save(started, [right(started, 3, 2, started.deadlineAt - 5000)]);
    const mine = { ...adjudicator, personId: started.candidate.personId };
    expect((await lateToDecide(adjudicator, { search: '' })).map((one) => one.attemptId)).toContain(started.attemptId);
    expect((await lateToDecide(mine, { search: '' })).map((one) => one.attemptId)).not.toContain(started.attemptId);
    expect(await lateEvidence(mine, started.attemptId)).toMatchObject({ ok: false, error: { code: 'not-found' } });
    expect(await decideLate(mine, started.attemptId, { accept: ['x'], refuse: [], reason: '…' })).toMatchObject({ ok: false, error: { code: 'not-found' } });
    const elsewhere = anActor({ adjudicator: ['/elsewhere/there/'] }, 'x');
    expect(await lateToDecide(elsewhere, { search: '' })).toEqual([]);
    expect(await lateEvidence(elsewhere, started.attemptId)).toMatchObject({ ok: false });
  });

  it('are shown with what counts, when they came, when they were changed and why they are late; a repeat once', async () => {
    const started = await aClosed(2);
    await save(started, [right(started, 3, 2, started.deadlineAt - 5000), wrong(started, 0, 1)]);
    await save(started, [right(started, 3, 2, started.deadlineAt - 5000)]);
    const { items } = await evidence(started);
    expect(items).toHaveLength(2);
    expect(items.find(({ item }) => item.item === started.items[3]?.item)).toMatchObject({
      counts: { seq: 0, text: 'null' }, changes: [{ seq: 2, kind: 'late', receivedAt: clock.now(), changedAt: started.deadlineAt - 5000, counted: null, newer: true }],
    });
    // An older number than what counts: accepting it would change nothing.
    expect(items.find(({ item }) => item.item === started.items[0]?.item)).toMatchObject({ counts: { seq: 1 }, changes: [{ newer: false }] });
  });

  it('once accepted replace the response and the receipt, and the old receipt says so and still checks', async () => {
    const started = await aClosed(2);
    const old = await findReceipt(reader(), started.attemptId);
    await save(started, [right(started, 3, 2), right(started, 3, 5), right(started, 4, 1)]);
    const { items } = await evidence(started);
    const three = items.find(({ item }) => item.item === started.items[3]?.item)?.changes.map(({ id }) => id) ?? [];
    const four = items.find(({ item }) => item.item === started.items[4]?.item)?.changes.map(({ id }) => id) ?? [];
    advanceClock(minutes(5));
    const { receipt, replaced } = must(await decideLate(adjudicator, started.attemptId, { accept: three, refuse: four, reason: '断电证明属实' }));
    expect(replaced).toBe(true);
    expect(receipt).toMatchObject({ answered: 3, handedInAt: started.deadlineAt });
    expect(receipt.number).not.toBe(old?.number);
    expect((await stored(started)).find(({ item }) => item === started.items[3]?.item)).toMatchObject({ seq: 5 });
    expect(await checkReceipt(receipt.number, receipt.hash)).toMatchObject({ kind: 'known', intact: true });
    expect(await checkReceipt(old?.number ?? '', old?.hash ?? '')).toMatchObject({ kind: 'replaced', intact: true, because: 'late-accepted', by: receipt.number, replacedAt: clock.now() });
    expect(await checkReceipt(old?.number ?? '', '0000-0000-0000-0000')).toEqual({ kind: 'other-hash' });
    expect((await logged(started)).filter(({ counted }) => counted !== null).map(({ seq, counted }) => [seq, counted]).sort()).toEqual([[1, 'refused'], [2, 'accepted'], [5, 'accepted']]);
    expect((await events(started.attemptId)).map(({ kind }) => kind)).toContain('attempt.late-decided');
    expect((await lateToDecide(adjudicator, { search: '' })).map((one) => one.attemptId)).not.toContain(started.attemptId);
  });

  it('are decided on once, also by two adjudicators at the same moment', async () => {
    const started = await aClosed(1);
    await save(started, [right(started, 3, 2)]);
    const ids = await idsOf(started);
    const decided = await Promise.all([1, 2, 3].map((n) => decideLate(adjudicator, started.attemptId, n === 2 ? { accept: [], refuse: ids, reason: '不采纳' } : { accept: ids, refuse: [], reason: '采纳' })));
    expect(decided.filter((one) => one.ok)).toHaveLength(1);
    expect(decided.filter((one) => !one.ok)).toEqual(Array(2).fill({ ok: false, error: { code: 'conflict.changed' } }));
    expect((await events(started.attemptId)).filter(({ kind }) => kind === 'attempt.late-decided')).toHaveLength(1);
  });

  it('refused change nothing, and no job runs for them', async () => {
    const started = await aClosed(2);
    const before = await findReceipt(reader(), started.attemptId);
    await save(started, [right(started, 3, 2)]);
    must(await decideLate(adjudicator, started.attemptId, { accept: [], refuse: await idsOf(started), reason: '没有断网' }));
    expect(await findReceipt(reader(), started.attemptId)).toEqual(before);
    expect(await jobs('exams.late-accepted', started.attemptId)).toBe(0);
    expect(await decideLate(adjudicator, started.attemptId, { accept: [], refuse: [], reason: 'x' })).toMatchObject({ error: { code: 'late.nothing-chosen' } });
  });

  it('are weighed beforehand: points and outcome, before and after', async () => {
    const started = await aClosed(3, { cutScore: 60 });
    await gradeAttempt(started.attemptId);
    await save(started, [right(started, 3, 2), wrong(started, 0, 9)]);
    const { items } = await evidence(started);
    const [worse, better] = [0, 3].map((i) => items.find(({ item }) => item.item === started.items[i]?.item)?.changes[0]?.id ?? '');
    const preview = async (...ids: string[]) => must(await regradePreview(adjudicator, started.attemptId, must(await lateOutcome(adjudicator, started.attemptId, ids)).after));
    expect(await preview(better ?? '')).toMatchObject({ before: { points: 6, passed: false }, after: { points: 8, passed: true }, released: true, cutScore: 60 });
    expect(await preview(worse ?? '')).toMatchObject({ after: { points: 4, passed: false } });
    expect(await preview(better ?? '', worse ?? '')).toMatchObject({ after: { points: 6, passed: false } });
    expect(await resultOf(reader(), started.attemptId)).toMatchObject({ points: 6 });
  });

  it('once accepted are graded again exactly once, and the ledger keeps before and after', async () => {
    const started = await aClosed(3, { cutScore: 60 });
    await gradeAttempt(started.attemptId);
    expect(await resultOf(reader(), started.attemptId)).toMatchObject({ points: 6, passed: false });
    await save(started, [right(started, 3, 2)]);
    must(await decideLate(adjudicator, started.attemptId, { accept: await idsOf(started), refuse: [], reason: '采纳' }));
    await Promise.all(Array.from({ length: 8 }, () => regradeAttempt(started.attemptId)));
    await regradeAttempt(started.attemptId);
    expect(await resultOf(reader(), started.attemptId)).toMatchObject({ points: 8, passed: true });
    const regraded = (await events(started.attemptId)).filter(({ kind }) => kind === 'attempt.regraded');
    expect(regraded.map(({ body }) => JSON.parse(body) as unknown)).toMatchObject([{ before: { points: 6, passed: false }, after: { points: 8, passed: true }, released: true }]);
    // Once for the first release, once for the change.
    expect(await jobs('marking.released', started.attemptId)).toBe(2);
    expect(await one(reader(), z.object({ n: z.number() }), 'SELECT COUNT(*) AS n FROM marks WHERE attempt_id = $id', { id: started.attemptId })).toEqual({ n: 6 });
  });

  it('never get lost between acceptance and a grading that runs at the same moment', async () => {
    for (let round = 0; round < 6; round += 1) {
      const started = await aClosed(2);
      await save(started, [right(started, 4, 2)]);
      const ids = await idsOf(started);
      await Promise.all([
        gradeAttempt(started.attemptId),
        decideLate(adjudicator, started.attemptId, { accept: ids, refuse: [], reason: '采纳' }).then(async (decided) => { must(decided); await regradeAttempt(started.attemptId); }),
        gradeAttempt(started.attemptId),
      ]);
      expect(await resultOf(reader(), started.attemptId)).toMatchObject({ points: 6 });
      expect(await findAttempt(reader(), started.attemptId)).toMatchObject({ state: 'released' });
    }
  });

  it('cannot be decided while the exam runs, or once the attempt is void', async () => {
    const started = await aStartedAttempt();
    await save(started, [right(started, 0, 1)], { device: 'device-0002' });
    expect(await decideLate(adjudicator, started.attemptId, { accept: await idsOf(started), refuse: [], reason: 'x' })).toMatchObject({ error: { code: 'attempt.not-handed-in' } });
    await inTransaction((tx) => execute(tx, `UPDATE attempts SET state = 'void' WHERE id = $id`, { id: started.attemptId }));
    expect(await decideLate(adjudicator, started.attemptId, { accept: await idsOf(started), refuse: [], reason: 'x' })).toMatchObject({ error: { code: 'attempt.void' } });
    expect(await save(started, [right(started, 1, 1)])).toMatchObject({ outcome: 'void', kept: [{ seq: 1 }] });
  });
});

onEveryDatabase('a running attempt', () => {
  beforeEach(() => {
    useConfig(testConfig());
    setClock(T0);
  });
  afterEach(() => resetClock());
  const set = (started: StartedAttempt, columns: string) => inTransaction((tx) => execute(tx, `UPDATE attempts SET ${columns} WHERE id = $id`, { id: started.attemptId }));
  const Contact = z.object({ last_contact_at: z.number(), previous_contact_at: z.number().nullable(), current_item: z.string().nullable() });
  const contactOf = (started: StartedAttempt) => one(reader(), Contact, 'SELECT last_contact_at, previous_contact_at, current_item FROM attempts WHERE id = $id', { id: started.attemptId });
  const gapsOf = (started: StartedAttempt) => rows(reader(), z.object({ from_at: z.number(), to_at: z.number() }), 'SELECT from_at, to_at FROM contact_gaps WHERE attempt_id = $id ORDER BY from_at', { id: started.attemptId });

  it('stores nothing while it is paused, but for what was on its way', async () => {
    const started = await aStartedAttempt();
    await set(started, `paused_at = ${T0}`);
    setClock(T0 + seconds(10));
    expect(await save(started, [right(started, 0, 1)])).toMatchObject({ outcome: 'saved' });
    advanceClock(1);
    expect(await save(started, [right(started, 1, 1)])).toEqual({ outcome: 'paused', now: clock.now(), deadline: started.deadlineAt, state: 'in-progress', pausedAt: T0 });
    expect(await handIn(started.candidate.actor, started.attemptId, DEVICE)).toMatchObject({ ok: false, error: { code: 'attempt.paused' } });
    setClock(started.deadlineAt + minutes(5));
    await closeIfDue(started.attemptId);
    expect(await findAttempt(reader(), started.attemptId)).toMatchObject({ state: 'in-progress' });
    await set(started, 'paused_at = NULL, deadline_at = deadline_at + 3600000');
    expect(await save(started, [right(started, 1, 1)])).toMatchObject({ outcome: 'saved' });
    expect(await stored(started)).toHaveLength(2);
  });

  it('notes which item is before the candidate, and each silence of more than 45 seconds', async () => {
    const started = await aStartedAttempt();
    const here = (item: string | undefined) => saveResponses({ attemptId: started.attemptId, tokenHash: started.candidate.tokenHash, device: DEVICE, receivedAt: clock.now(), changes: [], ...(item && { here: item }) });
    setClock(T0 + seconds(45));
    await here(started.items[2]?.item);
    expect(await contactOf(started)).toEqual({ last_contact_at: T0 + 45_000, previous_contact_at: T0, current_item: started.items[2]?.item });
    expect(await gapsOf(started)).toEqual([]);
    setClock(T0 + minutes(10));
    await Promise.all([here('no-item-of-this-paper'), here(undefined)]);
    expect(await contactOf(started)).toMatchObject({ previous_contact_at: T0 + 45_000, current_item: started.items[2]?.item });
    expect(await gapsOf(started)).toEqual([{ from_at: T0 + 45_000, to_at: T0 + 600_000 }]);
    await save(started, [right(started, 0, 1)], { device: 'device-0002' });
    expect(await gapsOf(started)).toHaveLength(1);
  });

  it('takes answers to a section until it closes, within the tolerance what was changed before, and keeps the rest as evidence', async () => {
    const exam = await anExam({ items: 6, minutes: 60, toleranceSeconds: 60 });
    const sections = [{ title: { zh: '一', en: 'One' }, lines: 3, minutes: 10, oneWay: true }, { title: { zh: '二', en: 'Two' }, lines: 3, minutes: null, oneWay: false }];
    await inTransaction((tx) => execute(tx, 'UPDATE exams SET sections = $sections WHERE id = $id', { id: exam.id, sections: JSON.stringify(sections) }));
    const found = must({ ok: true, value: await findExam(reader(), exam.id) });
    const started = await aStartedAttempt({ ...(found && { exam: found }) });
    const [first, second] = [0, 3];
    expect(await save(started, [right(started, first, 1), right(started, second, 1)])).toMatchObject({ outcome: 'saved', accepted: [{ seq: 1 }], refused: [{ reason: 'section-closed' }] });
    const closedAt = T0 + minutes(10);
    setClock(closedAt + seconds(60));
    // The second section began when the first one's time was up, although nobody had looked since.
    expect(await save(started, [right(started, 1, 1, closedAt), right(started, 2, 1, closedAt + 1), right(started, second, 1)])).toMatchObject({
      accepted: [{ item: started.items[1]?.item }, { item: started.items[second]?.item }], refused: [{ item: started.items[2]?.item, reason: 'section-closed' }],
    });
    advanceClock(1);
    expect(await save(started, [right(started, 1, 2, closedAt)])).toMatchObject({ accepted: [], refused: [{ seq: 2, reason: 'section-closed' }] });
    // Acknowledged once is acknowledged again.
    expect(await save(started, [right(started, 1, 1, closedAt)])).toMatchObject({ accepted: [{ seq: 1 }], refused: [] });
    expect((await logged(started)).map(({ outcome }) => outcome).sort()).toEqual(['accepted', 'accepted', 'accepted', 'late', 'late', 'late']);
  });

  it('is handed in once by twenty requests at the same moment, all with the same receipt', async () => {
    const started = await aStartedAttempt();
    await save(started, [right(started, 0, 1)]);
    const receipts = await Promise.all(Array.from({ length: 20 }, () => handIn(started.candidate.actor, started.attemptId, DEVICE)));
    expect(new Set(receipts.map((one) => must(one).number)).size).toBe(1);
    expect(await maybeOne(reader(), z.object({ n: z.number() }), `SELECT COUNT(*) AS n FROM ledger_events WHERE subject_id = $id AND kind = 'attempt.handed-in'`, { id: started.attemptId })).toEqual({ n: 1 });
    expect(await jobs('exams.handed-in', started.attemptId)).toBe(1);
  });

  it('keeps the time that was given at the very moment at which it would be closed', async () => {
    const started = await aStartedAttempt({ minutes: 10, toleranceSeconds: 0 });
    setClock(started.deadlineAt + seconds(2));
    await Promise.all([set(started, 'deadline_at = deadline_at + 600000'), closeIfDue(started.attemptId)]);
    const attempt = await findAttempt(reader(), started.attemptId);
    // Whoever was first: either it was closed with the deadline as it was, or it runs on; never both.
    if (attempt?.state === 'handed-in') expect(attempt.handedInAt).toBe(started.deadlineAt);
    else expect(attempt).toMatchObject({ state: 'in-progress', deadlineAt: started.deadlineAt + 600_000 });
  });
});
