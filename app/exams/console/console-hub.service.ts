import { reader } from '~/db';
import { clock, realDelay } from '~/kernel/clock';
import { log } from '~/kernel/log';
import { findSitting } from '../sittings/sitting.repository';
import { changesBetween, remembered, type ConsoleChanges, type ConsoleState } from './state';
import { consoleState } from './state.service';

/** Between two looks at a sitting that somebody watches. */
const LOOK_MS = 2000;
/** A look may take at most this share of the time, however large the sitting and slow the machine. */
const LARGEST_SHARE = 0.1;
/** Watchers hear at least so often, so that a page can tell that it is up to date. */
const QUIET_LOOKS = 5;

export interface Watcher {
  whole(state: ConsoleState): void;
  changed(changes: ConsoleChanges): void;
}

interface Watched {
  watchers: Set<Watcher>;
  latest: ConsoleState | null;
  texts: Map<string, string>;
  timer: NodeJS.Timeout | null;
  /** The look that runs now, and the one that follows it. */
  running: Promise<void>;
  next: Promise<void> | null;
  quiet: number;
}

const sittings = new Map<string, Watched>();

/**
 * Tells `watcher` the whole state of a sitting, then what moves. Everybody who watches a sitting in this process
 * shares one look every two seconds.
 * @returns how to stop watching
 */
export function watch(sittingId: string, watcher: Watcher): () => void {
  const one = sittings.get(sittingId) ?? { watchers: new Set<Watcher>(), latest: null, texts: new Map<string, string>(), timer: null, running: Promise.resolve(), next: null, quiet: 0 };
  sittings.set(sittingId, one);
  one.watchers.add(watcher);
  if (one.latest) watcher.whole(one.latest);
  else void lookNow(sittingId);
  return () => {
    one.watchers.delete(watcher);
    if (one.watchers.size > 0) return;
    if (one.timer) clearTimeout(one.timer);
    if (sittings.get(sittingId) === one) sittings.delete(sittingId);
  };
}

/** Looks at once, for whoever has just acted in this process; others follow within two seconds. */
export function lookNow(sittingId: string): Promise<void> {
  const one = sittings.get(sittingId);
  if (!one) return Promise.resolve();
  // What runs now may have read before the act; one look after it serves all who ask meanwhile.
  one.next ??= one.running.then(() => {
    one.next = null;
    one.running = timedLook(sittingId, one);
    return one.running;
  });
  return one.next;
}

async function timedLook(sittingId: string, one: Watched): Promise<void> {
  if (one.timer) clearTimeout(one.timer);
  const began = process.hrtime.bigint();
  try {
    await look(sittingId, one);
  } catch (error) {
    log().warn({ err: error, sittingId }, 'the state of a sitting could not be read');
  }
  if (one.watchers.size === 0) return;
  const took = Number(process.hrtime.bigint() - began) / 1e6;
  const wait = Math.max(200, realDelay(LOOK_MS), took / LARGEST_SHARE) * (0.9 + Math.random() / 5);
  one.timer = setTimeout(() => void lookNow(sittingId), wait).unref();
}

async function look(sittingId: string, one: Watched): Promise<void> {
  const sitting = await findSitting(reader(), sittingId);
  if (!sitting) return;
  const state = await consoleState(sitting, clock.now());
  const first = one.latest === null;
  const changes = changesBetween(one.texts, state);
  one.latest = state;
  one.texts = remembered(state);
  if (first) return one.watchers.forEach((watcher) => watcher.whole(state));
  one.quiet = changes.rows.length + changes.gone.length > 0 ? 0 : one.quiet + 1;
  if (one.quiet > 0 && one.quiet < QUIET_LOOKS) return;
  one.quiet = 0;
  one.watchers.forEach((watcher) => watcher.changed(changes));
}
