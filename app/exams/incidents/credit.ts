import { minutes, seconds, type Instant } from '~/kernel/clock';
import type { AttemptState } from '../attempt-state';
import type { Span } from './window';

/** A page shows itself at least every 30 s: a longer silence is evidence that somebody could not write. */
export const SILENCE = seconds(45);

/**
 * What happened to a room or a whole sitting. evidence: everybody gets back the time in which the server heard nothing
 * of them; whole: everybody the whole time.
 */
export interface IncidentTime extends Span {
  basis: 'evidence' | 'whole';
  /** So long after the end somebody may need to be back; a longer silence is not the incident's any more. */
  recoveryMinutes: number;
}

export interface AttemptInIncident {
  startedAt: Instant;
  state: AttemptState;
  handedInAt: Instant | null;
  handInCause: string | null;
  lastContactAt: Instant | null;
  /** Silences that have ended. */
  gaps: readonly Span[];
  /** The person writes another attempt at the exam by now. */
  otherRuns: boolean;
}

/** Time lost; with `to` null it goes on until the candidate is back, at most to `cap`. */
export type LostTime = { from: Instant; to: Instant; cap: null } | { from: Instant; to: null; cap: Instant };

/**
 * - credit: gets time back. open: the same, and is not back yet. reopen: was handed in by the deadline meanwhile, goes on.
 * - window: started after or during it, and is cut off later by the sitting's end.
 * - worked-on: nothing was lost. over: handed in by somebody; not-there: not writing at that time.
 * - left-closed: could have been reopened, and whoever applied it did not want that. released: the deadline handed it
 *   in and the result is known: only a new attempt helps. other-attempt: writes another one already.
 * - void: void or abandoned.
 */
export const EFFECTS = [
  'credit', 'open', 'reopen', 'window', 'worked-on', 'over', 'not-there', 'left-closed', 'released', 'other-attempt', 'void',
] as const;
export type Effect = (typeof EFFECTS)[number];

export interface Assessed {
  effect: Effect;
  lost: LostTime[];
  /** The last contact before the loss began and the first one after it was over, as far as there were any. */
  lastBefore: Instant | null;
  firstAfter: Instant | null;
}

/**
 * What an incident cost one candidate, from evidence. It counts from the later of the incident's beginning and the last
 * contact, to the first contact, at most to the end of the recovery time. Whoever was handed in by the deadline while
 * cut off has been without the exam until it is opened again: that time counts too, so that they get exactly what they
 * had left.
 */
export function assess(incident: IncidentTime, attempt: AttemptInIncident, now: Instant): Assessed {
  const nothing = (effect: Effect): Assessed => ({ effect, lost: [], lastBefore: null, firstAfter: null });
  if (attempt.state === 'void' || attempt.state === 'abandoned' || attempt.state === 'prepared') return nothing('void');
  if (attempt.startedAt >= incident.to || (attempt.handedInAt !== null && attempt.handedInAt <= incident.from)) return nothing('not-there');
  const silences = silencesIn(incident, attempt, now);
  const lost = incident.basis === 'whole' ? wholeOf(incident, attempt) : silences.map((silence) => lostIn(incident, attempt, silence, now));
  const seen = { lastBefore: silences[0]?.from ?? attempt.lastContactAt, firstAfter: silences.at(-1)?.to ?? null };
  if (lost.length === 0) return { ...nothing('worked-on'), ...seen };
  if (attempt.handedInAt === null) return { effect: lost.some(({ to }) => to === null) ? 'open' : 'credit', lost, ...seen };
  if (attempt.handInCause !== 'deadline') return { ...nothing('over'), ...seen };
  if (attempt.state === 'released') return { ...nothing('released'), ...seen };
  if (attempt.otherRuns) return { ...nothing('other-attempt'), ...seen };
  const untilNow = untilReopened(lost, attempt, attempt.handedInAt, incident, now);
  return { effect: untilNow.length === 0 ? 'over' : 'reopen', lost: untilNow, ...seen };
}

type Silence = { from: Instant; to: Instant | null };

/** Silences that touch the incident, with the one that goes on. */
function silencesIn(incident: Span, { gaps, lastContactAt, startedAt, handedInAt }: AttemptInIncident, now: Instant): Silence[] {
  const ended: Silence[] = gaps.filter(({ from, to }) => from < incident.to && to > Math.max(incident.from, startedAt));
  const last = lastContactAt ?? startedAt;
  const goesOn = last < incident.to && Math.min(now, handedInAt ?? now) - last > SILENCE;
  return [...ended, ...(goesOn ? [{ from: last, to: null }] : [])].sort((a, b) => a.from - b.from);
}

function lostIn({ from, to, recoveryMinutes }: IncidentTime, { startedAt }: AttemptInIncident, silence: Silence, now: Instant): LostTime {
  const begin = Math.max(from, silence.from, startedAt);
  const cap = to + minutes(recoveryMinutes);
  if (silence.to !== null) return { from: begin, to: Math.min(silence.to, cap), cap: null };
  return now >= cap ? { from: begin, to: cap, cap: null } : { from: begin, to: null, cap };
}

const wholeOf = ({ from, to }: Span, { startedAt }: AttemptInIncident): LostTime[] => [{ from: Math.max(from, startedAt), to, cap: null }];

/** What was lost before the deadline handed the exam in, and from then on until the candidate is back in it. */
function untilReopened(lost: LostTime[], attempt: AttemptInIncident, handedInAt: Instant, { recoveryMinutes }: IncidentTime, now: Instant): LostTime[] {
  const last = attempt.lastContactAt ?? attempt.startedAt;
  const before = lost.flatMap((one): LostTime[] => {
    const to = Math.min(one.to ?? handedInAt, handedInAt);
    return one.from < to ? [{ from: one.from, to, cap: null }] : [];
  });
  const closed: LostTime = now - last > SILENCE
    ? { from: handedInAt, to: null, cap: now + minutes(recoveryMinutes) }
    : { from: handedInAt, to: now, cap: null };
  return before.length === 0 ? [] : [...before, closed];
}
