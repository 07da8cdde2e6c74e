import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { seconds, type Instant } from '~/kernel/clock';
import type { Snapshot } from '../credential';
import { MissingCharactersError } from './fonts';
import type { Rendered, ToRender } from './messages';
import { renderCredential } from './render';

const here = dirname(fileURLToPath(import.meta.url));
/** The thread's file, beside this one's chunk or above it; unbuilt (in tests) there is none. */
const FILE = [here, dirname(here)].map((folder) => join(folder, 'pdf-thread.js')).find((file) => existsSync(file));

/** A thread that has had nothing to do for so long is ended: the fonts it holds take 60 MB. */
const IDLE_MS = seconds(60);

interface Asked {
  resolve: (pdf: Buffer) => void;
  reject: (error: Error) => void;
}

const asked = new Map<number, Asked>();
let thread: Worker | null = null;
let idle: NodeJS.Timeout | null = null;
let count = 0;

/**
 * Renders a credential beside the event loop: 80 ms in which nobody's answers would be saved where one
 * process does everything.
 * @throws MissingCharactersError when a character cannot be printed
 */
export function renderAside(snapshot: Snapshot, issuedAt: Instant): Promise<Buffer> {
  if (FILE === undefined) return renderCredential(snapshot, issuedAt);
  const to = (thread ??= start(FILE));
  if (idle) clearTimeout(idle);
  count += 1;
  const message: ToRender = { id: count, snapshot, issuedAt };
  return new Promise((resolve, reject) => {
    asked.set(message.id, { resolve, reject });
    to.ref();
    to.postMessage(message);
  });
}

function start(file: string): Worker {
  const worker = new Worker(file);
  worker.on('message', (rendered: Rendered) => {
    settle(rendered);
    if (asked.size === 0) rest(worker);
  });
  worker.on('error', (error: Error) => { lose(worker, error); });
  worker.on('exit', () => { lose(worker, new Error('the rendering thread ended')); });
  return worker;
}

function settle(rendered: Rendered): void {
  const waiting = asked.get(rendered.id);
  asked.delete(rendered.id);
  if ('pdf' in rendered) waiting?.resolve(Buffer.from(rendered.pdf));
  else waiting?.reject('missing' in rendered ? new MissingCharactersError(rendered.missing) : new Error(rendered.failure));
}

/** Idle, the thread neither keeps the process alive nor its memory for long. */
function rest(worker: Worker): void {
  worker.unref();
  idle = setTimeout(() => void worker.terminate(), IDLE_MS);
  idle.unref();
}

/** Whoever waits is told; the next rendering starts another thread. */
function lose(worker: Worker, error: Error): void {
  if (thread !== worker) return;
  thread = null;
  for (const { reject } of asked.values()) reject(error);
  asked.clear();
}
