import type { Reader } from '~/db';
import { authorise, type Actor } from '~/identity';
import { dateAt } from '~/kernel/calendar';
import type { Instant } from '~/kernel/clock';
import { config } from '~/kernel/config';
import { err, ok, type Result } from '~/kernel/result';
import { heldEntries } from './entries.repository';
import { differences, differenceSums, latestRun, runningRuns, type DifferenceSums, type HourRun } from './runs.repository';
import { findRule, listRules, ruleBook, ruleOf, type StoredRule } from './rules.repository';
import type { HourRule } from './rule';
import { listYears, yearsWithEntries, type HourYear } from './years.repository';

const HELD_SHOWN = 200;

/** A year for the administrator: running, open, proposed or closed. */
export interface ShownYear {
  year: number;
  state: 'running' | 'open' | 'asked' | 'closed';
  /** Proposed by the reader: somebody else must decide. */
  own: boolean;
  decided: HourYear | null;
}

/** Everything about rules and years on one page. */
export async function hourAdministration(from: Reader, actor: Actor, now: Instant) {
  authorise(actor, 'set hour rules');
  const [rules, book, years, entered, runs, held] = await Promise.all([
    listRules(from), ruleBook(from), listYears(from), yearsWithEntries(from), runningRuns(from), heldEntries(from, HELD_SHOWN),
  ]);
  const thisYear = Number(dateAt(now, config().TIME_ZONE).slice(0, 4));
  const known = new Map(years.map((one) => [one.year, one]));
  return {
    rules: rules.map((one) => ({ ...one, nowhere: one.state === 'published' && book.find(({ id }) => id === one.id)?.paths.length === 0 })),
    years: [...new Set([thisYear, thisYear - 1, ...entered, ...known.keys()])].sort((a, b) => b - a)
      .map((year): ShownYear => shownYear(year, thisYear, known.get(year) ?? null, actor)),
    runs: runs.map(({ kind, done, total, year }) => ({ kind, done, total, year })),
    held,
  };
}

function shownYear(year: number, thisYear: number, decided: HourYear | null, actor: Actor): ShownYear {
  const state = decided?.state === 'closed' ? 'closed' : decided?.state === 'asked' ? 'asked' : year >= thisYear ? 'running' : 'open';
  return { year, state, own: decided?.askedBy === actor.by, decided };
}

/** A version, what it says, and the report of what it would change. */
export interface RulePage {
  stored: StoredRule;
  rule: HourRule;
  run: HourRun | null;
  /** The report is older than the last publication: it has to be made again. */
  outdated: boolean;
  sums: DifferenceSums | null;
  differences: Awaited<ReturnType<typeof differences>> | null;
  recount: HourRun | null;
}

export async function openRule(from: Reader, actor: Actor, id: string, query: { search?: string | undefined; page: number }): Promise<Result<RulePage>> {
  authorise(actor, 'set hour rules');
  const stored = await findRule(from, id);
  if (!stored) return err('not-found');
  const run = await latestRun(from, 'difference', id);
  const done = run?.state === 'done';
  return ok({
    stored, rule: ruleOf(stored), run,
    outdated: run !== null && stored.state === 'draft' && (await listRules(from)).some((one) => (one.publishedAt ?? 0) > run.startedAt),
    sums: done ? await differenceSums(from, run.id) : null,
    differences: done ? await differences(from, run.id, { ...query, pageSize: 50 }) : null,
    recount: await latestRun(from, 'recount', id),
  });
}
