import { z } from 'zod';
import { execute, insert, maybeOne, one, rows, type Reader, type Tx } from '~/db';
import { credentialNumber, ROOT_PREFIX } from './issuer';

const IssuerRow = z.object({
  organisation_id: z.string(), name: z.string(), path: z.string(), code: z.string(), prefix: z.string(), made_at: z.number(), ended_at: z.number().nullable(), issued: z.number(),
});
export type Issuer = z.infer<typeof IssuerRow>;

const SELECT = `SELECT i.organisation_id, o.name, o.path, o.code, i.prefix, i.made_at, i.ended_at,
  CAST((SELECT COALESCE(SUM(s.last), 0) FROM credential_serials s WHERE s.issuer_id = i.organisation_id) AS INTEGER) AS issued
  FROM credential_issuers i JOIN organisations o ON o.id = i.organisation_id`;

/** Every issuer, those that have ended too. */
export const allIssuers = (from: Reader): Promise<Issuer[]> => rows(from, IssuerRow, `${SELECT} ORDER BY o.path`);

export const findIssuer = (from: Reader, organisationId: string): Promise<Issuer | null> =>
  maybeOne(from, IssuerRow, `${SELECT} WHERE i.organisation_id = $organisationId`, { organisationId });

export const issuerByPrefix = (from: Reader, prefix: string): Promise<Issuer | null> => maybeOne(from, IssuerRow, `${SELECT} WHERE i.prefix = $prefix`, { prefix });

/** The issuer nearest above an organisation: itself, else what it belongs to, at last the root. */
export async function issuerFor(tx: Tx, path: string): Promise<Issuer> {
  const nearest = () => maybeOne(tx, IssuerRow, `${SELECT} WHERE i.ended_at IS NULL AND $path LIKE o.path || '%' ORDER BY LENGTH(o.path) DESC LIMIT 1`, { path });
  const found = await nearest();
  if (found) return found;
  await makeRootIssuer(tx);
  return one(tx, IssuerRow, `${SELECT} WHERE o.parent_id IS NULL ORDER BY o.path LIMIT 1`);
}

/** The root issues from the first credential on, without anybody having said so. */
const makeRootIssuer = (tx: Tx): Promise<number> =>
  execute(tx, `INSERT INTO credential_issuers (organisation_id, prefix, made_at, made_by)
    SELECT id, $prefix, CAST($now AS BIGINT), 'system:certification' FROM organisations WHERE parent_id IS NULL ORDER BY path LIMIT 1
    ON CONFLICT (organisation_id) DO UPDATE SET ended_at = NULL`, { prefix: ROOT_PREFIX, now: tx.now });

/** @returns 0 when the organisation is an issuer already, or the prefix another's */
export const insertIssuer = (tx: Tx, issuer: { organisationId: string; prefix: string; by: string }): Promise<number> =>
  insert(tx, 'credential_issuers', [{ organisation_id: issuer.organisationId, prefix: issuer.prefix, made_at: tx.now, made_by: issuer.by }], 'ON CONFLICT DO NOTHING');

/** Only while nothing was issued: numbers that exist keep their prefix, and no other issuer may ever get it. */
export const changePrefix = (tx: Tx, organisationId: string, prefix: string): Promise<number> =>
  execute(tx, `UPDATE credential_issuers SET prefix = $prefix WHERE organisation_id = $organisationId
    AND NOT EXISTS (SELECT 1 FROM credential_serials s WHERE s.issuer_id = credential_issuers.organisation_id)
    AND NOT EXISTS (SELECT 1 FROM credential_issuers o WHERE o.prefix = $prefix AND o.organisation_id <> $organisationId)`, { organisationId, prefix });

export const setIssuerEnded = (tx: Tx, organisationId: string, endedAt: number | null): Promise<number> =>
  execute(tx, 'UPDATE credential_issuers SET ended_at = CAST($endedAt AS BIGINT) WHERE organisation_id = $organisationId', { organisationId, endedAt });

/**
 * The next number of the issuer's year. The row stays locked until the transaction ends and a rollback gives the
 * number back, so that numbers have neither gaps nor twins.
 */
export async function nextNumber(tx: Tx, issuer: Pick<Issuer, 'organisation_id' | 'prefix'>, year: number): Promise<string> {
  const { last } = await one(tx, z.object({ last: z.number() }), `INSERT INTO credential_serials (issuer_id, year, last) VALUES ($issuer, $year, 1)
    ON CONFLICT (issuer_id, year) DO UPDATE SET last = credential_serials.last + 1 RETURNING last`, { issuer: issuer.organisation_id, year });
  return credentialNumber(issuer.prefix, year, last);
}
