import type { Reader } from '~/db';
import { dateAt, type PlainDate } from '~/kernel/calendar';
import type { Instant } from '~/kernel/clock';
import { config } from '~/kernel/config';
import { entriesOf, postsOf, type EntryState } from './entries.repository';
import type { HourStep } from './convert';
import type { HourKind } from './rule';
import { findRule, ruleBook } from './rules.repository';
import { sumUp } from './sums';
import { targetsOf, type TargetState } from './targets';
import { carriesOf, closedYears } from './years.repository';

/** An entry as people read it. */
export interface ShownEntry {
  id: string;
  kind: HourKind;
  title: { zh: string; en: string };
  occurredOn: PlainDate;
  minutes: number | null;
  hundredths: number;
  steps: HourStep[];
  /** The version that counted it: its name and its set's title. */
  rule: { id: string; label: string; title: { zh: string; en: string } } | null;
  status: EntryState;
  reason: string | null;
}

export interface HoursOverview {
  year: number;
  closed: boolean;
  hundredths: number;
  targets: TargetState[];
  entries: ShownEntry[];
  /** January to December. */
  byMonth: number[];
  byKind: { kind: HourKind; hundredths: number }[];
  /** Years with entries and what they came to, the latest first; the asked year is always among them. */
  years: { year: number; hundredths: number }[];
}

/** A person's hours of a year: against each target, by month and kind, and every entry with what explains it. */
export async function hoursOverview(from: Reader, personId: string, year: number, now: Instant): Promise<HoursOverview> {
  const [all, posts, carries, closed, book] = await Promise.all([
    entriesOf(from, [personId]), postsOf(from, [personId]), carriesOf(from, [personId]), closedYears(from), ruleBook(from),
  ]);
  const today = dateAt(now, config().TIME_ZONE);
  // Past years are asked about as they ended, this one as it is today.
  const on = `${year}` === today.slice(0, 4) ? today : `${year}-12-31`;
  const sums = sumUp(all);
  const own = all.filter((entry) => entry.year === year);
  const counted = own.filter((entry) => entry.status === 'counted');
  const rules = new Map(await Promise.all([...new Set(own.flatMap((entry) => entry.ruleId ?? []))].map(async (id) => [id, await findRule(from, id)] as const)));
  return {
    year, closed: closed.includes(year), hundredths: total(counted),
    targets: targetsOf({ posts: posts.get(personId) ?? [], sums, closedYears: closed, carries: carries.get(personId) ?? [] }, book, on),
    entries: own.map(({ id, kind, title, occurredOn, input: { minutes }, hundredths, steps, ruleId, status, reason }) => {
      const rule = ruleId === null ? null : rules.get(ruleId);
      return { id, kind, title, occurredOn, minutes, hundredths, steps, status, reason, rule: rule ? { id: rule.id, label: rule.label, title: rule.title } : null };
    }),
    byMonth: Array.from({ length: 12 }, (_, month) => total(counted.filter((entry) => Number(entry.occurredOn.slice(5, 7)) === month + 1))),
    byKind: [...new Set(counted.map((entry) => entry.kind))].sort().map((kind) => ({ kind, hundredths: total(counted.filter((entry) => entry.kind === kind)) })),
    years: yearsOf(all, year),
  };
}

const total = (entries: readonly { hundredths: number }[]): number => entries.reduce((sum, entry) => sum + entry.hundredths, 0);

function yearsOf(entries: readonly { year: number; hundredths: number; status: EntryState }[], asked: number): { year: number; hundredths: number }[] {
  const years = [...new Set([asked, ...entries.map((entry) => entry.year)])].sort((a, b) => b - a);
  return years.map((year) => ({ year, hundredths: total(entries.filter((entry) => entry.year === year && entry.status === 'counted')) }));
}
