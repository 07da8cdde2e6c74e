import { createReadableStreamFromReadable, type AppLoadContext, type EntryContext } from '@remix-run/node';
import { RemixServer } from '@remix-run/react';
import { renderToPipeableStream } from 'react-dom/server';
import { log } from '~/kernel/log';
import { pageStream } from '~/start/page-stream';
import { NonceProvider } from '~/ui/nonce';

const ABANDON_AFTER_MS = 10_000;

/** Pages are sent whole: nothing is deferred, and a half page helps nobody on a bad network. */
export default function handleRequest(
  request: Request,
  status: number,
  headers: Headers,
  context: EntryContext,
  { nonce }: AppLoadContext,
): Promise<Response> {
  return new Promise((resolve, reject) => {
    let failed = false;
    const { pipe, abort } = renderToPipeableStream(
      <NonceProvider nonce={nonce}>
        <RemixServer context={context} url={request.url} nonce={nonce} />
      </NonceProvider>,
      {
        nonce,
        onAllReady() {
          const body = pageStream();
          headers.set('Content-Type', 'text/html; charset=utf-8');
          if (!headers.has('Cache-Control')) headers.set('Cache-Control', 'no-store');
          resolve(new Response(createReadableStreamFromReadable(body), { headers, status: failed ? 500 : status }));
          pipe(body);
        },
        onShellError: reject,
        onError(error) {
          failed = true;
          log().error({ err: error }, 'a page could not be rendered');
        },
      },
    );
    setTimeout(abort, ABANDON_AFTER_MS).unref();
  });
}

/** Loaders and actions answer through the boundary, which logs; what reaches this is Remix's own. */
export function handleError(error: unknown, { request }: { request: Request }): void {
  if (!request.signal.aborted) log().error({ err: error }, 'Remix reports an error');
}
