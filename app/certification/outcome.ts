import { addMonths, type PlainDate } from '~/kernel/calendar';
import type { Instant } from '~/kernel/clock';
import type { ReasonCode } from '~/text/reason';
import { SHOWN_BY, type Evidence } from './evidence';
import type { Requirement, RequirementKind, RequirementParams } from './requirement';

/** The reasons that evidence alone gives; `progress.ts` knows more about what is still open. */
export const OUTCOME_REASONS = [
  'course-completed', 'course-not-completed', 'exam-passed', 'exam-not-taken', 'exam-failed', 'exam-below-required',
  'credential-held', 'credential-not-held', 'hours-reached', 'hours-short', 'event-attended', 'event-not-attended',
  'external-approved', 'external-missing', 'declaration-signed', 'declaration-not-signed', 'evidence-expired', 'requirement-waived',
] as const satisfies ReasonCode[];

/** Why a requirement is in its state, worded by `certification.reason.<code>`; `on` is a date, `…At` an instant. */
export interface Reason {
  code: ReasonCode;
  params: Record<string, string | number>;
}

export interface OutcomeReason extends Reason {
  code: (typeof OUTCOME_REASONS)[number];
}

/** `expired`: it was met once by something that counts no more. `waived`: not met, and not asked for at the time. */
export const OUTCOME_STATES = ['met', 'open', 'failed', 'expired', 'waived'] as const;

export interface RequirementOutcome {
  code: string;
  kind: RequirementKind;
  targetId: string;
  state: (typeof OUTCOME_STATES)[number];
  /** The evidence that decided: what satisfied it, or the latest that failed. */
  evidenceRef: string | null;
  at: Instant | null;
  reason: OutcomeReason;
}

/** A piece of evidence with the days on which it counts for one requirement; `until` null: for ever. */
export interface Counting {
  evidence: Evidence;
  on: PlainDate;
  until: PlainDate | null;
  /** Whether it satisfies the requirement, for hours: whether it adds to the sum. */
  counts: boolean;
}

export interface Judged {
  requirement: Requirement;
  /** By time; ties by content, so that the order of arrival never matters. */
  pieces: Counting[];
}

export interface Dated {
  evidence: Evidence;
  on: PlainDate;
}

/** What counts for a requirement. `evidence` must be in the order of time. */
export function judged(requirement: Requirement, evidence: readonly Dated[]): Judged {
  const kind = SHOWN_BY[requirement.kind];
  const pieces: Counting[] = [];
  for (const one of evidence) {
    if (one.evidence.kind !== kind || one.evidence.targetId !== requirement.targetId) continue;
    pieces.push({ evidence: one.evidence, on: one.on, until: endOf(requirement, one), counts: satisfies(requirement, one) });
  }
  return { requirement, pieces };
}

function satisfies({ kind, params = {} }: Requirement, { evidence: { passed, facts }, on }: Dated): boolean {
  if (kind === 'exam' && params.cutScore !== undefined && facts.percent !== undefined) return facts.percent >= params.cutScore;
  if (kind === 'hours' && params.window?.kind === 'dates') return passed && params.window.from <= on && on <= params.window.until;
  return passed;
}

/** Hours leave their window; everything else counts until its own end. */
function endOf({ kind, params = {} }: Requirement, { evidence: { validUntil = null }, on }: Dated): PlainDate | null {
  const leaves = kind === 'hours' ? leavesWindow(params, on) : null;
  if (leaves === null || validUntil === null) return leaves ?? validUntil;
  return leaves < validUntil ? leaves : validUntil;
}

function leavesWindow({ window }: RequirementParams, on: PlainDate): PlainDate | null {
  if (window?.kind === 'calendar-year') return `${on.slice(0, 4)}-12-31`;
  return window?.kind === 'months' ? addMonths(on, window.months) : null;
}

const countsOn = (one: Counting, day: PlainDate): boolean => one.counts && one.on <= day && (one.until === null || day <= one.until);

function hundredthsOn({ pieces }: Judged, day: PlainDate): number {
  let sum = 0;
  for (const one of pieces) if (countsOn(one, day)) sum += Math.max(0, one.evidence.facts.hundredths ?? 0);
  return sum;
}

const wanted = ({ params }: Requirement): number => params?.hundredths ?? 1;

export const isMetOn = (one: Judged, day: PlainDate): boolean =>
  one.requirement.kind === 'hours' ? hundredthsOn(one, day) >= wanted(one.requirement) : one.pieces.some((piece) => countsOn(piece, day));

/** How a requirement stands on a day. What is met counts from the earliest evidence that satisfies it then. */
export function outcomeOn(one: Judged, day: PlainDate): RequirementOutcome {
  if (one.requirement.kind === 'hours') return hoursOn(one, day);
  const { code, kind, targetId } = one.requirement;
  const shown = one.pieces.filter((piece) => piece.on <= day);
  const decided = shown.find((piece) => countsOn(piece, day)) ?? shown.filter((piece) => piece.counts).at(-1) ?? shown.at(-1);
  if (!decided) return { code, kind, targetId, state: 'open', evidenceRef: null, at: null, reason: { code: NOTHING_YET[kind], params: {} } };
  const state = !decided.counts ? 'failed' : countsOn(decided, day) ? 'met' : 'expired';
  return { code, kind, targetId, state, evidenceRef: decided.evidence.ref, at: decided.evidence.at, reason: reasonFor(one.requirement, decided, state) };
}

function hoursOn(one: Judged, day: PlainDate): RequirementOutcome {
  const { code, kind, targetId } = one.requirement;
  const counting = one.pieces.filter((piece) => countsOn(piece, day));
  const hours = hundredthsOn(one, day) / 100;
  const wantedHours = wanted(one.requirement) / 100;
  let sum = 0;
  const reached = counting.find((piece) => (sum += Math.max(0, piece.evidence.facts.hundredths ?? 0)) >= wanted(one.requirement));
  return {
    code, kind, targetId, state: reached ? 'met' : 'open', evidenceRef: reached?.evidence.ref ?? null, at: reached?.evidence.at ?? null,
    reason: { code: reached ? 'hours-reached' : 'hours-short', params: { hours, wanted: wantedHours } },
  };
}

const NOTHING_YET: Record<RequirementKind, OutcomeReason['code']> = {
  course: 'course-not-completed', exam: 'exam-not-taken', credential: 'credential-not-held', hours: 'hours-short',
  event: 'event-not-attended', external: 'external-missing', declaration: 'declaration-not-signed',
};
const SHOWN: Record<RequirementKind, OutcomeReason['code']> = {
  course: 'course-completed', exam: 'exam-passed', credential: 'credential-held', hours: 'hours-reached',
  event: 'event-attended', external: 'external-approved', declaration: 'declaration-signed',
};

function reasonFor({ kind, params }: Requirement, { evidence: { facts, passed }, on, until }: Counting, state: 'met' | 'failed' | 'expired'): OutcomeReason {
  if (state === 'expired') return { code: 'evidence-expired', params: { on, untilOn: until ?? '' } };
  if (kind !== 'exam') return { code: state === 'met' ? SHOWN[kind] : NOTHING_YET[kind], params: { on } };
  const { percent = 0, cutScore = 0 } = facts;
  const figures = { on, percent, cutScore: params?.cutScore ?? cutScore };
  if (state === 'met') return { code: 'exam-passed', params: figures };
  return { code: passed ? 'exam-below-required' : 'exam-failed', params: figures };
}
