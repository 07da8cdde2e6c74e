import { createHash } from 'node:crypto';
import { chmodSync, existsSync, linkSync, mkdirSync, mkdtempSync, renameSync, rmSync, copyFileSync, writeFileSync } from 'node:fs';
import { open, readdir } from 'node:fs/promises';
import path from 'node:path';
import * as tar from 'tar';
import { appliedMigrations, withSnapshot, type Snapshot } from '~/db';
import { clock } from '~/kernel/clock';
import { boot, StartError } from '~/start/boot';
import { hashFile, lineOf, type Manifest } from './archive';
import { tell } from './commands';

const CHUNK = 2000;

/**
 * Writes one archive with every table (as of one moment), every stored file and the keys, while the
 * server runs. It can read everything that the deployment can read: keep it as safe as the server.
 */
export async function backup(file: string): Promise<void> {
  if (existsSync(file)) throw new StartError(`${file} exists already; nothing was overwritten.`);
  const ground = await boot(process.env, true);
  const target = path.resolve(file);
  mkdirSync(path.dirname(target), { recursive: true });
  const folder = mkdtempSync(path.join(path.dirname(target), '.backup-'));
  try {
    // Tables first: a file that a row speaks of was stored before the row, so it is there when files are copied.
    const migrations = await appliedMigrations(ground.db);
    const tables = await withSnapshot((snapshot) => writeTables(snapshot, folder));
    const files = await gatherFiles(ground.config.DATA_DIR, folder);
    const manifest: Manifest = { format: 1, madeAt: clock.now(), migrations, tables, files };
    writeFileSync(path.join(folder, 'manifest.json'), JSON.stringify(manifest, null, 1));
    await tar.create({ gzip: true, file: `${target}.part`, cwd: folder, portable: true }, ['manifest.json', 'tables', 'data']);
    chmodSync(`${target}.part`, 0o600);
    renameSync(`${target}.part`, target);
    tell(`${file}: ${tables.length} tables, ${tables.reduce((sum, table) => sum + table.rows, 0)} rows, ${files.length} files. It holds the keys: keep it safe.`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
    rmSync(`${target}.part`, { force: true });
    await ground.close();
  }
}

async function writeTables(snapshot: Snapshot, folder: string): Promise<Manifest['tables']> {
  mkdirSync(path.join(folder, 'tables'));
  const written = [];
  for (const table of snapshot.tables) {
    if (table.name === 'migrations') continue;
    written.push(await writeTable(snapshot, table, folder));
  }
  return written;
}

async function writeTable(snapshot: Snapshot, table: Snapshot['tables'][number], folder: string): Promise<Manifest['tables'][number]> {
  const out = await open(path.join(folder, 'tables', `${table.name}.jsonl`), 'w', 0o600);
  const hash = createHash('sha256');
  let count = 0;
  try {
    for await (const chunk of snapshot.rows(table, CHUNK)) {
      const text = chunk.map((row) => `${lineOf(row)}\n`).join('');
      hash.update(text);
      await out.write(text);
      count += chunk.length;
    }
  } finally {
    await out.close();
  }
  return { name: table.name, rows: count, sha256: hash.digest('hex') };
}

/** Stored files and keys, linked or copied beside the tables. */
async function gatherFiles(dataDir: string, folder: string): Promise<Manifest['files']> {
  mkdirSync(path.join(folder, 'data'));
  const found: Manifest['files'] = [];
  for (const part of ['files', 'keys']) {
    const root = path.join(dataDir, part);
    if (!existsSync(root)) continue;
    for (const entry of await readdir(root, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile() || entry.name.endsWith('.part')) continue;
      const source = path.join(entry.parentPath, entry.name);
      const relative = path.join(part, path.relative(root, source));
      const copy = path.join(folder, 'data', relative);
      mkdirSync(path.dirname(copy), { recursive: true });
      place(source, copy);
      found.push({ path: relative, sha256: await hashFile(copy) });
    }
  }
  return found;
}

function place(source: string, copy: string): void {
  try {
    linkSync(source, copy);
  } catch {
    copyFileSync(source, copy);
  }
}
