import express from 'express';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { database, reader, rows } from '~/db';
import { handIn, responsesEndpoint } from '~/exams';
import { hours, resetClock, seconds, setClock } from '~/kernel/clock';
import { useConfig } from '~/kernel/config';
import { createLogger, useLogger } from '~/kernel/log';
import { testConfig } from '../support/config';
import { onEveryDatabase } from '../support/databases';
import { anyResponse, aSignInOf, aStartedAttempt, DEVICE, type StartedAttempt } from '../support/exams';
import { listening, type Listening } from '../support/listening';

const T0 = Date.parse('2026-07-01T01:00:00.123Z');

onEveryDatabase('POST /attempts/{id}/responses', (dialect) => {
  let server: Listening;

  beforeAll(async () => {
    useLogger(createLogger('silent'));
    const app = express();
    app.post('/attempts/:id/responses', responsesEndpoint());
    server = await listening(app);
  });
  afterAll(() => server.close());
  beforeEach(() => {
    useConfig(testConfig());
    setClock(T0);
  });
  afterEach(() => {
    vi.restoreAllMocks();
    resetClock();
  });

  async function post(started: StartedAttempt, body: unknown, headers: Record<string, string> = {}) {
    const answer = await fetch(`${server.origin}/attempts/${started.attemptId}/responses`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', cookie: started.candidate.cookie, ...headers },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
    return { status: answer.status, type: answer.headers.get('content-type'), body: (await answer.json()) as Record<string, unknown> };
  }
  const first = (started: StartedAttempt) => {
    const [item] = started.items;
    if (!item) throw new Error('no item');
    return item;
  };
  const one = (started: StartedAttempt, seq = 1) => ({ device: DEVICE, changes: [{ item: first(started).item, seq, response: anyResponse(first(started), seq) }] });
  const stored = (started: StartedAttempt) => rows(reader(), z.object({ seq: z.number() }), 'SELECT seq FROM responses WHERE attempt_id = $id', { id: started.attemptId });

  it('answers 200 as the contract says, instants in ISO 8601 with milliseconds', async () => {
    const started = await aStartedAttempt({ minutes: 60 });
    expect(await post(started, one(started))).toEqual({
      status: 200,
      type: 'application/json',
      body: {
        serverNow: '2026-07-01T01:00:00.123Z', deadline: '2026-07-01T02:00:00.123Z', savedAt: '2026-07-01T01:00:00.123Z',
        accepted: [{ item: first(started).item, seq: 1 }], stale: [], state: 'in-progress',
      },
    });
    expect((await post(started, { ...one(started), changes: [] })).status).toBe(200);
  });

  it('answers 401 when the sign-in ended in the middle of the exam, and accepts the same after signing in again', async () => {
    const started = await aStartedAttempt({ minutes: 24 * 60 });
    expect((await post(started, one(started), { cookie: '' }))).toMatchObject({ status: 401, type: 'application/problem+json', body: { code: 'access.sign-in' } });
    setClock(T0 + hours(13));
    expect((await post(started, one(started))).status).toBe(401);
    expect(await stored(started)).toEqual([]);
    expect((await post(started, one(started), { cookie: await aSignInOf(started.candidate) })).status).toBe(200);
    expect(await stored(started)).toEqual([{ seq: 1 }]);
  });

  it('answers 409 after the hand-in and from a second device, and names what it kept', async () => {
    const started = await aStartedAttempt();
    expect(await post(started, { ...one(started), device: 'device-0002' })).toMatchObject({ status: 409, body: { code: 'attempt.other-device', kept: [{ seq: 1 }] } });
    await handIn(started.candidate.actor, started.attemptId, DEVICE);
    expect(await post(started, one(started))).toMatchObject({ status: 409, body: { code: 'attempt.handed-in', handedInAt: '2026-07-01T01:00:00.123Z', kept: [{ seq: 1 }] } });
  });

  it('answers 410 after the deadline, and says whether it was within the tolerance', async () => {
    const started = await aStartedAttempt({ minutes: 10, toleranceSeconds: 60 });
    setClock(started.deadlineAt + seconds(5));
    expect(await post(started, one(started))).toMatchObject({ status: 410, body: { code: 'attempt.late', late: 'within-tolerance', kept: [{ seq: 1 }] } });
    setClock(started.deadlineAt + seconds(90));
    expect(await post(started, one(started))).toMatchObject({ status: 410, body: { late: 'past-tolerance' } });
  });

  it('answers 422 with a reason per change, and saves the others', async () => {
    const started = await aStartedAttempt();
    const body = { device: DEVICE, changes: [...one(started).changes, { item: 'gone', seq: 1, response: 'a' }] };
    expect(await post(started, body)).toMatchObject({
      status: 422, body: { code: 'response.refused', accepted: [{ seq: 1 }], refused: [{ item: 'gone', seq: 1, reason: 'unknown-item' }] },
    });
    expect(await stored(started)).toEqual([{ seq: 1 }]);
  });

  it.each([
    { name: 'what is no JSON', body: '{', status: 400 },
    { name: 'a change without a number', body: { device: DEVICE, changes: [{ item: 'x', response: 'a' }] }, status: 400 },
    { name: 'a number that is none', body: { device: DEVICE, changes: [{ item: 'x', seq: 1.5, response: 'a' }] }, status: 400 },
    { name: 'no device', body: { changes: [] }, status: 400 },
    { name: 'more than 256 kB', body: { device: DEVICE, changes: [{ item: 'x', seq: 1, response: 'x'.repeat(270_000) }] }, status: 413 },
  ])('refuses $name with $status', async ({ body, status }) => {
    expect((await post(await aStartedAttempt(), body)).status).toBe(status);
  });

  it('refuses a form of another site: only JSON is read', async () => {
    const started = await aStartedAttempt();
    expect((await post(started, JSON.stringify(one(started)), { 'content-type': 'text/plain' })).status).toBe(400);
    expect(await stored(started)).toEqual([]);
  });

  const failing = dialect === 'sqlite'
    ? [{ name: 'the disk is full', error: { code: 'SQLITE_FULL' }, status: 507, code: 'storage.full' }]
    : [
      { name: 'the disk is full', error: { code: '53100' }, status: 507, code: 'storage.full' },
      { name: 'the server shuts down', error: { code: '57P01' }, status: 503, code: 'storage.unavailable' },
    ];
  it.each([...failing, { name: 'the database is away', error: { code: 'ECONNREFUSED' }, status: 503, code: 'storage.unavailable' }])(
    'answers $status when $name, stores nothing, and the same answer is accepted afterwards', async ({ error, status, code }) => {
      const started = await aStartedAttempt();
      await post(started, { device: DEVICE, changes: [] });
      const real = database().writing.query.bind(database().writing);
      const query = vi.spyOn(database().writing, 'query') as unknown as { mockImplementation(run: (...args: unknown[]) => unknown): void };
      query.mockImplementation((...args) => {
        if (String(args[0]).includes('INTO response_log')) {
          return Promise.reject(Object.assign(new Error(error.code), { parent: Object.assign(new Error(error.code), error) }));
        }
        return Reflect.apply(real, undefined, args) as unknown;
      });
      expect(await post(started, one(started))).toMatchObject({ status, type: 'application/problem+json', body: { code } });
      expect(await stored(started)).toEqual([]);
      vi.restoreAllMocks();
      expect((await post(started, one(started))).status).toBe(200);
    });

  if (dialect === 'sqlite') it('answers 507 when SQLite really has no room left', async () => {
    const started = await aStartedAttempt();
    const pragma = (sql: string) => database().writing.query(`PRAGMA ${sql}`);
    await pragma('max_page_count = 1');
    try {
      const big = { device: DEVICE, changes: started.items.filter((item) => item.type === 'short').map((item) => ({ item: item.item, seq: 1, response: '满'.repeat(500) })) };
      const statuses = new Set<number>();
      for (let seq = 1; seq <= 40; seq += 1) statuses.add((await post(started, { ...big, changes: big.changes.map((change) => ({ ...change, seq })) })).status);
      expect(statuses).toContain(507);
    } finally {
      await pragma('max_page_count = 1073741823');
    }
    expect((await post(started, one(started))).status).toBe(200);
  });
});
