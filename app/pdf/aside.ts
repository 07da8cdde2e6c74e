import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { PassThrough, type Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { seconds } from '~/kernel/clock';
import { MissingCharactersError } from './fonts';
import type { Rendered, Renderer, ToRender } from './messages';

const here = dirname(fileURLToPath(import.meta.url));

/** A thread that has had nothing to do for so long is ended: the fonts it holds take 60 MB. */
const IDLE_MS = seconds(60);

/**
 * Renders beside the event loop: 80 ms a page in which nobody's answers would be saved where one process does
 * everything.
 * @param entry the thread's file in the build, beside this chunk or above it; unbuilt (in tests) there is none, and
 * `render` runs here
 * @returns the document as a stream, which fails with `MissingCharactersError` when a character cannot be printed
 */
export function rendererAside<What>(entry: string, render: Renderer<What>): Renderer<What> {
  const file = [here, dirname(here)].map((folder) => join(folder, entry)).find((path) => existsSync(path));
  if (file === undefined) return render;
  const asked = new Map<number, PassThrough>();
  let thread: Worker | null = null;
  let idle: NodeJS.Timeout | null = null;
  let count = 0;

  /** Whoever waits is told; the next rendering starts another thread. */
  const lose = (worker: Worker, error: Error): void => {
    if (thread !== worker) return;
    thread = null;
    for (const stream of asked.values()) stream.destroy(error);
    asked.clear();
  };

  const start = (): Worker => {
    const worker = new Worker(file);
    worker.on('message', (rendered: Rendered) => {
      const stream = asked.get(rendered.id);
      if (stream && !('part' in rendered)) asked.delete(rendered.id);
      if (stream) pass(stream, rendered);
      if (asked.size > 0) return;
      // Idle, the thread neither keeps the process alive nor its memory for long.
      worker.unref();
      idle = setTimeout(() => void worker.terminate(), IDLE_MS);
      idle.unref();
    });
    worker.on('error', (error: Error) => lose(worker, error));
    worker.on('exit', () => lose(worker, new Error('the rendering thread ended')));
    return worker;
  };

  return (what) => {
    const to = (thread ??= start());
    if (idle) clearTimeout(idle);
    count += 1;
    const stream = new PassThrough();
    asked.set(count, stream);
    to.ref();
    const message: ToRender<What> = { id: count, what };
    to.postMessage(message);
    return stream;
  };
}

function pass(stream: PassThrough, rendered: Rendered): void {
  if (stream.destroyed) return;
  if ('part' in rendered) stream.write(Buffer.from(rendered.part));
  else if ('end' in rendered) stream.end();
  else stream.destroy('missing' in rendered ? new MissingCharactersError(rendered.missing) : new Error(rendered.failure));
}

/** The whole document, for what is kept as a file. */
export async function collected(pdf: Readable): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of pdf) parts.push(part as Buffer);
  return Buffer.concat(parts);
}
