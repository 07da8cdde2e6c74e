import { addJob, addJobs, appendEvent, commitIfOk, inTransaction, reader, type Tx } from '~/db';
import { authorise, type Actor } from '~/identity';
import { dateAt, type PlainDate } from '~/kernel/calendar';
import { clock, type Instant } from '~/kernel/clock';
import { config } from '~/kernel/config';
import { err, ok, type Result } from '~/kernel/result';
import { assignFor, assignIn } from '../assignment.service';
import { isAsked } from '../gaps.repository';
import { currentVersions } from '../programme.repository';
import { findWritten, inUse, markApplied, markPublished, toApply } from './authoring.repository';
import { checkVersion } from './authoring.service';
import { freshCalendar } from './calendar.service';
import { knowing } from './known.service';
import { previewReach, type Reach } from './preview.service';
import { outOfLine, unassigned, type ReachOf } from './reach.repository';

export interface Publishing {
  version: number;
  effectiveOn: PlainDate;
  /** The numbers that were shown; they must still be right. */
  seen: Reach;
}

const same = (a: Reach, b: Reach): boolean => a.total === b.total && a.fresh === b.fresh && a.former === b.former && a.exceptions === b.exceptions;

/** Publishes a draft: from its effective date on it is assigned to whom it applies, by a job. */
export async function publishVersion(actor: Actor, id: string, { version, effectiveOn, seen }: Publishing): Promise<Result<null>> {
  authorise(actor, 'publish programmes');
  await freshCalendar();
  return commitIfOk(async (tx) => {
    const draft = await findWritten(tx, id);
    if (!draft) return err('not-found');
    if (draft.state !== 'draft') return err('programme.not-draft');
    const today = dateAt(tx.now, config().TIME_ZONE);
    if (effectiveOn < today) return err('programme.effective-past', undefined, 'effectiveOn');
    if ((await checkVersion(tx, draft)).length > 0) return err('programme.faulty');
    if (!same(await previewReach(tx, draft, effectiveOn), seen)) return err('programme.numbers-changed');
    if (await markPublished(tx, id, version, { effectiveOn, by: actor.by }) === 0) return err('conflict.changed');
    await appendEvent(tx, {
      kind: 'programme.published', subject: { kind: 'programme-version', id }, by: actor.by,
      body: {
        programmeId: draft.programmeId, slug: draft.slug, number: draft.number, effectiveOn, seen, gate: draft.gate, due: draft.due, appliesTo: draft.appliesTo,
        tree: draft.tree, validity: draft.validity, requirements: draft.requirements,
        // One person may do both: then the ledger says so.
        draftedBy: draft.createdBy, draftedAt: draft.createdAt,
      },
    });
    if (effectiveOn <= today) await addJob(tx, 'certification.publish', { versionId: id });
    return ok(null);
  });
}

/** Few enough that nobody who saves an answer waits for it. */
const STEP = 20;

/**
 * Assigns a version to everybody whom it applies to and who does not hold the programme, a few at a time. May be stopped
 * at any moment and run again: it goes on with whoever is not assigned yet. One who fails stops no other; the job then
 * fails at the end, to be tried again.
 */
export async function applyVersion(versionId: string): Promise<void> {
  const version = await findWritten(reader(), versionId);
  const today = dateAt(clock.now(), config().TIME_ZONE);
  // Only what is in force is assigned: it may have been withdrawn or overtaken meanwhile.
  if (!version || !(await currentVersions(reader(), today)).some(({ id }) => id === versionId)) return;
  await freshCalendar();
  const failed: unknown[] = [];
  for (let after = ''; ;) {
    const ids = await unassigned(reader(), version, after, STEP);
    const last = ids.at(-1);
    if (last === undefined) break;
    after = last;
    failed.push(...await assignStep(ids));
  }
  if (failed.length > 0) throw new Error(`${failed.length} appointments could not be assigned version ${versionId}`, { cause: failed[0] });
  await inTransaction((tx) => markApplied(tx, versionId));
}

/** @returns what went wrong, person by person */
async function assignStep(ids: string[]): Promise<unknown[]> {
  try {
    await inTransaction((tx) => assignAll(tx, ids));
    return [];
  } catch {
    const failed: unknown[] = [];
    for (const id of ids) await assignFor(id).catch((error: unknown) => failed.push(error));
    return failed;
  }
}

async function assignAll(tx: Tx, ids: string[]): Promise<void> {
  const known = knowing(tx);
  for (const id of ids) await assignIn(tx, id, known);
}

const SWEPT = 500;

/**
 * Lets versions take effect on their date, and finds appointments that are not in line with what is assigned them: not
 * assigned, other dates, or no longer touched by the rule.
 */
export async function sweepProgrammes(now: Instant): Promise<void> {
  const today = dateAt(now, config().TIME_ZONE);
  for (const { id } of await toApply(reader(), today)) await askOnce('certification.publish', { versionId: id });
  const current = await currentVersions(reader(), today);
  for (const version of current) await ask(await unassigned(reader(), reachOf(version), '', SWEPT));
  for (const version of await inUse(reader())) await ask(await outOfLine(reader(), { ...version, versionId: version.id }, SWEPT));
}

const reachOf = ({ programme_id: programmeId, applies_to: appliesTo }: Awaited<ReturnType<typeof currentVersions>>[number]): ReachOf => ({ programmeId, appliesTo });

const askOnce = (name: string, payload: Record<string, string>): Promise<void> =>
  inTransaction(async (tx) => { if (!(await isAsked(tx, name, payload))) await addJob(tx, name, payload); });

async function ask(appointmentIds: string[]): Promise<void> {
  if (appointmentIds.length === 0) return;
  await inTransaction(async (tx) => {
    const fresh: string[] = [];
    for (const id of appointmentIds) if (!(await isAsked(tx, 'people.appointed', { appointmentId: id }))) fresh.push(id);
    await addJobs(tx, fresh.map((id) => ({ name: 'people.appointed', payload: { appointmentId: id } })));
  });
}
