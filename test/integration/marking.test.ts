import { afterEach, beforeEach, expect, it } from 'vitest';
import { z } from 'zod';
import { execute, inTransaction, one, reader, rows } from '~/db';
import { findAttempt, handIn, saveResponses } from '~/exams';
import { advanceClock, clock, minutes, resetClock, setClock } from '~/kernel/clock';
import { useConfig } from '~/kernel/config';
import { ProblemError } from '~/kernel/result';
import { gradeAttempt, releaseAll, releaseResult, resultOf, resultPage, resultsOf, sweep } from '~/marking';
import { anActor, aRootActor } from '../support/actors';
import { testConfig } from '../support/config';
import { onEveryDatabase } from '../support/databases';
import { aCandidate, aStartedAttempt, DEVICE, rightResponse, type ExamGiven, type StartedAttempt } from '../support/exams';

const T0 = Date.parse('2026-07-01T01:00:00Z');
const Count = z.object({ n: z.number() });
const count = async (sql: string, attemptId: string) => (await one(reader(), Count, sql, { attemptId })).n;
const events = async (attemptId: string) => (await rows(reader(), z.object({ kind: z.string() }),
  'SELECT kind FROM ledger_events WHERE subject_id = $attemptId ORDER BY recorded_at, id', { attemptId })).map((event) => event.kind);

/** An attempt handed in with `right` of its items answered rightly. */
async function aHandedIn(right: number, given: ExamGiven & Pick<Partial<StartedAttempt>, 'exam'> = {}): Promise<StartedAttempt> {
  const started = await aStartedAttempt({ items: 6, ...given, candidate: await aCandidate() });
  const changes = started.items.slice(0, right).map((item) => ({ item: item.item, seq: 1, response: rightResponse(item.type) }));
  await saveResponses({ attemptId: started.attemptId, tokenHash: started.candidate.tokenHash, device: DEVICE, receivedAt: clock.now(), changes });
  await handIn(started.candidate.actor, started.attemptId, DEVICE);
  return started;
}

onEveryDatabase('marking', () => {
  beforeEach(() => {
    useConfig(testConfig());
    setClock(T0);
  });
  afterEach(() => resetClock());

  it('grades every type of item and releases the result by itself', async () => {
    const { attemptId, candidate } = await aHandedIn(6);
    await gradeAttempt(attemptId);
    expect(await resultOf(reader(), attemptId)).toMatchObject({ points: 12, maxPoints: 12, percent: 100, passed: true, gradedAt: T0, releasedAt: T0 });
    expect(await findAttempt(reader(), attemptId)).toMatchObject({ state: 'released' });
    expect(await events(attemptId)).toEqual(['attempt.started', 'attempt.handed-in', 'attempt.graded', 'result.released']);
    expect(await resultsOf(reader(), candidate.personId)).toHaveLength(1);
  });

  it('grades once, whatever is retried: twenty runs at the same moment leave one result, one release and one job', async () => {
    const { attemptId } = await aHandedIn(4);
    await Promise.all(Array.from({ length: 20 }, () => gradeAttempt(attemptId)));
    await gradeAttempt(attemptId);
    expect(await count('SELECT COUNT(*) AS n FROM results WHERE attempt_id = $attemptId', attemptId)).toBe(1);
    expect(await count('SELECT COUNT(*) AS n FROM marks WHERE attempt_id = $attemptId', attemptId)).toBe(6);
    expect(await count(`SELECT COUNT(*) AS n FROM outbox WHERE name = 'marking.released' AND payload LIKE '%' || $attemptId || '%'`, attemptId)).toBe(1);
    expect((await events(attemptId)).filter((kind) => kind === 'attempt.graded' || kind === 'result.released')).toEqual(['attempt.graded', 'result.released']);
  });

  it('compares the unrounded score with the cut score', async () => {
    // 2 of 3 right is 66.66… per cent: it passes at 66 and fails at 67, although it would be rounded to 67.
    const passed = await aHandedIn(2, { items: 3, cutScore: 66 });
    const failed = await aHandedIn(2, { items: 3, cutScore: 67 });
    await gradeAttempt(passed.attemptId);
    await gradeAttempt(failed.attemptId);
    expect(await resultOf(reader(), passed.attemptId)).toMatchObject({ passed: true });
    expect(await resultOf(reader(), failed.attemptId)).toMatchObject({ passed: false });
  });

  it('does nothing to an attempt that is not handed in, or does not exist', async () => {
    const started = await aStartedAttempt();
    await gradeAttempt(started.attemptId);
    await gradeAttempt('0197f000-0000-7000-8000-000000000000');
    expect(await resultOf(reader(), started.attemptId)).toBeNull();
    expect(await findAttempt(reader(), started.attemptId)).toMatchObject({ state: 'in-progress' });
  });

  it('finds what was handed in and never graded', async () => {
    const { attemptId } = await aHandedIn(3);
    await sweep(clock.now());
    expect(await resultOf(reader(), attemptId)).toBeNull();
    advanceClock(minutes(1) + 1);
    await sweep(clock.now());
    expect(await resultOf(reader(), attemptId)).toMatchObject({ points: 6 });
  });

  it('keeps on grading others when one attempt cannot be graded', async () => {
    const [broken, sound] = [await aHandedIn(3), await aHandedIn(3)];
    await inTransaction((tx) => execute(tx, `UPDATE papers SET entries = '[{"item":"gone","points":1,"order":[]}]' WHERE exam_id = $id`, { id: broken.exam.id }));
    await expect(gradeAttempt(broken.attemptId)).rejects.toThrow('no key');
    advanceClock(minutes(2));
    await sweep(clock.now());
    expect(await resultOf(reader(), sound.attemptId)).not.toBeNull();
    expect(await findAttempt(reader(), broken.attemptId)).toMatchObject({ state: 'handed-in' });
  });

  it('waits for a person where the exam says so, and tells the candidate nothing before', async () => {
    const started = await aHandedIn(6, { release: 'by-person' });
    const { attemptId, candidate } = started;
    await gradeAttempt(attemptId);
    expect(await findAttempt(reader(), attemptId)).toMatchObject({ state: 'graded' });
    expect(await resultPage(candidate.actor, attemptId, clock.now())).toMatchObject({ ok: true, value: { result: null, lessons: [], standing: { state: 'awaiting-result' } } });
    await expect(releaseResult(candidate.actor, attemptId)).rejects.toThrow(ProblemError);
    expect(await releaseResult(anActor({ invigilator: ['/root/elsewhere/'] }, 'x'), attemptId)).toMatchObject({ ok: false, error: { code: 'not-found' } });
    const invigilator = await aRootActor();
    await Promise.all([releaseResult(invigilator, attemptId), releaseResult(invigilator, attemptId)]);
    expect(await resultOf(reader(), attemptId)).toMatchObject({ releasedAt: T0 });
    expect((await events(attemptId)).filter((kind) => kind === 'result.released')).toHaveLength(1);
    expect(await resultPage(candidate.actor, attemptId, clock.now())).toMatchObject({ value: { result: { passed: true }, standing: { state: 'passed' } } });
  });

  it('releases all results of an exam at once', async () => {
    const first = await aHandedIn(6, { release: 'by-person' });
    const second = await aHandedIn(2, { exam: first.exam });
    await gradeAttempt(first.attemptId);
    await gradeAttempt(second.attemptId);
    expect(await releaseAll(await aRootActor(), first.exam.id)).toBe(2);
    expect(await releaseAll(await aRootActor(), first.exam.id)).toBe(0);
  });

  it('shows a candidate who failed where points were lost and when the next attempt is possible, and no key', async () => {
    const { attemptId, candidate } = await aHandedIn(1, { coolingOffHours: 24 });
    await gradeAttempt(attemptId);
    const page = await resultPage(candidate.actor, attemptId, clock.now());
    expect(page).toMatchObject({
      ok: true,
      value: { result: { passed: false, points: 2 }, lessons: [{ slug: '01-first', points: 2, maxPoints: 12 }], standing: { state: 'cooling-off', attemptsLeft: 2 } },
    });
    expect(JSON.stringify(page)).not.toMatch(/"key"|解释|受理凭证/);
    await expect(resultPage((await aCandidate()).actor, attemptId, clock.now())).rejects.toThrow(ProblemError);
  });
});
