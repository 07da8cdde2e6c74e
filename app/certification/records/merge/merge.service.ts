import { enrolTx } from '~/courses';
import { appendEvent, commitIfOk, reader, type Reader, type Tx } from '~/db';
import {
  accountOfPerson, accountRoles, authorise, can, closeAccount, moveSignInNames, rebindAccount, reopenAccount, returnSignInNames, type Actor,
} from '~/identity';
import { err, ok, type Result } from '~/kernel/result';
import { findPerson, pathsOfPerson } from '~/people';
import { liveAssignments, lockPeople } from '../../assignments.repository';
import { revokeUnfounded } from '../../credential.service';
import { proveLater, recount } from '../../hours/recount.service';
import { ruleBook } from '../../hours/rules.repository';
import { requirementsOfAll } from '../../programme.repository';
import { refreshPeople } from '../../refresh.service';
import { beginAgain } from '../../validity/windows.service';
import {
  countPlace, findMerge, hasOpenMerge, inExam, insertMerge, latestMerges, markMergeDecided, markMergeWithdrawn, markParted, movedPaths, moveRows, movesOf, noteMoves,
  returnRows, withNationalNumber, type Merge,
} from './merge.repository';
import { PLACES } from './places';

export interface MergePreview {
  survivor: { id: string; name: string };
  merged: { id: string; name: string };
  /** Rows by table: what moves, and what stays because the surviving record has its own. */
  places: { table: string; moves: number; stays: number }[];
  /** What becomes of the two accounts. */
  account: 'none' | 'moves' | 'closed' | 'kept';
  /** Roles of the account that is closed: they are not handed on. */
  roles: number;
}

const pairOf = (survivorId: string, mergedId: string) => ({ survivor: survivorId, merged: mergedId });

/** A record without an appointment is nobody's in particular: whoever may act on the other one may act on both. */
async function authoriseBoth(from: Reader, actor: Actor, survivorId: string, mergedId: string): Promise<void> {
  const [survivors, others] = [await pathsOfPerson(from, survivorId), await pathsOfPerson(from, mergedId)];
  authorise(actor, 'merge people', { personId: survivorId, organisationPath: survivors.length > 0 ? survivors : others });
  authorise(actor, 'merge people', { personId: mergedId, organisationPath: others.length > 0 ? others : survivors });
}

/** What merging two records would do. @throws ProblemError when one of them is out of scope */
export async function previewMerge(actor: Actor, survivorId: string, mergedId: string): Promise<Result<MergePreview>> {
  const from = reader();
  const possible = await mayBeMerged(from, actor, survivorId, mergedId);
  if (!possible.ok) return possible;
  return await hasOpenMerge(from, survivorId, mergedId) ? err('merge.already') : ok(await preview(from, survivorId, mergedId));
}

async function preview(from: Reader, survivorId: string, mergedId: string): Promise<MergePreview> {
  const [survivor, merged] = [await findPerson(from, survivorId), await findPerson(from, mergedId)];
  const [kept, other] = [await accountOfPerson(from, survivorId), await accountOfPerson(from, mergedId)];
  const places = [];
  for (const place of PLACES) {
    const counted = await countPlace(from, place, pairOf(survivorId, mergedId));
    if (counted.moves + counted.stays > 0) places.push({ table: place.table, ...counted });
  }
  return {
    survivor: { id: survivorId, name: survivor?.name ?? '' }, merged: { id: mergedId, name: merged?.name ?? '' }, places,
    account: other ? (kept ? 'closed' : 'moves') : kept ? 'kept' : 'none', roles: other && kept ? (await accountRoles(from, other.id)).length : 0,
  };
}

async function mayBeMerged(from: Reader, actor: Actor, survivorId: string, mergedId: string): Promise<Result<null>> {
  if (survivorId === mergedId) return err('merge.same', undefined, 'mergedId');
  if (!(await findPerson(from, survivorId)) || !(await findPerson(from, mergedId))) return err('not-found');
  await authoriseBoth(from, actor, survivorId, mergedId);
  if (actor.personId === survivorId || actor.personId === mergedId) return err('merge.own');
  if (await withNationalNumber(from, pairOf(survivorId, mergedId)) > 1) return err('merge.national-numbers');
  return ok(null);
}

/** Proposes that two records are one person's; somebody else confirms. @returns the merge's id */
export const proposeMerge = (actor: Actor, given: { survivorId: string; mergedId: string; reason: string }): Promise<Result<string>> => commitIfOk(async (tx) => {
  const possible = await mayBeMerged(tx, actor, given.survivorId, given.mergedId);
  if (!possible.ok) return possible;
  if (await hasOpenMerge(tx, given.survivorId, given.mergedId)) return err('merge.already');
  const id = await insertMerge(tx, given, actor.by);
  await appendEvent(tx, {
    kind: 'person.merge-proposed', subject: { kind: 'merge', id }, personId: given.survivorId, by: actor.by, body: { mergedId: given.mergedId }, personal: { reason: given.reason },
  });
  return ok(id);
});

/** Whether the actor may see a merge: both records in scope; once merged, where they serve. */
async function seenBy(from: Reader, actor: Actor, merge: Merge): Promise<boolean> {
  const survivors = await pathsOfPerson(from, merge.survivorId);
  const others = merge.state === 'merged' ? await movedPaths(from, merge.id) : await pathsOfPerson(from, merge.mergedId);
  const fits = (paths: string[], instead: string[]): boolean => can(actor, 'merge people', { organisationPath: paths.length > 0 ? paths : instead });
  return fits(survivors, others) && fits(others, survivors);
}

export interface MergePage {
  merge: Merge;
  /** Null once it is done. */
  preview: MergePreview | null;
  mayDecide: boolean;
}

/** A merge for those in whose scope both records are. Null when there is none. @throws ProblemError */
export async function openMerge(actor: Actor, id: string): Promise<MergePage | null> {
  authorise(actor, 'see merges');
  const merge = await findMerge(reader(), id);
  if (!merge || !(await seenBy(reader(), actor, merge))) return null;
  return {
    merge, preview: merge.state === 'proposed' ? await preview(reader(), merge.survivorId, merge.mergedId) : null,
    mayDecide: merge.state === 'proposed' && merge.askedBy !== actor.by && actor.personId !== merge.survivorId && actor.personId !== merge.mergedId,
  };
}

export async function mergesSeen(actor: Actor, limit: number): Promise<Merge[]> {
  const seen: Merge[] = [];
  for (const merge of await latestMerges(reader(), limit)) if (await seenBy(reader(), actor, merge)) seen.push(merge);
  return seen;
}

const onMerge = (actor: Actor, id: string, act: (tx: Tx, merge: Merge) => Promise<Result<null>>): Promise<Result<null>> => commitIfOk(async (tx) => {
  authorise(actor, 'see merges');
  const merge = await findMerge(tx, id);
  return merge && await seenBy(tx, actor, merge) ? act(tx, merge) : err('not-found');
});

export const withdrawMerge = (actor: Actor, id: string): Promise<Result<null>> => onMerge(actor, id, async (tx, merge) => {
  if (merge.askedBy !== actor.by) return err('records.four-eyes');
  if (await markMergeWithdrawn(tx, id) === 0) return err('merge.state');
  await appendEvent(tx, { kind: 'person.merge-withdrawn', subject: { kind: 'merge', id }, personId: merge.survivorId, by: actor.by });
  return ok(null);
});

/** Confirms or refuses what somebody else proposed. Confirmed, everything moves in this one step and both are judged anew. */
export const decideMerge = (actor: Actor, id: string, given: { decision: 'merged' | 'refused'; reason: string }): Promise<Result<null>> => onMerge(actor, id, async (tx, merge) => {
  const { survivorId, mergedId } = merge;
  if (merge.askedBy === actor.by) return err('records.four-eyes');
  if (given.decision === 'refused') {
    if (await markMergeDecided(tx, id, 'refused', actor.by, given.reason) === 0) return err('merge.state');
    await appendEvent(tx, { kind: 'person.merge-refused', subject: { kind: 'merge', id }, personId: survivorId, by: actor.by, personal: { reason: given.reason } });
    return ok(null);
  }
  const possible = await mayBeMerged(tx, actor, survivorId, mergedId);
  if (!possible.ok) return possible;
  await lockBoth(tx, merge);
  if (await inExam(tx, pairOf(survivorId, mergedId))) return err('merge.in-exam');
  if (await markMergeDecided(tx, id, 'merged', actor.by, given.reason) === 0) return err('merge.state');
  await moveRows(tx, id, pairOf(survivorId, mergedId));
  const accounts = await mergeAccounts(tx, actor, merge);
  if (!accounts.ok) return accounts;
  for (const personId of [survivorId, mergedId]) {
    await appendEvent(tx, { kind: 'person.merged', subject: { kind: 'person', id: mergedId }, personId, by: actor.by, body: { mergeId: id, survivorId, mergedId }, personal: { reason: given.reason } });
  }
  await judgeBoth(tx, actor, merge, 'merged');
  return ok(null);
});

/** In the order of their ids: two merges at once must not wait for each other. */
const lockBoth = (tx: Tx, { survivorId, mergedId }: Merge): Promise<void> => lockPeople(tx, [survivorId, mergedId]);

async function mergeAccounts(tx: Tx, actor: Actor, { id, survivorId, mergedId }: Merge): Promise<Result<null>> {
  const [kept, other] = [await accountOfPerson(tx, survivorId), await accountOfPerson(tx, mergedId)];
  if (!other) return ok(null);
  await noteMoves(tx, id, 'accounts', [{ key: other.id, former: kept ? other.state : 'moved' }]);
  if (!kept) {
    await rebindAccount(tx, other.id, survivorId);
    return ok(null);
  }
  const names = await moveSignInNames(tx, other.id, kept.id);
  await noteMoves(tx, id, 'sign_in_names', names.map((key) => ({ key, former: other.id })));
  return other.state === 'closed' ? ok(null) : closeAccount(tx, actor, other.id, 'merged');
}

/** Parts two records again: each has exactly the rows that it had, with what came to be about them since. */
export const partMerge = (actor: Actor, id: string, reason: string): Promise<Result<null>> => onMerge(actor, id, async (tx, merge) => {
  const { survivorId, mergedId } = merge;
  const pair = pairOf(survivorId, mergedId);
  if (actor.personId === survivorId || actor.personId === mergedId) return err('merge.own');
  await lockBoth(tx, merge);
  if (await inExam(tx, pair)) return err('merge.in-exam');
  if (await markParted(tx, id, actor.by, reason) === 0) return err('merge.state');
  const followed = await returnRows(tx, id, pair);
  const accounts = await partAccounts(tx, actor, merge);
  if (!accounts.ok) return accounts;
  for (const personId of [survivorId, mergedId]) {
    await appendEvent(tx, {
      kind: 'person.parted', subject: { kind: 'person', id: mergedId }, personId, by: actor.by, body: { mergeId: id, survivorId, mergedId, followed }, personal: { reason },
    });
  }
  await enrolAgain(tx, actor, mergedId);
  await judgeBoth(tx, actor, merge, 'parted');
  // What was issued on the strength of the other's evidence does not stand.
  for (const personId of [survivorId, mergedId]) await revokeUnfounded(tx, personId, 'result-annulled');
  return ok(null);
});

/** Judges both anew, their hours first: what two people learned on one day is capped for each by itself. */
async function judgeBoth(tx: Tx, actor: Actor, { survivorId, mergedId }: Merge, cause: 'merged' | 'parted'): Promise<void> {
  const both = [survivorId, mergedId].sort();
  await recount(tx, both, await ruleBook(tx), { by: actor.by, cause });
  await proveLater(tx, both);
  await refreshPeople(tx, both);
}

/** What was assigned while the records were merged brought its courses to the surviving one. */
async function enrolAgain(tx: Tx, actor: Actor, personId: string): Promise<void> {
  const live = await liveAssignments(tx, personId);
  const requirements = await requirementsOfAll(tx, [...new Set(live.map((one) => one.programme_version_id))]);
  for (const { programme_version_id: versionId, counts_from: countsFrom } of live) {
    const asked = requirements.get(versionId) ?? [];
    if (countsFrom !== null) await beginAgain(tx, personId, asked, countsFrom);
    else for (const { kind, targetId } of asked) if (kind === 'course') await enrolTx(tx, { personId, courseId: targetId, source: 'assigned', by: actor.by });
  }
}

async function partAccounts(tx: Tx, actor: Actor, merge: Merge): Promise<Result<null>> {
  const [account] = await movesOf(tx, merge.id, 'accounts');
  if (!account) return ok(null);
  if (account.former === 'moved') {
    await rebindAccount(tx, account.row_key, merge.mergedId);
    return ok(null);
  }
  await returnSignInNames(tx, (await movesOf(tx, merge.id, 'sign_in_names')).map((move) => move.row_key), account.row_key);
  return account.former === 'closed' ? ok(null) : reopenAccount(tx, actor, account.row_key, 'parted');
}
