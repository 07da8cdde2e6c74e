import type { Reader } from '~/db';
import { addDays, dateAt, isWorkingDay, type PlainDate } from '~/kernel/calendar';
import type { Instant } from '~/kernel/clock';
import { config } from '~/kernel/config';
import { endingsBetween } from '../office/endings.repository';
import { houseRules } from '../rules/house.service';
import { reachablePeople } from '../sending/reach.repository';
import { directoryOn } from './directory.repository';
import { Ladders } from './ladder';
import { AHEAD_DAYS, endingsAhead, remindersAhead, weekliesAhead, type Ahead, type AheadKind, type Span } from './outlook';
import { dueDatesReaching, lookBack, type OpenAssignment } from './plan';
import { findPlan, lastPlanned, openAfter, openDueDates } from './plan.repository';
import { openKindsOf } from './plan.service';

const CHUNK = 2000;
/** A list names so many people; how many there are its number says. */
export const LISTED = 200;
/** The longest step before an end is a month, and a holiday may lie before it. */
const ENDS_WITHIN = AHEAD_DAYS + 30 + 14;

export interface ListedAhead {
  personId: string;
  /** What is due, or ends, on which day; nothing for the digest of a week. */
  on: PlainDate | null;
  title: { zh: string; en: string } | null;
}

export interface Outlook {
  /** How much of each kind, by day. */
  counts: Map<PlainDate, Partial<Record<AheadKind, number>>>;
  /** Who stands behind the number that was asked for: the first of them. */
  listed: ListedAhead[];
}

/**
 * What will be sent in the next days to and about the people of a scope, by the code that plans each day, with its day moved.
 * Reads everybody once, in as many queries as there are due dates and chunks; writes nothing.
 * @param wanted the number whose people are listed
 */
export async function outlook(from: Reader, { now, paths, wanted }: { now: Instant; paths: readonly string[]; wanted: Ahead | null }): Promise<Outlook> {
  const today = dateAt(now, config().TIME_ZONE);
  const span: Span = { today: await openToday(from, today), since: today, until: addDays(today, AHEAD_DAYS) };
  const house = await houseRules(from);
  const directory = await directoryOn(from, today);
  const found = new Collected(wanted);
  const isInScope = (organisationId: string): boolean => paths.some((path) => directory.unit(organisationId)?.path.startsWith(path));
  const ladders = new Ladders(house.ladders);
  const zone = config().TIME_ZONE;
  const reminders = keeping((one: OpenAssignment) => remindersAhead(one, span, ladders, house));
  const { first, last } = dueDatesReaching(span.today?.since ?? today, span.until);
  for (const dueOn of await openDueDates(from, { first, last, after: '' })) {
    for await (const row of inChunks((after) => openAfter(from, { dueOn, after, limit: CHUNK }))) {
      if (!isInScope(row.organisation_id)) continue;
      found.add(reminders({ dueOn, assignedOn: dateAt(row.assigned_at, zone), openKinds: openKindsOf(row) }), {
        personId: row.person_id, on: dueOn, title: { zh: row.title_zh, en: row.title_en },
      });
    }
  }
  for await (const row of inChunks((after) => endingsBetween(from, { first: today, last: addDays(today, ENDS_WITHIN), after, limit: CHUNK }))) {
    if (!isInScope(row.organisation_id)) continue;
    const ending = { until: row.cleared_until, since: row.may_start_on, later: row.periods.map((period) => period.from) };
    found.add(endingsAhead(ending, span), { personId: row.person_id, on: row.cleared_until, title: { zh: row.title_zh, en: row.title_en } });
  }
  const weeks = weekliesAhead(span, house).map((day): Ahead => ({ day, kind: 'weekly' }));
  for (const { personId, units } of directory.everybody()) if (units.some(({ id }) => isInScope(id))) found.add(weeks, { personId, on: null, title: null });
  return { counts: found.counts, listed: found.listed };
}

/** Today, as long as it is not planned. */
async function openToday(from: Reader, day: PlainDate): Promise<Span['today']> {
  const plan = await findPlan(from, day);
  if (plan?.stage === 'done' || !isWorkingDay(day)) return null;
  return { day, since: plan?.since ?? lookBack(await lastPlanned(from, day), day) };
}

/** Most people share their dates and what is open with many others: what was found for one is kept for the next. */
function keeping(find: (one: OpenAssignment) => Ahead[]): (one: OpenAssignment) => Ahead[] {
  const known = new Map<string, Ahead[]>();
  return (one) => {
    const key = `${one.dueOn} ${one.assignedOn} ${one.openKinds.join()}`;
    const found = known.get(key) ?? find(one);
    known.set(key, found);
    return found;
  };
}

async function* inChunks<Row extends { assignment_id: string }>(read: (after: string) => Promise<Row[]>): AsyncGenerator<Row> {
  for (let after = ''; ;) {
    const found = await read(after);
    yield* found;
    const last = found.at(-1);
    if (!last || found.length < CHUNK) return;
    after = last.assignment_id;
  }
}

class Collected {
  readonly counts = new Map<PlainDate, Partial<Record<AheadKind, number>>>();
  readonly listed: ListedAhead[] = [];

  constructor(private readonly wanted: Ahead | null) {}

  add(ahead: readonly Ahead[], one: ListedAhead): void {
    for (const { day, kind } of ahead) {
      const counts = this.counts.get(day) ?? {};
      counts[kind] = (counts[kind] ?? 0) + 1;
      this.counts.set(day, counts);
      if (day === this.wanted?.day && kind === this.wanted.kind && this.listed.length < LISTED) this.listed.push(one);
    }
  }
}

/** What the people of a list are called. */
export const namesAhead = async (from: Reader, listed: readonly ListedAhead[]): Promise<Map<string, string>> =>
  new Map([...await reachablePeople(from, [...new Set(listed.map(({ personId }) => personId))])].map(([id, { name }]) => [id, name]));
