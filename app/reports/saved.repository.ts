import { z } from 'zod';
import { execute, insert, json, maybeOne, rows, type Reader, type Tx } from '~/db';
import { newId } from '~/kernel/id';
import { ReportQuery } from './report';

const Row = z.object({
  id: z.string(), account_id: z.string(), name: z.string(), query: json(ReportQuery), shared_with: z.string().nullable(), shared_path: z.string().nullable(),
  shared_name: z.string().nullable(), saved_at: z.number(), version: z.number(), owner: z.string(),
}).transform((row) => ({
  id: row.id, accountId: row.account_id, name: row.name, query: row.query, savedAt: row.saved_at, version: row.version, owner: row.owner,
  sharedWith: row.shared_with === null ? null : { id: row.shared_with, path: row.shared_path ?? '', name: row.shared_name ?? '' },
}));
/** A report that somebody keeps, to make it again. */
export type SavedReport = z.output<typeof Row>;

const SELECT = `SELECT s.id, s.account_id, s.name, s.query, s.shared_with, o.path AS shared_path, o.name AS shared_name, s.saved_at, s.version, COALESCE(p.name, a.sign_in_name) AS owner
  FROM saved_reports s JOIN accounts a ON a.id = s.account_id LEFT JOIN persons p ON p.id = a.person_id LEFT JOIN organisations o ON o.id = s.shared_with`;

export const findSaved = (from: Reader, id: string): Promise<SavedReport | null> => maybeOne(from, Row, `${SELECT} WHERE s.id = $id AND s.ended_at IS NULL`, { id });

export const savedOf = (from: Reader, accountId: string): Promise<SavedReport[]> =>
  rows(from, Row, `${SELECT} WHERE s.account_id = $accountId AND s.ended_at IS NULL ORDER BY s.name, s.id`, { accountId });

/** What others share, wherever. */
export const sharedByOthers = (from: Reader, accountId: string): Promise<SavedReport[]> =>
  rows(from, Row, `${SELECT} WHERE s.shared_with IS NOT NULL AND s.ended_at IS NULL AND s.account_id <> $accountId ORDER BY s.name, s.id LIMIT 1000`, { accountId });

const NameRow = z.object({ id: z.string() });

export const isNameTaken = async (from: Reader, accountId: string, name: string, exceptId: string): Promise<boolean> =>
  (await rows(from, NameRow, 'SELECT id FROM saved_reports WHERE account_id = $accountId AND name = $name AND id <> $exceptId AND ended_at IS NULL', { accountId, name, exceptId })).length > 0;

export async function insertSaved(tx: Tx, one: { accountId: string; name: string; query: ReportQuery }): Promise<string> {
  const id = newId();
  await insert(tx, 'saved_reports', [{ id, account_id: one.accountId, name: one.name, query: JSON.stringify(one.query), saved_at: tx.now }]);
  return id;
}

/** @returns 0 when somebody changed it after `version` */
export const changeSaved = (tx: Tx, id: string, version: number, next: { name: string; query: ReportQuery; sharedWith: string | null }): Promise<number> =>
  execute(tx, `UPDATE saved_reports SET name = $name, query = $query, shared_with = $sharedWith, version = version + 1
    WHERE id = $id AND version = $version AND ended_at IS NULL`, { id, version, name: next.name, query: JSON.stringify(next.query), sharedWith: next.sharedWith });

export const endSaved = (tx: Tx, id: string): Promise<number> =>
  execute(tx, 'UPDATE saved_reports SET ended_at = $now, version = version + 1 WHERE id = $id AND ended_at IS NULL', { id, now: tx.now });
