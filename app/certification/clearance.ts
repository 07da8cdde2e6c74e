import { dateAt, type PlainDate } from '~/kernel/calendar';
import type { Instant } from '~/kernel/clock';
import type { ReasonCode } from '~/text/reason';
import type { Withdrawal } from './withdrawal';

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
  /** Figures for people to read, such as a score; they decide nothing, but what is void was never shown. */
  facts: { percent?: number | undefined; cutScore?: number | undefined; attempt?: number | undefined; revision?: number | undefined; void?: boolean | undefined };
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
  /** The day on which the permission was last taken back by revoking a credential; null when it was given again since. */
  withdrawnOn: PlainDate | null;
  done: number;
  requirements: RequirementOutcome[];
}

export interface ClearanceInput {
  requirements: readonly Requirement[];
  evidence: readonly Evidence[];
  startOfDuty: PlainDate;
  /** The revocations of credentials of this clearance, in any order. */
  withdrawals?: readonly Withdrawal[];
  /** Evidence and revocations of a later date do not count. */
  on: PlainDate;
  /** The deployment's zone, in which instants become dates. */
  zone: string;
}

/**
 * Whether somebody may start, and why (not). Every requirement must be met; each counts from the earliest
 * evidence that satisfies it, so that whatever is added later never takes a permission away or moves it.
 * Work may start on the later of the start of duty and the date of what satisfied the last requirement.
 * Only a revocation takes a permission back; some are lifted by what is shown afterwards.
 */
export function clearance({ requirements, evidence, startOfDuty, withdrawals = [], on, zone }: ClearanceInput): Clearance {
  const counting = evidence.filter((one) => dateAt(one.at, zone) <= on).sort(byTime);
  const withdrawn = withdrawals.filter((one) => dateAt(one.at, zone) <= on).sort((a, b) => a.at - b.at);
  const judge = (shown: Evidence[]) => requirements.map((requirement) => outcomeOf(requirement, shown, zone));
  const valid = judge(counting.filter((one) => !isAnnulled(one, withdrawn)));
  if (valid.length > 0 && valid.every(isMet) && withdrawn.every(({ lifted }) => lifted !== 'nothing')) {
    return { status: 'cleared', mayStartOn: firstDay(startOfDuty, valid, zone), withdrawnOn: null, done: valid.length, requirements: valid };
  }
  const last = (withdrawn.find(({ lifted }) => lifted === 'nothing') ?? withdrawn.at(-1))?.at;
  // Whoever's permission was taken back still sees what was shown; that it does not count is told by the withdrawal.
  const outcomes = judge(counting);
  return {
    status: 'not-cleared', mayStartOn: null, withdrawnOn: last === undefined ? null : dateAt(last, zone), done: outcomes.filter(isMet).length, requirements: outcomes,
  };
}

/** A result that an office annulled by revoking: it was known by then. */
const isAnnulled = ({ kind, at }: Evidence, withdrawals: readonly Withdrawal[]): boolean =>
  kind === 'exam-result' && withdrawals.some((one) => one.lifted === 'later-result' && at <= one.at);

const isMet = ({ state }: RequirementOutcome): boolean => state === 'met';

function firstDay(startOfDuty: PlainDate, met: RequirementOutcome[], zone: string): PlainDate {
  const dates = met.flatMap(({ at }) => (at === null ? [] : [dateAt(at, zone)]));
  return [startOfDuty, ...dates].reduce((latest, date) => (date > latest ? date : latest));
}

/** Ties are broken by content, so that the order of arrival never matters. */
const byTime = (a: Evidence, b: Evidence): number => a.at - b.at || (a.ref < b.ref ? -1 : a.ref > b.ref ? 1 : 0);

function outcomeOf(requirement: Requirement, evidence: Evidence[], zone: string): RequirementOutcome {
  const { code, kind, targetId } = requirement;
  const about = evidence.filter((one) => one.kind === SHOWN_BY[kind] && one.targetId === targetId && one.facts.void !== true);
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
