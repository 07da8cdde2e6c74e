import { addDays, addWorkingDays, dateAt, startOfDate } from '~/kernel/calendar';
import type { Instant } from '~/kernel/clock';

/**
 * proposed → heard → upheld or dismissed; upheld → appealed → appeal-upheld (the candidate was right) or
 * appeal-dismissed. Whoever proposes does not decide, whoever decided does not decide on the appeal, and nobody decides
 * about themselves.
 */
export const FINDING_STATES = ['proposed', 'heard', 'upheld', 'dismissed', 'appealed', 'appeal-upheld', 'appeal-dismissed'] as const;
export type FindingState = (typeof FINDING_STATES)[number];

/** warning: it is on record, the result stands. void: the attempt does not count, and is given back. */
export const CONSEQUENCES = ['warning', 'void'] as const;
export type Consequence = (typeof CONSEQUENCES)[number];

/** Working days after the proposal in which the candidate is heard. */
export const HEARING_DAYS = 3;
/** Working days after the decision in which the candidate may appeal. */
export const APPEAL_DAYS = 5;

/** The last instant of a period of working days that begins on the day after `now`. */
export const endOfPeriod = (now: Instant, workingDays: number, zone: string): Instant =>
  startOfDate(addDays(addWorkingDays(dateAt(now, zone), workingDays), 1), zone) - 1;

export interface Finding {
  state: FindingState;
  /** The person concerned. */
  personId: string;
  proposedBy: string;
  hearUntil: Instant;
  consequence: Consequence | null;
  decidedBy: string | null;
  appealUntil: Instant | null;
}

/** Who acts: `by` as in the ledger, and the person behind the account. */
export interface ActorOfFinding {
  by: string;
  personId: string | null;
}

export type Refusal = 'finding.own' | 'finding.proposer' | 'finding.decider' | 'finding.not-heard' | 'finding.decided' | 'finding.too-late' | 'finding.nothing-to-appeal';

/** What the candidate says is taken until somebody has decided, also after the period. */
export const mayState = ({ state }: Finding): Refusal | null =>
  (state === 'proposed' || state === 'heard' ? null : 'finding.decided');

/** Whether somebody may decide: not before the candidate was heard, or had the time to be. */
export function mayDecide(finding: Finding, actor: ActorOfFinding, now: Instant): Refusal | null {
  if (actor.personId === finding.personId) return 'finding.own';
  if (finding.state !== 'proposed' && finding.state !== 'heard') return 'finding.decided';
  if (actor.by === finding.proposedBy) return 'finding.proposer';
  return isHeard(finding, now) ? null : 'finding.not-heard';
}

/** The candidate has answered, or the period for it is over. */
export const isHeard = ({ state, hearUntil }: Finding, now: Instant): boolean => state === 'heard' || (state === 'proposed' && now > hearUntil);

export function mayAppeal({ state, appealUntil }: Finding, now: Instant): Refusal | null {
  if (state !== 'upheld') return state === 'appealed' || state.startsWith('appeal-') ? 'finding.decided' : 'finding.nothing-to-appeal';
  return appealUntil !== null && now <= appealUntil ? null : 'finding.too-late';
}

export function mayDecideAppeal(finding: Finding, actor: ActorOfFinding): Refusal | null {
  if (actor.personId === finding.personId) return 'finding.own';
  if (finding.state !== 'appealed') return 'finding.decided';
  if (actor.by === finding.decidedBy) return 'finding.decider';
  return actor.by === finding.proposedBy ? 'finding.proposer' : null;
}

/**
 * Whether what was decided is carried out now: when the time for an appeal has passed, or the appeal was dismissed. So
 * nothing ever has to be undone.
 */
export const isFinal = ({ state, appealUntil }: Finding, now: Instant): boolean =>
  state === 'appeal-dismissed' || (state === 'upheld' && appealUntil !== null && now > appealUntil);

/** Whether the result of the attempt waits: nobody knows yet whether it will count. A warning does not touch the result. */
export function holdsResult({ state, consequence }: Pick<Finding, 'state' | 'consequence'>): boolean {
  if (state === 'proposed' || state === 'heard') return true;
  return consequence === 'void' && (state === 'upheld' || state === 'appealed' || state === 'appeal-dismissed');
}

/** Settled for good: no step is left for anybody. */
export const isClosed = (finding: Finding, now: Instant): boolean =>
  finding.state === 'dismissed' || finding.state === 'appeal-upheld' || isFinal(finding, now);
