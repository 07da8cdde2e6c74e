import { startOfDate, type PlainDate } from '~/kernel/calendar';
import { clearance, SHOWN_BY, type ClearanceInput, type Evidence, type Requirement } from '../clearance';

/** Something that is on its way; `on` is when it is expected to count. */
export type Pending =
  /** An exam was handed in on `of`, its result is not released. */
  | { kind: 'result'; code: string; of: PlainDate; on: PlainDate }
  /** A place is booked in a sitting on `of`. */
  | { kind: 'sitting'; code: string; of: PlainDate; on: PlainDate; title: string }
  /** Done on `of`; the evidence is on its way. */
  | { kind: 'completion'; code: string; of: PlainDate; on: PlainDate }
  /** Asked for; not decided. `code` null: for the whole clearance. */
  | { kind: 'waiver'; code: string | null; waiverId: string; on: PlainDate; until: PlainDate };

/** What will be, if what is pending turns out well. */
export interface Provisional {
  /** The first day of the permission. */
  on: PlainDate;
  until: PlainDate | null;
  basis: 'evidence' | 'waiver';
  /** All of these, and nothing else, must turn out well. */
  conditions: Pending[];
}

/**
 * The clearance that follows if everything pending turns out well, by the same rule that judges what is known; null when
 * that is not enough, or nothing is pending. Evidence before waivers; only what is really needed is a condition.
 */
export function provisional(input: Omit<ClearanceInput, 'on'>, pending: readonly Pending[], today: PlainDate): Provisional | null {
  if (pending.length === 0 || begins(input, [], today)) return null;
  const evidence = pending.filter(({ kind }) => kind !== 'waiver');
  const enough = [evidence, [...pending]].find((conditions) => begins(input, conditions, today));
  if (!enough) return null;
  const conditions = needed(input, enough, today);
  const period = begins(input, conditions, today);
  return period ? { on: period.from > today ? period.from : today, until: period.until, basis: period.basis, conditions } : null;
}

/**
 * What must turn out well for a permission on that very day, by the same rule; null when nothing pending brings one, or it is
 * there without.
 */
export function conditionsFor(input: Omit<ClearanceInput, 'on'>, pending: readonly Pending[], day: PlainDate): Provisional | null {
  const permits = (conditions: readonly Pending[]) => supposing(input, conditions).find(({ from, until }) => from <= day && (until === null || until >= day));
  if (pending.length === 0 || permits([])) return null;
  const enough = [pending.filter(({ kind }) => kind !== 'waiver'), [...pending]].find((conditions) => permits(conditions));
  if (!enough) return null;
  const conditions = [...enough].sort((a, b) => (a.on < b.on ? 1 : -1)).reduce<Pending[]>((left, one) => {
    const without = left.filter((other) => other !== one);
    return permits(without) ? without : left;
  }, [...enough]);
  const period = permits(conditions);
  return period ? { on: period.from, until: period.until, basis: period.basis, conditions } : null;
}

/** Leaves out, the latest first, whatever changes nothing about the day. */
function needed(input: Omit<ClearanceInput, 'on'>, enough: readonly Pending[], today: PlainDate): Pending[] {
  const from = begins(input, enough, today)?.from;
  return [...enough].sort((a, b) => (a.on < b.on ? 1 : -1)).reduce<Pending[]>((left, one) => {
    const without = left.filter((other) => other !== one);
    return begins(input, without, today)?.from === from ? without : left;
  }, [...enough]);
}

/** After every date that evidence can have. */
const EVER: PlainDate = '9999-12-31';

/** The first period that reaches today or later, with the conditions taken for granted. */
const begins = (input: Omit<ClearanceInput, 'on'>, conditions: readonly Pending[], today: PlainDate) =>
  supposing(input, conditions).find(({ until }) => until === null || until >= today);

/** Every period of permission there is with the conditions taken for granted. */
function supposing(input: Omit<ClearanceInput, 'on'>, conditions: readonly Pending[]) {
  const { requirements, evidence, waivers = [], zone } = input;
  return clearance({
    ...input, on: EVER,
    evidence: [...evidence, ...conditions.flatMap((one) => supposed(one, requirements, zone))],
    waivers: [...waivers, ...conditions.flatMap((one) => (one.kind === 'waiver' ? [{ id: one.waiverId, requirementCode: one.code, from: one.on, until: one.until }] : []))],
  }).periods;
}

function supposed(one: Pending, requirements: readonly Requirement[], zone: string): Evidence[] {
  const requirement = requirements.find(({ code }) => code === one.code);
  if (one.kind === 'waiver' || !requirement) return [];
  return [{
    kind: SHOWN_BY[requirement.kind], ref: `pending:${one.code}`, targetId: requirement.targetId, passed: true,
    // A cut score of the programme's own is reached too: that is what turning out well means.
    at: startOfDate(one.on, zone), validUntil: null, facts: { percent: 100, cutScore: 0 },
  }];
}
