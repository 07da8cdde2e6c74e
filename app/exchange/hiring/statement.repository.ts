import { z } from 'zod';
import { accountOf, execute, insert, json, maybeOne, rows, type Reader, type Tx } from '~/db';
import { HiringStatement, statementNumber } from './statement';

const Row = z.object({
  id: z.string(), number: z.string(), check_code: z.string(), list_id: z.string(), as_of: z.number(), made_at: z.number(), snapshot: json(HiringStatement),
  signature: z.string(), pdf_key: z.string().nullable(), pdf_hash: z.string().nullable(), path: z.string(),
}).transform((row) => ({
  id: row.id, number: row.number, checkCode: row.check_code, listId: row.list_id, asOf: row.as_of, madeAt: row.made_at, snapshot: row.snapshot, signature: row.signature,
  pdfKey: row.pdf_key, pdfHash: row.pdf_hash, organisationPath: row.path,
}));
/** A statement as it was signed. */
export type Statement = z.infer<typeof Row>;

const SELECT = `SELECT s.id, s.number, s.check_code, s.list_id, s.as_of, s.made_at, s.snapshot, s.signature, s.pdf_key, s.pdf_hash, o.path
  FROM hiring_statements s JOIN hiring_lists l ON l.id = s.list_id JOIN organisations o ON o.id = l.organisation_id`;

export const statementByNumber = (from: Reader, number: string): Promise<Statement | null> => maybeOne(from, Row, `${SELECT} WHERE s.number = $number`, { number });

/** What was signed about a list for that very moment; null when nothing was. */
export const statementAsOf = (from: Reader, listId: string, asOf: number): Promise<Statement | null> =>
  maybeOne(from, Row, `${SELECT} WHERE s.list_id = $listId AND s.as_of = $asOf`, { listId, asOf });

/** The statement whose paper is this very file. */
export const statementOfPdf = (from: Reader, sha256: string): Promise<Statement | null> => maybeOne(from, Row, `${SELECT} WHERE s.pdf_hash = $sha256`, { sha256 });

const Listed = z.object({ number: z.string(), check_code: z.string(), as_of: z.number(), made_at: z.number(), maker: z.string().nullable() });

/** What was signed about a list, the latest first. */
export const statementsOf = (from: Reader, listId: string): Promise<z.infer<typeof Listed>[]> =>
  rows(from, Listed, `SELECT s.number, s.check_code, s.as_of, s.made_at, c.sign_in_name AS maker FROM hiring_statements s
    LEFT JOIN accounts c ON c.id = ${accountOf('s.made_by')} WHERE s.list_id = $listId ORDER BY s.made_at DESC, s.number DESC`, { listId });

const Last = z.object({ last: z.string().nullable() });

/** The number that comes next; who takes it at the same time fails by its uniqueness, and asks again. */
export async function nextNumber(tx: Tx, year: number): Promise<string> {
  const prefix = `HC${year}-`;
  const found = await maybeOne(tx, Last, `SELECT MAX(number) AS last FROM hiring_statements WHERE number LIKE $prefix || '%'`, { prefix });
  return statementNumber(year, Number(found?.last?.slice(prefix.length) ?? 0) + 1);
}

export const insertStatement = (tx: Tx, one: Omit<Statement, 'pdfKey' | 'pdfHash' | 'organisationPath' | 'madeAt'> & { madeBy: string }): Promise<number> =>
  insert(tx, 'hiring_statements', [{
    id: one.id, number: one.number, check_code: one.checkCode, list_id: one.listId, as_of: one.asOf, made_at: tx.now, made_by: one.madeBy,
    snapshot: JSON.stringify(one.snapshot), signature: one.signature,
  }]);

/** Says which file is the paper; 0 rows: another one was faster, and stays. */
export const keepPdf = (tx: Tx, id: string, { key, sha256 }: { key: string; sha256: string }): Promise<number> =>
  execute(tx, 'UPDATE hiring_statements SET pdf_key = $key, pdf_hash = $sha256 WHERE id = $id AND pdf_key IS NULL', { id, key, sha256 });
