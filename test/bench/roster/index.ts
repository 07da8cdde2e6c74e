import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { adoptRootOrganisation } from '~/people';
import { closeDatabase, migrate, openDatabase } from '~/db';
import { useConfig } from '~/kernel/config';
import { useSecrets } from '~/kernel/secrets';
import { testConfig } from '../../support/config';
import { scratch } from '../../support/databases';
import { machine } from '../load';
import { setClock } from '~/kernel/clock';
import { exportReport } from './export';
import { hiringList } from './hiring-list';
import { importPeople } from './import';
import { listPages } from './list';
import { planReminders } from './reminders';
import { TODAY } from '../population';

const SIZES = [1_000, 10_000, 100_000];
const FULL = [...SIZES, 1_000_000];

/** What is measured of a roster of so many people: microseconds for each of them. In this order; each finds what those before it left. */
const MEASURES: Record<string, (people: number) => Promise<number>> = {
  import: importPeople,
  list: listPages,
  hiringList,
  reminders: planReminders,
  export: exportReport,
};

export interface RosterFigures {
  sizes: number[];
  perPerson: Record<string, number[]>;
}

/**
 * What one person costs in a roster of each size: it should not grow. SQLite, or PostgreSQL where DATABASE_URL is set or with
 * `--full`, which goes on to a million. BENCH_PEOPLE names one size, BENCH_MEASURES some of the measures.
 */
export async function roster(_seconds: number, full: boolean): Promise<RosterFigures> {
  useConfig(testConfig({ DATA_DIR: mkdtempSync(path.join(tmpdir(), 'shanggang-bench-')) }));
  useSecrets({ encryption: Buffer.alloc(32, 1), hashing: Buffer.alloc(32, 2) });
  const dialect = full || process.env['DATABASE_URL'] ? 'postgres' : 'sqlite';
  const only = Number(process.env['BENCH_PEOPLE'] ?? 0);
  const sizes = only > 0 ? [only] : full ? FULL : SIZES;
  const names = Object.keys(MEASURES).filter((name) => !process.env['BENCH_MEASURES'] || process.env['BENCH_MEASURES'].split(',').includes(name));
  process.stderr.write(`${JSON.stringify({ ...machine(), database: dialect })}\n`);
  const perPerson: Record<string, number[]> = Object.fromEntries(names.map((name) => [name, []]));
  for (const people of sizes) await measure(dialect, people, names, perPerson);
  return { sizes, perPerson };
}

async function measure(dialect: 'sqlite' | 'postgres', people: number, names: readonly string[], perPerson: Record<string, number[]>): Promise<void> {
  const { choice, remove } = await scratch(dialect);
  const db = await openDatabase(choice);
  try {
    await migrate(db);
    setClock(TODAY);
    await adoptRootOrganisation();
    for (const name of names) perPerson[name]?.push(Math.round((await MEASURES[name]?.(people)) ?? Number.NaN));
  } finally {
    await closeDatabase(db);
    await remove();
  }
}
