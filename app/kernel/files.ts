import { randomBytes } from 'node:crypto';
import { access, mkdir, open, readFile as read, rename } from 'node:fs/promises';
import path from 'node:path';
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
  const fresh = `${target}.${randomBytes(6).toString('hex')}.part`;
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
