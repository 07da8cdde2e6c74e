/** The worker thread in which credentials are rendered: an entry of the build, started by `aside.ts`. */
import { parentPort } from 'node:worker_threads';
import { MissingCharactersError } from './fonts';
import type { Rendered, ToRender } from './messages';
import { renderCredential } from './render';

async function answer({ id, snapshot, issuedAt }: ToRender): Promise<Rendered> {
  try {
    return { id, pdf: new Uint8Array(await renderCredential(snapshot, issuedAt)) };
  } catch (error) {
    if (error instanceof MissingCharactersError) return { id, missing: error.characters };
    return { id, failure: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}

parentPort?.on('message', (message: ToRender) => {
  void answer(message).then((rendered) => parentPort?.postMessage(rendered));
});
