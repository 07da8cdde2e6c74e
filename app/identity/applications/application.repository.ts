import { z } from 'zod';
import { execute, insert, json, maybeOne, rows, type By, type Params, type Reader, type Tx } from '~/db';
import type { PlainDate } from '~/kernel/calendar';
import { newId } from '~/kernel/id';

/** What an application may do. A scope is asked for by the place that it opens. */
export const APPLICATION_SCOPES = ['clearance.check', 'clearances.read', 'people.read', 'catalogue.read', 'starts.write', 'scim.read', 'scim.write'] as const;
export type ApplicationScope = (typeof APPLICATION_SCOPES)[number];

const Row = z.object({
  id: z.string(), name: z.string(), token_end: z.string(), scopes: json(z.array(z.enum(APPLICATION_SCOPES))), organisation_id: z.string(), organisation: z.string(), path: z.string(),
  created_at: z.number(), created_by: z.string(), expires_on: z.string(), last_used_at: z.number().nullable(), revoked_at: z.number().nullable(), revoke_reason: z.string().nullable(),
}).transform((row) => ({
  id: row.id, name: row.name, tokenEnd: row.token_end, scopes: row.scopes, organisationId: row.organisation_id, organisation: row.organisation, organisationPath: row.path,
  createdAt: row.created_at, createdBy: row.created_by, expiresOn: row.expires_on, lastUsedAt: row.last_used_at, revokedAt: row.revoked_at, revokeReason: row.revoke_reason,
}));

/** An application that acts with a token; the token itself is stored nowhere. */
export type Application = z.output<typeof Row>;

const SELECT = `SELECT x.id, x.name, x.token_end, x.scopes, x.organisation_id, o.name AS organisation, o.path, x.created_at, x.created_by, x.expires_on, x.last_used_at, x.revoked_at,
  x.revoke_reason FROM applications x JOIN organisations o ON o.id = x.organisation_id`;

export const findApplication = (from: Reader, id: string): Promise<Application | null> => maybeOne(from, Row, `${SELECT} WHERE x.id = $id`, { id });

export const applicationByHash = (from: Reader, hash: string): Promise<Application | null> => maybeOne(from, Row, `${SELECT} WHERE x.token_hash = $hash`, { hash });

/** Applications of these subtrees: those that may act first, then by name. */
export function applicationsWithin(from: Reader, paths: readonly string[]): Promise<Application[]> {
  if (paths.length === 0) return Promise.resolve([]);
  const params: Params = Object.fromEntries(paths.map((path, i) => [`path${i}`, path]));
  return rows(from, Row, `${SELECT} WHERE ${paths.map((_, i) => `o.path LIKE $path${i} || '%'`).join(' OR ')}
    ORDER BY CASE WHEN x.revoked_at IS NULL THEN 0 ELSE 1 END, x.name, x.id`, params);
}

const Place = z.object({ path: z.string(), closed_on: z.string().nullable() });
export const placeOf = (from: Reader, organisationId: string): Promise<z.infer<typeof Place> | null> =>
  maybeOne(from, Place, 'SELECT path, closed_on FROM organisations WHERE id = $organisationId', { organisationId });

export interface FreshApplication {
  name: string;
  scopes: readonly ApplicationScope[];
  organisationId: string;
  expiresOn: PlainDate;
}

export async function insertApplication(tx: Tx, fresh: FreshApplication, token: { hash: string; end: string }, by: By): Promise<string> {
  const id = newId();
  await insert(tx, 'applications', [{
    id, name: fresh.name, token_hash: token.hash, token_end: token.end, scopes: JSON.stringify(fresh.scopes), organisation_id: fresh.organisationId, created_at: tx.now, created_by: by,
    expires_on: fresh.expiresOn,
  }]);
  return id;
}

/** @returns 0 when it is revoked already */
export const markRevoked = (tx: Tx, id: string, by: By, reason: string): Promise<number> =>
  execute(tx, 'UPDATE applications SET revoked_at = $now, revoked_by = $by, revoke_reason = $reason, version = version + 1 WHERE id = $id AND revoked_at IS NULL', { id, by, reason, now: tx.now });

/** The token is another one from now on, until another day; what it may do stays. @returns 0 when it is revoked */
export const markRenewed = (tx: Tx, id: string, token: { hash: string; end: string }, expiresOn: PlainDate): Promise<number> =>
  execute(tx, 'UPDATE applications SET token_hash = $hash, token_end = $end, expires_on = $expiresOn, version = version + 1 WHERE id = $id AND revoked_at IS NULL', { id, ...token, expiresOn });

export const markUsed = (tx: Tx, id: string): Promise<number> => execute(tx, 'UPDATE applications SET last_used_at = $now WHERE id = $id', { id, now: tx.now });
