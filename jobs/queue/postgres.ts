import { setTimeout as sleep } from 'node:timers/promises';
import { createPostgresBackend, runMigrations, withBackend } from 'bullmq';
import type { PgPool, PgPoolClient, PgQueryResult } from 'bullmq';
import pg from 'pg';
import { messageOf } from './contract';
import { StoreAway, codeOf, forBull, within } from './failure';
import { EVENT_STREAM, WORKER_TIMES } from './store';
import type { BullQueue, BullWorker, OpenStore, StoreSignals } from './store';

const CONNECTING_MAY_TAKE_MS = 2_000;
const MIGRATING_MAY_TAKE_MS = 60_000;
const STATEMENT_MAY_TAKE_MS = 30_000;
/** A worker that waits for jobs asks for a connection ten times a second while there is none. */
const PAUSE_AFTER_REFUSAL_MS = 1_000;
const CONNECTIONS = 8;

/** The schema `bullmq` of a PostgreSQL database, made and brought up to date when it is opened. */
export function postgres(url: string): OpenStore {
  return async (signals) => {
    const pool = newPool(url, signals);
    try {
      await within(MIGRATING_MAY_TAKE_MS, 'bringing the schema up to date', migrate(pool));
    } catch (error) {
      void pool.end();
      throw error;
    }
    const connection: PgPool = new PatientPool(pool, signals);
    const { Queue, Worker } = withBackend(createPostgresBackend);
    return {
      exclusive: false,
      newQueue: (name): BullQueue => new Queue<unknown, unknown>(name, { connection, streams: EVENT_STREAM }),
      newWorker: (name, processor, options): BullWorker =>
        new Worker<unknown, unknown>(name, processor, { ...options, ...WORKER_TIMES, autorun: false, connection }),
      ping: async () => {
        await connection.query('SELECT 1');
      },
      isAway,
      lost: new Promise<never>(() => undefined),
      close: () => pool.end(),
    };
  };
}

/**
 * Makes or updates the schema `bullmq`, as `openQueue` does too.
 * @throws what PostgreSQL says, when it cannot.
 */
export async function migrateQueue(url: string): Promise<void> {
  const pool = newPool(url, { up: () => undefined, down: () => undefined });
  try {
    await migrate(pool);
  } finally {
    await pool.end();
  }
}

async function migrate(pool: pg.Pool): Promise<void> {
  const client = await pool.connect();
  let failed = true;
  try {
    await runMigrations(client);
    failed = false;
  } finally {
    client.release(failed);
  }
}

function newPool(url: string, signals: StoreSignals): pg.Pool {
  const pool = new pg.Pool({
    ...withSearchPath(url),
    max: CONNECTIONS,
    keepAlive: true,
    connectionTimeoutMillis: CONNECTING_MAY_TAKE_MS,
    query_timeout: STATEMENT_MAY_TAKE_MS,
    application_name: 'shanggang jobs',
  });
  // A client that is in use and loses its connection would otherwise throw past everybody.
  pool.on('connect', (client) => client.on('error', signals.down));
  pool.on('error', signals.down);
  return pool;
}

/** BullMQ's statements name no schema. An `options` parameter of the address itself is kept. */
export function withSearchPath(url: string): { connectionString: string; options: string } {
  const ours = '-c search_path=bullmq';
  if (!URL.canParse(url)) return { connectionString: url, options: ours };
  const address = new URL(url);
  const options = [address.searchParams.get('options'), ours].filter(Boolean).join(' ');
  // What the address says wins over what stands beside it, so it must not say anything.
  address.searchParams.delete('options');
  return { connectionString: address.toString(), options };
}

/** Statements fail with StoreAway; the connection that waits for notifications fails as `pg` has it. */
function isAway(error: unknown): boolean {
  if (error instanceof StoreAway) return true;
  return /^(E[A-Z_]+|08...|57P..)$/.test(codeOf(error) ?? '') || messageOf(error).startsWith('Connection terminated');
}

/** A pool whose failures BullMQ waits out. */
class PatientPool implements PgPool {
  constructor(
    private readonly pool: pg.Pool,
    private readonly signals: StoreSignals,
  ) {}

  async query<R>(text: string, params: readonly unknown[] = []): Promise<PgQueryResult<R>> {
    try {
      const result = await this.pool.query(text, [...params]);
      this.signals.up();
      return result as PgQueryResult<R>;
    } catch (error) {
      throw this.#failed(error);
    }
  }

  async connect(): Promise<PgPoolClient> {
    try {
      return await this.pool.connect();
    } catch (error) {
      await sleep(PAUSE_AFTER_REFUSAL_MS);
      throw this.#failed(error);
    }
  }

  /** BullMQ does not own this pool and never ends it; its maker does. */
  end(): Promise<void> {
    return Promise.resolve();
  }

  /** The pool's errors are heard where it is made. */
  on(): this {
    return this;
  }

  removeAllListeners(): this {
    return this;
  }

  #failed(error: unknown): unknown {
    const failure = forBull(error);
    if (failure instanceof StoreAway) this.signals.down(error);
    else this.signals.up();
    return failure;
  }
}
