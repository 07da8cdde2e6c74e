import { QueryTypes, type Transaction } from 'sequelize';
import { Umzug } from 'umzug';
import { clock } from '~/kernel/clock';
import type { Database } from './connection';
import { foundation } from './migrations/20261123090000_foundation';
import { sittings } from './migrations/20261124003000_sittings';
import { clearance } from './migrations/20261130200000_clearance';
import { clearanceLists } from './migrations/20261130200500_clearance_lists';
import { credentials } from './migrations/20261130201000_credentials';
import { programmes } from './migrations/20261130202000_programmes';
import { validity } from './migrations/20261130211000_validity';
import { records } from './migrations/20261130210000_records';
import { rosters } from './migrations/20261201030000_rosters';
import { hiring } from './migrations/20261201110000_hiring';
import { starts } from './migrations/20261130220000_starts';
import { engagements } from './migrations/20261201000000_engagements';
import { units } from './migrations/20261201010000_units';
import { applications } from './migrations/20261201014000_applications';
import { lawEnds } from './migrations/20261201020000_law_ends';
import { sending } from './migrations/20261201100000_sending';
import { calendarChanges } from './migrations/20261201120000_calendar_changes';
import { reports } from './migrations/20261201130000_reports';
import { api } from './migrations/20261201140000_api';
import { closings } from './migrations/20261201140500_closings';
import { peopleSearch } from './migrations/20261201150000_people_search';
import { webhooks } from './migrations/20261201151000_webhooks';
import { hrLists } from './migrations/20261201152000_hr_lists';
import { badges } from './migrations/20261130205000_badges';
import { hours } from './migrations/20261130204500_hours';
import { keyCorrections } from './migrations/20261130203000_key_corrections';

/** Frozen once it has landed: no code of the app may be imported by a migration, and none is edited. */
export interface Migration {
  name: string;
  statements: string[];
}

const MIGRATIONS: readonly Migration[] = [foundation, sittings, clearance, clearanceLists, credentials, programmes, keyCorrections, hours, badges, records, validity, starts, engagements, units, applications, lawEnds, sending, rosters, hiring, calendarChanges, reports, api, closings, peopleSearch, webhooks, hrLists];

/** The database was written by a newer program; nothing was touched. */
export class NewerDatabaseError extends Error {
  constructor(readonly unknown: string[]) {
    super(`the database knows migrations that this program does not: ${unknown.join(', ')}`);
  }
}

const raw = { type: QueryTypes.RAW } as const;

/**
 * Brings the schema up to this program, forward only, each migration in a transaction of its own.
 * @returns the names of the migrations that were run
 * @throws NewerDatabaseError when the database is ahead of the program
 */
export async function migrate(db: Database, migrations: readonly Migration[] = MIGRATIONS): Promise<string[]> {
  return withMigrationLock(db, async () => {
    await db.writing.query('CREATE TABLE IF NOT EXISTS migrations (name TEXT PRIMARY KEY, run_at BIGINT NOT NULL)', raw);
    const umzug = new Umzug({
      migrations: migrations.map((migration) => ({ name: migration.name, up: () => run(db, migration) })),
      storage: {
        executed: () => executed(db),
        // Written by `run`, in the same transaction as the change itself.
        logMigration: async () => undefined,
        unlogMigration: async () => { throw new Error('migrations only go forward'); },
      },
      logger: undefined,
    });
    const known = new Set(migrations.map((migration) => migration.name));
    const unknown = (await executed(db)).filter((name) => !known.has(name));
    if (unknown.length > 0) throw new NewerDatabaseError(unknown);
    return (await umzug.up()).map((done) => done.name);
  });
}

/** The names of the migrations that the database has. */
export const appliedMigrations = (db: Database): Promise<string[]> => executed(db);

async function executed(db: Database): Promise<string[]> {
  const found = await db.writing.query<{ name: string }>('SELECT name FROM migrations ORDER BY name', { type: QueryTypes.SELECT });
  return found.map((row) => row.name);
}

async function run(db: Database, migration: Migration): Promise<void> {
  const record = 'INSERT INTO migrations (name, run_at) VALUES ($name, $at)';
  const bind = { name: migration.name, at: clock.now() };
  if (db.dialect === 'postgres') {
    await db.writing.transaction(async (transaction: Transaction) => {
      for (const sql of migration.statements) await db.writing.query(sql, { ...raw, transaction });
      await db.writing.query(record, { ...raw, transaction, bind });
    });
    return;
  }
  await db.writing.query('BEGIN IMMEDIATE', raw);
  try {
    for (const sql of migration.statements) await db.writing.query(sql, raw);
    await db.writing.query(record, { ...raw, bind });
    await db.writing.query('COMMIT', raw);
  } catch (error) {
    await db.writing.query('ROLLBACK', raw);
    throw error;
  }
}

const MIGRATION_LOCK = 720_101;

/** Several processes may start at once on PostgreSQL; on SQLite the instance lock already keeps others out. */
async function withMigrationLock<T>(db: Database, work: () => Promise<T>): Promise<T> {
  if (db.dialect === 'sqlite') return work();
  return db.writing.transaction(async (transaction) => {
    await db.writing.query(`SELECT pg_advisory_xact_lock(${MIGRATION_LOCK})`, { ...raw, transaction });
    return work();
  });
}
