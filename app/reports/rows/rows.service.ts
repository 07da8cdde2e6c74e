import type { Reader } from '~/db';
import { addDays, dateAt, startOfDate, type PlainDate } from '~/kernel/calendar';
import type { Instant } from '~/kernel/clock';
import { config } from '~/kernel/config';
import { err, ok, type Result } from '~/kernel/result';
import { covers } from '~/identity';
import { spanOf, type DateSpan } from '../period';
import { statesOf, type ReportQuery } from '../report';
import type { ReportReach } from '../reach';
import { correctedSince } from './corrected.repository';
import { BY_POST, linesAbout, type Asked, type Line } from './kinds.service';
import { leadingPosts } from './leading';
import { anyMovedSince, numbersOfPeople, postCounts, postsMovedFrom, postsOf, postsOfPeople, type AsOf, type Post, type PostFilter } from './posts.repository';
import type { ReportRow } from './row';
import { unitsOn, type Unit } from './units.repository';

/** A report that can be made: what is asked, of whom, and how much of it may be seen. */
export interface Prepared extends Asked {
  /** The organisations that are asked about, as they were on the day. */
  units: Unit[];
  /** The organisation that was chosen; null: all that may be seen. */
  root: Unit | null;
  /** Whether people may be named; otherwise small groups are hidden. */
  detail: boolean;
  span: DateSpan | null;
  /** Appointments by organisation, and in all. */
  counts: Map<string, number>;
  posts: number;
}

/** Appointments read at a time. */
const STEP = 500;

/**
 * What a report is about, within what its reader may see. A list of people reaches only as far as people may be named.
 * Organisations are those that may be seen today, in the order that they had on the day.
 */
export async function prepare(from: Reader, query: ReportQuery, reach: ReportReach, now: Instant): Promise<Result<Prepared>> {
  const zone = config().TIME_ZONE;
  const today = dateAt(now, zone);
  const on = query.on ?? today;
  if (on > today) return err('report.future', undefined, 'on');
  const paths = query.layout === 'people' ? reach.people : reach.figures;
  if (paths.length === 0) return err(reach.figures.length > 0 ? 'report.no-people' : 'access.denied', undefined, 'layout');
  const known = await unitsOn(from, on);
  const seen = known.filter(({ pathNow }) => paths.some((path) => covers(path, pathNow)));
  const root = query.organisationId === undefined ? null : seen.find(({ id }) => id === query.organisationId);
  if (root === undefined) return err('organisation.out-of-scope', undefined, 'organisationId');
  const asOf: AsOf = { on, end: on === today ? now + 1 : startOfDate(addDays(on, 1), zone) };
  const units = root === null ? seen : seen.filter(({ path }) => covers(root.path, path));
  const all = await postCounts(from, asOf, on === today ? filterOf(query) : {});
  const counts = new Map(units.map(({ id }) => [id, all.get(id) ?? 0]));
  return ok({
    ...asOf, query, today, zone, units, root, span: spanOf(query, on), counts, posts: [...counts.values()].reduce((sum, n) => sum + n, 0),
    detail: units.every(({ pathNow }) => reach.people.some((path) => covers(path, pathNow))),
  });
}

const filterOf = ({ rank, intakeId, appointmentKind }: ReportQuery) => ({ rank, intakeId, kind: appointmentKind });

/** The lines of a report, unit by unit, some at a time; `posts` says how many appointments were looked at for them. */
export async function* reportRows(from: Reader, prepared: Prepared): AsyncGenerator<{ posts: number; rows: ReportRow[] }> {
  for await (const posts of postsIn(from, prepared)) {
    // Kind and rank may have been others on the day, so that who is meant is only known once that is undone.
    const then = prepared.on === prepared.today ? posts : (await asTheyWere(from, posts, prepared.end)).filter((post) => isMeant(post, filterOf(prepared.query)));
    yield { posts: posts.length, rows: await rowsOf(from, prepared, then) };
  }
}

/** Appointments with the kind, post and rank that they had at an instant. */
export async function asTheyWere(from: Reader, posts: readonly Post[], end: Instant): Promise<Post[]> {
  const before = await correctedSince(from, posts.map(({ id }) => id), end);
  return posts.map((post) => ({ ...post, ...before.get(post.id) }));
}

function isMeant(post: Post, { rank, intakeId, kind }: PostFilter): boolean {
  const written = post.rank?.trim() || 'none';
  return (rank === undefined || rank === written) && (intakeId === undefined || intakeId === post.intakeId) && (kind === undefined || kind === post.kind);
}

async function* postsIn(from: Reader, prepared: Prepared): AsyncGenerator<Post[]> {
  const filter = prepared.on === prepared.today ? filterOf(prepared.query) : {};
  const moved = prepared.on < prepared.today && await anyMovedSince(from, prepared.on);
  let gathered: Post[] = [];
  for (const { id } of prepared.units.filter((unit) => (prepared.counts.get(unit.id) ?? 0) > 0)) {
    for (let after = ''; ;) {
      const found = await postsOf(from, prepared, id, filter, after, STEP);
      gathered.push(...found);
      // Small organisations are told together, so that their facts are read together.
      if (gathered.length >= STEP) {
        yield gathered;
        gathered = [];
      }
      const last = found.at(-1);
      if (!last || found.length < STEP) break;
      after = last.id;
    }
    if (moved) gathered.push(...await postsMovedFrom(from, prepared, id, filter));
  }
  if (gathered.length > 0) yield gathered;
}

async function rowsOf(from: Reader, prepared: Prepared, posts: readonly Post[]): Promise<ReportRow[]> {
  const told = BY_POST[prepared.query.kind] ? posts : await onlyLeading(from, prepared, posts);
  const lines = (await linesAbout[prepared.query.kind](from, told, prepared)).filter((line) => isAsked(line, prepared));
  const byPost = new Map<string, Line[]>();
  for (const line of lines) byPost.set(line.postId, [...(byPost.get(line.postId) ?? []), line]);
  const about = told.filter(({ id }) => byPost.has(id));
  const numbers = prepared.query.layout === 'people' ? await numbersOfPeople(from, about.map(({ personId }) => personId)) : new Map<string, { recruitment?: string; staff?: string }>();
  const units = new Map(prepared.units.map((unit) => [unit.id, unit]));
  return about.flatMap((post) => (byPost.get(post.id) ?? []).map((line) => rowOf(post, line, units.get(post.organisationId), numbers.get(post.personId))));
}

/** Whoever holds several appointments among those that are asked about stands under one of them. */
async function onlyLeading(from: Reader, { units, on, end }: Prepared, posts: readonly Post[]): Promise<Post[]> {
  const asked = new Set(units.map(({ id }) => id));
  const all = await postsOfPeople(from, { on, end }, [...new Set(posts.map(({ personId }) => personId))]);
  const leading = leadingPosts(all.filter(({ organisationId }) => asked.has(organisationId)));
  return posts.filter(({ id, personId }) => leading.get(personId) === id);
}

function isAsked({ state, on }: Line, { query, span }: Prepared): boolean {
  if (!statesOf(query).includes(state)) return false;
  return span === null || on === null || (span.from <= on && on <= span.until);
}

function rowOf(post: Post, { state, on, measure, cells }: Line, unit: Unit | undefined, numbers: { recruitment?: string; staff?: string } | undefined): ReportRow {
  const rank = post.rank?.trim() || null;
  return {
    personId: post.personId, organisationId: post.organisationId, rank, intake: post.intake, kind: post.kind, on, state, measure,
    cells: {
      'name': post.name, 'recruitment-number': numbers?.recruitment ?? null, 'staff-number': numbers?.staff ?? null, 'organisation': unit?.name ?? '',
      'organisation-code': unit?.code ?? '', 'appointment-kind': post.kind, 'post': post.post, 'rank': rank, 'intake': post.intake, 'start-of-duty': post.startOfDuty, ...cells,
    },
  };
}

/** The day that a report is about, as it is asked now. */
export const dayOf = (query: ReportQuery, now: Instant): PlainDate => query.on ?? dateAt(now, config().TIME_ZONE);

/** The names that organisations had on a day, by their ids. */
export const unitNames = async (from: Reader, on: PlainDate): Promise<Map<string, string>> => new Map((await unitsOn(from, on)).map(({ id, name }) => [id, name]));
