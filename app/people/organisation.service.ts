import { appendEvent, commitIfOk, inTransaction, type Reader, type Tx } from '~/db';
import { authorise, covers, foldWidth, type Actor } from '~/identity';
import { dateAt } from '~/kernel/calendar';
import { config } from '~/kernel/config';
import { newId } from '~/kernel/id';
import { err, ok, type Result } from '~/kernel/result';
import { allOrganisations, findOrganisation, findRoot, insertOrganisation, organisationsByCode, rename, type Organisation } from './organisation.repository';
import { lockTree } from './organisations/changes.repository';
import { openOrganisation } from './organisations/open.service';

/** An organisation in its place: `depth` 0 is the root; children follow their parent, by code. */
export interface TreeOrganisation extends Organisation {
  depth: number;
}

/** All open organisations (or those in `paths`), each followed by what lies beneath it: what can be chosen. */
export const organisationTree = async (from: Reader, paths?: readonly string[]): Promise<TreeOrganisation[]> =>
  (await wholeTree(from, paths)).filter((one) => one.closedOn === null);

/** The same with those that were closed: what can be named. */
export async function wholeTree(from: Reader, paths?: readonly string[]): Promise<TreeOrganisation[]> {
  const all = await allOrganisations(from);
  const children = groupByParent(all);
  const walk = (parentId: string | null, depth: number): TreeOrganisation[] =>
    (children.get(parentId) ?? []).flatMap((one) => [{ ...one, depth }, ...walk(one.id, depth + 1)]);
  const tree = walk(null, 0);
  return paths ? tree.filter((one) => paths.some((path) => covers(path, one.path))) : tree;
}

function groupByParent(all: Organisation[]): Map<string | null, Organisation[]> {
  const groups = new Map<string | null, Organisation[]>();
  for (const one of all) groups.set(one.parentId, [...(groups.get(one.parentId) ?? []), one]);
  return groups;
}

const today = (tx: Tx): string => dateAt(tx.now, config().TIME_ZONE);

const isOrganisationCode = (code: string): boolean => /^[\p{L}\p{N}][\p{L}\p{N}._-]{0,39}$/u.test(code);

/** Adds an organisation beneath another. */
export async function createOrganisation(actor: Actor, given: { parentId: string; code: string; name: string }): Promise<Result<Organisation>> {
  const code = foldWidth(given.code);
  return commitIfOk(async (tx) => {
    // The parent must not move before its path is taken over.
    await lockTree(tx);
    const found = await openOrganisation(tx, given.parentId, 'parentId');
    if (!found.ok) return found;
    const parent = found.value;
    authorise(actor, 'administer organisations', { organisationPath: parent.path });
    const free = await mayBeCode(tx, code);
    if (!free.ok) return free;
    const id = newId();
    const made = { id, parentId: parent.id, path: `${parent.path}${id}/`, code, name: given.name.trim(), closedOn: null, version: 1 };
    await insertOrganisation(tx, made, today(tx));
    await appendEvent(tx, {
      kind: 'organisation.created', subject: { kind: 'organisation', id }, by: actor.by, body: { parentId: parent.id, code, name: made.name },
    });
    return ok(made);
  });
}

/** Gives an organisation another name or code; what was issued under the old ones keeps them. */
export async function renameOrganisation(actor: Actor, given: { id: string; name: string; code?: string; version: number }): Promise<Result<null>> {
  return commitIfOk(async (tx) => {
    const found = await findOrganisation(tx, given.id);
    if (!found) return err('not-found');
    authorise(actor, 'administer organisations', { organisationPath: found.path });
    const after = { name: given.name.trim(), code: foldWidth(given.code ?? found.code) };
    const free = await mayBeCode(tx, after.code, found.id);
    if (!free.ok) return free;
    if (after.name === found.name && after.code === found.code) return ok(null);
    if ((await rename(tx, given.id, after, given.version, today(tx))) === 0) return err('conflict.changed');
    for (const [kind, from, to] of [['organisation.renamed', found.name, after.name], ['organisation.recoded', found.code, after.code]] as const) {
      if (from !== to) await appendEvent(tx, { kind, subject: { kind: 'organisation', id: given.id }, by: actor.by, body: { from, to } });
    }
    return ok(null);
  });
}

/** Codes are unique in the deployment, whatever their case. */
async function mayBeCode(from: Reader, code: string, own?: string): Promise<Result<null>> {
  if (!isOrganisationCode(code)) return err('organisation.code-form', undefined, 'code');
  const holder = (await organisationsByCode(from, [code])).get(code.toLowerCase());
  return holder && holder.id !== own ? err('field.taken', { value: code }, 'code') : ok(null);
}

const FIRST_NAME = '本市人民政府';

/** The root organisation, made on the first start; administrators rename it. */
export async function adoptRootOrganisation(): Promise<Organisation> {
  return inTransaction(async (tx) => {
    const found = await findRoot(tx);
    if (found) return found;
    const id = newId();
    const root = { id, parentId: null, path: `/${id}/`, code: '00', name: FIRST_NAME, closedOn: null, version: 1 };
    await insertOrganisation(tx, root, today(tx));
    await appendEvent(tx, {
      kind: 'organisation.created', subject: { kind: 'organisation', id }, by: 'system:first start', body: { parentId: null, code: root.code, name: root.name },
    });
    return root;
  });
}
