import type { Reader } from '~/db';
import { dateAt } from '~/kernel/calendar';
import type { Instant } from '~/kernel/clock';
import { config } from '~/kernel/config';
import { ruleBook } from './rules.repository';
import { carriesInScope, personsInScope, sumsInScope, type StandingPerson, type StandingsQuery } from './standings.repository';
import { targetsOf, type TargetState } from './targets';
import { closedYears } from './years.repository';

/** How somebody stands, for those who look after them. */
export interface Standing extends Omit<StandingPerson, 'posts'> {
  /** What the year came to, in hundredths. */
  hundredths: number;
  targets: TargetState[];
  below: boolean;
}

export interface Standings {
  rows: Standing[];
  /** Of everybody in scope, before the narrowing to who is below. */
  people: number;
  below: number;
  /** Every target that applies to somebody here. */
  targets: { code: string; title: { zh: string; en: string } }[];
}

/** The longest period that a target may have. */
const YEARS_BACK = 10;

/** Who stands where in a year, by name: three set-based queries, then the same function that a person's own page asks. */
export async function hourStandings(from: Reader, query: StandingsQuery, now: Instant): Promise<Standings> {
  const [persons, sums, carries, closed, book] = await Promise.all([
    personsInScope(from, query), sumsInScope(from, query, query.year - YEARS_BACK), carriesInScope(from, query), closedYears(from), ruleBook(from),
  ]);
  const today = dateAt(now, config().TIME_ZONE);
  const on = `${query.year}` === today.slice(0, 4) ? today : `${query.year}-12-31`;
  // Field by field: taking the posts out of a copy costs as much as judging does, for ten thousand people.
  const standings = persons.map(({ id, name, organisationId, organisation, post, posts }): Standing => {
    const own = sums.get(id) ?? [];
    const targets = targetsOf({ posts, sums: own, closedYears: closed, carries: carries.get(id) ?? [] }, book, on);
    const hundredths = own.reduce((sum, one) => sum + (one.year === query.year ? one.hundredths : 0), 0);
    return { id, name, organisationId, organisation, post, targets, below: targets.some((one) => !one.met && (!query.target || one.code === query.target)), hundredths };
  });
  const titles = new Map(standings.flatMap(({ targets }) => targets.map((one) => [one.code, one.title])));
  return {
    rows: query.below ? standings.filter((one) => one.below) : standings,
    people: standings.length, below: standings.filter((one) => one.below).length,
    targets: [...titles].map(([code, title]) => ({ code, title })),
  };
}

/** The same by organisation: how many people, how many below, the hours in all. */
export function byOrganisation(standings: readonly Standing[]): { id: string; name: string; people: number; below: number; hundredths: number }[] {
  const units = new Map<string, { id: string; name: string; people: number; below: number; hundredths: number }>();
  for (const one of standings) {
    const unit = units.get(one.organisationId) ?? { id: one.organisationId, name: one.organisation, people: 0, below: 0, hundredths: 0 };
    unit.people += 1;
    unit.below += one.below ? 1 : 0;
    unit.hundredths += one.hundredths;
    units.set(unit.id, unit);
  }
  return [...units.values()].sort((a, b) => b.below - a.below || (a.name < b.name ? -1 : 1));
}
