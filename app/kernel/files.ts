import { randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { access, mkdir, open, readdir, readFile as read, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Readable } from 'node:stream';
import type { Instant } from './clock';
import { config } from './config';

/** Where a stored file lies. Keys are made by the program: `credentials/2026/SG-2026-000001.pdf`. */
function place(key: string): string {
  if (!/^[a-z0-9][a-z0-9._/-]*$/i.test(key) || key.includes('..')) throw new Error(`not a file key: ${key}`);
  return path.join(config().DATA_DIR, 'files', key);
}

/** Stores a file durably: written beside, synced, renamed into place. */
export async function putFile(key: string, content: Buffer): Promise<void> {
  const target = place(key);
  await mkdir(path.dirname(target), { recursive: true });
  const fresh = `${target}.${randomBytes(6).toString('hex')}${PART}`;
  const file = await open(fresh, 'w', 0o600);
  try {
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(fresh, target);
}

export const readFile = (key: string): Promise<Buffer> => read(place(key));

export const fileExists = (key: string): Promise<boolean> => access(place(key)).then(() => true, () => false);

/** A file that comes into being in parts: nobody sees it before it is kept. */
export interface FreshFile {
  /** Where it lies meanwhile, for a thread that reads it. */
  path: string;
  write(part: string | Uint8Array): Promise<void>;
  /** Synced and put into place. @returns its bytes */
  keep(): Promise<number>;
  /** Nothing is left of it; does nothing once it was kept. */
  drop(): Promise<void>;
}

/** Begins a file whose parts are written as they come, so that one of any length needs the memory of one part. */
export async function beginFile(key: string): Promise<FreshFile> {
  const target = place(key);
  await mkdir(path.dirname(target), { recursive: true });
  const fresh = `${target}.${randomBytes(6).toString('hex')}${PART}`;
  const file = await open(fresh, 'w', 0o600);
  let isOpen = true;
  const close = async (): Promise<void> => {
    if (isOpen) await file.close();
    isOpen = false;
  };
  return {
    path: fresh,
    write: (part) => file.appendFile(part),
    keep: async () => {
      await file.sync();
      const { size } = await file.stat();
      await close();
      await rename(fresh, target);
      return size;
    },
    drop: async () => {
      await close();
      await rm(fresh, { force: true });
    },
  };
}

const PART = '.part';

/** A stored file piece by piece. */
export const streamFile = (key: string): Readable => createReadStream(place(key));

/** Removes a stored file; one that is gone already is no failure. */
export const removeFile = (key: string): Promise<void> => rm(place(key), { force: true });

/** Removes what was begun in a folder before an instant and never kept: whoever wrote it was killed. @returns how many */
export async function removeUnfinished(folder: string, before: Instant): Promise<number> {
  const at = place(folder);
  const names = await readdir(at).catch(() => []);
  let removed = 0;
  for (const name of names.filter((one) => one.endsWith(PART))) {
    const file = path.join(at, name);
    const found = await stat(file).catch(() => null);
    if (found === null || found.mtimeMs >= before) continue;
    await rm(file, { force: true });
    removed += 1;
  }
  return removed;
}
