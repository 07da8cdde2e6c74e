import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { closeDatabase, commitCount, execute, inTransaction, openDatabase, places, reader, rows, waitingJobs } from '~/db';
import { checkReceipt, findReceipt, handIn, saveResponses, sweepDue } from '~/exams';
import { SWEEP_PAGE } from '~/exams/hand-in.service';
import { clock, hours, minutes, resetClock, seconds, setClock } from '~/kernel/clock';
import { useConfig } from '~/kernel/config';
import { gradeAttempt } from '~/marking';
import { drainOutbox } from '~jobs/drain';
import { testConfig } from '../support/config';
import { onEveryDatabase, scratch } from '../support/databases';
import { aCandidate, anExam, anyResponse, aStartedAttempt, DEVICE, type StartedAttempt } from '../support/exams';
import { countOf, seatAttempts, seatPersons } from '../support/running-attempts';

const START = Date.UTC(2026, 5, 1, 1);
useConfig(testConfig());
beforeEach(() => setClock(START));
afterEach(resetClock);

const States = z.object({ state: z.string(), n: z.number() });

async function states(attempts: readonly string[]): Promise<Record<string, number>> {
  const { list, params } = places([...attempts]);
  const found = await rows(reader(), States, `SELECT state, COUNT(*) AS n FROM attempts WHERE id IN (${list}) GROUP BY state`, params);
  return Object.fromEntries(found.map(({ state, n }) => [state, n]));
}

async function damagePapers(attempts: readonly string[]): Promise<void> {
  const { list, params } = places([...attempts]);
  await inTransaction((tx) => execute(tx, `UPDATE papers SET entries = '[{"item":' WHERE id IN (SELECT paper_id FROM attempts WHERE id IN (${list}))`, params));
}

async function seated(count: number): Promise<string[]> {
  const exam = await anExam({ items: 6, minutes: 60 });
  return seatAttempts(await seatPersons(count), { exam, startedAt: START, deadlineAt: START + hours(1), deviceOf: () => DEVICE });
}

onEveryDatabase('the sweep of overdue attempts', () => {
  it('hands in each in a transaction of its own, with the deadline as its time, and has each graded once', async () => {
    const attempts = await seated(30);
    setClock(START + hours(3));
    const before = commitCount();
    await sweepDue(clock.now());
    expect(commitCount() - before).toBe(30);
    await sweepDue(clock.now());
    expect(commitCount() - before).toBe(30);
    await drainOutbox({ 'marking.released': async () => undefined });
    await Promise.all(attempts.map(gradeAttempt));
    expect(await states(attempts)).toEqual({ released: 30 });
    for (const attemptId of attempts) {
      const receipt = await findReceipt(reader(), attemptId);
      expect(receipt).toMatchObject({ handedInAt: START + hours(1), answered: 6, total: 6 });
      expect(await checkReceipt(receipt?.number ?? '', receipt?.hash ?? '')).toMatchObject({ kind: 'known', intact: true });
    }
  });

  it('is not kept by damaged papers from handing in the others, however many they are', async () => {
    const attempts = await seated(SWEEP_PAGE + 12);
    const bad = [...attempts].sort().slice(0, SWEEP_PAGE + 2);
    await damagePapers(bad);
    setClock(START + hours(3));
    await sweepDue(clock.now());
    expect(await states(attempts)).toEqual({ 'in-progress': bad.length, 'handed-in': 10 });
  });

  it.each([[SWEEP_PAGE + 2, 30], [3, 0]])('has the grading of %i that fall due together begin %i seconds later', async (count, later) => {
    await inTransaction((tx) => execute(tx, `UPDATE attempts SET next_check_at = $later WHERE state = 'in-progress'`, { later: START + hours(1000) }));
    const attempts = await seated(count);
    setClock(START + hours(3));
    await sweepDue(clock.now());
    const jobs = (await waitingJobs(reader(), 2000)).filter(({ payload }) => attempts.some((attempt) => payload.includes(attempt)));
    expect(jobs).toHaveLength(count);
    expect(new Set(jobs.map((job) => job.not_before - clock.now()))).toEqual(new Set([seconds(later)]));
  });

  it('leaves alone what was given time after it had looked', async () => {
    const [attemptId = ''] = await seated(1);
    setClock(START + hours(3));
    // The deadline moves, the next look at it not yet: as if the sweep had read the row before.
    await inTransaction((tx) => execute(tx, 'UPDATE attempts SET deadline_at = $later WHERE id = $attemptId', { attemptId, later: clock.now() - seconds(30) }));
    await sweepDue(clock.now());
    expect(await states([attemptId])).toEqual({ 'in-progress': 1 });
  });

  it('leaves alone what stands still', async () => {
    const [attemptId = ''] = await seated(1);
    setClock(START + hours(3));
    await inTransaction((tx) => execute(tx, 'UPDATE attempts SET paused_at = $at WHERE id = $attemptId', { attemptId, at: START + minutes(50) }));
    await sweepDue(clock.now());
    expect(await states([attemptId])).toEqual({ 'in-progress': 1 });
  });
});

const save = ({ attemptId, candidate, items }: StartedAttempt, seq: number) => {
  const [item] = items;
  if (!item) throw new Error('an exam without items');
  return saveResponses({
    attemptId, tokenHash: candidate.tokenHash, device: DEVICE, receivedAt: clock.now(), changes: [{ item: item.item, seq, response: anyResponse(item, seq) }],
  });
};
const graded = (attemptId: string) => countOf(`SELECT COUNT(*) AS n FROM ledger_events WHERE kind = 'attempt.graded' AND subject_id = $attemptId`, { attemptId });

onEveryDatabase('a clock that is set', () => {
  it('back by minutes during an exam loses nothing that was acknowledged and lets nothing be recorded before its predecessor', async () => {
    const started = await aStartedAttempt({ minutes: 30 });
    const { attemptId } = started;
    setClock(START + minutes(20));
    expect(await save(started, 1)).toMatchObject({ outcome: 'saved', accepted: [{ seq: 1 }] });
    setClock(START + minutes(5));
    expect(await save(started, 2)).toMatchObject({ outcome: 'saved', accepted: [{ seq: 2 }] });
    const handedIn = await handIn(started.candidate.actor, attemptId, DEVICE);
    expect(handedIn).toMatchObject({ ok: true, value: { answered: 1 } });
    await drainOutbox({ 'exams.close': async () => undefined, 'marking.released': async () => undefined });
    expect(await countOf('SELECT seq AS n FROM responses WHERE attempt_id = $attemptId', { attemptId })).toBe(2);
    const Recorded = z.object({ recorded_at: z.number() });
    const recorded = await rows(reader(), Recorded, 'SELECT recorded_at FROM ledger_events WHERE subject_id = $attemptId ORDER BY id', { attemptId });
    expect(recorded.map((row) => row.recorded_at)).toEqual(recorded.map((row) => row.recorded_at).sort((a, b) => a - b));
    expect(await graded(attemptId)).toBe(1);
  });

  it('back to before the start does not let an attempt end before it began', async () => {
    const started = await aStartedAttempt({ minutes: 30 });
    setClock(START - hours(1));
    expect(await save(started, 1)).toMatchObject({ outcome: 'saved' });
    expect(await handIn(started.candidate.actor, started.attemptId, DEVICE)).toMatchObject({ ok: true, value: { handedInAt: START } });
  });

  it('forwards over the deadline closes what is over by it, and what comes after it was set right again is kept as evidence', async () => {
    const started = await aStartedAttempt({ minutes: 30 });
    const { attemptId } = started;
    setClock(START + minutes(10));
    await save(started, 1);
    setClock(START + minutes(45));
    await sweepDue(clock.now());
    const receipt = await findReceipt(reader(), attemptId);
    expect(receipt?.handedInAt).toBe(START + minutes(30));
    setClock(START + minutes(11));
    expect(await save(started, 2)).toMatchObject({ outcome: 'handed-in', kept: [{ seq: 2 }] });
    await sweepDue(clock.now());
    await drainOutbox({ 'exams.close': async () => undefined, 'marking.released': async () => undefined });
    setClock(START + hours(2));
    await sweepDue(clock.now());
    await drainOutbox({ 'marking.released': async () => undefined });
    expect(await graded(attemptId)).toBe(1);
    expect(await checkReceipt(receipt?.number ?? '', receipt?.hash ?? '')).toMatchObject({ kind: 'known', intact: true });
  });

  it('back over a deadline that its job had waited for leaves the attempt open only until the clock reaches it again', async () => {
    const started = await aStartedAttempt({ minutes: 30, candidate: await aCandidate() });
    setClock(START + minutes(20));
    // The queue counts machine time: its message comes although the clock shows ten minutes less.
    await drainOutbox({ 'exams.close': async () => undefined });
    await sweepDue(clock.now());
    expect(await states([started.attemptId])).toEqual({ 'in-progress': 1 });
    setClock(START + minutes(32));
    await sweepDue(clock.now());
    expect(await states([started.attemptId])).toEqual({ 'handed-in': 1 });
  });
});

describe('errors of the database', () => {
  it('tell who asked, although Sequelize writes no stack down for each statement', async () => {
    const asksInVain = async () => { await rows(reader(), States, 'SELECT nothing FROM nowhere'); };
    const place = await scratch('sqlite');
    const db = await openDatabase(place.choice);
    try {
      const thrown: unknown = await asksInVain().catch((error: unknown) => error);
      expect(thrown instanceof Error && thrown.stack).toContain('asksInVain');
    } finally {
      await closeDatabase(db);
      await place.remove();
    }
  });
});
