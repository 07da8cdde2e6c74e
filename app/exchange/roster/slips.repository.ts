import { z } from 'zod';
import { rows, type Reader } from '~/db';
import type { SlipFor } from '~/people';

/** Who came by a roster, has not activated the account and holds no role. */
const NEWCOMERS = `FROM roster_plans r JOIN persons p ON p.id = r.person_id JOIN accounts c ON c.id = r.account_id
  JOIN appointments a ON a.id = r.fresh_appointment_id JOIN organisations o ON o.id = a.organisation_id
  WHERE r.import_id = $importId AND r.act = 'create' AND a.ended_on IS NULL AND c.state = 'invited' AND NOT EXISTS (SELECT 1 FROM roles x WHERE x.account_id = c.id)`;

const UnitRow = z.object({ organisation_id: z.string(), organisation_name: z.string(), path: z.string(), people: z.number() });

export const newcomersByUnit = (from: Reader, importId: string) =>
  rows(from, UnitRow, `SELECT o.id AS organisation_id, o.name AS organisation_name, o.path, COUNT(*) AS people ${NEWCOMERS} GROUP BY o.id, o.name, o.path, o.code ORDER BY o.code`, { importId });

const SlipRow = z.object({
  person_id: z.string(), account_id: z.string(), name: z.string(), sign_in_name: z.string(), organisation_id: z.string(), organisation_name: z.string(), path: z.string(), post: z.string(),
}) satisfies z.ZodType<SlipFor>;

export const newcomers = (from: Reader, importId: string, organisationId: string | null, limit: number): Promise<SlipFor[]> =>
  rows(from, SlipRow, `SELECT p.id AS person_id, c.id AS account_id, p.name, c.sign_in_name, o.id AS organisation_id, o.name AS organisation_name, o.path, a.post ${NEWCOMERS}
    ${organisationId === null ? '' : 'AND o.id = $organisationId'} ORDER BY o.code, c.sign_in_name LIMIT $limit`, { importId, limit, ...(organisationId !== null && { organisationId }) });
