import { z } from 'zod';
import { insert, maybeOne, rows, type Reader, type Tx } from '~/db';
import { newId } from '~/kernel/id';

/** Where a bank's items come from: `shipped` are public, `own` exist in this deployment only. */
const Origin = z.enum(['shipped', 'own']);
export type BankOrigin = z.infer<typeof Origin>;

export interface Bank {
  id: string;
  slug: string;
  title: string;
  origin: BankOrigin;
  courseId: string | null;
}

/** A bank with how many of its items may be drawn. */
export interface BankSummary extends Bank {
  items: number;
}

const Row = z.object({
  id: z.string(), slug: z.string(), title: z.string(), origin: Origin, course_id: z.string().nullable(),
}).transform(({ course_id: courseId, ...rest }): Bank => ({ ...rest, courseId }));
const COLUMNS = 'id, slug, title, origin, course_id';

export const findBank = (from: Reader, id: string): Promise<Bank | null> =>
  maybeOne(from, Row, `SELECT ${COLUMNS} FROM item_banks WHERE id = $id`, { id });

/** Keeps others from adding to the bank until the transaction ends. */
export const lockBank = (tx: Tx, id: string): Promise<Bank | null> =>
  maybeOne(tx, Row, `UPDATE item_banks SET title = title WHERE id = $id RETURNING ${COLUMNS}`, { id });

export const findBankBySlug = (from: Reader, slug: string): Promise<Bank | null> =>
  maybeOne(from, Row, `SELECT ${COLUMNS} FROM item_banks WHERE slug = $slug`, { slug });

const SummaryRow = z.object({
  id: z.string(), slug: z.string(), title: z.string(), origin: Origin, course_id: z.string().nullable(), items: z.number(),
}).transform(({ course_id: courseId, ...rest }): BankSummary => ({ ...rest, courseId }));

/** All banks, a deployment's own first. */
export const bankList = (from: Reader): Promise<BankSummary[]> =>
  rows(from, SummaryRow, `SELECT b.id, b.slug, b.title, b.origin, b.course_id,
      (SELECT COUNT(*) FROM items i WHERE i.bank_id = b.id AND i.retired_at IS NULL) AS items
    FROM item_banks b ORDER BY b.origin, b.slug`);

/** Makes a bank. @returns its id, or null when the slug is taken */
export async function insertBank(tx: Tx, bank: Omit<Bank, 'id'>): Promise<string | null> {
  const id = newId();
  const made = await insert(tx, 'item_banks', [{
    id, slug: bank.slug, title: bank.title, origin: bank.origin, course_id: bank.courseId, created_at: tx.now,
  }], 'ON CONFLICT (slug) DO NOTHING');
  return made > 0 ? id : null;
}
