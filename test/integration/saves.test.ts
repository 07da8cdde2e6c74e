import fc from 'fast-check';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { database, execute, inTransaction, one, reader, rows } from '~/db';
import { handIn, saveResponses, type Change, type SaveReply } from '~/exams';
import { advanceClock, clock, hours, resetClock, seconds, setClock } from '~/kernel/clock';
import { useConfig } from '~/kernel/config';
import { testConfig } from '../support/config';
import { onEveryDatabase } from '../support/databases';
import { aCandidate, anExam, anyResponse, aStartedAttempt, DEVICE, type StartedAttempt } from '../support/exams';

const T0 = Date.parse('2026-07-01T01:00:00Z');
const Stored = z.object({ item: z.string(), seq: z.number(), response: z.string() });
const Logged = z.object({ item: z.string(), seq: z.number(), outcome: z.string(), response: z.string() });
const stored = (attemptId: string) => rows(reader(), Stored, 'SELECT item, seq, response FROM responses WHERE attempt_id = $attemptId ORDER BY item', { attemptId });
const logged = (attemptId: string) => rows(reader(), Logged, 'SELECT item, seq, outcome, response FROM response_log WHERE attempt_id = $attemptId ORDER BY received_at, id', { attemptId });

const save = (started: StartedAttempt, changes: Change[], given: { device?: string; tokenHash?: string; receivedAt?: number; attemptId?: string } = {}) =>
  saveResponses({ attemptId: started.attemptId, tokenHash: started.candidate.tokenHash, device: DEVICE, receivedAt: clock.now(), changes, ...given });

function itemAt(started: StartedAttempt, i: number) {
  const item = started.items[i];
  if (!item) throw new Error(`no item ${i}`);
  return item;
}
const changeOf = (started: StartedAttempt, i: number, seq: number, turn = seq): Change => {
  const item = itemAt(started, i);
  return { item: item.item, seq, response: anyResponse(item, turn) };
};
const textOf = (reply: SaveReply) => (reply.outcome === 'saved' ? { accepted: reply.accepted.map(({ seq }) => seq), stale: reply.stale.map(({ seq }) => seq) } : reply.outcome);

onEveryDatabase('saving responses', (dialect) => {
  beforeEach(() => {
    useConfig(testConfig());
    setClock(T0);
  });
  afterEach(() => resetClock());

  it('stores what was sent and says until when there is time', async () => {
    const started = await aStartedAttempt({ minutes: 60 });
    const changes = started.items.map((_, i) => changeOf(started, i, 1));
    const reply = await save(started, changes);
    expect(reply).toMatchObject({ outcome: 'saved', now: T0, savedAt: T0, deadline: T0 + 3_600_000, state: 'in-progress', stale: [], refused: [] });
    expect(textOf(reply)).toEqual({ accepted: [1, 1, 1, 1, 1, 1], stale: [] });
    const kept = new Map((await stored(started.attemptId)).map((row) => [row.item, row]));
    for (const { item, response } of changes) expect(JSON.parse(kept.get(item)?.response ?? '')).toEqual(response);
    expect((await logged(started.attemptId)).map((row) => row.outcome)).toEqual(Array(6).fill('accepted'));
  });

  it('replaces by the higher number, repeats the equal one and refuses the lower one as stale', async () => {
    const started = await aStartedAttempt();
    await save(started, [changeOf(started, 0, 5)]);
    expect(textOf(await save(started, [changeOf(started, 0, 5)]))).toEqual({ accepted: [5], stale: [] });
    expect(textOf(await save(started, [changeOf(started, 0, 5, 6)]))).toEqual({ accepted: [], stale: [5] });
    expect(textOf(await save(started, [changeOf(started, 0, 4)]))).toEqual({ accepted: [], stale: [4] });
    expect(await save(started, [changeOf(started, 0, 4)])).toMatchObject({ stale: [{ seq: 4, current: 5 }] });
    expect(textOf(await save(started, [changeOf(started, 0, 6)]))).toEqual({ accepted: [6], stale: [] });
    expect(await stored(started.attemptId)).toMatchObject([{ seq: 6 }]);
    // The repeat is in the log once.
    expect((await logged(started.attemptId)).filter((row) => row.seq === 5).map((row) => row.outcome)).toEqual(['accepted', 'stale']);
  });

  it('ends with the highest number stored, however sends are interleaved', async () => {
    const sends = fc.array(fc.array(fc.record({ item: fc.integer({ min: 0, max: 2 }), seq: fc.integer({ min: 1, max: 9 }) }), { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 12 });
    await fc.assert(fc.asyncProperty(sends, async (batches) => {
      const started = await aStartedAttempt({ items: 6 });
      const replies = await Promise.all(batches.map((batch) => save(started, batch.map(({ item, seq }) => changeOf(started, item, seq)))));
      const highest = new Map<string, number>();
      for (const { item, seq } of batches.flat()) highest.set(itemAt(started, item).item, Math.max(seq, highest.get(itemAt(started, item).item) ?? 0));
      const kept = new Map((await stored(started.attemptId)).map((row) => [row.item, row.seq]));
      expect(kept).toEqual(highest);
      for (const reply of replies) if (reply.outcome === 'saved') for (const { item, seq } of reply.accepted) expect(kept.get(item)).toBeGreaterThanOrEqual(seq);
    }), { numRuns: 12 });
  });

  it('saves for 500 candidates at once with few transactions and loses nothing', async () => {
    const exam = await anExam({ items: 6 });
    const crowd: StartedAttempt[] = [];
    for (let i = 0; i < 50; i += 1) crowd.push(await aStartedAttempt({ exam, candidate: await aCandidate() }));
    const all = Array.from({ length: 500 }, (_, i) => ({ started: crowd[i % 50] as StartedAttempt, i: Math.floor(i / 50) }));
    await Promise.all(crowd.map((started) => save(started, [])));
    const statements = vi.spyOn(database().writing, 'query');
    const replies = await Promise.all(all.map(({ started, i }) => save(started, [changeOf(started, i % 6, 1 + Math.floor(i / 6))])));
    const ran = statements.mock.calls.length;
    statements.mockRestore();
    expect(replies.every((reply) => reply.outcome === 'saved' && reply.accepted.length === 1)).toBe(true);
    expect(ran).toBeLessThan(15);
    for (const started of crowd) expect((await stored(started.attemptId)).map((row) => row.seq).sort()).toEqual([1, 1, 2, 2, 2, 2]);
  }, 60_000);

  it.each([1, 4, 40])('runs the same four statements for a batch of %i saves', async (size) => {
    const exam = await anExam({ items: 6 });
    const crowd: StartedAttempt[] = [];
    for (let i = 0; i < size; i += 1) crowd.push(await aStartedAttempt({ exam, candidate: await aCandidate() }));
    // What the papers ask is read once per attempt and process; the first sign of life does it.
    await Promise.all(crowd.map((started) => save(started, [])));
    const statements = vi.spyOn(database().writing, 'query');
    await Promise.all(crowd.map((started) => save(started, [changeOf(started, 0, 1), changeOf(started, 1, 1)])));
    const ran = statements.mock.calls.map(([sql]) => (typeof sql === 'string' ? sql : sql.query)).filter((sql) => !/^(BEGIN|COMMIT|START|SET)/.test(sql));
    statements.mockRestore();
    expect(ran.map((sql) => /UPDATE attempts|WITH asked|INTO responses|INTO response_log/.exec(sql)?.[0])).toEqual(['UPDATE attempts', 'WITH asked', 'INTO responses', 'INTO response_log']);
  });

  it('answers a sign of life with the time and notes the contact', async () => {
    const started = await aStartedAttempt();
    advanceClock(seconds(30));
    expect(await save(started, [])).toMatchObject({ outcome: 'saved', now: T0 + 30_000, accepted: [] });
    expect(await one(reader(), z.object({ last_contact_at: z.number() }), 'SELECT last_contact_at FROM attempts WHERE id = $id', { id: started.attemptId }))
      .toEqual({ last_contact_at: T0 + 30_000 });
  });

  it('remembers what is flagged', async () => {
    const started = await aStartedAttempt();
    const { item } = itemAt(started, 0);
    const flags = async (flagged: boolean) => {
      await saveResponses({ attemptId: started.attemptId, tokenHash: started.candidate.tokenHash, device: DEVICE, receivedAt: T0, changes: [], flags: [{ item, flagged }] });
      return rows(reader(), z.object({ item: z.string(), flagged: z.number() }), 'SELECT item, flagged FROM review_flags WHERE attempt_id = $id', { id: started.attemptId });
    };
    expect(await flags(true)).toEqual([{ item, flagged: 1 }]);
    expect(await flags(false)).toEqual([{ item, flagged: 0 }]);
  });

  it('refuses what does not fit its item, with a reason, and saves the rest', async () => {
    const started = await aStartedAttempt();
    const single = started.items.find((item) => item.type === 'single');
    const reply = await save(started, [{ item: single?.item ?? '', seq: 1, response: 'z' }, { item: 'no-such-item', seq: 1, response: 'a' }, changeOf(started, 1, 1)]);
    expect(reply).toMatchObject({ outcome: 'saved', refused: [{ item: single?.item, reason: 'unknown-option' }, { item: 'no-such-item', reason: 'unknown-item' }], accepted: [{ seq: 1 }] });
    expect(await stored(started.attemptId)).toHaveLength(1);
  });

  it('keeps what comes after the deadline as late, within and past the tolerance, and does not count it', async () => {
    const started = await aStartedAttempt({ minutes: 10, toleranceSeconds: 60 });
    await save(started, [changeOf(started, 0, 1)]);
    setClock(started.deadlineAt + seconds(30));
    expect(await save(started, [changeOf(started, 0, 2)])).toMatchObject({ outcome: 'late-within-tolerance', deadline: started.deadlineAt, kept: [{ seq: 2 }] });
    setClock(started.deadlineAt + seconds(61));
    expect(await save(started, [changeOf(started, 0, 3)])).toMatchObject({ outcome: 'late', kept: [{ seq: 3 }] });
    expect(await stored(started.attemptId)).toMatchObject([{ seq: 1 }]);
    expect((await logged(started.attemptId)).map((row) => [row.seq, row.outcome])).toEqual([[1, 'accepted'], [2, 'late-within-tolerance'], [3, 'late']]);
  });

  it('counts what arrived in time although the transaction began later', async () => {
    const started = await aStartedAttempt({ minutes: 10 });
    setClock(started.deadlineAt + 900);
    expect(await save(started, [changeOf(started, 0, 1)], { receivedAt: started.deadlineAt })).toMatchObject({ outcome: 'saved' });
  });

  it('says that the exam is handed in and keeps what came as evidence', async () => {
    const started = await aStartedAttempt();
    await save(started, [changeOf(started, 0, 1)]);
    await handIn(started.candidate.actor, started.attemptId, DEVICE);
    advanceClock(1000);
    expect(await save(started, [changeOf(started, 0, 2)])).toMatchObject({ outcome: 'handed-in', handedInAt: T0, state: 'handed-in', kept: [{ seq: 2 }] });
    expect(await stored(started.attemptId)).toMatchObject([{ seq: 1 }]);
    expect((await logged(started.attemptId)).map((row) => row.outcome)).toEqual(['accepted', 'handed-in']);
  });

  it('lets no second device write, and keeps what it sent as evidence', async () => {
    const started = await aStartedAttempt();
    expect(await save(started, [changeOf(started, 0, 1)], { device: 'device-0002' })).toMatchObject({ outcome: 'other-device', kept: [{ seq: 1 }] });
    expect(await stored(started.attemptId)).toEqual([]);
    expect((await logged(started.attemptId)).map((row) => row.outcome)).toEqual(['other-device']);
  });

  it('lets nobody save without a sign-in that counts, or into the attempt of somebody else', async () => {
    const started = await aStartedAttempt();
    const other = await aCandidate();
    expect(await save(started, [changeOf(started, 0, 1)], { tokenHash: 'nobody' })).toEqual({ outcome: 'not-signed-in' });
    expect(await save(started, [changeOf(started, 0, 1)], { tokenHash: other.tokenHash })).toEqual({ outcome: 'not-found' });
    expect(await save(started, [], { attemptId: '0197f000-0000-7000-8000-000000000000' })).toEqual({ outcome: 'not-found' });
    setClock(T0 + hours(13));
    expect(await save(started, [changeOf(started, 0, 1)])).toEqual({ outcome: 'not-signed-in' });
    expect(await stored(started.attemptId)).toEqual([]);
  });

  it('does not confuse one candidate with another in the same batch', async () => {
    const exam = await anExam();
    const [a, b] = [await aStartedAttempt({ exam }), await aStartedAttempt({ exam, candidate: await aCandidate() })];
    const replies = await Promise.all([
      save(a, [changeOf(a, 0, 1)]), save(a, [changeOf(a, 0, 2)], { tokenHash: b.candidate.tokenHash }),
      save(b, [changeOf(b, 0, 3)]), save(b, [changeOf(b, 0, 4)], { tokenHash: 'nobody' }), save(b, [changeOf(b, 1, 1)]),
    ]);
    expect(replies.map((reply) => reply.outcome)).toEqual(['saved', 'not-found', 'saved', 'not-signed-in', 'saved']);
    expect((await stored(a.attemptId)).map((row) => row.seq)).toEqual([1]);
    expect((await stored(b.attemptId)).map((row) => row.seq).sort()).toEqual([1, 3]);
  });

  it('lets a closed account save nothing', async () => {
    const started = await aStartedAttempt();
    await inTransaction((tx) => execute(tx, `UPDATE accounts SET state = 'closed' WHERE id = $id`, { id: started.candidate.accountId }));
    expect(await save(started, [changeOf(started, 0, 1)])).toEqual({ outcome: 'not-signed-in' });
  });

  it('stores nothing behind a receipt when hand-in and saves meet', async () => {
    for (let round = 0; round < 5; round += 1) {
      const started = await aStartedAttempt({ items: 6 });
      const racing = Promise.all(Array.from({ length: 8 }, (_, i) => save(started, [changeOf(started, i % 6, i + 1)])));
      const receipt = await handIn(started.candidate.actor, started.attemptId, DEVICE);
      const replies = await racing;
      const answered = (await stored(started.attemptId)).length;
      expect(receipt).toMatchObject({ ok: true, value: { answered } });
      for (const reply of replies) if (reply.outcome === 'saved') expect(reply.accepted).toHaveLength(1);
      expect(dialect).toMatch(/sqlite|postgres/);
    }
  });
});
