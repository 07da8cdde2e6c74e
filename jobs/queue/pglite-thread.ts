/**
 * The embedded PostgreSQL, away from the event loop of the web server. As a worker thread it opens the folder
 * in `workerData` and answers statements in the order in which they come. As a process of its own it makes
 * the folder named by its argument, and ends: making one takes 650 MB for two seconds, opening one 90 MB.
 */
import { isMainThread, parentPort, workerData } from 'node:worker_threads';
import type { MessagePort } from 'node:worker_threads';
import { PGlite } from '@electric-sql/pglite';
import type { Answer, Ask, StatementError } from './pglite-messages';

/** Page checksums are on by default and let a damaged file be noticed when it is read. */
const AT_MAKING = ['--wal-segsize=1', '--set', 'shared_buffers=2MB', '--set', 'max_connections=5'];

const AT_OPENING = [
  'search_path=bullmq',
  'shared_buffers=2MB',
  'temp_buffers=800kB',
  'min_wal_size=2MB',
  'max_wal_size=8MB',
].flatMap((setting) => ['-c', setting]);

async function make(folder: string): Promise<void> {
  const database = await PGlite.create({ dataDir: folder, initDbStartParams: AT_MAKING });
  await database.close();
}

async function serve(port: MessagePort, folder: string): Promise<void> {
  const database = await PGlite.create({
    dataDir: folder,
    startParams: [...PGlite.defaultStartParams, ...AT_OPENING],
  });
  const tell = (answer: Answer) => {
    port.postMessage(answer);
  };
  database.onNotification((channel, payload) => {
    tell({ kind: 'notification', channel, payload });
  });
  let earlier = Promise.resolve();
  port.on('message', (ask: Ask) => {
    earlier = earlier.then(async () => {
      if (ask.kind === 'statement') tell(await answer(database, ask));
      else await end(database, port);
    });
  });
  tell({ kind: 'ready' });
}

async function answer(database: PGlite, { ask, text, params }: Ask & { kind: 'statement' }): Promise<Answer> {
  try {
    // Only the simple protocol takes several statements in one text, as migrations have them.
    const result = params.length > 0 ? await database.query(text, [...params]) : (await database.exec(text)).at(-1);
    return { kind: 'rows', ask, rows: result?.rows ?? [], rowCount: result?.rowCount ?? result?.affectedRows ?? 0 };
  } catch (error) {
    const failed = statementError(error);
    return failed.code === undefined
      ? { kind: 'broken', message: failed.message }
      : { kind: 'error', ask, error: failed };
  }
}

/** An error without SQLSTATE comes from the engine, not from PostgreSQL: a panic, or an abort of its code. */
function statementError(error: unknown): StatementError {
  if (typeof error !== 'object' || error === null) return { message: String(error) };
  const text = (value: unknown) => (typeof value === 'string' ? value : undefined);
  const { message, code, detail } = error as Record<string, unknown>;
  return { message: text(message) ?? 'unknown error', code: text(code), detail: text(detail) };
}

async function end(database: PGlite, port: MessagePort): Promise<void> {
  await database.close();
  port.close();
}

const folderToMake = process.argv[2];
if (!isMainThread && parentPort !== null) {
  const { folder } = workerData as { folder: string };
  await serve(parentPort, folder);
} else if (folderToMake !== undefined) {
  await make(folderToMake);
}
