import { z } from 'zod';
import { containing, insert, maybeOne, one, rows, type Reader, type Tx } from '~/db';
import { within } from './organisation.repository';

const IntakeRow = z.object({
  id: z.string(), name: z.string(), start_of_duty: z.string(), created_at: z.number(), organisation_id: z.string(),
  organisation_name: z.string(), path: z.string(), people: z.number(), waiting: z.number().nullable(),
});

export interface Intake {
  id: string;
  name: string;
  startOfDuty: string;
  createdAt: number;
  organisationId: string;
  organisationName: string;
  organisationPath: string;
  people: number;
  /** How many have not activated their account yet. */
  notActivated: number;
}

const shape = (row: z.infer<typeof IntakeRow>): Intake => ({
  id: row.id, name: row.name, startOfDuty: row.start_of_duty, createdAt: row.created_at, organisationId: row.organisation_id,
  organisationName: row.organisation_name, organisationPath: row.path, people: row.people, notActivated: row.waiting ?? 0,
});

const SELECT = `SELECT i.id, i.name, i.start_of_duty, i.created_at, i.organisation_id, o.name AS organisation_name, o.path,
    COUNT(a.id) AS people, SUM(CASE WHEN c.state = 'invited' THEN 1 ELSE 0 END) AS waiting
  FROM intakes i JOIN organisations o ON o.id = i.organisation_id
  LEFT JOIN appointments a ON a.intake_id = i.id AND a.ended_on IS NULL
  LEFT JOIN accounts c ON c.person_id = a.person_id`;
const GROUP = 'GROUP BY i.id, i.name, i.start_of_duty, i.created_at, i.organisation_id, o.name, o.path';

export async function findIntake(from: Reader, id: string): Promise<Intake | null> {
  const row = await maybeOne(from, IntakeRow, `${SELECT} WHERE i.id = $id ${GROUP}`, { id });
  return row && shape(row);
}

/** Intakes of organisations in scope, latest start of duty first; `search` is part of a name. */
export async function intakesInScope(
  from: Reader, query: { paths: readonly string[]; search?: string; page: number; pageSize?: number },
): Promise<{ intakes: Intake[]; count: number; pageCount: number }> {
  const pageSize = query.pageSize ?? 50;
  const scope = within('o.path', query.paths);
  const sql = `${scope.sql} AND lower(i.name) LIKE $search ESCAPE '!'`;
  const params = { ...scope.params, search: containing(query.search?.trim() ?? '') };
  const { n: count } = await one(from, z.object({ n: z.number() }),
    `SELECT COUNT(*) AS n FROM intakes i JOIN organisations o ON o.id = i.organisation_id WHERE ${sql}`, params);
  const found = await rows(from, IntakeRow, `${SELECT} WHERE ${sql} ${GROUP}
    ORDER BY i.start_of_duty DESC, i.id DESC LIMIT $limit OFFSET $offset`, { ...params, limit: pageSize, offset: (query.page - 1) * pageSize });
  return { intakes: found.map(shape), count, pageCount: Math.max(1, Math.ceil(count / pageSize)) };
}

/** @returns false when the organisation has an intake of this name */
export async function insertIntake(tx: Tx, fresh: { id: string; name: string; organisationId: string; startOfDuty: string; createdBy: string }): Promise<boolean> {
  const added = await insert(tx, 'intakes', [{
    id: fresh.id, name: fresh.name, organisation_id: fresh.organisationId, start_of_duty: fresh.startOfDuty, created_at: tx.now, created_by: fresh.createdBy,
  }], 'ON CONFLICT (organisation_id, name) DO NOTHING');
  return added > 0;
}

const SlipRow = z.object({
  person_id: z.string(), account_id: z.string(), name: z.string(), sign_in_name: z.string(),
  organisation_id: z.string(), organisation_name: z.string(), path: z.string(), post: z.string(),
});

/** Whoever of an intake has not activated the account yet and holds no role, unit by unit. */
export const notActivated = (from: Reader, intakeId: string): Promise<z.infer<typeof SlipRow>[]> =>
  rows(from, SlipRow, `SELECT p.id AS person_id, c.id AS account_id, p.name, c.sign_in_name,
      o.id AS organisation_id, o.name AS organisation_name, o.path, a.post
    FROM appointments a JOIN persons p ON p.id = a.person_id JOIN accounts c ON c.person_id = p.id
    JOIN organisations o ON o.id = a.organisation_id
    WHERE a.intake_id = $intakeId AND a.ended_on IS NULL AND c.state = 'invited'
      AND NOT EXISTS (SELECT 1 FROM roles r WHERE r.account_id = c.id)
    ORDER BY o.code, c.sign_in_name`, { intakeId });
