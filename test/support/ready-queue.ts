import { randomUUID } from 'node:crypto';
import { cpSync, existsSync, renameSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { openQueue } from '~jobs/queue';
import { PGLITE_THREAD, buildPgliteThread } from './pglite-thread';

const ignored = (): void => undefined;

/** Puts an embedded store that knows no queue yet where a process with this data folder looks for it, unless there is one. */
export async function giveReadyStore(dataDir: string): Promise<void> {
  const place = path.join(dataDir, 'queue');
  if (!existsSync(place)) cpSync(await readyStore(), place, { recursive: true });
}

/** An embedded store that knows no queue yet, to be copied: making one takes seconds. */
async function readyStore(): Promise<string> {
  await buildPgliteThread();
  const ready = path.resolve(`.tmp/queue-store-${statSync(PGLITE_THREAD).mtimeMs}`);
  if (existsSync(ready)) return ready;
  const folder = `${ready}-${randomUUID()}`;
  const queue = await openQueue({ kind: 'embedded', folder }, { name: 'nobody', now: Date.now, log: { info: ignored, warn: ignored, error: ignored } });
  await queue.ping();
  await queue.close();
  // Test files run side by side, and one was faster.
  if (existsSync(ready)) rmSync(folder, { recursive: true });
  else renameSync(folder, ready);
  return ready;
}
