import type { Response } from 'express';
import type { Instant } from '~/kernel/clock';

/** An open stream of server-sent events to one browser. */
export interface EventStream {
  send(event: string, data: string): void;
  /**
   * A sign of life with the server's time (epoch milliseconds). The page hears it: a connection that died without a
   * word is noticed by its silence, and a page whose own clock stood still while the device slept is put right.
   */
  beat(now: Instant): void;
  /** The browser comes back by itself. */
  end(): void;
}

/** So much may wait for a browser that does not read; then it is gone, and nobody knows it yet. */
const MOST_WAITING_BYTES = 1_000_000;

/** Browsers that lost the connection together must not come back together. */
const retryMs = (): number => 2000 + Math.floor(Math.random() * 3000);

/**
 * Answers with a stream. A closed one is noticed by the response's `close`: `onClose` runs once, whoever ended it.
 * Nothing between here and the browser may hold events back, hence the headers; compression is not on this path.
 */
export function openStream(response: Response, onClose: () => void): EventStream {
  response.locals['stream'] = true;
  response.writeHead(200, {
    'Content-Type': 'text/event-stream; charset=utf-8', 'Cache-Control': 'no-store', 'X-Accel-Buffering': 'no', Connection: 'keep-alive',
  });
  response.socket?.setKeepAlive(true, 30_000);
  response.socket?.setNoDelay(true);
  response.once('close', onClose);
  const write = (text: string): void => {
    if (response.writableEnded || response.destroyed) return;
    response.write(text);
    if (response.writableLength > MOST_WAITING_BYTES) response.destroy();
  };
  write(`retry: ${retryMs()}\n\n`);
  return {
    send: (event, data) => write(`event: ${event}\ndata: ${data}\n\n`),
    beat: (now) => write(`event: beat\ndata: ${now}\n\n`),
    end: () => void response.end(),
  };
}
