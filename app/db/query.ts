import { QueryTypes, type Sequelize, type Transaction } from 'sequelize';
import { z } from 'zod';
import { withStack } from './sqlite-query';

/** A value that can be bound to a parameter. Instants are numbers, flags 0 or 1, documents JSON text. */
export type Bindable = string | number | null | Buffer;
export type Params = Record<string, Bindable>;

/** Can read. Both the database outside a transaction and a transaction are readers. */
export interface Reader {
  readonly sequelize: Sequelize;
  readonly transaction: Transaction | null;
}

function options(reader: Reader, params: Params) {
  return { bind: params, transaction: reader.transaction, raw: true as const };
}

/** Every `$name` must be given and every given name be used: a forgotten condition is a leak. */
function checkParams(sql: string, params: Params): void {
  const used = new Set([...sql.matchAll(/\$(\w+)/g)].map((match) => match[1]));
  for (const name of Object.keys(params)) {
    if (!used.has(name)) throw new Error(`parameter $${name} is not used in: ${sql}`);
  }
  for (const name of used) {
    if (name !== undefined && !(name in params)) throw new Error(`parameter $${name} is not given for: ${sql}`);
  }
}

/**
 * Rows of a query, each checked by `schema`. Also for `INSERT … RETURNING` and `UPDATE … RETURNING`.
 * Parameters are written `$name` and bound, never interpolated.
 */
export async function rows<T>(reader: Reader, schema: z.ZodType<T>, sql: string, params: Params = {}): Promise<T[]> {
  checkParams(sql, params);
  // The leading comment keeps Sequelize's SQLite dialect from running INSERT … RETURNING without reading its rows.
  const found: unknown[] = await withStack(reader.sequelize.query(`/**/ ${sql}`, { ...options(reader, params), type: QueryTypes.SELECT }));
  return found.map((row) => schema.parse(row));
}

/** The first row, or null. */
export async function maybeOne<T>(reader: Reader, schema: z.ZodType<T>, sql: string, params: Params = {}): Promise<T | null> {
  const [first] = await rows(reader, schema, sql, params);
  return first ?? null;
}

/** The one row; its absence is a defect of the program. */
export async function one<T>(reader: Reader, schema: z.ZodType<T>, sql: string, params: Params = {}): Promise<T> {
  const row = await maybeOne(reader, schema, sql, params);
  if (row === null) throw new Error(`no row for: ${sql}`);
  return row;
}

/** A stored flag (0 or 1) as a boolean. */
export const Flag = z.number().transform((n) => n !== 0);

/** A stored document: JSON text, checked by `schema`. */
export const json = <T>(schema: z.ZodType<T>) => z.string().transform((text) => schema.parse(JSON.parse(text)));

/** A pattern for `lower(column) LIKE $p ESCAPE '!'` that finds texts holding what somebody typed, taken literally. */
export const containing = (typed: string): string => `%${typed.trim().toLowerCase().replace(/[!%_]/g, '!$&')}%`;

export const flag = (value: boolean): number => (value ? 1 : 0);
