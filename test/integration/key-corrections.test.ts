import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { execute, inTransaction, insert, one, reader, rows } from '~/db';
import { handIn, saveResponses, type Exam } from '~/exams';
import type { Actor } from '~/identity';
import { clock, minutes, resetClock, setClock } from '~/kernel/clock';
import { useConfig } from '~/kernel/config';
import { newId } from '~/kernel/id';
import { must } from '~/kernel/result';
import {
  applyCorrection, askCorrection, correctionsFor, decideOnCorrection, gradeAttempt, openCorrection, previewCorrection, resultOf, sweepCorrections, withdrawCorrection,
} from '~/marking';
import { noticesOf } from '~/notices';
import { adoptRootOrganisation } from '~/people';
import { JOBS } from '~jobs/registry';
import { anActor } from '../support/actors';
import { testConfig } from '../support/config';
import { onEveryDatabase } from '../support/databases';
import { aCandidate, anExam, aStartedAttempt, DEVICE, rightResponse, type StartedAttempt } from '../support/exams';

const T0 = Date.parse('2026-07-01T01:00:00Z');
const Version = z.object({ id: z.string(), item_id: z.string() });

onEveryDatabase('a key that was wrong', (dialect) => {
  let exam: Exam;
  let [author, adjudicator]: Actor[] = [];
  beforeEach(async () => {
    useConfig(testConfig());
    setClock(T0);
    const { path } = await adoptRootOrganisation();
    author = { ...anActor({ author: [path] }), by: 'account:an-author' };
    adjudicator = { ...anActor({ adjudicator: [path] }), by: 'account:an-adjudicator' };
    // One item of the type "single" on each paper, of which the bank has two.
    exam = await anExam({ items: 2, cutScore: 60 });
  });
  afterEach(() => resetClock());

  const byAuthor = () => author as Actor;
  const byAdjudicator = () => adjudicator as Actor;
  const singleOf = ({ items }: StartedAttempt): string => items.find(({ type }) => type === 'single')?.item ?? '';

  /** Hands in with this answer to the item of the type "single", and the other item right; graded and released. */
  async function answered(letter: string | null): Promise<StartedAttempt> {
    const started = await aStartedAttempt({ exam, candidate: await aCandidate() });
    const changes = started.items.flatMap(({ item, type }) => {
      const response = type === 'single' ? letter : rightResponse(type);
      return response === null ? [] : [{ item, seq: 1, response }];
    });
    await saveResponses({ attemptId: started.attemptId, tokenHash: started.candidate.tokenHash, device: DEVICE, receivedAt: clock.now(), changes });
    must(await handIn(started.candidate.actor, started.attemptId, DEVICE));
    await gradeAttempt(started.attemptId);
    return started;
  }

  /** Everybody gets the same item: the other one of its type is taken out of drawing. */
  async function onlyOneSingle(): Promise<{ itemId: string; versionId: string }> {
    const [first, second] = await rows(reader(), Version, `SELECT v.id, v.item_id FROM item_versions v JOIN items i ON i.id = v.item_id
      WHERE i.bank_id = $bankId AND i.type = 'single' ORDER BY v.id`, { bankId: exam.bankId });
    await inTransaction((tx) => execute(tx, 'UPDATE items SET retired_at = 1 WHERE id = $id', { id: second?.item_id ?? '' }));
    return { itemId: first?.item_id ?? '', versionId: first?.id ?? '' };
  }

  /** The author writes a version of the item whose key is `b` instead of `a`. */
  async function newVersion(itemId: string): Promise<void> {
    const { body } = await one(reader(), z.object({ body: z.string() }), 'SELECT body FROM item_versions WHERE item_id = $itemId', { itemId });
    const id = newId();
    await inTransaction(async (tx) => {
      await insert(tx, 'item_versions', [{ id, item_id: itemId, number: 2, content_hash: 'second', difficulty: 1, body, key: '"b"', explanation: '解释', created_at: 2 }]);
      await execute(tx, 'UPDATE items SET current_version_id = $id WHERE id = $itemId', { id, itemId });
    });
  }

  const ask = async (itemId: string, given: { kind: 'key' | 'credit' | 'leave-out'; favourable?: boolean }) =>
    must(await askCorrection(byAuthor(), { id: newId(), itemId, version: 1, kind: given.kind, favourable: given.favourable ?? true, reason: '原答案与条例第三条不符' }));
  async function approve(id: string): Promise<void> {
    const { seen, correction } = must(await openCorrection(byAdjudicator(), id));
    must(await decideOnCorrection(byAdjudicator(), id, { state: 'approved', reason: '核实无误', version: correction.version, seen }));
  }
  const regrades = async ({ attemptId }: StartedAttempt) => (await rows(reader(), z.object({ id: z.string() }), `SELECT id FROM ledger_events
    WHERE kind = 'attempt.regraded' AND subject_id = $attemptId`, { attemptId })).length;
  const percentOf = async ({ attemptId }: StartedAttempt) => (await resultOf(reader(), attemptId))?.percent;

  it('is corrected for everybody who had the item: what was told beforehand is what happens, once however often the job runs', async () => {
    const { itemId } = await onlyOneSingle();
    const [right, former, wrong, none] = [await answered('b'), await answered('a'), await answered('c'), await answered(null)];
    expect(singleOf(right)).toBe(singleOf(none));
    await newVersion(itemId);
    const told = must(await previewCorrection(byAuthor(), { itemId, version: 1, kind: 'key', favourable: true }));
    expect(told).toMatchObject({ attempts: 4, better: 1, worse: 0, passes: [{ attemptId: right.attemptId, released: true }], fails: [] });
    const id = await ask(itemId, { kind: 'key' });
    expect(await percentOf(right)).toBe(50);
    await approve(id);
    for (let i = 0; i < 3; i += 1) await applyCorrection(id);
    expect(await Promise.all([right, former, wrong, none].map(percentOf))).toEqual([100, 100, 50, 50]);
    expect(await resultOf(reader(), right.attemptId)).toMatchObject({ passed: true });
    expect(await Promise.all([right, former, wrong, none].map(regrades))).toEqual([1, 0, 0, 0]);
    expect(await correctionsFor(byAuthor(), itemId)).toMatchObject([{ state: 'approved', appliedAt: T0 }]);
  });

  it('takes a pass from somebody only when it was decided so, and tells certification and the candidate', async () => {
    const { itemId } = await onlyOneSingle();
    const former = await answered('a');
    await newVersion(itemId);
    const id = await ask(itemId, { kind: 'key', favourable: false });
    expect(must(await openCorrection(byAdjudicator(), id)).effect).toMatchObject({ worse: 1, fails: [{ attemptId: former.attemptId }] });
    await approve(id);
    await applyCorrection(id);
    expect(await resultOf(reader(), former.attemptId)).toMatchObject({ percent: 50, passed: false });
    const jobs = await rows(reader(), z.object({ name: z.string(), payload: z.string() }), `SELECT name, payload FROM outbox
      WHERE payload LIKE '%' || $id || '%' AND name IN ('marking.released', 'marking.result-corrected')`, { id: former.attemptId });
    expect(jobs.map(({ name }) => name).sort()).toEqual(['marking.released', 'marking.released', 'marking.result-corrected']);
    const told = jobs.find(({ name }) => name === 'marking.result-corrected');
    for (let i = 0; i < 2; i += 1) await JOBS['marking.result-corrected']?.run(JSON.parse(told?.payload ?? '{}'), { now: clock.now() });
    const notices = await noticesOf(reader(), former.candidate.personId, { limit: 9, offset: 0 });
    expect(notices.map(({ content }) => content)).toMatchObject([{ kind: 'result-corrected-fail', params: { percent: 50, cutScore: 60 } }]);
  });

  it('can be credited to all, or left out, without another key', async () => {
    const { itemId } = await onlyOneSingle();
    const [wrong, none] = [await answered('c'), await answered(null)];
    await approve(await ask(itemId, { kind: 'leave-out' }));
    await sweepCorrections();
    expect(await Promise.all([wrong, none].map(percentOf))).toEqual([100, 100]);
    expect(await resultOf(reader(), wrong.attemptId)).toMatchObject({ points: 2, maxPoints: 2 });
    // A later decision holds in place of the former.
    setClock(T0 + minutes(1));
    await approve(await ask(itemId, { kind: 'credit' }));
    await sweepCorrections();
    expect(await resultOf(reader(), none.attemptId)).toMatchObject({ points: 4, maxPoints: 4 });
    expect(await percentOf(await answered('c'))).toBe(100);
  });

  it('is decided by another person, on the figures that hold at that moment', async () => {
    const { itemId } = await onlyOneSingle();
    const wrong = await answered('c');
    const { path } = await adoptRootOrganisation();
    const both: Actor = { ...anActor({ author: [path], adjudicator: [path] }), by: 'account:both' };
    const own = must(await askCorrection(both, { id: newId(), itemId, version: 1, kind: 'credit', favourable: true, reason: '题干有误，无正确选项' }));
    const { seen, correction } = must(await openCorrection(both, own));
    const decision = { state: 'approved', reason: '同意', version: correction.version, seen } as const;
    expect(await decideOnCorrection(both, own, decision)).toMatchObject({ ok: false, error: { code: 'correction.own' } });
    await answered('c');
    expect(await decideOnCorrection(byAdjudicator(), own, decision)).toMatchObject({ ok: false, error: { code: 'correction.other-figures' } });
    expect(must(await withdrawCorrection(both, own, correction.version))).toBeNull();
    expect(await decideOnCorrection(byAdjudicator(), own, { ...decision, state: 'refused' })).toMatchObject({ ok: false });
    await applyCorrection(own);
    expect(await regrades(wrong)).toBe(0);
  });

  it('is refused with a sentence when the key is the same, the options are others, or another correction waits', async () => {
    const { itemId } = await onlyOneSingle();
    const draft = { itemId, version: 1, kind: 'key', favourable: true } as const;
    expect(await previewCorrection(byAuthor(), draft)).toMatchObject({ error: { code: 'correction.same-key', field: 'kind' } });
    await newVersion(itemId);
    await inTransaction((tx) => execute(tx, `UPDATE item_versions SET body = $body WHERE item_id = $itemId AND number = 2`, {
      itemId, body: JSON.stringify({ type: 'single', stem: '收件时先做什么？', options: { a: '核对', b: '登记' } }),
    }));
    expect(await previewCorrection(byAuthor(), draft)).toMatchObject({ error: { code: 'correction.other-options' } });
    await ask(itemId, { kind: 'credit' });
    expect(await askCorrection(byAuthor(), { ...draft, kind: 'leave-out', id: newId(), reason: '再提一次更正' })).toMatchObject({ error: { code: 'correction.waiting' } });
  });

  it('tells its effect by one query through an index, however many attempts there are', async () => {
    const { itemId, versionId } = await onlyOneSingle();
    await answered('a');
    await answered('c');
    const query = vi.spyOn(reader().sequelize, 'query');
    const told = must(await previewCorrection(byAuthor(), { itemId, version: 1, kind: 'credit', favourable: true }));
    const asked = query.mock.calls.map(([sql]) => (typeof sql === 'string' ? sql : sql.query));
    query.mockRestore();
    expect(told.attempts).toBe(2);
    expect(asked.filter((sql) => sql.includes('FROM marks'))).toHaveLength(1);
    expect(asked.length).toBeLessThanOrEqual(4);
    const explain = dialect === 'sqlite' ? 'EXPLAIN QUERY PLAN' : 'EXPLAIN (FORMAT JSON)';
    await inTransaction(async (tx) => {
      // Of a table with a handful of rows the planner would rather read all.
      if (dialect === 'postgres') await execute(tx, 'SET LOCAL enable_seqscan = off');
      const plan = await rows(tx, z.unknown(), `${explain} SELECT attempt_id FROM marks WHERE item = $versionId`, { versionId });
      expect(JSON.stringify(plan)).toContain('marks_item');
    });
  });
});
