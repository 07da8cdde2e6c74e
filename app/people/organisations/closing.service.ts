import { appendEvent, commitIfOk, type Reader } from '~/db';
import { authorise, type Actor } from '~/identity';
import { err, ok, type Result } from '~/kernel/result';
import { findOrganisation, type Organisation } from '../organisation.repository';
import { changesOf, lockTree, setClosed } from './changes.repository';
import { figuresOf } from './figures.repository';

/** Whether nothing is left in an organisation, so that it can be closed; the sentence says what still is. */
export async function isEmpty(from: Reader, { path }: Organisation): Promise<Result<null>> {
  const { people, units } = await figuresOf(from, path);
  if (units > 0) return err('organisation.has-units', { units });
  return people > 0 ? err('organisation.has-people', { people }) : ok(null);
}

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
