import { appendEvent, commitIfOk, type Tx } from '~/db';
import { err, ok, type Result } from '~/kernel/result';
import { noteChange, type ScimChange } from './changes.repository';
import { deleteGroup, groupSeen, insertGroup, saveGroup, saveMembers, withMembers, type RegisteredGroup } from './groups.repository';
import { sightOf, type Asking } from './users.service';
import { seenAmong } from './users.repository';

/** A group as a directory says it is. */
export interface SaidGroup {
  name: string;
  externalId: string | null;
  members: { personId: string; label: string | null }[];
}

interface GroupAsking extends Pick<Asking, 'application'> {
  expect?: (group: RegisteredGroup) => boolean;
}

/** Everybody in a group must be a user that the directory can see. */
async function checkMembers(tx: Tx, { application }: GroupAsking, said: SaidGroup): Promise<Result<SaidGroup>> {
  const members = [...new Map(said.members.map((one) => [one.personId, one])).values()];
  const seen = await seenAmong(tx, sightOf(application), members.map(({ personId }) => personId));
  const unknown = members.find(({ personId }) => !seen.has(personId));
  return unknown ? err('scim.member-unknown', { value: unknown.personId }, 'members') : ok({ ...said, members });
}

const tell = async (tx: Tx, { application }: GroupAsking, what: Extract<ScimChange, `group-${string}`>, id: string, body: Record<string, unknown>): Promise<void> => {
  await noteChange(tx, application.id, { what, groupId: id, fields: Object.keys(body) });
  await appendEvent(tx, { kind: `scim.${what}`, subject: { kind: 'scim-group', id }, by: application.by, cause: 'scim', body });
};

/** A group that the directory keeps for itself; it grants nothing. @returns its id */
export const createGroup = (asking: GroupAsking, said: SaidGroup): Promise<Result<string>> => commitIfOk(async (tx) => {
  const checked = await checkMembers(tx, asking, said);
  if (!checked.ok) return checked;
  const id = await insertGroup(tx, asking.application.id, checked.value);
  await saveMembers(tx, id, checked.value.members);
  await tell(tx, asking, 'group-created', id, { name: said.name, members: checked.value.members.length });
  return ok(id);
});

const onOwn = <T>(asking: GroupAsking, id: string, work: (tx: Tx, group: RegisteredGroup) => Promise<Result<T>>): Promise<Result<T>> => commitIfOk(async (tx) => {
  const found = await groupSeen(tx, sightOf(asking.application), id);
  if (!found) return err('not-found');
  if (found.kind === 'organisation') return err('scim.organisation-read-only');
  const [group] = await withMembers(tx, sightOf(asking.application), [found]);
  if (!group || (asking.expect && !asking.expect(group))) return err('conflict.changed');
  return work(tx, group);
});

export const replaceGroup = (asking: GroupAsking, id: string, said: SaidGroup): Promise<Result<string>> => onOwn(asking, id, async (tx, before) => {
  const checked = await checkMembers(tx, asking, said);
  if (!checked.ok) return checked;
  await saveGroup(tx, id, checked.value);
  await saveMembers(tx, id, checked.value.members);
  await tell(tx, asking, 'group-changed', id, { ...(before.name !== said.name && { name: said.name }), members: checked.value.members.length });
  return ok(id);
});

export const removeGroup = (asking: GroupAsking, id: string): Promise<Result<null>> => onOwn(asking, id, async (tx) => {
  await tell(tx, asking, 'group-removed', id, {});
  await deleteGroup(tx, id);
  return ok(null);
});
