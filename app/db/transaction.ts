import { QueryTypes, Transaction } from 'sequelize';
import { clock, type Instant } from '~/kernel/clock';
import type { Database } from './connection';
import type { Params, Reader } from './query';
import { withStack } from './sqlite-query';

/** A running transaction: only `inTransaction` makes one, and everything that writes takes it first. */
export interface Tx extends Reader {
  readonly write: true;
  /** Fixed when the transaction began, so that all its rows agree. */
  readonly now: Instant;
  /** Runs after the commit, never after a rollback. Must not throw; what must not be lost goes to the outbox. */
  afterCommit(run: () => void): void;
}

let current: Database | null = null;

/** The open database of this process. */
export function database(): Database {
  if (!current) throw new Error('the database is not open');
  return current;
}

export function setDatabase(next: Database | null): void {
  current = next;
  writers = Promise.resolve();
}

/** For reading outside a transaction; never waits behind writers. */
export function reader(): Reader {
  return { sequelize: database().reading, transaction: null };
}

let commits = 0;

/** Transactions that this process has committed. */
export const commitCount = (): number => commits;

let writers: Promise<unknown> = Promise.resolve();

/** SQLite has one writer: transactions of this process wait here for each other, not in the file lock. */
function queued<T>(run: () => Promise<T>): Promise<T> {
  const turn = writers.then(run, run);
  writers = turn.catch(() => undefined);
  return turn;
}

/**
 * Runs `work` in one transaction: all of it is committed durably before the promise resolves, or none.
 * Do not nest. Do not wait for anything but the database inside.
 */
export async function inTransaction<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
  const db = database();
  return db.dialect === 'sqlite' ? queued(() => onSqlite(db, work)) : onPostgres(db, work);
}

async function onSqlite<T>(db: Database, work: (tx: Tx) => Promise<T>): Promise<T> {
  const run = (sql: string) => db.writing.query(sql, { type: QueryTypes.RAW });
  const after: (() => void)[] = [];
  await run('BEGIN IMMEDIATE');
  let result: T;
  try {
    result = await work(transactionOf(db, null, after));
    await run('COMMIT');
  } catch (error) {
    // A full disk may already have rolled back; the second ROLLBACK then fails and says nothing new.
    await run('ROLLBACK').catch(() => undefined);
    throw error;
  }
  committed(after);
  return result;
}

function committed(after: (() => void)[]): void {
  commits += 1;
  after.forEach((then) => then());
}

const RETRIABLE = new Set(['40001', '40P01']);

async function onPostgres<T>(db: Database, work: (tx: Tx) => Promise<T>, attempt = 1): Promise<T> {
  const after: (() => void)[] = [];
  try {
    const result = await db.writing.transaction(
      { isolationLevel: Transaction.ISOLATION_LEVELS.READ_COMMITTED },
      (transaction) => work(transactionOf(db, transaction, after)),
    );
    committed(after);
    return result;
  } catch (error) {
    if (attempt < 3 && RETRIABLE.has(sqlState(error))) return onPostgres(db, work, attempt + 1);
    throw error;
  }
}

function transactionOf(db: Database, transaction: Transaction | null, after: (() => void)[]): Tx {
  return {
    sequelize: db.writing,
    transaction,
    write: true,
    now: clock.now(),
    afterCommit: (run) => after.push(run),
  };
}

function sqlState(error: unknown): string {
  const parent: unknown = error instanceof Error && 'parent' in error ? error.parent : error;
  return parent instanceof Error && 'code' in parent ? String(parent.code) : '';
}

/** Runs a statement and returns how many rows it changed. */
export async function execute(tx: Tx, sql: string, params: Params = {}): Promise<number> {
  // BULKUPDATE is the one type for which Sequelize answers the number of rows on both dialects.
  const changed: unknown = await withStack(tx.sequelize.query(sql, { bind: params, transaction: tx.transaction, type: QueryTypes.BULKUPDATE }));
  return Number(changed);
}
