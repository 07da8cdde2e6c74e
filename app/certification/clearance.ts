import { dateAt, type PlainDate } from '~/kernel/calendar';
import type { Instant } from '~/kernel/clock';
import type { ReasonCode } from '~/text/reason';

export type RequirementKind = 'course' | 'exam';

/** What must be shown before a gate opens. `targetId` is the course or the exam. */
export interface Requirement {
  code: string;
  kind: RequirementKind;
  targetId: string;
}

export type EvidenceKind = 'course-completion' | 'exam-result';

/** What kind of evidence can satisfy a requirement. */
const SHOWN_BY: Record<RequirementKind, EvidenceKind> = { course: 'course-completion', exam: 'exam-result' };

/** Something that happened and counts: a completed course, a released result. `ref` names it in its own room. */
export interface Evidence {
  kind: EvidenceKind;
  ref: string;
  targetId: string;
  passed: boolean;
  /** When it took effect: the completion, the release of the result. */
  at: Instant;
  /** Figures for people to read, such as a score; they decide nothing. */
  facts: { percent?: number | undefined; cutScore?: number | undefined; attempt?: number | undefined };
}

/** The reasons that evidence alone gives; `progress.ts` knows more about what is still open. */
export const OUTCOME_REASONS = [
  'course-completed', 'course-not-completed', 'exam-passed', 'exam-not-taken', 'exam-failed',
] as const satisfies ReasonCode[];

/** Why a requirement is in its state, worded by `certification.reason.<code>`; `on` is a date, `…At` an instant. */
export interface Reason {
  code: ReasonCode;
  params: Record<string, string | number>;
}

interface OutcomeReason extends Reason {
  code: (typeof OUTCOME_REASONS)[number];
}

export interface RequirementOutcome {
  code: string;
  kind: RequirementKind;
  targetId: string;
  state: 'met' | 'open' | 'failed';
  /** The evidence that decided: what satisfied it, or the latest that failed. */
  evidenceRef: string | null;
  at: Instant | null;
  reason: OutcomeReason;
}

export interface Clearance {
  status: 'cleared' | 'not-cleared';
  /** The first day of permitted work; null while something is missing. */
  mayStartOn: PlainDate | null;
  /** The day on which the permission was taken back by revoking the credential. */
  withdrawnOn: PlainDate | null;
  done: number;
  requirements: RequirementOutcome[];
}

export interface ClearanceInput {
  requirements: readonly Requirement[];
  evidence: readonly Evidence[];
  startOfDuty: PlainDate;
  /** When the credential of this clearance was revoked, if it was. */
  withdrawnAt?: Instant | null;
  /** Evidence and revocations of a later date do not count. */
  on: PlainDate;
  /** The deployment's zone, in which instants become dates. */
  zone: string;
}

/**
 * Whether somebody may start, and why (not). Every requirement must be met; each counts from the earliest
 * evidence that satisfies it, so that whatever is added later never takes a permission away or moves it.
 * Work may start on the later of the start of duty and the date of what satisfied the last requirement.
 * Only a revocation takes a permission back.
 */
export function clearance({ requirements, evidence, startOfDuty, withdrawnAt = null, on, zone }: ClearanceInput): Clearance {
  const counting = evidence.filter((one) => dateAt(one.at, zone) <= on).sort(byTime);
  const outcomes = requirements.map((requirement) => outcomeOf(requirement, counting, zone));
  const met = outcomes.filter((outcome) => outcome.state === 'met');
  const withdrawnOn = withdrawnAt !== null && dateAt(withdrawnAt, zone) <= on ? dateAt(withdrawnAt, zone) : null;
  if (met.length < outcomes.length || outcomes.length === 0 || withdrawnOn !== null) {
    return { status: 'not-cleared', mayStartOn: null, withdrawnOn, done: met.length, requirements: outcomes };
  }
  const dates = met.flatMap((outcome) => (outcome.at === null ? [] : [dateAt(outcome.at, zone)]));
  const mayStartOn = [startOfDuty, ...dates].reduce((latest, date) => (date > latest ? date : latest));
  return { status: 'cleared', mayStartOn, withdrawnOn, done: met.length, requirements: outcomes };
}

/** Ties are broken by content, so that the order of arrival never matters. */
const byTime = (a: Evidence, b: Evidence): number => a.at - b.at || (a.ref < b.ref ? -1 : a.ref > b.ref ? 1 : 0);

function outcomeOf(requirement: Requirement, evidence: Evidence[], zone: string): RequirementOutcome {
  const { code, kind, targetId } = requirement;
  const about = evidence.filter((one) => one.kind === SHOWN_BY[kind] && one.targetId === targetId);
  const decided = about.find((one) => one.passed) ?? about.at(-1);
  if (!decided) return { code, kind, targetId, state: 'open', evidenceRef: null, at: null, reason: nothingYet(kind) };
  return {
    code, kind, targetId,
    state: decided.passed ? 'met' : 'failed',
    evidenceRef: decided.ref,
    at: decided.at,
    reason: reasonOf(decided, zone),
  };
}

const nothingYet = (kind: RequirementKind): OutcomeReason =>
  ({ code: kind === 'course' ? 'course-not-completed' : 'exam-not-taken', params: {} });

function reasonOf({ kind, passed, at, facts }: Evidence, zone: string): OutcomeReason {
  const on = dateAt(at, zone);
  if (kind === 'course-completion') return { code: passed ? 'course-completed' : 'course-not-completed', params: { on } };
  const { percent = 0, cutScore = 0 } = facts;
  return { code: passed ? 'exam-passed' : 'exam-failed', params: { on, percent, cutScore } };
}
