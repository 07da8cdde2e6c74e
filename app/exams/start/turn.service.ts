import { clock, seconds, type Instant } from '~/kernel/clock';
import { config } from '~/kernel/config';
import { ok, type Result } from '~/kernel/result';
import { StartLine, type Call } from './line';
import { Pace } from './pace';

/** What pressing "start" led to. */
export type StartAnswer =
  | { kind: 'started'; attemptId: string }
  /** The server is at its limit: `place` in line, to be asked again in so many seconds. */
  | { kind: 'wait'; place: number; askAgainIn: number };

/** Who comes on soon is simply kept waiting: a page that only tells the place would cost as much as a start. */
const HELD_FOR = seconds(20);
const SOON = seconds(15);
/** In seconds, for a browser that can only press again: it costs as much as a start. */
const ASK_AGAIN = { least: 3, most: 60 };
/** A page that waits in line asks at least this often whether it is called. */
const CALL_HELD_FOR = seconds(25);
const COME_WITHIN = seconds(20);
const FORGET_AFTER = seconds(180);

interface Entrance {
  line: StartLine;
  pace: Pace;
}

let entrance: Entrance | null = null;

/** One line per process, made when it is first needed: the configuration is read by then. */
function theEntrance(): Entrance {
  const atOnce = config().START_AT_ONCE;
  return (entrance ??= { line: new StartLine({ atOnce, ahead: 2 * atOnce, comeWithin: COME_WITHIN, forgetAfter: FORGET_AFTER }, clock.now), pace: new Pace(atOnce) });
}

/**
 * Runs a start when it is its turn. Who comes on soon is kept waiting for it; who stands far behind is told the place
 * at once and asks again when it is nearly time. Time in line costs nobody anything: an attempt's time begins with the
 * start itself, and whether somebody came too late is judged by when they first asked.
 * @param start is told when that was
 */
export async function inTurn(who: string, start: (askedAt: Instant) => Promise<Result<string>>): Promise<Result<StartAnswer>> {
  const { line, pace } = theEntrance();
  const turn = await line.ask(who, pace.until(line.length + 1) <= SOON ? HELD_FOR : 0);
  if (turn.kind === 'wait') return ok({ ...turn, askAgainIn: askAgainIn(pace.until(turn.place)) });
  const began = performance.now();
  try {
    const started = await start(turn.since);
    return started.ok ? ok({ kind: 'started', attemptId: started.value }) : started;
  } finally {
    pace.took(performance.now() - began);
    line.leave();
  }
}

/** For a page that waits in line: held until it is time to press start again, or answered with the place after a while. */
export const untilCalled = (who: string): Promise<Call> => theEntrance().line.call(who, CALL_HELD_FOR);

/** Who stands in line: a person before an exam. */
export const inLine = (examSlug: string, personId: string | null): string => `${examSlug} ${personId ?? ''}`;

const askAgainIn = (wait: number): number =>
  Math.round(Math.min(ASK_AGAIN.most, Math.max(ASK_AGAIN.least, (wait - SOON / 2) / seconds(1))));
