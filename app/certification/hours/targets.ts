import type { PlainDate } from '~/kernel/calendar';
import { scopeOn, targetsIn, type HourPost, type RuleBook, type SetTarget } from './book';
import type { Alternative, ConvertedKind } from './rule';

/** What somebody has of one kind in one year, after caps; an adjustment stands with the kind that it corrects. */
export interface YearSum {
  year: number;
  kind: ConvertedKind;
  offTheJob: boolean;
  hundredths: number;
  days: number;
}

/** What a closed year passed on, under a target. */
export interface FrozenCarry {
  year: number;
  target: string;
  hundredths: number;
}

export interface HourRecord {
  posts: readonly HourPost[];
  sums: readonly YearSum[];
  /** Years whose entries and carry-over do not change any more. */
  closedYears: readonly number[];
  carries: readonly FrozenCarry[];
}

export interface AlternativeState {
  measure: Alternative['measure'];
  /** In hundredths of the measure. */
  amount: number;
  done: number;
  /** Of `done`: brought over from the year before. */
  carried: number;
  met: boolean;
  kinds: ConvertedKind[] | null;
  offTheJob: boolean;
}

export interface TargetState {
  code: string;
  title: { zh: string; en: string };
  /** The version that sets it. */
  rule: { id: string; title: { zh: string; en: string }; version: string };
  /** The years in which it is counted, both included. */
  from: number;
  until: number;
  alternatives: AlternativeState[];
  /** The alternative that is met, or that least is missing of, by its place. */
  nearest: number;
  met: boolean;
  /** What would pass to the next year; null when the target passes nothing on. */
  surplus: number | null;
}

/**
 * How somebody stands against every target that applies on a date, with its alternatives. Annual targets count the
 * year of the date; those of several years the period that holds it.
 */
export function targetsOf(record: HourRecord, book: RuleBook, on: PlainDate): TargetState[] {
  const year = Number(on.slice(0, 4));
  return targetsIn(book, scopeOn(record.posts, on), on).map((target) => stateOf(target, record, book, year));
}

function stateOf(target: SetTarget, record: HourRecord, book: RuleBook, year: number): TargetState {
  const { from, until } = windowOf(target, year);
  const brought = broughtInto(target.code, record, book, year);
  const alternatives = target.anyOf.map((one) => alternativeState(one, record.sums, from, Math.min(until, year), target.window.years === 1 ? brought : 0));
  const best = nearest(alternatives);
  return {
    code: target.code, title: target.title, rule: { id: target.by.id, title: target.by.rule.title, version: target.by.rule.version },
    from, until, alternatives, nearest: best, met: alternatives[best]?.met ?? false, surplus: surplusOf(target, record.sums, year, brought),
  };
}

/** A period of several years begins at fixed years when the rule says since when; else it ends with the year asked about. */
function windowOf({ window: { years, since } }: SetTarget, year: number): { from: number; until: number } {
  if (since === undefined || year < since) return { from: year - years + 1, until: year };
  const from = year - ((year - since) % years);
  return { from, until: from + years - 1 };
}

function alternativeState(one: Alternative, sums: readonly YearSum[], from: number, until: number, brought: number): AlternativeState {
  const counted = sums.filter((sum) => sum.year >= from && sum.year <= until && counts(one, sum));
  const carried = one.measure === 'hours' ? brought : 0;
  const days = counted.reduce((sum, { days: n }) => sum + n, 0);
  const done = one.measure === 'hours' ? counted.reduce((sum, { hundredths }) => sum + hundredths, 0) + carried
    : one.measure === 'days' ? days : Math.floor(days / one.daysPerMonth);
  return { measure: one.measure, amount: one.amount, done, carried, met: done >= one.amount, kinds: one.kinds ?? null, offTheJob: one.offTheJob };
}

const counts = (one: Alternative, sum: YearSum): boolean => (one.kinds?.includes(sum.kind) ?? true) && (!one.offTheJob || sum.offTheJob);

function nearest(alternatives: readonly AlternativeState[]): number {
  const shares = alternatives.map((one) => (one.amount === 0 ? 1 : one.done / one.amount));
  return shares.indexOf(Math.max(...shares));
}

/**
 * What a year passes on under a target. What was brought into the year is used first and never passed on again, so
 * that hours lapse at the latest a year after they were earned.
 */
function surplusOf(target: SetTarget, sums: readonly YearSum[], year: number, brought: number): number | null {
  const measured = target.anyOf.find((one) => one.measure === 'hours');
  if (target.carryOver === 'none' || !measured) return null;
  const own = sums.filter((sum) => sum.year === year && counts(measured, sum)).reduce((sum, one) => sum + one.hundredths, 0);
  const surplus = Math.max(0, Math.min(own, own + brought - measured.amount));
  return target.carryOver === 'all' ? surplus : Math.min(surplus, target.carryOver.atMost);
}

/** What came over from the year before: as it was frozen when that year was closed, else as it stands. */
function broughtInto(code: string, record: HourRecord, book: RuleBook, year: number): number {
  const first = Math.min(...record.sums.map((sum) => sum.year), ...record.carries.map((carry) => carry.year));
  if (!(first < year)) return 0;
  const before = year - 1;
  if (record.closedYears.includes(before)) return record.carries.find((one) => one.year === before && one.target === code)?.hundredths ?? 0;
  const on = `${before}-12-31`;
  const target = targetsIn(book, scopeOn(record.posts, on), on).find((one) => one.code === code);
  return target ? surplusOf(target, record.sums, before, broughtInto(code, record, book, before)) ?? 0 : 0;
}

/** What a year passes on under each target, for freezing it. */
export function carriesOut(record: HourRecord, book: RuleBook, year: number): FrozenCarry[] {
  const on = `${year}-12-31`;
  return targetsIn(book, scopeOn(record.posts, on), on).flatMap((target) => {
    const hundredths = surplusOf(target, record.sums, year, broughtInto(target.code, record, book, year)) ?? 0;
    return hundredths > 0 ? [{ year, target: target.code, hundredths }] : [];
  });
}
