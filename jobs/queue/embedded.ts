import { once } from 'node:events';
import { Worker as Thread } from 'node:worker_threads';
import { createPostgresBackend, runMigrations, withBackend } from 'bullmq';
import type { PgPool, PgQueryable } from 'bullmq';
import type { QueueDeps } from './contract';
import { messageOf } from './contract';
import { StoreAway, within } from './failure';
import { hasRoom, makeStore, setAside, stateOf, threadFile } from './folder';
import { PglitePool } from './pglite-pool';
import type { ThreadLost } from './pglite-pool';
import { EVENT_STREAM, WORKER_TIMES } from './store';
import type { BullQueue, BullWorker, OpenStore, Store } from './store';

const OPENING_MAY_TAKE_MS = 60_000;
/** Nobody vacuums an embedded PostgreSQL but we: after so many statements, looked at every 20 s. */
const VACUUM_AFTER_STATEMENTS = 5_000;
const VACUUM_EVERY_MS = 20_000;

/**
 * The store in a folder of this process. It runs without fsync and is a cache of the outbox: when its folder
 * is missing it is made, when it cannot be read it is set aside and made anew.
 */
export function embedded(folder: string, { log, now }: Pick<QueueDeps, 'log' | 'now'>): OpenStore {
  let foundDamaged: unknown = null;

  async function replace(reason: unknown): Promise<void> {
    if (!(await hasRoom(folder))) throw new Error(`no space left beside ${folder}`, { cause: reason });
    const aside = await setAside(folder, now());
    log.error(
      { reason: messageOf(reason), aside },
      'The embedded job queue could not be read. It is set aside and made anew; its jobs come again from the outbox.',
    );
    foundDamaged = null;
  }

  async function openOrReplace(): Promise<PglitePool> {
    const state = await stateOf(folder);
    if (state === 'unusable') await replace(new Error('files are missing'));
    else if (state === 'present' && foundDamaged !== null) await replace(foundDamaged);
    else if (state === 'present') {
      const opened = await openFolder(folder).catch((error: unknown) => ({ error }));
      if (!('error' in opened)) return opened;
      await replace(opened.error);
    }
    await makeStore(folder);
    return openFolder(folder);
  }

  return async () => {
    const pool = await openOrReplace();
    return embeddedStore(pool, (lost) => {
      if (lost.damaged) foundDamaged = lost;
    });
  };
}

/** Opens a folder, brings its schema up to date and reads all of it once. */
async function openFolder(folder: string): Promise<PglitePool> {
  const thread = new Thread(threadFile(), { workerData: { folder }, execArgv: [], stdout: true, stderr: true });
  // Nobody reads what the engine prints; unread it would fill memory.
  thread.stdout.resume();
  thread.stderr.resume();
  const pool = new PglitePool(thread);
  const broken = pool.lost.then((lost) => Promise.reject(lost));
  try {
    await within(OPENING_MAY_TAKE_MS, 'opening the store', Promise.race([once(thread, 'message'), broken]));
    await within(OPENING_MAY_TAKE_MS, 'reading the store', Promise.race([prepare(pool), broken]));
    return pool;
  } catch (error) {
    pool.lose(error, false);
    throw error;
  }
}

async function prepare(pool: PglitePool): Promise<void> {
  const client = await pool.connect();
  await runMigrations(client);
  client.release();
  await readAll(pool);
}

/** Reads each page of BullMQ's tables: PostgreSQL compares their checksums. */
async function readAll(database: PgQueryable): Promise<void> {
  const { rows } = await database.query<{ table: string }>(
    `SELECT oid::regclass::text AS "table" FROM pg_class
      WHERE relkind = 'r' AND relnamespace = 'bullmq'::regnamespace`,
  );
  for (const { table } of rows) await database.query(`SELECT count(*) FROM ${table}`);
}

function embeddedStore(pool: PglitePool, onLost: (lost: ThreadLost) => void): Store {
  const connection: PgPool = pool;
  const { Queue, Worker } = withBackend(createPostgresBackend);
  const stopVacuum = vacuumNowAndThen(pool);
  return {
    exclusive: true,
    newQueue: (name): BullQueue => new Queue<unknown, unknown>(name, { connection, streams: EVENT_STREAM }),
    newWorker: (name, processor, options): BullWorker =>
      new Worker<unknown, unknown>(name, processor, { ...options, ...WORKER_TIMES, autorun: false, connection }),
    ping: async () => {
      await pool.query('SELECT 1');
    },
    isAway: (error) => error instanceof StoreAway,
    lost: pool.lost.then((lost) => {
      stopVacuum();
      onLost(lost);
      return lost;
    }),
    close: async () => {
      stopVacuum();
      await pool.end();
    },
  };
}

function vacuumNowAndThen(pool: PglitePool): () => void {
  let seen = pool.sent;
  const timer = setInterval(() => {
    if (pool.sent - seen < VACUUM_AFTER_STATEMENTS) return;
    seen = pool.sent;
    pool.query('VACUUM').catch(() => undefined);
  }, VACUUM_EVERY_MS);
  timer.unref();
  return () => {
    clearInterval(timer);
  };
}
