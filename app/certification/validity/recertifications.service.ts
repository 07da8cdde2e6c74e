import { addJob, appendEvent, commitIfOk, execute, reader, type Reader, type Tx } from '~/db';
import { authorise, type Actor } from '~/identity';
import { dateAt, type PlainDate } from '~/kernel/calendar';
import { clock } from '~/kernel/clock';
import { config } from '~/kernel/config';
import { err, ok, type Result } from '~/kernel/result';
import { insertProgramme } from '../programme.repository';
import { countHolders, holderPage, organisationPathOf, type Holder, type HolderQuery } from './holders.repository';
import {
  checkDates, checkStart, countsFromInstant, deltaDueOn, deltaRequirements, type Numbers, type Outcome, type Recertification,
} from './recertification';
import {
  findRecertification, insertRecertification, markCancelling, markDiscarded, markStarting, versionsToChoose,
} from './recertifications.repository';

export type NewRecertification = Pick<Recertification, 'id' | 'title' | 'basis' | 'programmes' | 'organisationId' | 'courseId' | 'examId' | 'until' | 'countsFrom'>;

export const STEP_JOB = 'certification.recertify';

/** Writes down what a change of law asks. Nothing happens to anybody before somebody else has looked at it and started it. */
export function planRecertification(actor: Actor, given: NewRecertification): Promise<Result<string>> {
  authorise(actor, 'recertify');
  return commitIfOk(async (tx) => {
    if (given.programmes.length === 0) return err('field.required', {}, 'programmes');
    if (given.courseId === null && given.examId === null) return err('recertification.nothing-asked', {}, 'courseId');
    const dates = checkDates(given, tx.now, config().TIME_ZONE);
    if (!dates.ok) return dates;
    if (await insertRecertification(tx, { ...given, madeBy: actor.by }) === 0) return ok(given.id);
    await tell(tx, 'recertification.planned', given.id, actor, { programmes: given.programmes, until: given.until, countsFrom: given.countsFrom, courseId: given.courseId, examId: given.examId });
    return ok(given.id);
  });
}

/** The holders whom it concerns, as a query that counts, lists and steps alike. */
export async function holderQuery(from: Reader, one: Recertification, today: PlainDate): Promise<HolderQuery> {
  const before = new Map(one.programmes.map((chosen) => [chosen.programmeId, chosen.before]));
  const versions = (await versionsToChoose(from)).filter((version) => before.has(version.programme_id));
  const isOld = (version: (typeof versions)[number]): boolean => version.number < (before.get(version.programme_id) ?? 0);
  return {
    oldVersions: versions.filter(isOld).map(({ id }) => id), newerVersions: versions.filter((version) => !isOld(version)).map(({ id }) => id),
    organisationPath: await organisationPathOf(from, one.organisationId), courseId: one.courseId, examId: one.examId,
    countsFrom: countsFromInstant(one, config().TIME_ZONE), until: one.until, today,
  };
}

/** How many would be affected, exempt, or end before the date anyway, if it were started now. */
export const previewRecertification = async (from: Reader, one: Recertification): Promise<Numbers> =>
  countHolders(from, await holderQuery(from, one, dateAt(clock.now(), config().TIME_ZONE)));

export const previewHolders = async (from: Reader, one: Recertification, outcome: Outcome, page: { limit: number; offset: number }): Promise<Holder[]> =>
  holderPage(from, await holderQuery(from, one, dateAt(clock.now(), config().TIME_ZONE)), outcome, page);

/**
 * Starts it, by another person than who planned it, and only for the numbers that person has looked at. A programme is
 * made of what is asked; the steps then go through the holders.
 * @param seen the numbers that were shown
 */
export function startRecertification(actor: Actor, id: string, seen: Numbers): Promise<Result<null>> {
  authorise(actor, 'recertify');
  return commitIfOk(async (tx) => {
    const one = await findRecertification(tx, id);
    if (!one) return err('not-found');
    const dates = one.state === 'draft' ? checkDates(one, tx.now, config().TIME_ZONE) : ok(null);
    if (!dates.ok) return err(dates.error.code);
    const today = dateAt(tx.now, config().TIME_ZONE);
    const now = await countHolders(tx, await holderQuery(tx, one, today));
    const checked = checkStart(one, { by: actor.by, seen, now });
    if (!checked.ok) return checked;
    const versionId = await makeProgramme(tx, one, actor, today);
    if (await markStarting(tx, one, actor.by, now, versionId) === 0) return err('recertification.started');
    await tell(tx, 'recertification.started', id, actor, { ...now });
    await addJob(tx, STEP_JOB, { recertificationId: id });
    return ok(null);
  });
}

/** The programme of what is asked. No rule assigns it, the steps do, so it is never in effect for anybody else. */
async function makeProgramme(tx: Tx, one: Recertification, actor: Actor, today: PlainDate): Promise<string> {
  const versionId = await insertProgramme(tx, {
    slug: `recertification-${one.id}`, titleZh: one.title.zh, titleEn: one.title.en, gate: 'none', dueRule: { kind: 'fixed', on: deltaDueOn(one) },
    appliesTo: EVERYBODY, effectiveOn: today, requirements: deltaRequirements(one), by: actor.by,
  });
  if (versionId === null) throw new Error(`the recertification ${one.id} has a programme already`);
  await execute(tx, `UPDATE programme_versions SET state = 'withdrawn' WHERE id = $versionId`, { versionId });
  await appendEvent(tx, {
    kind: 'programme.published', subject: { kind: 'programme-version', id: versionId }, by: actor.by,
    body: { slug: `recertification-${one.id}`, number: 1, recertificationId: one.id },
  });
  return versionId;
}

/** It stays with whoever was assigned it, until they leave. */
const EVERYBODY = { kind: 'all' as const, of: [] };
export const NOBODY = { kind: 'any' as const, of: [] };

/** Takes it back: from that day on nothing is asked any more. What has lapsed by then holds again from then on. */
export function cancelRecertification(actor: Actor, id: string, reason: string): Promise<Result<null>> {
  authorise(actor, 'recertify');
  return commitIfOk(async (tx) => {
    const one = await findRecertification(tx, id);
    if (!one) return err('not-found');
    if (one.state === 'draft') {
      if (await markDiscarded(tx, id) === 0) return err('conflict.changed');
      await tell(tx, 'recertification.discarded', id, actor, { reason });
      return ok(null);
    }
    if (await markCancelling(tx, id, actor.by, reason) === 0) return err('recertification.not-running');
    await execute(tx, 'UPDATE programme_versions SET applies_to = $rule WHERE id = $versionId', { rule: JSON.stringify(NOBODY), versionId: one.programmeVersionId });
    await tell(tx, 'recertification.cancelled', id, actor, { reason });
    await addJob(tx, STEP_JOB, { recertificationId: id });
    return ok(null);
  });
}

/** One of them with its numbers of now; null when there is none. */
export async function recertificationPreviewed(id: string): Promise<{ one: Recertification; numbers: Numbers } | null> {
  const one = await findRecertification(reader(), id);
  if (!one) return null;
  return { one, numbers: one.state === 'draft' ? await previewRecertification(reader(), one) : one.numbers ?? { affected: 0, exempt: 0, expiring: 0 } };
}

const tell = (tx: Tx, kind: string, id: string, actor: Actor, body: Record<string, unknown>): Promise<void> =>
  appendEvent(tx, { kind, subject: { kind: 'recertification', id }, by: actor.by, cause: 'personnel', body });
