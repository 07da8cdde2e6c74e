import { appendEvent, commitIfOk, type Reader } from '~/db';
import { authorise, endRolesOver, type Actor } from '~/identity';
import { dateAt } from '~/kernel/calendar';
import { config } from '~/kernel/config';
import { err, ok, type Result } from '~/kernel/result';
import { findOrganisation, type Organisation } from '../organisation.repository';
import { changesOf, lockTree, setClosed } from './changes.repository';
import { figuresOf } from './figures.repository';

/** Whether an organisation is empty, so that it can be closed; the sentence says what is still there. */
export async function mayClose(from: Reader, unit: Organisation): Promise<Result<null>> {
  if (unit.parentId === null) return err('organisation.root');
  if (unit.closedOn !== null) return err('organisation.closed', { name: unit.name });
  const { people, units } = await figuresOf(from, unit.path);
  if (units > 0) return err('organisation.has-units', { units });
  if (people > 0) return err('organisation.has-people', { people });
  const planned = (await changesOf(from, unit.id)).some((one) => one.state === 'planned');
  return planned ? err('organisation.change-planned', { name: unit.name }) : ok(null);
}

/** Closes an empty organisation from today on. Nothing is deleted: what it held stays readable. The roles over it end. */
export const closeOrganisation = (actor: Actor, given: { id: string; reason: string }): Promise<Result<null>> => commitIfOk(async (tx) => {
  await lockTree(tx);
  const unit = await findOrganisation(tx, given.id);
  if (!unit) return err('not-found');
  authorise(actor, 'change the tree', { organisationPath: unit.path });
  const possible = await mayClose(tx, unit);
  if (!possible.ok) return possible;
  const on = dateAt(tx.now, config().TIME_ZONE);
  await setClosed(tx, unit.id, on);
  await endRolesOver(tx, { by: actor.by, cause: 'closing' }, unit.id, null);
  await appendEvent(tx, { kind: 'organisation.closed', subject: { kind: 'organisation', id: unit.id }, by: actor.by, body: { on, reason: given.reason } });
  return ok(null);
});

/** Opens an organisation again that was closed by mistake; one that was merged stays closed. */
export const reopenOrganisation = (actor: Actor, given: { id: string; reason: string }): Promise<Result<null>> => commitIfOk(async (tx) => {
  await lockTree(tx);
  const unit = await findOrganisation(tx, given.id);
  if (!unit || unit.parentId === null) return err('not-found');
  authorise(actor, 'change the tree', { organisationPath: unit.path });
  const parent = await findOrganisation(tx, unit.parentId);
  if (parent && parent.closedOn !== null) return err('organisation.closed', { name: parent.name });
  const merged = (await changesOf(tx, unit.id)).some((one) => one.kind === 'merge' && one.state === 'done' && one.organisationId === unit.id);
  if (merged) return err('organisation.merged', { name: unit.name });
  if (unit.closedOn === null) return err('conflict.changed');
  await setClosed(tx, unit.id, null);
  await appendEvent(tx, { kind: 'organisation.reopened', subject: { kind: 'organisation', id: unit.id }, by: actor.by, body: { reason: given.reason } });
  return ok(null);
});
