import type { Readable } from 'node:stream';

/** Makes a PDF of `what`, which is plain data: it travels to a thread. Throws `MissingCharactersError` at once, if at all. */
export type Renderer<What> = (what: What) => Readable;

/** What the process asks of the thread. */
export interface ToRender<What = unknown> {
  id: number;
  what: What;
}

/** What the thread answers: parts in their order, then the end; or why there is none. */
export type Rendered = { id: number } & ({ part: Uint8Array } | { end: true } | { missing: string[] } | { failure: string });
