import { reader } from '~/db';
import { clock, realDelay, seconds } from '~/kernel/clock';
import { log } from '~/kernel/log';
import type { EventStream } from './event-stream.http';
import { signInsThatCount } from './live.repository';

/** Between two signs of life: a page follows a change within five seconds also when the stream fell silent. */
const BEAT_MS = seconds(2);
/** Between two looks whether those who listen are still signed in. */
const CHECK_MS = seconds(30);
/** Windows of one account that may listen at once; the oldest is asked to poll instead. */
export const STREAMS_PER_ACCOUNT = 6;

export interface Listening {
  accountId: string;
  tokenHash: string;
  stream: EventStream;
  /** Whether it may still be listened to, besides the sign-in; asked at the same intervals. */
  allowed?: () => Promise<boolean>;
}

const open = new Set<Listening>();
let timers: NodeJS.Timeout[] = [];

/** How many streams this process serves now. */
export const openStreams = (): number => open.size;

/**
 * Counts a stream among the open ones, which are kept alive, checked and ended here.
 * @returns how to take it out again, for when it was closed
 */
export function enter(listening: Listening): () => void {
  const own = [...open].filter((one) => one.accountId === listening.accountId);
  for (const oldest of own.slice(0, Math.max(0, own.length - STREAMS_PER_ACCOUNT + 1))) dismiss(oldest, 'too-many');
  open.add(listening);
  if (timers.length === 0) timers = [every(BEAT_MS, beat), every(CHECK_MS, check)];
  return () => leave(listening);
}

function leave(listening: Listening): void {
  open.delete(listening);
  if (open.size > 0) return;
  timers.forEach(clearInterval);
  timers = [];
}

/** Ends a stream for good: the browser must not open another one. */
function dismiss(listening: Listening, reason: 'too-many' | 'sign-in'): void {
  listening.stream.send('end', JSON.stringify({ reason }));
  listening.stream.end();
  leave(listening);
}

function every(ms: number, run: () => void): NodeJS.Timeout {
  return setInterval(run, Math.max(250, realDelay(ms))).unref();
}

const beat = (): void => open.forEach(({ stream }) => stream.beat(clock.now()));

function check(): void {
  endUnfit().catch((error: unknown) => log().warn({ err: error }, 'open streams could not be checked'));
}

/** Ends the streams of those who signed out, were signed out, or may no longer see what they look at. */
export async function endUnfit(): Promise<void> {
  const all = [...open];
  const counting = await signInsThatCount(reader(), [...new Set(all.map(({ tokenHash }) => tokenHash))], clock.now());
  for (const one of all) {
    if (!open.has(one)) continue;
    const fit = counting.has(one.tokenHash) && (one.allowed === undefined || await one.allowed());
    if (!fit) dismiss(one, 'sign-in');
  }
}

/** At shutdown: every stream ends, so that the server can close; the browsers come back to whoever serves next. */
export function endStreams(): void {
  for (const one of [...open]) {
    one.stream.end();
    leave(one);
  }
}
