import { reader } from '~/db';
import { clock, realDelay, seconds, type Instant } from '~/kernel/clock';
import { log } from '~/kernel/log';
import { signalsOf, signalsSince, standingFacts, type Signal } from './live.repository';
import type { StandingFacts } from './standing';

/** Between two looks at the database, give or take a quarter so that several processes do not look together. */
const LOOK_MS = 1500;
/**
 * A transaction's signal bears the time of its beginning, and may be committed later than others that began after
 * it: each look reaches back so far, and what was told already is not told again.
 */
const OVERLAP = seconds(15);
/** Every so many looks all attempts that are listened to are compared, whatever the clocks say. */
const FULL_EVERY = 20;

type Tell = (facts: StandingFacts) => void;

/** Who listens to which attempt in this process. */
const listeners = new Map<string, Set<Tell>>();
/** The last change of each that its listeners know. */
const told = new Map<string, string>();
let timer: NodeJS.Timeout | null = null;
let lookedAt: Instant = 0;
let looks = 0;

/**
 * Calls `tell` soon after somebody changed the attempt, from whatever process. One query every two seconds serves
 * all who listen; while nobody does there is none.
 * @param known what the listener knows already
 * @returns how to stop listening
 */
export function listen(known: { attemptId: string; mark: string }, tell: Tell): () => void {
  const { attemptId } = known;
  const set = listeners.get(attemptId) ?? new Set<Tell>();
  set.add(tell);
  listeners.set(attemptId, set);
  // Two windows of one candidate: whoever came first knows no more than the second.
  if (set.size === 1) told.set(attemptId, known.mark);
  if (timer === null) {
    lookedAt = clock.now();
    arm();
  }
  return () => {
    set.delete(tell);
    if (set.size === 0 && listeners.get(attemptId) === set) {
      listeners.delete(attemptId);
      told.delete(attemptId);
    }
    if (listeners.size > 0 || timer === null) return;
    clearTimeout(timer);
    timer = null;
  };
}

/** The last change of an attempt, for who begins to listen. */
export async function markOf(attemptId: string): Promise<string> {
  return (await signalsOf(reader(), [attemptId]))[0]?.mark ?? '';
}

function arm(): void {
  const wait = Math.max(200, realDelay(LOOK_MS)) * (0.75 + Math.random() / 2);
  timer = setTimeout(() => {
    look()
      .catch((error: unknown) => log().warn({ err: error }, 'live standings could not be read'))
      .finally(() => { if (timer !== null) arm(); });
  }, wait).unref();
}

/** One look at what changed; also told by tests to look now. */
export async function look(): Promise<void> {
  const now = clock.now();
  looks += 1;
  // A clock that was set back would hide signals: then, and now and again, everything is compared.
  const full = looks % FULL_EVERY === 0 || now < lookedAt;
  const since = lookedAt - OVERLAP;
  const signals = full ? await signalsOf(reader(), [...listeners.keys()]) : await signalsSince(reader(), since);
  lookedAt = now;
  await tellThose(signals.filter(({ attemptId, mark }) => listeners.has(attemptId) && told.get(attemptId) !== mark), now);
}

async function tellThose(changed: Signal[], now: Instant): Promise<void> {
  if (changed.length === 0) return;
  const facts = await standingFacts(reader(), changed.map(({ attemptId }) => attemptId), now);
  const marks = new Map(changed.map(({ attemptId, mark }) => [attemptId, mark]));
  for (const one of facts) {
    const mark = marks.get(one.attemptId);
    if (mark !== undefined && listeners.has(one.attemptId)) told.set(one.attemptId, mark);
    listeners.get(one.attemptId)?.forEach((tell) => tell(one));
  }
}
