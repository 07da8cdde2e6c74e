import { createHash } from 'node:crypto';
import SCIMMY from 'scimmy';
import { reader } from '~/db';
import type { ActingApplication } from '~/identity';
import { statusOf } from '~/kernel/errors';
import type { Problem, Result } from '~/kernel/result';
import { textFor } from '~/text';
import { filterSql, meets, readFilter, UnanswerableFilter, type Lookup } from './filter';
import { groupSeen, groupsSeen, withMembers, type RegisteredGroup } from './groups.repository';
import { createGroup, removeGroup, replaceGroup, type SaidGroup } from './groups.service';
import { APPOINTMENT, ENTERPRISE, readUser, tellUser, UnreadableUser, type RegisteredUser } from './mapping';
import type { Projection } from './projection';
import { USER_COLUMNS, usersSeen, userSeen } from './users.repository';
import { createUser, noteRefused, removeUser, replaceUser, sightOf } from './users.service';

/** What a request of the protocol brings along, and what is found out while it is answered. */
export interface ScimRequest {
  application: ActingApplication;
  method: string;
  /** `If-Match` of the request, or of one operation of a bulk request by its path. */
  expected: (path: string) => string | undefined;
  /** The versions that were read for changing them, by path: a PATCH reads, changes and writes. */
  read: Map<string, string>;
  /** What was there before a PATCH, so that what is missing afterwards was removed on purpose. */
  before: Map<string, ReturnType<typeof tellUser>>;
  /** The version of the one resource that is answered. */
  version?: string;
  /** Which attributes are wanted. */
  projection?: Projection;
  /** Where a page of a list begins. */
  startIndex?: number;
}

type ResourceQuery = InstanceType<typeof SCIMMY.Types.Resource>;
const refuse = (status: number, kind: string | null, detail: string): never => { throw new SCIMMY.Types.Error(status, kind as never, detail); };

/** As many as one page holds unless the directory asks for fewer or more, and as many as it holds at most. */
const PAGE = { usual: 100, most: 500 };

/** Says what the house refused in the protocol's own terms; the sentence is the one that pages show. */
function refused(problem: Problem): never {
  const detail = textFor('en').problem(problem);
  switch (problem.code) {
    case 'not-found': return refuse(404, null, detail);
    case 'conflict.changed': return refuse(412, null, 'The resource is not the one that was read: read it again.');
    case 'field.taken': case 'person.number-taken': return refuse(409, 'uniqueness', detail);
    case 'scim.organisation-read-only': return refuse(400, 'mutability', detail);
    default: return statusOf(problem.code) === 409 ? refuse(409, null, detail) : refuse(400, 'invalidValue', detail);
  }
}

/** A weak version: equal while what the directory sees of the resource is equal. */
const versionOf = (told: object): string => `W/"${createHash('sha256').update(JSON.stringify(told)).digest('hex').slice(0, 24)}"`;

/** A resource as the directory sees it, with its version: both made once for each answer. */
interface Told<T> {
  told: T;
  version: string;
  resource: Record<string, unknown>;
}

function withMeta<T extends Record<string, unknown>>(told: T, { createdAt, changedAt }: { createdAt: number; changedAt: number }): Told<T> {
  const version = versionOf(told);
  return { told, version, resource: { ...told, meta: { created: new Date(createdAt), lastModified: new Date(Math.max(createdAt, changedAt)), version } } };
}

const user = (one: RegisteredUser) => withMeta(tellUser(one), one);

const tellGroup = (group: RegisteredGroup): Record<string, unknown> => ({
  id: group.id, displayName: group.name, ...(group.externalId !== null && { externalId: group.externalId }),
  members: group.members.map(({ personId, label }) => ({ value: personId, display: label, type: 'User' })),
});
const group = (one: RegisteredGroup) => withMeta(tellGroup(one), one);

/** Whether the resource is the one that the directory has seen: by its `If-Match`, and by what a PATCH was computed from. */
function stillSeen(request: ScimRequest, path: string): (version: string) => boolean {
  const asked = request.expected(path);
  const read = request.read.get(path);
  return (version) => (asked === undefined || asked === '*' || asked.split(',').map((one) => one.trim()).includes(version)) && (read === undefined || read === version);
}

const noteRead = (request: ScimRequest, path: string, version: string): void => {
  request.version = version;
  if (request.method === 'PATCH' || request.method === 'BULK') request.read.set(path, request.version);
};

/** The page that was asked for. The library cuts pages out of a whole list; here the page is read, so it is told that the page is the list. */
function pageOf(query: ResourceQuery, request: ScimRequest, total: (limit: { offset: number; limit: number }) => Promise<{ found: Record<string, unknown>[]; total: number }>) {
  const { startIndex = 1, count = PAGE.usual } = query.constraints ?? {};
  const limit = Math.min(Math.max(count, 0), PAGE.most);
  return total({ offset: startIndex - 1, limit }).then(({ found, total: totalResults }) => {
    request.startIndex = startIndex;
    query.constraints = { startIndex: 1, count: found.length, totalResults } as never;
    return found;
  });
}

function asked<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof UnanswerableFilter) return refuse(400, 'invalidFilter', error.message);
    if (error instanceof UnreadableUser) return refuse(400, 'invalidValue', error.message);
    throw error;
  }
}

const LONGEST_FILTER = 2000;
const expressionOf = (query: ResourceQuery): string | null => {
  const expression = query.filter?.expression ?? null;
  return expression !== null && expression.length > LONGEST_FILTER ? refuse(400, 'invalidFilter', 'the filter is too long') : expression;
};

async function readUsers(query: ResourceQuery, request: ScimRequest): Promise<Record<string, unknown> | Record<string, unknown>[]> {
  const sight = sightOf(request.application);
  if (query.id) {
    const found = await userSeen(reader(), sight, query.id);
    if (!found) return refuse(404, null, `User ${query.id} was not found`);
    const { told, version, resource } = user(found);
    noteRead(request, `/Users/${query.id}`, version);
    request.before.set(query.id, told);
    return resource;
  }
  const expression = expressionOf(query);
  const condition = expression === null ? null : asked(() => filterSql(readFilter(expression), USER_COLUMNS));
  const by = query.constraints?.sortBy?.toLowerCase();
  const column = by === undefined ? undefined : USER_COLUMNS[by] ?? refuse(400, 'invalidValue', `users cannot be sorted by ${String(query.constraints?.sortBy)}`);
  const sort = column ? { sql: column.kind === 'text' ? `lower(${column.sql})` : column.sql, descending: query.constraints?.sortOrder === 'descending' } : null;
  return pageOf(query, request, async (page) => {
    const { users, total } = await usersSeen(reader(), sight, { condition, sort, ...page });
    return { found: users.map((one) => user(one).resource), total };
  });
}

/** Answers what a use case found, or tells the directory and the list of changes why not. */
async function settled<T>(request: ScimRequest, done: Result<T>, id: string | null): Promise<T> {
  if (done.ok) return done.value;
  if (done.error.code !== 'not-found' && done.error.code !== 'conflict.changed') await noteRefused(request.application, textFor('zh').problem(done.error), id);
  return refused(done.error);
}

async function writeUser(query: ResourceQuery, instance: unknown, request: ScimRequest): Promise<Record<string, unknown>> {
  const id = query.id ?? null;
  const said = asked(() => readUser(instance, id === null ? undefined : removedOnPurpose(request, id, instance)));
  if (id === null) return answered(request, await settled(request, await createUser({ application: request.application }, said), null));
  const fits = stillSeen(request, `/Users/${id}`);
  const saved = await settled(request, await replaceUser({ application: request.application, expect: (now) => fits(versionOf(tellUser(now))) }, id, said), id);
  request.read.delete(`/Users/${id}`);
  request.before.delete(id);
  return answered(request, saved);
}

/** A PATCH starts from all that is known, so what is missing then was removed. A PUT says nothing by what it leaves out. */
function removedOnPurpose(request: ScimRequest, id: string, instance: unknown): Set<'emails' | 'phoneNumbers' | 'manager'> {
  const before = request.before.get(id);
  const after = JSON.parse(JSON.stringify(instance)) as Record<string, unknown>;
  if (!before) return new Set();
  const had = (resource: Record<string, unknown>, key: 'emails' | 'phoneNumbers' | 'manager'): boolean =>
    key === 'manager' ? (resource[ENTERPRISE] as { manager?: unknown } | undefined)?.manager !== undefined : resource[key] !== undefined;
  return new Set((['emails', 'phoneNumbers', 'manager'] as const).filter((key) => had(before, key) && !had(after, key)));
}

async function answered(request: ScimRequest, id: string): Promise<Record<string, unknown>> {
  const found = await userSeen(reader(), sightOf(request.application), id);
  if (!found) return refuse(404, null, `User ${id} was not found`);
  const { version, resource } = user(found);
  request.version = version;
  return resource;
}

async function dropUser(query: ResourceQuery, request: ScimRequest): Promise<void> {
  const id = query.id ?? '';
  const fits = stillSeen(request, `/Users/${id}`);
  await settled(request, await removeUser({ application: request.application, expect: (now) => fits(versionOf(tellUser(now))) }, id), id);
}

async function readGroups(query: ResourceQuery, request: ScimRequest): Promise<Record<string, unknown> | Record<string, unknown>[]> {
  const sight = sightOf(request.application);
  if (query.id) {
    const whole = await wholeGroup(sight, query.id);
    const { version, resource } = group(whole);
    noteRead(request, `/Groups/${query.id}`, version);
    return resource;
  }
  const expression = expressionOf(query);
  const filter = expression === null ? null : asked(() => readFilter(expression));
  const all = await groupsSeen(reader(), sight);
  const considered = /members/i.test(expression ?? '') ? await withMembers(reader(), sight, all) : all;
  const fitting = filter === null ? considered : asked(() => considered.filter((one) => meets(filter, lookupIn(one))));
  return pageOf(query, request, async ({ offset, limit }) => {
    const page = fitting.slice(offset, offset + limit);
    const own = await withMembers(reader(), sight, page.filter((one) => one.kind === 'own'));
    const whole = new Map(own.map((one) => [one.id, one]));
    // Who serves in an organisation is told when it is asked for by itself: a list of all would hold everybody.
    return { found: page.map((one) => group(whole.get(one.id) ?? { ...one, members: [] }).resource), total: fitting.length };
  });
}

async function wholeGroup(sight: ReturnType<typeof sightOf>, id: string): Promise<RegisteredGroup> {
  const found = await groupSeen(reader(), sight, id);
  const [whole] = found ? await withMembers(reader(), sight, [found]) : [];
  return whole ?? refuse(404, null, `Group ${id} was not found`);
}

const lookupIn = (one: RegisteredGroup): Lookup => (path) => {
  switch (path) {
    case 'id': return [one.id];
    case 'displayname': return [one.name];
    case 'externalid': return [one.externalId];
    case 'meta.created': return [new Date(one.createdAt).toISOString()];
    case 'members': case 'members.value': return one.members.map(({ personId }) => personId);
    case 'members.display': return one.members.map(({ label }) => label);
    default: throw new UnanswerableFilter(`the attribute ${path} cannot be filtered by`);
  }
};

function saidGroup(instance: unknown): SaidGroup {
  const said = JSON.parse(JSON.stringify(instance)) as { displayName?: string; externalId?: string; members?: { value?: string; display?: string }[] };
  const members = (said.members ?? []).flatMap(({ value, display }) => (value ? [{ personId: value, label: display?.slice(0, 80) ?? null }] : []));
  return { name: (said.displayName ?? '').slice(0, 120), externalId: said.externalId?.slice(0, 300) ?? null, members };
}

async function writeGroup(query: ResourceQuery, instance: unknown, request: ScimRequest): Promise<Record<string, unknown>> {
  const said = saidGroup(instance);
  const id = query.id ?? null;
  const fits = stillSeen(request, `/Groups/${id ?? ''}`);
  const asking = { application: request.application, expect: (now: RegisteredGroup) => fits(versionOf(tellGroup(now))) };
  const saved = await settled(request, id === null ? await createGroup(asking, said) : await replaceGroup(asking, id, said), null);
  request.read.delete(`/Groups/${saved}`);
  const { version, resource } = group(await wholeGroup(sightOf(request.application), saved));
  request.version = version;
  return resource;
}

async function dropGroup(query: ResourceQuery, request: ScimRequest): Promise<void> {
  const id = query.id ?? '';
  const fits = stillSeen(request, `/Groups/${id}`);
  await settled(request, await removeGroup({ application: request.application, expect: (now) => fits(versionOf(tellGroup(now))) }, id), null);
}

/** What the register knows of an appointment and the standard has no attribute for. */
const appointmentSchema = new SCIMMY.Types.SchemaDefinition('Appointment', APPOINTMENT, 'The main appointment', [
  new SCIMMY.Types.Attribute('string', 'kind', { canonicalValues: ['recruit', 'staff', 'leader'], description: 'recruit, staff or leader; a new user is staff unless it is said.' }),
  new SCIMMY.Types.Attribute('string', 'startOfDuty', { description: 'The day of the start of duty, YYYY-MM-DD; the day of arrival unless it is said.' }),
  new SCIMMY.Types.Attribute('string', 'rank', { description: 'The rank.' }),
]);

export const LIMITS = { operations: 1000, bytes: 2 * 1024 * 1024 };

let declared = false;

/** Tells the library, once in a process, what there is and who answers for it. */
export function declareResources(): void {
  if (declared) return;
  declared = true;
  SCIMMY.Resources.declare(SCIMMY.Resources.User)
    .extend(SCIMMY.Schemas.EnterpriseUser)
    .extend(appointmentSchema as never)
    .egress((query, request) => readUsers(query as never, request as ScimRequest) as never)
    .ingress((query, instance, request) => writeUser(query as never, instance, request as ScimRequest) as never)
    .degress((query, request) => dropUser(query, request as ScimRequest));
  SCIMMY.Resources.declare(SCIMMY.Resources.Group)
    .egress((query, request) => readGroups(query as never, request as ScimRequest) as never)
    .ingress((query, instance, request) => writeGroup(query as never, instance, request as ScimRequest) as never)
    .degress((query, request) => dropGroup(query, request as ScimRequest));
}

/** What the service says of itself. */
export function describeService(): void {
  SCIMMY.Config.set({
    patch: true, sort: true, etag: true, changePassword: false, filter: { supported: true, maxResults: PAGE.most },
    bulk: { supported: true, maxOperations: LIMITS.operations, maxPayloadSize: LIMITS.bytes },
  });
}
