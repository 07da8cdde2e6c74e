import { parentPort } from 'node:worker_threads';
import { MissingCharactersError } from './fonts';
import type { Rendered, Renderer, ToRender } from './messages';

/** Makes this worker thread one that renders: its file is an entry of the build, started by `rendererAside`. */
export function serveRenderings<What>(render: Renderer<What>): void {
  const tell = (rendered: Rendered): void => parentPort?.postMessage(rendered);
  parentPort?.on('message', ({ id, what }: ToRender<What>) => {
    try {
      const pdf = render(what);
      pdf.on('data', (part: Buffer) => tell({ id, part: new Uint8Array(part) }));
      pdf.on('end', () => tell({ id, end: true }));
      pdf.on('error', (error: Error) => tell({ id, failure: error.stack ?? error.message }));
    } catch (error) {
      if (error instanceof MissingCharactersError) tell({ id, missing: error.characters });
      else tell({ id, failure: error instanceof Error ? (error.stack ?? error.message) : String(error) });
    }
  });
}
