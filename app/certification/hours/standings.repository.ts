import { z } from 'zod';
import { containing, rows, type Params, type Reader } from '~/db';
import { CONVERTED_KINDS } from './rule';
import type { HourPost } from './book';
import { rankClass } from './rank';
import type { YearSum } from './targets';

export interface StandingsQuery {
  /** Organisation paths within which the reader may look; none: nobody is found. */
  paths: readonly string[];
  year: number;
  search?: string | undefined;
  /** Narrows to one organisation and what lies beneath it. */
  organisationPath?: string | undefined;
  /** Only who has not reached a target. */
  below?: boolean | undefined;
  target?: string | undefined;
}

const UnitRow = z.object({ id: z.string(), name: z.string(), path: z.string() });
const PersonRow = z.object({
  id: z.string(), name: z.string(), organisation_id: z.string(), kind: z.string(), rank: z.string().nullable(), post: z.string(), start_of_duty: z.string(),
});

export interface StandingPerson {
  id: string;
  name: string;
  organisationId: string;
  organisation: string;
  post: string;
  posts: HourPost[];
}

/** Persons with a running appointment in scope, by name, with all their running appointments that lie in scope. */
export async function personsInScope(from: Reader, query: StandingsQuery): Promise<StandingPerson[]> {
  const { sql, params } = scope(query);
  const found = await rows(from, PersonRow, `SELECT p.id, p.name, a.organisation_id, a.kind, a.rank, a.post, a.start_of_duty
    FROM appointments a JOIN persons p ON p.id = a.person_id JOIN organisations o ON o.id = a.organisation_id
    WHERE a.ended_on IS NULL AND ${sql} ORDER BY p.name, p.id, a.start_of_duty DESC, a.id DESC`, params);
  // Read once, not with each of ten thousand people.
  const units = new Map((await rows(from, UnitRow, 'SELECT id, name, path FROM organisations')).map((unit) => [unit.id, unit]));
  const persons = new Map<string, StandingPerson>();
  for (const row of found) {
    const unit = units.get(row.organisation_id) ?? { name: '', path: '' };
    const known = persons.get(row.id) ?? { id: row.id, name: row.name, organisationId: row.organisation_id, organisation: unit.name, post: row.post, posts: [] };
    known.posts.push({ path: unit.path, rank: rankClass(row), from: row.start_of_duty, until: null });
    persons.set(row.id, known);
  }
  return [...persons.values()];
}

function scope({ paths, search, organisationPath }: StandingsQuery): { sql: string; params: Params } {
  if (paths.length === 0) return { sql: '1 = 0', params: {} };
  const parts = [`(${paths.map((_, i) => `o.path LIKE $path${i} || '%'`).join(' OR ')})`];
  const params: Params = Object.fromEntries(paths.map((path, i) => [`path${i}`, path]));
  if (search?.trim()) {
    parts.push(`lower(p.name) LIKE $search ESCAPE '!'`);
    params['search'] = containing(search);
  }
  if (organisationPath) {
    parts.push(`o.path LIKE $beneath || '%'`);
    params['beneath'] = organisationPath;
  }
  return { sql: parts.join(' AND '), params };
}

/** Who is in scope, to look up what they have. */
function peopleOf(query: StandingsQuery): { sql: string; params: Params } {
  const { sql, params } = scope(query);
  const named = query.search?.trim() ? 'JOIN persons p ON p.id = a.person_id ' : '';
  return { sql: `SELECT a.person_id FROM appointments a ${named}JOIN organisations o ON o.id = a.organisation_id WHERE a.ended_on IS NULL AND ${sql}`, params };
}

const SumRow = z.object({
  person_id: z.string(), year: z.number(), counts_as: z.enum(CONVERTED_KINDS), off_the_job: z.number(), hundredths: z.number(), days: z.number(),
});

/** What these persons' entries come to, by year and kind, from `since` on. */
export async function sumsInScope(from: Reader, query: StandingsQuery, since: number): Promise<Map<string, YearSum[]>> {
  const { sql, params } = peopleOf(query);
  const found = await rows(from, SumRow, `SELECT h.person_id, h.year, h.counts_as, h.off_the_job, CAST(SUM(h.hundredths) AS INTEGER) AS hundredths,
      CAST(SUM(h.counted_days) AS INTEGER) AS days
    FROM hour_entries h WHERE h.status = 'counted' AND h.year >= $since AND h.person_id IN (${sql})
    GROUP BY h.person_id, h.year, h.counts_as, h.off_the_job`, { ...params, since });
  const sums = new Map<string, YearSum[]>();
  for (const row of found) {
    const sum = { year: row.year, kind: row.counts_as, offTheJob: row.off_the_job !== 0, hundredths: row.hundredths, days: row.days };
    const known = sums.get(row.person_id);
    if (known) known.push(sum);
    else sums.set(row.person_id, [sum]);
  }
  return sums;
}

const CarryRow = z.object({ person_id: z.string(), year: z.number(), target: z.string(), hundredths: z.number() });

/** What the year before the one asked about passed on, by person. */
export async function carriesInScope(from: Reader, query: StandingsQuery) {
  const { sql, params } = peopleOf(query);
  const found = await rows(from, CarryRow, `SELECT c.person_id, c.year, c.target, c.hundredths FROM hour_carries c WHERE c.person_id IN (${sql})`, params);
  const carries = new Map<string, { year: number; target: string; hundredths: number }[]>();
  for (const { person_id: id, ...carry } of found) carries.set(id, [...(carries.get(id) ?? []), carry]);
  return carries;
}
