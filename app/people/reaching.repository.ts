import type { Params } from '~/db';
import type { Reach } from '~/identity';

/** The condition that `column` lies where somebody may do something; `name` keeps its parameters apart from others. */
export function reaching(column: string, { under, beneath }: Reach, name = 'reach'): { sql: string; params: Params } {
  const parts = [
    ...under.map((_, i) => `${column} LIKE $${name}${i} || '%'`),
    ...beneath.map((_, i) => `(${column} LIKE $${name}b${i} || '%' AND ${column} <> $${name}b${i})`),
  ];
  if (parts.length === 0) return { sql: '1 = 0', params: {} };
  return {
    sql: `(${parts.join(' OR ')})`,
    params: { ...named(name, under), ...named(`${name}b`, beneath) },
  };
}

const named = (name: string, paths: readonly string[]): Params => Object.fromEntries(paths.map((path, i) => [`${name}${i}`, path]));
