import { mkdirSync } from 'node:fs';
import path from 'node:path';
import pg from 'pg';
import { Sequelize } from 'sequelize';
import { sparingStacks } from './sqlite-query';

export type Dialect = 'sqlite' | 'postgres';

/**
 * An open database. On SQLite two connections: one that only reads (never waits behind writers, thanks
 * to WAL) and one that writes, on which `inTransaction` queues. On PostgreSQL both are the same pool.
 */
export interface Database {
  dialect: Dialect;
  reading: Sequelize;
  writing: Sequelize;
  /** The SQLite file, for backups. */
  file: string | null;
}

export type DatabaseChoice = { kind: 'sqlite'; file: string } | { kind: 'postgres'; url: string };

// BIGINT holds milliseconds and counts, all far below 2^53: read them as numbers, as SQLite does.
pg.types.setTypeParser(pg.types.builtins.INT8, Number);
pg.types.setTypeParser(pg.types.builtins.NUMERIC, Number);

interface SqliteConnection {
  exec(sql: string, done: (error: Error | null) => void): void;
}

function pragmas(lines: string[]) {
  return (connection: unknown): Promise<void> =>
    new Promise((resolve, reject) =>
      (connection as SqliteConnection).exec(lines.map((line) => `PRAGMA ${line};`).join(''), (error) =>
        error ? reject(error) : resolve(),
      ),
    );
}

function sqlite(file: string, lines: string[]): Sequelize {
  const sequelize = sparingStacks(new Sequelize({ dialect: 'sqlite', storage: file, logging: false }));
  sequelize.addHook('afterConnect', pragmas(lines));
  return sequelize;
}

/** Opens (and for SQLite creates) the database; rejects when it cannot be reached. */
export async function connect(choice: DatabaseChoice): Promise<Database> {
  if (choice.kind === 'postgres') {
    const sequelize = new Sequelize(choice.url, { dialect: 'postgres', logging: false, pool: { max: 12, acquire: 10_000 } });
    await sequelize.authenticate();
    return { dialect: 'postgres', reading: sequelize, writing: sequelize, file: null };
  }
  mkdirSync(path.dirname(choice.file), { recursive: true });
  const common = ['foreign_keys = ON', 'busy_timeout = 10000', 'temp_store = MEMORY', 'cache_size = -32000'];
  const writing = sqlite(choice.file, ['journal_mode = WAL', 'synchronous = FULL', ...common]);
  await writing.query('SELECT 1');
  const reading = sqlite(choice.file, [...common, 'query_only = ON']);
  await reading.query('SELECT 1');
  return { dialect: 'sqlite', reading, writing, file: choice.file };
}

export async function disconnect(database: Database): Promise<void> {
  await database.reading.close();
  if (database.writing !== database.reading) await database.writing.close();
}

/**
 * Runs `work` without waiting for the disk at each commit, for filling an empty installation: a power cut
 * meanwhile may lose it, and it is then done again. On PostgreSQL nothing is relaxed.
 */
export async function withoutWaitingForDisk<T>(database: Database, work: () => Promise<T>): Promise<T> {
  if (database.dialect === 'postgres') return work();
  await database.writing.query('PRAGMA synchronous = OFF');
  try {
    return await work();
  } finally {
    await database.writing.query('PRAGMA synchronous = FULL');
    await database.writing.query('PRAGMA wal_checkpoint(TRUNCATE)');
  }
}
