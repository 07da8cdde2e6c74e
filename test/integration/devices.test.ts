import fc from 'fast-check';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { z } from 'zod';
import { execute, inTransaction, one, reader, rows } from '~/db';
import { findAttempt, permitTakeover, saveResponses, takeOverByPassword } from '~/exams';
import { hashPassword, presetPassword } from '~/identity';
import { clock, minutes, resetClock, seconds, setClock } from '~/kernel/clock';
import { useConfig } from '~/kernel/config';
import { adoptRootOrganisation } from '~/people';
import { anActor } from '../support/actors';
import { testConfig } from '../support/config';
import { onEveryDatabase } from '../support/databases';
import { aCandidate, anyResponse, aStartedAttempt, DEVICE, type StartedAttempt } from '../support/exams';

const T0 = Date.parse('2026-07-01T01:00:00Z');
const OTHER = 'device-0002';
const PASSWORD = '云江 2026 春天的河';

onEveryDatabase('the device that writes', () => {
  beforeEach(() => {
    useConfig(testConfig());
    setClock(T0);
  });
  afterEach(() => resetClock());

  async function aWriting({ own = true } = {}): Promise<StartedAttempt> {
    const started = await aStartedAttempt({ items: 6, candidate: await aCandidate() });
    const hash = await hashPassword(PASSWORD);
    await inTransaction(async (tx) => {
      await presetPassword(tx, started.candidate.accountId, hash);
      await execute(tx, 'UPDATE exams SET own_takeover = $own WHERE id = $id', { id: started.exam.id, own: own ? 1 : 0 });
    });
    return started;
  }
  const save = (started: StartedAttempt, device: string, seq: number, i = 0) => {
    const item = started.items[i];
    if (!item) throw new Error(`no item ${i}`);
    return saveResponses({ attemptId: started.attemptId, tokenHash: started.candidate.tokenHash, device, receivedAt: clock.now(), changes: [{ item: item.item, seq, response: anyResponse(item, seq) }] });
  };
  const take = (started: StartedAttempt, password: string, device = OTHER) =>
    takeOverByPassword(started.candidate.actor, started.attemptId, device, { password, address: '10.0.0.7' });

  it('changes by the candidate’s own password where the exam allows it; the first device cannot write any more', async () => {
    const started = await aWriting();
    await save(started, DEVICE, 1);
    setClock(T0 + minutes(2));
    expect(await take(started, PASSWORD)).toEqual({ ok: true, value: null });
    expect(await findAttempt(reader(), started.attemptId)).toMatchObject({ device: OTHER });
    expect(await one(reader(), z.object({ signal_at: z.number() }), 'SELECT signal_at FROM attempts WHERE id = $id', { id: started.attemptId })).toEqual({ signal_at: clock.now() });
    expect(await save(started, DEVICE, 2)).toMatchObject({ outcome: 'other-device', kept: [{ seq: 2 }], counted: [] });
    expect(await save(started, OTHER, 3)).toMatchObject({ outcome: 'saved', accepted: [{ seq: 3 }] });
    // The change is a contact: the silence before it is kept as evidence.
    expect(await rows(reader(), z.object({ from_at: z.number(), to_at: z.number() }), 'SELECT from_at, to_at FROM contact_gaps WHERE attempt_id = $id', { id: started.attemptId }))
      .toEqual([{ from_at: T0, to_at: T0 + minutes(2) }]);
    const { body } = await one(reader(), z.object({ body: z.string() }), `SELECT body FROM ledger_events WHERE subject_id = $id AND kind = 'device.changed'`, { id: started.attemptId });
    expect(JSON.parse(body)).toEqual({ byPassword: true });
  });

  it('does not change where the exam does not allow it, for a wrong password, or for somebody else', async () => {
    const [strict, open] = [await aWriting({ own: false }), await aWriting()];
    expect(await take(strict, PASSWORD)).toMatchObject({ error: { code: 'attempt.takeover-off' } });
    expect(await take(open, 'something else')).toEqual({ ok: false, error: { code: 'password.wrong', field: 'password' } });
    await expect(takeOverByPassword(strict.candidate.actor, open.attemptId, OTHER, { password: PASSWORD, address: '10.0.0.7' })).rejects.toMatchObject({ problem: { code: 'access.denied' } });
    expect(await findAttempt(reader(), open.attemptId)).toMatchObject({ device: DEVICE });
  });

  it('is slowed when passwords are guessed, and a right one is refused then too', async () => {
    const started = await aWriting();
    const codes: (string | null)[] = [];
    for (let i = 0; i < 9; i += 1) { const tried = await take(started, `guess ${i}`); codes.push(tried.ok ? null : tried.error.code); }
    expect(codes).toEqual([...Array<string>(8).fill('password.wrong'), 'rate.limited']);
    expect(await take(started, PASSWORD)).toMatchObject({ error: { code: 'rate.limited' } });
  });

  it('cannot be changed once the exam is over', async () => {
    const started = await aWriting();
    await inTransaction((tx) => execute(tx, `UPDATE attempts SET state = 'void' WHERE id = $id`, { id: started.attemptId }));
    expect(await take(started, PASSWORD)).toMatchObject({ error: { code: 'attempt.handed-in' } });
  });

  it('is permitted by those who invigilate the candidate', async () => {
    const started = await aWriting();
    const { path } = await adoptRootOrganisation();
    expect(await permitTakeover(anActor({ invigilator: [path] }), started.attemptId, '电脑坏了')).toMatchObject({ ok: true });
    expect(await permitTakeover(anActor({ invigilator: ['/else/where/'] }), started.attemptId, '电脑坏了')).toMatchObject({ error: { code: 'not-found' } });
  });

  it('may show the attempt in two tabs: however their saves interleave, the highest number counts and both tabs learn of it', async () => {
    // Numbers are shared, as two tabs draw them from one place; each send may be repeated because its reply was lost.
    const sends = fc.array(fc.record({ tab: fc.constantFrom('a', 'b'), item: fc.integer({ min: 0, max: 2 }), repeats: fc.integer({ min: 1, max: 2 }), lag: fc.integer({ min: 0, max: 3 }) }), { minLength: 2, maxLength: 14 });
    await fc.assert(fc.asyncProperty(sends, async (planned) => {
      const started = await aStartedAttempt({ items: 6 });
      const numbered = planned.map((one, i) => ({ ...one, seq: i + 1 }));
      const ordered = numbered.flatMap((one) => Array.from({ length: one.repeats }, (_, n) => ({ ...one, at: one.seq + one.lag * (n + 1) }))).sort((x, y) => x.at - y.at || x.seq - y.seq);
      const replies = await Promise.all(ordered.map(async (one) => ({ one, reply: await save(started, DEVICE, one.seq, one.item) })));
      const kept = new Map((await rows(reader(), z.object({ item: z.string(), seq: z.number(), response: z.string() }), 'SELECT item, seq, response FROM responses WHERE attempt_id = $id', { id: started.attemptId })).map((row) => [row.item, row]));
      for (const i of new Set(numbered.map(({ item }) => item))) {
        const item = started.items[i];
        const highest = Math.max(...numbered.filter((one) => one.item === i).map(({ seq }) => seq));
        expect(kept.get(item?.item ?? '')).toMatchObject({ seq: highest, response: JSON.stringify(item && anyResponse(item, highest)) });
      }
      for (const { one, reply } of replies) {
        if (reply.outcome !== 'saved') throw new Error(reply.outcome);
        const [stale] = reply.stale;
        // What is not accepted is told by what counts instead, so no tab shows an answer as saved that is not.
        if (stale) expect(stale.current).toBeGreaterThan(one.seq);
        else expect(reply.accepted).toEqual([{ item: started.items[one.item]?.item, seq: one.seq }]);
      }
    }), { numRuns: 15 });
  }, seconds(60));
});
