import { addJob, appendEvent, appendEvents, commitIfOk, inTransaction, reader, type By, type Reader, type Tx } from '~/db';
import { authorise, can, endRolesOver, type Actor } from '~/identity';
import { dateAt, startOfDate, type PlainDate } from '~/kernel/calendar';
import type { Instant } from '~/kernel/clock';
import { config } from '~/kernel/config';
import { err, ok, type Result } from '~/kernel/result';
import { findOrganisation, type Organisation } from '../organisation.repository';
import { noteMoved } from '../appointments/appointment.repository';
import { mayChange, type ChangeKind, type RoleFate } from './change';
import { isEmpty } from './closing.service';
import {
  adoptChildren, dueChanges, endChange, findChange, insertChange, lockTree, moveAppointments, moveBeneath, moveSubtree, notePlaces, plannedBeside, readdressTransfers, setClosed,
  setParent, type OrganisationChange,
} from './changes.repository';

const BY: By = 'system:organisations';
const zone = (): string => config().TIME_ZONE;

export interface ChangeGiven {
  kind: ChangeKind;
  organisationId: string;
  targetId: string;
  effectiveOn: PlainDate;
  roles: RoleFate;
}

/** The two organisations of a change, and whether the actor may make it and it is possible as things stand. @throws ProblemError */
export async function judgeChange(from: Reader, actor: Actor, given: ChangeGiven, now: Instant): Promise<Result<{ unit: Organisation; target: Organisation }>> {
  const unit = await findOrganisation(from, given.organisationId);
  if (!unit) return err('not-found');
  // Whoever administers only the organisation itself cannot take it away from its superior.
  authorise(actor, 'change the tree', { organisationPath: unit.path });
  // What is closed stays under its superior, whoever that is.
  const target = await findOrganisation(from, given.kind === 'close' ? unit.parentId ?? '' : given.targetId);
  if (given.kind === 'close' && !target) return err('organisation.root');
  if (!target || (given.kind !== 'close' && !can(actor, 'administer organisations', { organisationPath: target.path }))) return err('field.choose', undefined, 'targetId');
  if (given.effectiveOn < dateAt(now, zone())) return err('organisation.date-past', undefined, 'effectiveOn');
  const possible = mayChange({ kind: given.kind, unit, target, effectiveOn: given.effectiveOn, beside: await plannedBeside(from, unit.id, target.id) });
  if (!possible.ok) return possible;
  // Later than today it need not be empty yet: it is looked at again on the day.
  const empty = given.kind === 'close' && given.effectiveOn <= dateAt(now, zone()) ? await isEmpty(from, unit) : ok(null);
  return empty.ok ? ok({ unit, target }) : empty;
}

/** Plans a move, a merger or a closing for a day; what is for today is carried out at once. @returns the change's id */
export const planChange = (actor: Actor, given: ChangeGiven & { reason: string }): Promise<Result<string>> => commitIfOk(async (tx) => {
  await lockTree(tx);
  const judged = await judgeChange(tx, actor, given, tx.now);
  if (!judged.ok) return judged;
  const { organisationId, effectiveOn, reason } = given;
  const targetId = judged.value.target.id;
  const roles = given.kind === 'merge' ? given.roles : given.kind === 'close' ? 'end' : 'keep';
  const id = await insertChange(tx, { kind: given.kind, organisationId, targetId, effectiveOn, roles, reason }, actor.by);
  await appendEvent(tx, {
    kind: 'organisation.change-planned', subject: { kind: 'organisation', id: organisationId }, by: actor.by,
    body: { changeId: id, kind: given.kind, targetId, effectiveOn, roles, reason },
  });
  if (effectiveOn <= dateAt(tx.now, zone())) await carryOutTx(tx, id);
  else await addJob(tx, 'people.organisation-change', { changeId: id }, startOfDate(effectiveOn, zone()));
  return ok(id);
});

/** Takes a planned change back before its day. */
export const withdrawChange = (actor: Actor, id: string, reason: string): Promise<Result<null>> => commitIfOk(async (tx) => {
  await lockTree(tx);
  const change = await findChange(tx, id);
  if (!change) return err('not-found');
  authorise(actor, 'change the tree', { organisationPath: change.path });
  if (await endChange(tx, id, { state: 'withdrawn', by: actor.by, reason }) === 0) return err('organisation.change-over');
  await appendEvent(tx, {
    kind: 'organisation.change-withdrawn', subject: { kind: 'organisation', id: change.organisationId }, by: actor.by, body: { changeId: id, reason },
  });
  return ok(null);
});

/** Carries out a planned change whose day has come. Does nothing before, nor the second time. */
export const carryOutChange = (id: string): Promise<void> => inTransaction(async (tx) => {
  await lockTree(tx);
  await carryOutTx(tx, id);
});

/** Carries out what is due, in the order of the days, for a sweep. */
export async function sweepChanges(now: Instant): Promise<void> {
  for (const id of await dueChanges(reader(), dateAt(now, zone()))) await carryOutChange(id);
}

async function carryOutTx(tx: Tx, id: string): Promise<void> {
  const change = await findChange(tx, id);
  if (change?.state !== 'planned' || change.effectiveOn > dateAt(tx.now, zone())) return;
  const [unit, target] = [await findOrganisation(tx, change.organisationId), await findOrganisation(tx, change.targetId)];
  if (!unit || !target) throw new Error(`organisation change ${id} names what is not there`);
  const possible = mayChange({ kind: change.kind, unit, target, effectiveOn: change.effectiveOn, beside: await plannedBeside(tx, unit.id, target.id, id) });
  if (!possible.ok) return failed(tx, change, possible.error.code);
  const empty = change.kind === 'close' ? await isEmpty(tx, unit) : ok(null);
  if (!empty.ok) return failed(tx, change, empty.error.code);
  await endChange(tx, id, { state: 'done', by: BY });
  if (change.kind === 'close') return close(tx, change);
  if (change.kind === 'move') await move(tx, change, unit, target);
  else await merge(tx, change, unit, target);
  await addJob(tx, 'people.organisation-changed', { organisationId: change.kind === 'move' ? unit.id : target.id });
}

/** The tree is another one than when it was planned: nothing is done, and who planned it finds out on the page. */
async function failed(tx: Tx, change: OrganisationChange, problem: string): Promise<void> {
  await endChange(tx, change.id, { state: 'failed', by: BY, problem });
  await appendEvent(tx, {
    kind: 'organisation.change-failed', subject: { kind: 'organisation', id: change.organisationId }, by: BY, cause: 'plan', body: { changeId: change.id, problem },
  });
}

async function move(tx: Tx, change: OrganisationChange, unit: Organisation, target: Organisation): Promise<void> {
  const path = `${target.path}${unit.id}/`;
  await moveSubtree(tx, { from: unit.path, to: path });
  await setParent(tx, unit.id, target.id);
  await notePlaces(tx, path, change.effectiveOn);
  await tell(tx, change, 'organisation.moved', { fromParentId: unit.parentId, parentId: target.id, fromPath: unit.path, path });
}

/** Nothing is deleted: what it held stays readable. The roles over it end. */
async function close(tx: Tx, change: OrganisationChange): Promise<void> {
  await setClosed(tx, change.organisationId, change.effectiveOn);
  await endRolesOver(tx, { by: BY, cause: 'closing' }, change.organisationId, null);
  await tell(tx, change, 'organisation.closed', {});
}

async function merge(tx: Tx, change: OrganisationChange, unit: Organisation, target: Organisation): Promise<void> {
  const path = `${target.path}${unit.id}/`;
  await moveBeneath(tx, { from: unit.path, to: target.path });
  await adoptChildren(tx, unit.id, target.id);
  // The closed organisation stays beneath the one it went into, so that what it has held and planned stays in somebody's care.
  await moveSubtree(tx, { from: unit.path, to: path });
  await setParent(tx, unit.id, target.id);
  await setClosed(tx, unit.id, change.effectiveOn);
  await notePlaces(tx, target.path, change.effectiveOn);
  const moved = await moveAppointments(tx, unit.id, target.id);
  await noteMoved(tx, moved.map(({ id }) => ({ id, from: unit.id, to: target.id })), change.effectiveOn, change.id);
  await readdressTransfers(tx, unit.id, target.id);
  await endRolesOver(tx, { by: BY, cause: 'merge' }, unit.id, change.roles === 'carry' ? target.id : null);
  await tell(tx, change, 'organisation.merged', { intoId: target.id, fromParentId: unit.parentId, fromPath: unit.path, people: moved.length });
  await appendEvents(tx, moved.map(({ id, person_id: personId }) => ({
    kind: 'appointment.moved', subject: { kind: 'appointment', id }, personId, at: startOfDate(change.effectiveOn, zone()), by: BY, cause: 'merge',
    body: { fromOrganisationId: unit.id, organisationId: target.id, on: change.effectiveOn },
  })));
}

const tell = (tx: Tx, { id, organisationId, effectiveOn, askedBy }: OrganisationChange, kind: string, body: Record<string, unknown>): Promise<void> => appendEvent(tx, {
  kind, subject: { kind: 'organisation', id: organisationId }, at: startOfDate(effectiveOn, zone()), by: askedBy as By, cause: 'plan', body: { changeId: id, on: effectiveOn, ...body },
});
