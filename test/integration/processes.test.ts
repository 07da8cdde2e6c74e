import { setTimeout as sleep } from 'node:timers/promises';
import { writeFileSync, mkdirSync, cpSync } from 'node:fs';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { closeDatabase, one, openDatabase, outboxCounts, reader, rows } from '~/db';
import { configure, databaseChoice } from '~/start/boot';
import { HALL_EXAM, itemsOf, prepareHall, type Seat } from '../support/exam-hall';
import { HttpClient } from '../support/http';
import { scratch } from '../support/databases';
import { offers, REDIS } from '../support/queues';
import { freePort, freshFolder, runServer, startServer, startWorker, type ServerProcess } from '../support/server';

const stops: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
});

const DEVICE = 'device-00000001';

async function begin(client: HttpClient, seat: Seat): Promise<{ cookie: string; attemptId: string }> {
  const cookie = `${seat.cookie}; device=${DEVICE}`;
  const answer = await client.call(`/exams/${HALL_EXAM}`, { method: 'POST', cookie, form: { intent: 'start' } });
  return { cookie, attemptId: /\/attempts\/([0-9a-f-]{36})/.exec(String(answer.headers['location'] ?? ''))?.[1] ?? '' };
}

async function until(what: () => Promise<boolean>, ms = 30_000): Promise<void> {
  const end = performance.now() + ms;
  while (!(await what())) {
    if (performance.now() > end) throw new Error('it did not come to pass');
    await sleep(100);
  }
}

const Count = z.object({ n: z.number() });
const count = async (sql: string, params: Record<string, string> = {}) => (await one(reader(), Count, sql, params)).n;

async function hall(env: Record<string, string>, seats: number): Promise<Seat[]> {
  const made = await prepareHall(env, seats, 60);
  const db = await openDatabase(databaseChoice(configure(env)));
  stops.push(() => closeDatabase(db));
  return made;
}

const running = (server: ServerProcess): HttpClient => {
  const client = new HttpClient(server.url, 8);
  stops.push(async () => {
    client.close();
    await server.stop();
  });
  return client;
};

describe('a process that is told to stop', () => {
  it('finishes the requests that it accepted: everything acknowledged is stored, and the exit is clean', async () => {
    const env = { DATA_DIR: freshFolder('stop'), PORT: String(await freePort()) };
    const [seat] = await hall(env, 1);
    if (!seat) throw new Error('no seat');
    const server = await startServer({ dataDir: env.DATA_DIR, port: Number(env.PORT) });
    const client = new HttpClient(server.url, 8);
    const { cookie, attemptId } = await begin(client, seat);
    const items = await itemsOf(attemptId);
    const saves = items.map((question) => client.call(`/attempts/${attemptId}/responses`, {
      method: 'POST', cookie, json: { device: DEVICE, changes: [{ item: question.item, seq: 1, response: question.answer(1) }] },
    }).then((answer) => answer.status, () => 0));
    await sleep(15);
    const code = await server.stop();
    const acknowledged = (await Promise.all(saves)).filter((status) => status === 200).length;
    client.close();
    expect(code).toBe(0);
    expect(acknowledged).toBeGreaterThan(0);
    expect(await count('SELECT COUNT(*) AS n FROM responses WHERE attempt_id = $attemptId', { attemptId })).toBeGreaterThanOrEqual(acknowledged);
  }, 60_000);
});

describe('an unreachable queue', () => {
  it('is told in a sentence, fails no request, and the outbox keeps the message', async () => {
    const env = { DATA_DIR: freshFolder('no-queue'), PORT: String(await freePort()) };
    const [seat] = await hall(env, 1);
    if (!seat) throw new Error('no seat');
    const server = await startServer({ dataDir: env.DATA_DIR, port: Number(env.PORT), env: { REDIS_URL: `redis://127.0.0.1:${await freePort()}` } });
    const client = running(server);
    const { cookie, attemptId } = await begin(client, seat);
    const handedIn = await client.call(`/attempts/${attemptId}/hand-in`, { method: 'POST', cookie, form: {} });
    expect(handedIn.headers['location']).toContain('/receipt');
    expect((await outboxCounts(reader())).waiting).toBeGreaterThan(0);
    const ready = await client.call('/health/ready');
    expect([ready.status, JSON.parse(ready.text)]).toEqual([200, { ready: true, database: 'ok', queue: 'unreachable' }]);
    expect(server.output()).toMatch(/queue[^\n]*cannot be reached/i);
    expect(server.output().split('\n').length).toBeLessThan(20);
  }, 60_000);
});

describe('an unreachable database', () => {
  it('is told in a sentence and tried again, without ending the process', async () => {
    const url = `postgres://nobody@127.0.0.1:${await freePort()}/none`;
    const server = runServer({ DATA_DIR: freshFolder('no-database'), PORT: '0', DATABASE_URL: url });
    stops.push(() => server.stop());
    await until(async () => server.output().includes('PostgreSQL at DATABASE_URL cannot be reached; trying again in 5 s'));
    expect(server.ended()).toBe(false);
    expect(server.output()).not.toContain('nobody@');
  }, 60_000);
});

describe('the operators’ addresses', () => {
  it('tell whether it lives, whether it is ready, and figures to this machine only', async () => {
    const server = await startServer({ env: { METRICS_TOKEN: 'a-token-of-length-sixteen' } });
    const client = running(server);
    expect((await client.call('/health/live')).status).toBe(200);
    expect(JSON.parse((await client.call('/health/ready')).text)).toEqual({ ready: true, database: 'ok', queue: 'ok' });
    expect((await client.call('/metrics')).status).toBe(403);
    const open = await fetch(`${server.url}/metrics`, { headers: { authorization: 'Bearer a-token-of-length-sixteen' } });
    expect(await open.text()).toMatch(/shanggang_outbox\{status="failed"\} 0/);
  }, 60_000);

  it('stand behind the same headers as every page', async () => {
    const server = await startServer();
    const { headers } = await running(server).call('/');
    expect(headers['content-security-policy']).toMatch(/script-src 'self' 'nonce-[^']+';.*form-action 'self'/);
    expect(headers['content-security-policy']).not.toContain('unsafe');
    expect(headers['x-powered-by']).toBeUndefined();
    const crossSite = await fetch(`${server.url}/sign-in`, { method: 'POST', headers: { 'sec-fetch-site': 'cross-site' } });
    expect(crossSite.status).toBe(403);
  }, 60_000);
});

describe('a broken course folder', () => {
  it('is named with file and line at the start, and the other courses are served', async () => {
    const courses = path.join(freshFolder('courses'), 'courses');
    cpSync('courses/digital-skills-for-residents', path.join(courses, 'digital-skills-for-residents'), { recursive: true });
    mkdirSync(path.join(courses, 'broken', 'lessons'), { recursive: true });
    writeFileSync(path.join(courses, 'broken', 'course.md'), '---\nslug: broken\ntitle: { zh: 坏课程\naccess: open\n---\n');
    const server = await startServer({ env: { COURSES_DIR: courses } });
    const client = running(server);
    expect(server.output()).toMatch(/Course not loaded: .*broken\/course\.md:\d+: /);
    expect((await client.call('/courses/digital-skills-for-residents')).status).toBe(200);
  }, 60_000);
});

describe.skipIf(!offers('postgres'))('with PostgreSQL', () => {
  it.each([
    { name: 'and Redis', redis: true },
    { name: 'alone', redis: false },
  ].filter(({ redis }) => !redis || offers('redis')))('$name two webs and two workers share the work', async ({ redis }) => {
    const place = await scratch('postgres');
    stops.push(() => place.remove());
    if (place.choice.kind !== 'postgres') throw new Error('expected PostgreSQL');
    const dataDir = freshFolder('apart');
    const env: Record<string, string> = { DATA_DIR: dataDir, DATABASE_URL: place.choice.url, PUBLIC_URL: 'http://localhost:3000', ...(redis && { REDIS_URL: REDIS }) };
    const seats = await hall(env, 6);
    const webs = [await startServer({ dataDir, env, args: ['--web'] }), await startServer({ dataDir, env, args: ['--web'] })];
    const clients = webs.map(running);
    for (const worker of [startWorker(env), startWorker(env)]) stops.push(() => worker.stop());
    for (const [i, seat] of seats.entries()) {
      const [first, second] = i % 2 === 0 ? clients : [...clients].reverse();
      if (!first || !second) throw new Error('two webs');
      const { cookie, attemptId } = await begin(first, seat);
      const [question] = await itemsOf(attemptId);
      const saved = await second.call(`/attempts/${attemptId}/responses`, {
        method: 'POST', cookie, json: { device: DEVICE, changes: [{ item: question?.item, seq: 1, response: question?.answer(1) }] },
      });
      expect(saved.status).toBe(200);
      expect((await first.call(`/attempts/${attemptId}/hand-in`, { method: 'POST', cookie, form: {} })).headers['location']).toContain('/receipt');
    }
    await until(async () => (await count('SELECT COUNT(*) AS n FROM results WHERE released_at IS NOT NULL')) === seats.length);
    const graded = await rows(reader(), Count, `SELECT COUNT(*) AS n FROM ledger_events WHERE kind = 'attempt.graded' GROUP BY subject_id`);
    expect(graded.map(({ n }) => n)).toEqual(seats.map(() => 1));
  }, 120_000);
});
