import { z } from 'zod';
import { HIRING_STATUSES } from '~/certification';

const Day = z.string().regex(/^\d{4}-\d{2}-\d{2}$/);

export const STATEMENT_SCHEMA = 'urn:shanggang:hiring-list:1';

/** What was true of a list at one moment, as one document; its shape changes only under another schema. */
export const HiringStatement = z.object({
  schema: z.literal(STATEMENT_SCHEMA),
  number: z.string(),
  issuer: z.object({ name: z.string(), url: z.string() }).strict(),
  title: z.string(),
  organisation: z.string(),
  /** The instant for which every answer holds, with what was known then. */
  asOf: z.iso.datetime(),
  madeAt: z.iso.datetime(),
  zone: z.string(),
  mayStart: z.number(),
  people: z.array(z.object({
    line: z.number(), number: z.string(), name: z.string(), organisation: z.string().nullable(), post: z.string().nullable(), startOn: Day.nullable(),
    status: z.enum(HIRING_STATUSES), until: Day.nullable(),
    /** The explanation as printed, in Chinese. */
    says: z.string(),
  }).strict()),
}).strict();
export type HiringStatement = z.infer<typeof HiringStatement>;

/** The document with its signature, as it is attached to the paper. */
export const SignedStatement = z.object({
  list: HiringStatement,
  /** A compact JWS (EdDSA) over the document in its one spelling; `kid` in its head names the key. */
  signature: z.string().regex(/^[\w-]+\.[\w-]+\.[\w-]+$/),
}).strict();
export type SignedStatement = z.infer<typeof SignedStatement>;

/** `HC2026-000123`: no credential's number looks like it. */
export const statementNumber = (year: number, serial: number): string => `HC${year}-${String(serial).padStart(6, '0')}`;

/** A number as people type it, or null when it is none of a list. */
export function readStatementNumber(typed: string): string | null {
  const text = typed.normalize('NFKC').replace(/\s/g, '').replace(/[‐-―−]/g, '-').toUpperCase();
  return /^HC\d{4}-\d{6}$/.test(text) ? text : null;
}
