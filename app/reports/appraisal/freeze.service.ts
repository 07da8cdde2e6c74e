import { createHash } from 'node:crypto';
import { clearancesOn, hoursOn, type ClearanceOn, type HoursOn } from '~/certification';
import { addJob, addJobs, appendEvent, commitIfOk, inTransaction, reader, type By, type Tx } from '~/db';
import { authorise, covers, type Actor } from '~/identity';
import { addDays, dateAt, startOfDate, type PlainDate } from '~/kernel/calendar';
import { clock, minutes, type Instant } from '~/kernel/clock';
import { config } from '~/kernel/config';
import { err, ok, type Result } from '~/kernel/result';
import { findOrganisation } from '~/people';
import { leadingPosts } from '../rows/leading';
import { postCounts, postsOfAppraisal, postsOfPeople, type AsOf, type Post } from '../rows/posts.repository';
import { asTheyWere } from '../rows/rows.service';
import { unitsOn } from '../rows/units.repository';
import { findAppraisal, insertAppraisal, insertUnits, keepRules, markFrozen, moveOn, unfrozen, unitsOf, type Appraisal, type AppraisalUnit, type HourRuleUsed } from './appraisals.repository';
import { frozenAfter, insertFigures, insertPeople, type FrozenPerson } from './figures.repository';
import { APPRAISAL_RULE, personFigures, UnitSum } from './rule';

const JOB = 'reports.freeze';
const BY: By = 'system:appraisal figures';
/** Appointments in one transaction; saves of an exam must not wait long behind it. */
const STEP = 100;
/** Steps in one run of the job; then it takes its place in the queue again. */
const STEPS = 20;

export interface FreezeWish {
  organisationId: string;
  year: number;
  on: PlainDate;
}

/**
 * Asks for the figures of an organisation, with everything beneath it, to be frozen as of a day. Once for a year and a day:
 * what was frozen is corrected, never frozen anew. @returns its id
 */
export async function askFreeze(actor: Actor, { organisationId, year, on }: FreezeWish): Promise<Result<string>> {
  authorise(actor, 'see appraisals');
  const today = dateAt(clock.now(), config().TIME_ZONE);
  if (on > today) return err('appraisal.future', undefined, 'on');
  if (on < `${year}-01-01` || on > `${year + 1}-12-31`) return err('appraisal.year', undefined, 'on');
  return commitIfOk(async (tx) => {
    const organisation = await findOrganisation(tx, organisationId);
    if (!organisation) return err('organisation.unknown', undefined, 'organisationId');
    authorise(actor, 'freeze appraisals', { organisationPath: organisation.path });
    const all = await unitsOn(tx, on);
    const top = all.find(({ id }) => id === organisationId);
    const units = top ? all.filter(({ path }) => covers(top.path, path)) : [];
    const counts = await postCounts(tx, asOf(on), {});
    const id = await insertAppraisal(tx, { organisationId, year, frozenOn: on, rule: APPRAISAL_RULE, total: units.reduce((sum, unit) => sum + (counts.get(unit.id) ?? 0), 0), by: actor.by });
    if (id === null) return err('appraisal.frozen', undefined, 'on');
    await insertUnits(tx, id, units);
    await appendEvent(tx, {
      kind: 'appraisal.asked', subject: { kind: 'appraisal', id }, by: actor.by, cause: 'decision',
      body: { organisationId, year, on, rule: `${APPRAISAL_RULE.code} ${APPRAISAL_RULE.version}`, units: units.length },
    });
    await addJob(tx, JOB, { appraisalId: id });
    return ok(id);
  });
}

const asOf = (on: PlainDate): AsOf => ({ on, end: startOfDate(addDays(on, 1), config().TIME_ZONE) });

/** Goes on with freezing where it stands. May be called twice and at once: each step is taken by one only. */
export async function goOnFreezing(appraisalId: string): Promise<void> {
  for (let i = 0; i < STEPS; i += 1) {
    if (!await step(appraisalId)) return;
  }
  await inTransaction((tx) => addJob(tx, JOB, { appraisalId }));
}

/** @returns false when nothing is left to do here */
async function step(appraisalId: string): Promise<boolean> {
  const appraisal = await findAppraisal(reader(), appraisalId);
  if (appraisal?.state !== 'running') return false;
  const posts = await postsOfAppraisal(reader(), asOf(appraisal.frozenOn), appraisalId, appraisal.after, STEP);
  const last = posts.at(-1);
  if (!last) {
    await finish(appraisal);
    return false;
  }
  const { people, rules } = await figuresFor(appraisal, posts);
  return inTransaction(async (tx) => {
    if (await moveOn(tx, appraisal, last.id, posts.length) === 0) return false;
    await insertPeople(tx, appraisalId, people);
    const known = withRules(appraisal.hourRules, rules);
    if (known.length > 0) await keepRules(tx, appraisalId, known);
    return true;
  });
}

/** Whoever holds several appointments here is told once, under the leading one. */
async function figuresFor(appraisal: Appraisal, posts: readonly Post[]): Promise<{ people: FrozenPerson[]; rules: HourRuleUsed[] }> {
  const { frozenOn, year } = appraisal;
  const today = dateAt(clock.now(), config().TIME_ZONE);
  const units = new Set((await unitsOf(reader(), appraisal.id)).map(({ id }) => id));
  const found = (await postsOfPeople(reader(), asOf(frozenOn), [...new Set(posts.map(({ personId }) => personId))])).filter(({ organisationId }) => units.has(organisationId));
  const all = frozenOn === today ? found : await asTheyWere(reader(), found, asOf(frozenOn).end);
  const leading = leadingPosts(all);
  const stepped = new Set(posts.map(({ id }) => id));
  const told = all.filter(({ id, personId }) => stepped.has(id) && leading.get(personId) === id);
  const ids = told.map(({ personId }) => personId);
  const end = `${year}-12-31`;
  const [hours, clearances] = await Promise.all([
    hoursOn(reader(), ids, frozenOn < end ? frozenOn : end, today, frozenOn), clearancesOn(reader(), ids, frozenOn, today),
  ]);
  const own = grouped(clearances.filter(({ appointmentId }) => all.some(({ id }) => id === appointmentId)));
  return {
    people: told.map((post) => frozenPerson(post, all, hours.get(post.personId) ?? NO_HOURS, own.get(post.personId) ?? [], frozenOn)),
    rules: withRules([], [...hours.values()].flatMap(rulesIn)),
  };
}

const NO_HOURS: HoursOn = { hundredths: 0, targets: [] };

const frozenPerson = (post: Post, all: readonly Post[], hours: HoursOn, clearances: readonly ClearanceOn[], on: PlainDate): FrozenPerson => ({
  personId: post.personId, appointmentId: post.id, organisationId: post.organisationId, kind: post.kind, post: post.post, rank: post.rank?.trim() || null,
  leads: [...new Set(all.filter(({ personId, kind, startOfDuty }) => personId === post.personId && kind === 'leader' && startOfDuty <= on).map(({ organisationId }) => organisationId))],
  figures: personFigures(hours, clearances, on),
});

function grouped(clearances: readonly ClearanceOn[]): Map<string, ClearanceOn[]> {
  const byPerson = new Map<string, ClearanceOn[]>();
  for (const one of clearances) byPerson.set(one.personId, [...(byPerson.get(one.personId) ?? []), one]);
  return byPerson;
}

/** Which versions of which rules of hours set the targets. */
const rulesIn = ({ targets }: HoursOn): HourRuleUsed[] =>
  targets.map(({ code, title, rule, alternatives, nearest }) => ({
    id: rule.id, version: rule.version, title: rule.title, targets: [{ code, title, measure: alternatives[nearest]?.measure ?? 'hours' }],
  }));

function withRules(known: readonly HourRuleUsed[], more: readonly HourRuleUsed[]): HourRuleUsed[] {
  const rules = new Map(known.map((rule) => [rule.id, { ...rule, targets: [...rule.targets] }]));
  for (const rule of more) {
    const kept = rules.get(rule.id) ?? { ...rule, targets: [] };
    for (const target of rule.targets) if (!kept.targets.some(({ code }) => code === target.code)) kept.targets.push(target);
    rules.set(rule.id, kept);
  }
  return [...rules.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
}

const PEOPLE_AT_ONCE = 500;

/** Adds up the units, seals everything, and says so in the ledger. */
async function finish(appraisal: Appraisal): Promise<void> {
  const units = await unitsOf(reader(), appraisal.id);
  const above = new Map(units.map((unit) => [unit.id, units.filter(({ path }) => covers(path, unit.path)).map(({ id }) => id)]));
  const sums = new Map(units.map(({ id }) => [id, new UnitSum()]));
  const seal = createHash('sha256');
  let people = 0;
  for (let after = ''; ;) {
    const found = await frozenAfter(reader(), appraisal.id, after, PEOPLE_AT_ONCE);
    for (const { personId, organisationId, figures } of found) {
      people += 1;
      for (const id of above.get(organisationId) ?? []) sums.get(id)?.add(figures);
      seal.update(sealed('person', personId, figures));
    }
    after = found.at(-1)?.personId ?? '';
    if (found.length < PEOPLE_AT_ONCE) break;
  }
  const kept = units.map(({ id }) => ({ subjectId: id, figures: sums.get(id)?.figures() ?? [] }));
  for (const { subjectId, figures } of kept) seal.update(sealed('unit', subjectId, figures));
  await inTransaction((tx) => freeze(tx, appraisal, { kept, units, people, hash: seal.digest('hex') }));
}

/** A line of what is sealed: whoever has the figures can make the seal again. */
export const sealed = (kind: string, id: string, figures: readonly { code: string; part: number; whole: number | null }[]): string =>
  [...figures].sort((a, b) => (a.code < b.code ? -1 : 1)).map(({ code, part, whole }) => `${kind} ${id} ${code} ${part} ${whole ?? '-'}\n`).join('');

async function freeze(tx: Tx, appraisal: Appraisal, done: { kept: { subjectId: string; figures: { code: string; part: number; whole: number | null }[] }[]; units: readonly AppraisalUnit[]; people: number; hash: string }): Promise<void> {
  if (await markFrozen(tx, appraisal.id, done.hash) === 0) return;
  await insertFigures(tx, appraisal.id, 'unit', done.kept);
  await appendEvent(tx, {
    kind: 'appraisal.frozen', subject: { kind: 'appraisal', id: appraisal.id }, by: BY, cause: 'rule',
    body: {
      organisationId: appraisal.organisationId, year: appraisal.year, on: appraisal.frozenOn, rule: `${appraisal.rule.code} ${appraisal.rule.version}`,
      hourRules: appraisal.hourRules.map(({ id, version }) => ({ id, version })), people: done.people, units: done.units.length, hash: done.hash,
    },
  });
}

/** Takes up what was begun and is not frozen: its job got lost. */
export async function sweepAppraisals(now: Instant): Promise<void> {
  const open = await unfrozen(reader(), now - minutes(5));
  if (open.length > 0) await inTransaction((tx) => addJobs(tx, open.map((appraisalId) => ({ name: JOB, payload: { appraisalId } }))));
}
