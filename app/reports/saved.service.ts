import { appendEvent, commitIfOk, inTransaction, reader, type Reader, type Tx } from '~/db';
import { authorise, covers, type Actor } from '~/identity';
import { err, ok, ProblemError, type Result } from '~/kernel/result';
import { findOrganisation } from '~/people';
import { reportReach } from './reach';
import type { ReportQuery } from './report';
import { activeOfSaved, endSchedule } from './schedules.repository';
import { changeSaved, endSaved, findSaved, insertSaved, isNameTaken, savedOf, sharedByOthers, type SavedReport } from './saved.repository';

/** Whether somebody works in the unit that it is shared with: that unit itself, or one beneath. */
const isShared = (actor: Actor, { sharedWith }: SavedReport): boolean =>
  sharedWith !== null && actor.roles.some(({ organisationPath }) => covers(sharedWith.path, organisationPath));

/** Keeps a report under a name of its owner's own. @returns its id */
export async function saveReport(actor: Actor, one: { name: string; query: ReportQuery }): Promise<Result<string>> {
  authorise(actor, 'see reports');
  return commitIfOk(async (tx) => {
    if (await isNameTaken(tx, actor.accountId, one.name, '')) return err('report.name-taken', undefined, 'name');
    const id = await insertSaved(tx, { accountId: actor.accountId, ...one });
    await tell(tx, 'report.saved', id, actor, { kind: one.query.kind, layout: one.query.layout });
    return ok(id);
  });
}

const tell = (tx: Tx, kind: string, id: string, actor: Actor, body: Record<string, unknown>): Promise<void> =>
  appendEvent(tx, { kind, subject: { kind: 'saved-report', id }, by: actor.by, body });

/** Somebody's own saved reports, and those that their unit shares. */
export async function savedReports(actor: Actor): Promise<{ own: SavedReport[]; shared: SavedReport[] }> {
  authorise(actor, 'see reports');
  const [own, others] = await Promise.all([savedOf(reader(), actor.accountId), sharedByOthers(reader(), actor.accountId)]);
  return { own, shared: others.filter((one) => isShared(actor, one)) };
}

/** A saved report that is one's own or shared; null for everybody else. What is in it is still what the reader may see. */
export async function seenSaved(from: Reader, actor: Actor, id: string): Promise<SavedReport | null> {
  const found = await findSaved(from, id);
  return found && (found.accountId === actor.accountId || isShared(actor, found)) ? found : null;
}

/** @throws ProblemError `not-found` */
export async function openSaved(actor: Actor, id: string): Promise<SavedReport & { own: boolean }> {
  authorise(actor, 'see reports');
  const found = await seenSaved(reader(), actor, id);
  if (!found) throw new ProblemError({ code: 'not-found' });
  return { ...found, own: found.accountId === actor.accountId };
}

async function ownSaved(actor: Actor, id: string): Promise<SavedReport> {
  const found = await openSaved(actor, id);
  if (!found.own) throw new ProblemError({ code: 'access.denied' });
  return found;
}

export interface SavedChange {
  name: string;
  /** An organisation whose people see it as well; null: nobody else. */
  sharedWith: string | null;
  version: number;
  query?: ReportQuery;
}

/** Renames, shares, or changes what is asked; its owner only. */
export async function changeReport(actor: Actor, id: string, change: SavedChange): Promise<Result<null>> {
  const before = await ownSaved(actor, id);
  return commitIfOk(async (tx) => {
    const refused = await mayShare(tx, actor, change.sharedWith);
    if (refused) return refused;
    if (await isNameTaken(tx, actor.accountId, change.name, id)) return err('report.name-taken', undefined, 'name');
    if (await changeSaved(tx, id, change.version, { name: change.name, query: change.query ?? before.query, sharedWith: change.sharedWith }) === 0) return err('conflict.changed');
    await tell(tx, 'report.saved', id, actor, { kind: before.query.kind, sharedWith: change.sharedWith });
    return ok(null);
  });
}

async function mayShare(tx: Tx, actor: Actor, sharedWith: string | null) {
  if (sharedWith === null) return null;
  const unit = await findOrganisation(tx, sharedWith);
  if (unit && reportReach(actor).figures.some((path) => covers(path, unit.path))) return null;
  return err('organisation.out-of-scope', undefined, 'sharedWith');
}

/** Forgets a saved report and ends what makes it again and again; files that were made stay until their date. */
export async function forgetSaved(actor: Actor, id: string): Promise<void> {
  await ownSaved(actor, id);
  await inTransaction(async (tx) => {
    if (await endSaved(tx, id) === 0) return;
    for (const schedule of await activeOfSaved(tx, id)) await endSchedule(tx, schedule, 'report-gone');
    await tell(tx, 'report.forgotten', id, actor, {});
  });
}
