import { QueryTypes, Transaction } from 'sequelize';
import type { Database } from './connection';
import { database } from './transaction';

/** Reads all tables as of one moment, beside running writers. For backups. */
export interface Snapshot {
  tables: { name: string; key: string[] }[];
  /** Rows of a table in the order of its key, in chunks. */
  rows(table: { name: string; key: string[] }, size: number): AsyncGenerator<Record<string, unknown>[]>;
}

/**
 * Runs `read` on a consistent snapshot of the whole database. On SQLite the reading connection holds the
 * snapshot meanwhile, so this is for the command line, not for a serving process.
 */
export async function withSnapshot<T>(read: (snapshot: Snapshot) => Promise<T>): Promise<T> {
  const db = database();
  if (db.dialect === 'postgres') {
    return db.reading.transaction({ isolationLevel: Transaction.ISOLATION_LEVELS.REPEATABLE_READ, readOnly: true },
      async (transaction) => read(await snapshotOf(db, transaction)));
  }
  await db.reading.query('BEGIN', { type: QueryTypes.RAW });
  try {
    return await read(await snapshotOf(db, null));
  } finally {
    await db.reading.query('COMMIT', { type: QueryTypes.RAW });
  }
}

async function snapshotOf(db: Database, transaction: Transaction | null): Promise<Snapshot> {
  const select = <R extends object>(sql: string) => db.reading.query<R>(sql, { type: QueryTypes.SELECT, transaction, raw: true });
  const names = await tableNames(db, transaction);
  const tables = [];
  for (const name of names) tables.push({ name, key: await keyOf(db, name, transaction) });
  return {
    tables,
    async *rows({ name, key }, size) {
      for (let from = 0; ; from += size) {
        const chunk = await select<Record<string, unknown>>(`SELECT * FROM ${name} ORDER BY ${key.join(', ')} LIMIT ${size} OFFSET ${from}`);
        if (chunk.length > 0) yield chunk;
        if (chunk.length < size) return;
      }
    },
  };
}

/** Our tables, each after those it refers to, so that they can be filled in this order. */
export async function tableNames(db: Database, transaction: Transaction | null = null): Promise<string[]> {
  const sqlite = db.dialect === 'sqlite';
  const found = await db.reading.query<{ name: string }>(sqlite
    ? `SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name`
    : `SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public' AND table_type = 'BASE TABLE' ORDER BY table_name`,
  { type: QueryTypes.SELECT, transaction, raw: true });
  const refers = new Map<string, string[]>();
  for (const { name } of found) refers.set(name, await referredBy(db, name, transaction));
  return ordered(refers);
}

async function referredBy(db: Database, table: string, transaction: Transaction | null): Promise<string[]> {
  const found = await db.reading.query<{ name: string }>(db.dialect === 'sqlite'
    ? `SELECT DISTINCT "table" AS name FROM pragma_foreign_key_list('${table}')`
    : `SELECT DISTINCT confrelid::regclass::text AS name FROM pg_constraint WHERE contype = 'f' AND conrelid = '"${table}"'::regclass`,
  { type: QueryTypes.SELECT, transaction, raw: true });
  return found.map((row) => row.name).filter((name) => name !== table);
}

/** Depth first: what a table refers to comes before it. */
export function ordered(refers: ReadonlyMap<string, readonly string[]>): string[] {
  const done = new Set<string>();
  const visit = (name: string): void => {
    if (done.has(name)) return;
    done.add(name);
    for (const other of refers.get(name) ?? []) visit(other);
    result.push(name);
  };
  const result: string[] = [];
  for (const name of refers.keys()) visit(name);
  return result;
}

async function keyOf(db: Database, table: string, transaction: Transaction | null): Promise<string[]> {
  const found = await db.reading.query<{ name: string }>(db.dialect === 'sqlite'
    ? `SELECT name FROM pragma_table_info('${table}') WHERE pk > 0 ORDER BY pk`
    // Byte order, as SQLite sorts: an archive must read the same on both.
    : `SELECT CASE WHEN a.atttypid = 'text'::regtype THEN a.attname || ' COLLATE "C"' ELSE a.attname END AS name FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey)
       WHERE i.indrelid = '"${table}"'::regclass AND i.indisprimary ORDER BY a.attnum`,
  { type: QueryTypes.SELECT, transaction, raw: true });
  if (found.length === 0) throw new Error(`${table} has no primary key`);
  return found.map((row) => row.name);
}
