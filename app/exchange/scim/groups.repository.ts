import { z } from 'zod';
import { chunks, execute, insert, maybeOne, places, rows, type Reader, type Tx } from '~/db';
import { newId } from '~/kernel/id';
import type { Sight } from './users.repository';

const GroupRow = z.object({ id: z.string(), external_id: z.string().nullable(), display_name: z.string(), created_at: z.number(), changed_at: z.number() });
const PlaceRow = z.object({ id: z.string(), code: z.string(), name: z.string(), created_at: z.number() });
const MemberRow = z.object({ group_id: z.string(), person_id: z.string(), label: z.string() });

export interface Member {
  personId: string;
  label: string;
}

/** A group of the protocol: an organisation, which is only read, or one that a directory keeps for itself. */
export interface RegisteredGroup {
  id: string;
  kind: 'organisation' | 'own';
  name: string;
  /** An organisation's code, so that it can be found by it; else what the directory gave. */
  externalId: string | null;
  createdAt: number;
  changedAt: number;
  members: Member[];
}

const organisationGroup = (row: z.infer<typeof PlaceRow>): RegisteredGroup =>
  ({ id: row.id, kind: 'organisation', name: row.name, externalId: row.code, createdAt: row.created_at, changedAt: row.created_at, members: [] });
const ownGroup = (row: z.infer<typeof GroupRow>): RegisteredGroup =>
  ({ id: row.id, kind: 'own', name: row.display_name, externalId: row.external_id, createdAt: row.created_at, changedAt: row.changed_at, members: [] });

/** Every group in sight: the directory's own, the newest first, then the organisations by code. */
export async function groupsSeen(from: Reader, { applicationId, path }: Sight): Promise<RegisteredGroup[]> {
  const own = await rows(from, GroupRow, 'SELECT id, external_id, display_name, created_at, changed_at FROM scim_groups WHERE application_id = $applicationId ORDER BY id DESC', { applicationId });
  const organisations = await rows(from, PlaceRow, `SELECT id, code, name, created_at FROM organisations WHERE closed_on IS NULL AND path LIKE $path || '%' ORDER BY code`, { path });
  return [...own.map(ownGroup), ...organisations.map(organisationGroup)];
}

export async function groupSeen(from: Reader, { applicationId, path }: Sight, id: string): Promise<RegisteredGroup | null> {
  const own = await maybeOne(from, GroupRow, 'SELECT id, external_id, display_name, created_at, changed_at FROM scim_groups WHERE application_id = $applicationId AND id = $id', { applicationId, id });
  if (own) return ownGroup(own);
  const organisation = await maybeOne(from, PlaceRow, `SELECT id, code, name, created_at FROM organisations WHERE id = $id AND closed_on IS NULL AND path LIKE $path || '%'`, { id, path });
  return organisation && organisationGroup(organisation);
}

/** Fills in who belongs to these groups: to an organisation who serves in it itself. */
export async function withMembers(from: Reader, { applicationId }: Sight, groups: readonly RegisteredGroup[]): Promise<RegisteredGroup[]> {
  const members = new Map<string, Member[]>();
  const ids = groups.map(({ id }) => id);
  for (const some of chunks(ids, 400)) {
    const { list, params } = places(some);
    const found = await rows(from, MemberRow, `SELECT m.group_id, m.person_id, COALESCE(m.label, p.name) AS label FROM scim_members m JOIN scim_groups g ON g.id = m.group_id
        JOIN persons p ON p.id = m.person_id WHERE g.application_id = $applicationId AND m.group_id IN (${list})
      UNION SELECT a.organisation_id AS group_id, a.person_id, p.name AS label FROM appointments a JOIN persons p ON p.id = a.person_id
        WHERE a.ended_on IS NULL AND a.organisation_id IN (${list}) ORDER BY group_id, person_id`, { ...params, applicationId });
    for (const row of found) members.set(row.group_id, [...(members.get(row.group_id) ?? []), { personId: row.person_id, label: row.label }]);
  }
  return groups.map((group) => ({ ...group, members: members.get(group.id) ?? [] }));
}

export async function insertGroup(tx: Tx, applicationId: string, fresh: { name: string; externalId: string | null }): Promise<string> {
  const id = newId();
  await insert(tx, 'scim_groups', [{ id, application_id: applicationId, external_id: fresh.externalId, display_name: fresh.name, created_at: tx.now, changed_at: tx.now }]);
  return id;
}

export const saveGroup = (tx: Tx, id: string, { name, externalId }: { name: string; externalId: string | null }): Promise<number> =>
  execute(tx, 'UPDATE scim_groups SET display_name = $name, external_id = $externalId, changed_at = $now WHERE id = $id', { id, name, externalId, now: tx.now });

export async function saveMembers(tx: Tx, id: string, members: readonly { personId: string; label: string | null }[]): Promise<void> {
  await execute(tx, 'DELETE FROM scim_members WHERE group_id = $id', { id });
  await insert(tx, 'scim_members', members.map(({ personId, label }) => ({ group_id: id, person_id: personId, label })));
}

export async function deleteGroup(tx: Tx, id: string): Promise<void> {
  await execute(tx, 'DELETE FROM scim_members WHERE group_id = $id', { id });
  await execute(tx, 'DELETE FROM scim_groups WHERE id = $id', { id });
}
