import { clock, seconds, type Instant } from '~/kernel/clock';
import { config } from '~/kernel/config';
import { ok, type Result } from '~/kernel/result';
import { StartLine, type Call } from './line';
import { Pace } from './pace';

/** What pressing "start" led to. */
export type StartAnswer =
  | { kind: 'started'; attemptId: string }
  /** The server is at its limit: `place` in line, which is kept for a while. */
  | { kind: 'wait'; place: number };

/** Who comes on soon is simply kept waiting. */
const HELD_FOR = seconds(20);
const SOON = seconds(15);
/** A page that waits in line asks at least this often whether it is called. */
const CALL_HELD_FOR = seconds(25);
/** Who cannot be sent on by a script has to see that it is their turn, and press. */
const COME_WITHIN = seconds(60);
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
 * at once and presses again when they are called. Time in line costs nobody anything: an attempt's time begins with the
 * start itself, and whether somebody came too late is judged by when they first asked.
 * @param start is told when that was
 */
export async function inTurn(who: string, start: (askedAt: Instant) => Promise<Result<string>>): Promise<Result<StartAnswer>> {
  const { line, pace } = theEntrance();
  const turn = await line.ask(who, pace.until(line.length + 1) <= SOON ? HELD_FOR : 0);
  if (turn.kind === 'wait') return ok(turn);
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

/** The same at once, for the page itself. */
export const placeInLine = (who: string): Call => theEntrance().line.look(who);

/** Who stands in line: a person before an exam. */
export const inLine = (examSlug: string, personId: string | null): string => `${examSlug} ${personId ?? ''}`;
