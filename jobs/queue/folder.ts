import { fork } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm, statfs } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { codeOf } from './failure';

const DAMAGED_KEPT = 2;
const MAKING_MAY_TAKE_MS = 120_000;
/** Below this a store that does not open says nothing about its state: opening writes. */
const ROOM_NEEDED_BYTES = 64 * 1024 * 1024;

export type FolderState = 'missing' | 'present' | 'unusable';

/** What can be seen of a store without opening it. */
export async function stateOf(folder: string): Promise<FolderState> {
  const files = await namesIn(folder);
  if (files === null) return 'unusable';
  if (files.length === 0) return 'missing';
  return files.includes('PG_VERSION') ? 'present' : 'unusable';
}

/** None when there is no such folder, null when it is not a folder or cannot be read. */
async function namesIn(folder: string): Promise<string[] | null> {
  try {
    return await readdir(folder);
  } catch (error) {
    return codeOf(error) === 'ENOENT' ? [] : null;
  }
}

/** Moves the store out of the way, `<folder>.damaged-<UTC time>`, and deletes all but the newest two such. */
export async function setAside(folder: string, now: number): Promise<string> {
  const stamp = new Date(now).toISOString().replace(/[-:.]/g, '');
  const aside = `${folder}.damaged-${stamp}`;
  await rename(folder, aside);
  const prefix = `${basename(folder)}.damaged-`;
  const isOurs = (name: string) => name.startsWith(prefix) && /^\d{8}T\d{9}Z$/.test(name.slice(prefix.length));
  const earlier = (await readdir(dirname(folder))).filter(isOurs).sort();
  for (const name of earlier.slice(0, -DAMAGED_KEPT)) {
    await rm(join(dirname(folder), name), { recursive: true, force: true });
  }
  return aside;
}

/**
 * Makes a new, empty store in a process of its own, and gives it its name only when it is complete.
 * @throws when the making process fails, with what it said.
 */
export async function makeStore(folder: string): Promise<void> {
  const fresh = `${folder}.new`;
  await rm(fresh, { recursive: true, force: true });
  await mkdir(dirname(folder), { recursive: true });
  await makeInChild(fresh);
  // The folder may exist, empty: a container's volume, for instance.
  await rm(folder, { recursive: true, force: true });
  await rename(fresh, folder);
}

function makeInChild(folder: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = fork(threadFile(), [folder], {
      execArgv: [],
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      timeout: MAKING_MAY_TAKE_MS,
      killSignal: 'SIGKILL',
    });
    let said = '';
    child.stderr?.on('data', (part: Buffer) => (said = (said + part.toString()).slice(-2_000)));
    child.on('error', reject);
    child.on('exit', (code, signal) => {
      if (code === 0) resolve();
      else reject(new Error(`The store for jobs could not be made (${signal ?? code}): ${said.trim()}`));
    });
  });
}

/** Whether the file system has room enough for a store to be opened. */
export async function hasRoom(folder: string): Promise<boolean> {
  const { bavail, bsize } = await statfs(dirname(folder));
  return bavail * bsize >= ROOM_NEEDED_BYTES;
}

/** The built thread: beside the running bundle, one folder up from its chunks, or in the build folder. */
export function threadFile(): string {
  const here = dirname(fileURLToPath(import.meta.url));
  const places = [here, dirname(here), join(process.cwd(), 'build', 'server')];
  const file = places.map((place) => join(place, 'pglite-thread.js')).find((path) => existsSync(path));
  if (file === undefined) throw new Error('build/server/pglite-thread.js is missing: run the build first');
  return file;
}
