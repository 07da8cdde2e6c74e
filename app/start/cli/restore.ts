import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { createHash } from 'node:crypto';
import path from 'node:path';
import * as tar from 'tar';
import { appliedMigrations, closeDatabase, execute, inTransaction, insert, migrate, one, openDatabase, reader, tableNames, withSnapshot, type Database, type Tx } from '~/db';
import type { Config } from '~/kernel/config';
import { configure, databaseChoice, StartError } from '~/start/boot';
import { lockDataDir } from '~/start/lock';
import { z } from 'zod';
import { hashFile, lineOf, Manifest, rowsOf } from './archive';
import { tell } from './commands';

const CHUNK = 1000;

/**
 * Brings an archive back into an empty installation, of either kind of database. The archive is checked
 * whole before anything is written; afterwards `--verify` reads everything back and compares.
 */
export async function restore(file: string, { verify = false }: { verify?: boolean }): Promise<void> {
  const config = configure(process.env);
  const folder = mkdtempSync(path.join(path.dirname(path.resolve(file)), '.restore-'));
  const unlock = config.DATABASE_URL ? async () => undefined : await lockDataDir(config.DATA_DIR);
  try {
    await tar.extract({ file, cwd: folder, strict: true });
    const manifest = await checked(folder);
    refuseUnlessEmpty(config);
    const db = await openDatabase(databaseChoice(config));
    try {
      await fill(db, folder, manifest);
      restoreFiles(config, folder, manifest);
      tell(`Restored ${manifest.tables.length} tables and ${manifest.files.length} files of ${new Date(manifest.madeAt).toISOString()}.`);
      if (verify) await compare(config, manifest);
    } finally {
      await closeDatabase(db);
    }
  } finally {
    await unlock();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The manifest, once every file of the archive has the hash that it promises. */
async function checked(folder: string): Promise<Manifest> {
  const manifest = Manifest.parse(JSON.parse(readFileSync(path.join(folder, 'manifest.json'), 'utf8')));
  for (const table of manifest.tables) await demand(path.join(folder, 'tables', `${table.name}.jsonl`), table.sha256);
  for (const file of manifest.files) await demand(path.join(folder, 'data', file.path), file.sha256);
  return manifest;
}

async function demand(file: string, sha256: string): Promise<void> {
  const found = existsSync(file) ? await hashFile(file) : 'missing';
  if (found !== sha256) throw new StartError(`The archive is damaged: ${path.basename(file)} is not what the manifest says. Nothing was restored.`);
}

function refuseUnlessEmpty(config: Config): void {
  const keys = path.join(config.DATA_DIR, 'keys');
  if (existsSync(keys) && readdirSync(keys).length > 0) {
    throw new StartError(`${config.DATA_DIR} is in use. Restore into an empty DATA_DIR (and an empty database). Nothing was changed.`);
  }
}

async function fill(db: Database, folder: string, manifest: Manifest): Promise<void> {
  await migrate(db);
  const here = await appliedMigrations(db);
  const ahead = manifest.migrations.filter((name) => !here.includes(name));
  if (ahead.length > 0) throw new StartError(`The archive is of a newer program (${ahead.join(', ')}). Nothing was restored.`);
  if (here.length > manifest.migrations.length) throw new StartError('The archive is of an older program: restore it with that version, then start this one.');
  const accounts = await one(reader(), z.object({ n: z.number() }), 'SELECT COUNT(*) AS n FROM ledger_events');
  if (accounts.n > 0) throw new StartError('The database is not empty. Nothing was changed.');
  const wanted = new Set(manifest.tables.map((table) => table.name));
  const order = (await tableNames(db)).filter((name) => wanted.has(name));
  await inTransaction(async (tx) => {
    await emptyOf(tx, order);
    for (const name of order) {
      for await (const chunk of rowsOf(path.join(folder, 'tables', `${name}.jsonl`), CHUNK)) await insert(tx, name, chunk);
    }
  });
}

/** Takes out what the migrations put there: the archive has it as it was. */
async function emptyOf(tx: Tx, order: readonly string[]): Promise<void> {
  for (const name of [...order].reverse()) {
    const { n } = await one(tx, z.object({ n: z.number() }), `SELECT COUNT(*) AS n FROM ${name}`);
    if (n > 0) await execute(tx, `DELETE FROM ${name}`);
  }
}

function restoreFiles(config: Config, folder: string, manifest: Manifest): void {
  for (const file of manifest.files) {
    const target = path.join(config.DATA_DIR, file.path);
    mkdirSync(path.dirname(target), { recursive: true, mode: 0o700 });
    copyFileSync(path.join(folder, 'data', file.path), target);
  }
}

/** Reads the restored installation back and compares it with the manifest, table by table, file by file. */
async function compare(config: Config, manifest: Manifest): Promise<void> {
  const promised = new Map(manifest.tables.map((table) => [table.name, table]));
  await withSnapshot(async (snapshot) => {
    for (const table of snapshot.tables) {
      const expected = promised.get(table.name);
      if (!expected) continue;
      const hash = createHash('sha256');
      for await (const chunk of snapshot.rows(table, CHUNK)) hash.update(chunk.map((row) => `${lineOf(row)}\n`).join(''));
      if (hash.digest('hex') !== expected.sha256) throw new StartError(`Verification failed: table ${table.name} differs from the archive.`);
    }
  });
  for (const file of manifest.files) {
    if ((await hashFile(path.join(config.DATA_DIR, file.path))) !== file.sha256) throw new StartError(`Verification failed: ${file.path} differs.`);
  }
  tell('Verified: every table and file equals the archive.');
}
