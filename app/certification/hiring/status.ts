import type { PlainDate } from '~/kernel/calendar';
import { clearance, type PermissionPeriod, type Reason } from '../clearance';
import type { JudgedAssignment } from '../known';
import type { ExplainedRequirement } from '../progress.service';
import { conditionsFor, type Pending, type Provisional, provisional } from '../starts/provisional';

/** What a hiring list says of a person, the best first. The last two are said where no person could be judged. */
export const HIRING_STATUSES = [
  'cleared', 'waived', 'will-be-cleared', 'late', 'will-lapse', 'lapsed', 'incomplete', 'never-sat', 'failed', 'withdrawn', 'unassigned',
  'name-mismatch', 'unknown',
] as const;
export type HiringStatus = (typeof HIRING_STATUSES)[number];

/** Those with whom somebody may start on the day asked about. */
export const MAY_START: readonly HiringStatus[] = ['cleared', 'waived'];

/** When a failed exam can be taken again: a place that is booked, the next sitting with places, from a day on; or not any more. */
export type Resit =
  | { kind: 'booked' | 'sitting' | 'from'; on: PlainDate }
  | { kind: 'none' };

export interface HiringAnswer {
  status: HiringStatus;
  /** The first day of the permission that is or would be; null: nobody can tell. */
  from: PlainDate | null;
  /** The last day of the permission that is, was or would be; null: no end, or there is none. */
  until: PlainDate | null;
  /** What must turn out well for `will-be-cleared` and `late`. */
  conditions: Pending[];
  resit: Resit | null;
  /** Why not; null where nothing needs saying. */
  reason: Reason | null;
  /** Where it is shown: the assignment that decides; null without one. */
  assignmentId: string | null;
}

/** One programme that guards the gate, of which the cycle in force was judged for the day of the start. */
export interface HiringProgramme extends JudgedAssignment {
  /** What is on its way, as known today. */
  pending: readonly Pending[];
  /** What is not met, explained. */
  open: readonly ExplainedRequirement[];
  /** The day on which it was assigned; before it nothing said that somebody might start. */
  since: PlainDate;
  /** The last day of the former cycle by its rule. */
  lastExpiry: PlainDate | null;
  /** Per exam that was failed, by the requirement's code. */
  resits: Readonly<Record<string, Resit>>;
}

export interface HiringInput {
  /** The day of the start. */
  on: PlainDate;
  today: PlainDate;
  zone: string;
  programmes: readonly HiringProgramme[];
}

/**
 * Whether somebody may start on their own day, as of what is known today: by evidence or a waiver in force on that day; or
 * once what is on its way has turned out well, in time or too late; or why not. Of several programmes the worst decides.
 */
export function hiringAnswer({ programmes, ...day }: HiringInput): HiringAnswer {
  const answers = programmes.map((one) => answerOf(one, day));
  const [first, ...others] = answers.sort((a, b) => rank(b.status) - rank(a.status));
  if (!first) return { ...NOTHING, status: 'unassigned' };
  return others.filter(({ status }) => status === first.status || first.status === 'waived').reduce(together, first);
}

const rank = (status: HiringStatus): number => HIRING_STATUSES.indexOf(status);

const NOTHING: Omit<HiringAnswer, 'status'> = { from: null, until: null, conditions: [], resit: null, reason: null, assignmentId: null };

/** For a row that is nobody's, or whose name is another one than the register has. */
export const unjudged = (status: 'name-mismatch' | 'unknown'): HiringAnswer => ({ ...NOTHING, status });

/** Several permissions begin with the last and end with the first of them. */
function together(a: HiringAnswer, b: HiringAnswer): HiringAnswer {
  return {
    ...a, from: a.from === null || b.from === null ? null : a.from > b.from ? a.from : b.from,
    until: a.until === null ? b.until : b.until === null || a.until < b.until ? a.until : b.until,
    conditions: [...a.conditions, ...b.conditions.filter((one) => !a.conditions.some((other) => JSON.stringify(other) === JSON.stringify(one)))],
  };
}

type Day = Omit<HiringInput, 'programmes'>;

function answerOf(one: HiringProgramme, day: Day): HiringAnswer {
  const base: Omit<HiringAnswer, 'status'> = { ...NOTHING, assignmentId: one.assignment.id };
  const inForce = one.clearance.periods.find((period) => reaches(period, day.on));
  if (inForce && one.since > day.on) return { ...base, status: 'late', from: one.since, until: inForce.until };
  if (inForce) return { ...base, status: inForce.basis === 'evidence' ? 'cleared' : 'waived', from: inForce.from, until: inForce.until };
  const taken = withdrawal(one);
  const input = { ...one.assignment.input, lastExpiry: one.lastExpiry, zone: day.zone };
  const inTime = conditionsFor(input, one.pending, day.on);
  if (inTime) return expected(one, base, 'will-be-cleared', inTime);
  if (taken) return { ...base, status: 'withdrawn', reason: taken };
  const later = day.on < day.today ? sinceThen(one, day) : provisional(input, one.pending, day.on) ?? begun(one, day.on);
  if (later) return expected(one, base, 'late', later);
  return ended(one, base, day) ?? unmet(one, base);
}

const reaches = ({ from, until }: PermissionPeriod, on: PlainDate): boolean => from <= on && (until === null || on <= until);

/** What was failed is told as failed, whatever place is booked to take it again. */
function expected(one: HiringProgramme, base: Omit<HiringAnswer, 'status'>, status: 'will-be-cleared' | 'late', { on, until, conditions }: Provisional): HiringAnswer {
  const failed = one.open.find(({ code, state }) => state === 'failed' && conditions.some((condition) => condition.kind === 'sitting' && condition.code === code));
  const place = failed && conditions.find((condition) => condition.kind === 'sitting' && condition.code === failed.code);
  if (failed && place?.kind === 'sitting') return { ...base, status: 'failed', from: on, until, conditions, resit: { kind: 'booked', on: place.of }, reason: failed.reason };
  return { ...base, status, from: on, until, conditions, reason: status === 'late' ? one.open[0]?.reason ?? null : null };
}

/** A permission that begins after the day, with nothing more to happen: a waiver from a later day, or a duty that begins later. */
function begun({ clearance: { periods } }: HiringProgramme, on: PlainDate): Provisional | null {
  const next = periods.find(({ from }) => from > on);
  return next ? { on: next.from, until: next.until, basis: next.basis, conditions: [] } : null;
}

/** The day asked about is past, and what came since permits now. */
function sinceThen({ assignment: { input }, lastExpiry }: HiringProgramme, { on, today, zone }: Day): Provisional | null {
  const next = clearance({ ...input, lastExpiry, on: today, zone }).periods.find(({ from, until }) => from > on && (until === null || until >= today));
  return next ? { on: next.from, until: next.until, basis: next.basis, conditions: [] } : null;
}

function withdrawal({ clearance: { withdrawnOn, suspendedOn } }: HiringProgramme): Reason | null {
  if (withdrawnOn !== null) return { code: 'credential-revoked', params: { on: withdrawnOn } };
  return suspendedOn === null ? null : { code: 'credential-suspended', params: { on: suspendedOn } };
}

/** Before every duty, so that a permission shows that ends before one's own begins. */
const EVER: PlainDate = '1900-01-01';

/** A permission that there was or is, and that ends before the day. A waiver that is over says nothing. */
function ended({ assignment: { input }, lastExpiry }: HiringProgramme, base: Omit<HiringAnswer, 'status'>, { on, today, zone }: Day): HiringAnswer | null {
  const last = clearance({ ...input, lastExpiry, startOfDuty: EVER, on, zone }).periods.filter(({ until }) => until !== null && until < on).at(-1);
  if (!last || last.until === null || (last.basis === 'waiver' && last.until < today)) return null;
  const lapses = last.until >= today;
  return { ...base, status: lapses ? 'will-lapse' : 'lapsed', from: last.from, until: last.until, reason: lapses ? null : { code: 'clearance-expired', params: { on: last.until } } };
}

/** What stands in the way, the exam first: a failed one, one that was never sat, anything else. */
function unmet({ open, resits }: HiringProgramme, base: Omit<HiringAnswer, 'status'>): HiringAnswer {
  const failed = open.find(({ kind, state }) => kind === 'exam' && state === 'failed');
  if (failed) return { ...base, status: 'failed', resit: resits[failed.code] ?? null, reason: failed.reason };
  const unsat = open.find((one) => one.kind === 'exam' && one.state === 'open' && !hasSat(one));
  if (unsat) return { ...base, status: 'never-sat', reason: unsat.reason };
  return { ...base, status: 'incomplete', reason: open[0]?.reason ?? null };
}

/** An attempt whose result is awaited, failed so that one must wait, or used the last try up. */
const hasSat = ({ progress }: ExplainedRequirement): boolean =>
  progress?.kind === 'exam' && ['awaiting-result', 'passed', 'cooling-off', 'no-attempts-left', 'in-progress'].includes(progress.state);
