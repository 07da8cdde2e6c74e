import type { Reader } from '~/db';
import { addDays, startOfDate, type PlainDate } from '~/kernel/calendar';
import type { Instant } from '~/kernel/clock';
import { config } from '~/kernel/config';
import { postsOf } from './entries.repository';
import { ruleBook } from './rules.repository';
import { changedSince, countableEntries, type CountableEntry, type Undone } from './standing-on.repository';
import { sumUp } from './sums';
import { targetsOf, type TargetState } from './targets';
import { carriesOf, listYears } from './years.repository';

/** How somebody stood on a day. */
export interface HoursOn {
  /** What the year of the day came to by then, in hundredths. */
  hundredths: number;
  targets: TargetState[];
}

/**
 * How people stood against their targets on a day: what happened by that day, with the worth it had then. What was counted
 * anew or taken back since is undone by the ledger.
 * @param knownOn with the worth that it had at the end of this day instead: a year is looked at when it is over
 */
export async function hoursOn(from: Reader, personIds: readonly string[], on: PlainDate, today: PlainDate, knownOn = on): Promise<Map<string, HoursOn>> {
  const ids = [...personIds];
  const end = startOfDate(addDays(knownOn, 1), config().TIME_ZONE);
  const [found, posts, carries, years, book] = await Promise.all([
    countableEntries(from, ids, on), postsOf(from, ids), carriesOf(from, ids), listYears(from), ruleBook(from),
  ]);
  const entries = knownOn === today ? found : asOf(found, await changedSince(from, ids, end));
  const closed = years.filter(({ state, decidedAt }) => state === 'closed' && isBy(decidedAt, end)).map(({ year }) => year);
  const own = new Map<string, CountableEntry[]>(ids.map((id) => [id, []]));
  for (const entry of entries) own.get(entry.personId)?.push(entry);
  const year = Number(on.slice(0, 4));
  return new Map(ids.map((id) => {
    const sums = sumUp(own.get(id) ?? []);
    const record = { posts: posts.get(id) ?? [], sums, closedYears: closed, carries: (carries.get(id) ?? []).filter((one) => closed.includes(one.year)) };
    return [id, {
      hundredths: sums.filter((sum) => sum.year === year).reduce((all, sum) => all + sum.hundredths, 0),
      targets: targetsOf(record, book, on),
    }];
  }));
}

const isBy = (at: Instant | null, end: Instant): boolean => at !== null && at < end;

/** The entries as they were before what happened to them since. */
function asOf(entries: readonly CountableEntry[], undone: ReadonlyMap<string, Undone>): CountableEntry[] {
  return entries.map((entry) => {
    const before = undone.get(entry.id);
    return before ? { ...entry, ...before } : entry;
  });
}
