import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { randomUUID } from 'node:crypto';
import { Redis } from 'ioredis';
import pg from 'pg';
import type { JobToAdd, QueueChoice, QueueDeps } from '~jobs/queue';
import { postgresReachable, scratch } from './databases';
import { giveReadyStore } from './ready-queue';

/** A Redis in whose database queues of any name may be made and forgotten: one for each of the test runner's processes. */
export const REDIS = ownDatabase(process.env['REDIS_URL_TEST'] ?? 'redis://127.0.0.1:6379/9');

function ownDatabase(url: string): string {
  const own = new URL(url);
  own.pathname = `/${Number(own.pathname.slice(1) || 0) + Number(process.env['VITEST_POOL_ID'] ?? 0)}`;
  return own.href;
}
const required = process.env['SHANGGANG_REQUIRE_SERVICES'] === '1';

export type QueueKind = QueueChoice['kind'];
export const QUEUE_KINDS: readonly QueueKind[] = ['embedded', 'postgres', 'redis'];

const redisReachable = await canReachRedis();

/** Whether this machine offers the store; where services are required, one that is missing has thrown already. */
export const offers = (kind: QueueKind): boolean =>
  kind === 'embedded' || (kind === 'postgres' ? postgresReachable : redisReachable);

export interface QueuePlace {
  choice: QueueChoice;
  /** Makes the store forget everything, behind the back of those who have it open. */
  empty: () => Promise<void>;
  remove: () => Promise<void>;
}

/** An empty store for a queue, and how to remove it. */
export async function queuePlace(kind: QueueKind): Promise<QueuePlace> {
  if (kind === 'redis') return { choice: { kind, url: REDIS }, empty: forgetRedisQueues, remove: forgetRedisQueues };
  if (kind === 'embedded') {
    const parent = mkdtempSync(path.join(tmpdir(), 'shanggang-queue-'));
    await giveReadyStore(parent);
    const remove = () => rm(parent, { recursive: true, force: true });
    const empty = () => Promise.reject(new Error('nobody else can reach into the embedded store'));
    return { choice: { kind, folder: path.join(parent, 'queue') }, empty, remove };
  }
  const database = await scratch('postgres');
  const { choice } = database;
  if (choice.kind !== 'postgres') throw new Error('expected a PostgreSQL database');
  return { choice, empty: () => emptyPostgresQueues(choice.url), remove: () => database.remove() };
}

/** Dependencies that keep what was logged, with a queue name that no other test has. */
export function queueDeps(name = queueName()): QueueDeps & { sentences: string[] } {
  const sentences: string[] = [];
  const note = (level: string) => (fields: object, sentence: string) => {
    sentences.push(`${level}: ${sentence} ${JSON.stringify(fields)}`);
  };
  return { sentences, name, now: Date.now, log: { info: note('info'), warn: note('warn'), error: note('error') } };
}

const PREFIX = 'shanggang-test-';
export const queueName = (): string => `${PREFIX}${randomUUID()}`;

export function aJob(over: Partial<JobToAdd> = {}): JobToAdd {
  return { id: randomUUID(), name: 'notes.write', payload: {}, delayMs: 0, attempts: 1, backoffMs: 10, ...over };
}

async function emptyPostgresQueues(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query('TRUNCATE bullmq.job, bullmq.meta, bullmq.scheduler CASCADE');
  await client.end();
}

async function canReachRedis(): Promise<boolean> {
  const client = aRedis();
  try {
    await client.connect();
    return true;
  } catch (error) {
    if (required) throw new Error('Redis is required here and cannot be reached', { cause: error });
    return false;
  } finally {
    client.disconnect();
  }
}

async function forgetRedisQueues(): Promise<void> {
  const client = aRedis();
  await client.connect();
  const keys = await client.keys(`bull:${PREFIX}*`);
  if (keys.length > 0) await client.del(...keys);
  client.disconnect();
}

function aRedis(): Redis {
  const client = new Redis(REDIS, { lazyConnect: true, connectTimeout: 2_000, retryStrategy: () => null });
  client.on('error', () => undefined);
  return client;
}
