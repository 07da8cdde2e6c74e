import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe } from 'vitest';
import { closeDatabase, migrate, openDatabase, type Database, type DatabaseChoice, type Dialect } from '~/db';
import { useSecrets } from '~/kernel/secrets';
import { onServer, POSTGRES } from './postgres-server';

const required = process.env['SHANGGANG_REQUIRE_SERVICES'] === '1';

async function reachable(): Promise<boolean> {
  const client = new pg.Client({ connectionString: POSTGRES, connectionTimeoutMillis: 2000 });
  try {
    await client.connect();
    await client.end();
    return true;
  } catch (error) {
    if (required) throw new Error('PostgreSQL is required here and cannot be reached', { cause: error });
    return false;
  }
}

export const postgresReachable = await reachable();

/** An empty place for a database, and how to remove it. */
export async function scratch(dialect: Dialect): Promise<{ choice: DatabaseChoice; remove(): Promise<void> }> {
  if (dialect === 'sqlite') {
    const folder = mkdtempSync(path.join(tmpdir(), 'shanggang-'));
    return {
      choice: { kind: 'sqlite', file: path.join(folder, 'shanggang.sqlite') },
      remove: async () => rmSync(folder, { recursive: true, force: true }),
    };
  }
  const name = `shanggang_test_${randomBytes(6).toString('hex')}`;
  await onServer(`CREATE DATABASE ${name}`);
  const url = new URL(POSTGRES);
  url.pathname = `/${name}`;
  return { choice: { kind: 'postgres', url: url.href }, remove: () => onServer(`DROP DATABASE ${name} WITH (FORCE)`) };
}

export function testSecrets(): void {
  useSecrets({ encryption: Buffer.alloc(32, 1), hashing: Buffer.alloc(32, 2) });
}

/**
 * The same tests on every database: SQLite always, PostgreSQL when a server can be reached (skipped
 * visibly otherwise, a failure where services are required). Each file gets a fresh migrated database.
 */
export function onEveryDatabase(name: string, define: (dialect: Dialect, db: () => Database) => void): void {
  for (const dialect of ['sqlite', 'postgres'] as const) {
    describe.skipIf(dialect === 'postgres' && !postgresReachable)(`${name} on ${dialect}`, () => {
      let db: Database;
      let remove: () => Promise<void>;
      beforeAll(async () => {
        testSecrets();
        const place = await scratch(dialect);
        remove = place.remove;
        db = await openDatabase(place.choice);
        await migrate(db);
      });
      afterAll(async () => {
        await closeDatabase(db);
        await remove();
      });
      define(dialect, () => db);
    });
  }
}
