import { QueryTypes } from 'sequelize';
import { chunks } from './lists';
import type { Bindable } from './query';
import { withStack } from './sqlite-query';
import type { Tx } from './transaction';

// Preparing a statement costs more than in proportion to its parameters: 20,000 in one took ten times as long as 1,000 in
// each of twenty. Fewer would make a batch of saves more than one statement.
const MAX_PARAMETERS = 1000;
/** Fewer rows than these are bound value by value; more come as one document, which costs a quarter of it. */
const FEW_ROWS = 5;
const MAX_ROWS = 500;

/**
 * Inserts rows that all have the same columns, in one statement each few hundred of them.
 * @param onConflict for example `ON CONFLICT (person_id, course_id) DO NOTHING`
 * @returns how many rows were inserted or changed
 */
export async function insert(tx: Tx, table: string, values: Record<string, Bindable>[], onConflict = ''): Promise<number> {
  const first = values[0];
  if (!first) return 0;
  const columns = Object.keys(first);
  let changed = 0;
  for (const some of chunks(values, MAX_ROWS)) {
    const document = some.length < FEW_ROWS ? null : documentOf(tx, table, columns, some);
    if (document !== null) changed += await run(tx, `INSERT INTO ${table} (${columns.join(',')}) ${fromDocument(tx, table, columns)} ${onConflict}`, [document]);
    else for (const few of chunks(some, Math.floor(MAX_PARAMETERS / columns.length))) changed += await insertBound(tx, table, columns, few, onConflict);
  }
  return changed;
}

/** What JSON cannot carry into every database: NUL, and halves of characters. */
const BEYOND_JSON = /\\u(?:0000|d[89a-f])/;

/** The rows as JSON, for SQLite each a list of its values; null when one of the values cannot be said in it. */
function documentOf(tx: Tx, table: string, columns: readonly string[], values: readonly Record<string, Bindable>[]): string | null {
  if (values.some((row) => columns.some((column) => Buffer.isBuffer(row[column])))) return null;
  const lists = values.map((row) => columns.map((column) => given(table, row, column)));
  const text = JSON.stringify(isSqlite(tx) ? lists : lists.map((list) => Object.fromEntries(columns.map((column, i) => [column, list[i]]))));
  return BEYOND_JSON.test(text) ? null : text;
}

const isSqlite = (tx: Tx): boolean => tx.sequelize.getDialect() === 'sqlite';

function given(table: string, row: Record<string, Bindable>, column: string): Bindable {
  const value = row[column];
  if (value === undefined) throw new Error(`${table}.${column} is missing`);
  return value;
}

/** The rows of a document of `documentOf`. PostgreSQL takes the types from the table, SQLite from the values. */
const fromDocument = (tx: Tx, table: string, columns: readonly string[]): string => (isSqlite(tx)
  ? `SELECT ${columns.map((_, i) => `value->>${i}`).join(',')} FROM json_each($1) WHERE true`
  : `SELECT ${columns.map((column) => `r.${column}`).join(',')} FROM json_populate_recordset(NULL::${table}, $1::json) AS r`);

async function insertBound(tx: Tx, table: string, columns: readonly string[], chunk: readonly Record<string, Bindable>[], onConflict: string): Promise<number> {
  const bind: Bindable[] = [];
  const tuples = chunk.map((row) => {
    const places = columns.map((column) => {
      bind.push(given(table, row, column));
      return `$${bind.length}`;
    });
    return `(${places.join(',')})`;
  });
  return run(tx, `INSERT INTO ${table} (${columns.join(',')}) VALUES ${tuples.join(',')} ${onConflict}`, bind);
}

async function run(tx: Tx, sql: string, bind: Bindable[]): Promise<number> {
  const changed: unknown = await withStack(tx.sequelize.query(sql, { bind, transaction: tx.transaction, type: QueryTypes.BULKUPDATE }));
  return Number(changed);
}
