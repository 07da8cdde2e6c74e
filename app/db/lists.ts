import type { Bindable, Reader } from './query';

/** `$p0, $p1, …` and the parameters to go with it, for `IN (…)`. */
export function places(values: Bindable[], prefix = 'p'): { list: string; params: Record<string, Bindable> } {
  return {
    list: values.map((_, i) => `$${prefix}${i}`).join(', '),
    params: Object.fromEntries(values.map((value, i) => [`${prefix}${i}`, value])),
  };
}

/** Values in parts that one statement takes well: the driver of SQLite looks each parameter up by name, one after the other. */
export const chunks = <T>(values: readonly T[], size = 500): T[][] =>
  Array.from({ length: Math.ceil(values.length / size) }, (_, i) => values.slice(i * size, (i + 1) * size));

/** What `work` answers for each part of the values, one part after the other, in one list. */
export async function inChunks<T, R>(values: readonly T[], work: (some: T[]) => Promise<readonly R[]>, size?: number): Promise<R[]> {
  const found: R[] = [];
  for (const some of chunks(values, size)) found.push(...await work(some));
  return found;
}

/**
 * A list of texts or of whole numbers as one parameter, for `IN (…)`: `line IN (${among(tx, 'lines', lines).list})`. For long
 * lists: a parameter for each costs more than finding the rows.
 */
export function among(from: Reader, name: string, values: readonly string[] | readonly number[]): { list: string; params: Record<string, string> } {
  if (values.length === 0) return { list: 'NULL', params: {} };
  const isText = typeof values[0] === 'string';
  const list = from.sequelize.getDialect() === 'sqlite' ? `SELECT value FROM json_each($${name})`
    : isText ? `SELECT json_array_elements_text($${name}::json)` : `SELECT CAST(json_array_elements_text($${name}::json) AS BIGINT)`;
  return { list, params: { [name]: JSON.stringify(values) } };
}
