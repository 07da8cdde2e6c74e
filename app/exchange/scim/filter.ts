import { parse, type AttrExp, type Filter } from 'scim2-parse-filter';
import type { Bindable } from '~/db';

/** Why a filter cannot be answered; the text is for whoever wrote it. */
export class UnanswerableFilter extends Error {}

export function readFilter(expression: string): Filter {
  try {
    return parse(expression);
  } catch (error) {
    throw new UnanswerableFilter(error instanceof Error ? error.message : 'the filter cannot be read');
  }
}

/** An attribute as a column: text is compared without regard to case, as the protocol has it for all that we hold. */
export interface Column {
  sql: string;
  kind: 'text' | 'exact' | 'flag' | 'instant';
}

export interface Condition {
  sql: string;
  params: Record<string, Bindable>;
}

const bare = (path: string): string => path.toLowerCase().replace(/^urn:ietf:params:scim:schemas:(?:core|extension:enterprise):2\.0:user:/, '');

/**
 * A filter of the protocol as a condition of SQL; every value is bound. `columns` by attribute in lower case.
 * @throws UnanswerableFilter for an attribute that cannot be asked for
 */
export function filterSql(filter: Filter, columns: Readonly<Record<string, Column>>): Condition {
  const params: Record<string, Bindable> = {};
  const bind = (value: Bindable): string => {
    const name = `filter${Object.keys(params).length}`;
    params[name] = value;
    return `$${name}`;
  };
  const column = (path: string): Column => {
    const found = columns[bare(path)];
    if (!found) throw new UnanswerableFilter(`the attribute ${path} cannot be filtered by`);
    return found;
  };
  const told = (one: Filter, prefix: string): string => {
    switch (one.op) {
      case 'and': case 'or': return `(${one.filters.map((part) => told(part, prefix)).join(one.op === 'and' ? ' AND ' : ' OR ')})`;
      case 'not': return `NOT (${told(one.filter, prefix)})`;
      case '[]': return told(one.valFilter, `${prefix}${one.attrPath}.`);
      default: return compared(one, column(`${prefix}${one.attrPath}`), bind);
    }
  };
  return { sql: told(filter, ''), params };
}

type Bind = (value: Bindable) => string;

function compared(one: AttrExp, { sql, kind }: Column, bind: Bind): string {
  if (one.op === 'pr') return kind === 'text' ? `COALESCE(${sql}, '') <> ''` : `${sql} IS NOT NULL`;
  const value = one.compValue;
  if (value === null) return one.op === 'ne' ? `${sql} IS NOT NULL` : `${sql} IS NULL`;
  if (kind === 'flag') return flagSql(one.op, sql, value, bind);
  if (kind === 'instant') return `COALESCE(${sql} ${sign(one.op)} ${bind(instantOf(value))}, 1 = 0)`;
  const [held, asked] = kind === 'exact' ? [sql, String(value)] : [`lower(${sql})`, String(value).toLowerCase()];
  const like = (pattern: string): string => `COALESCE(${held} LIKE ${bind(pattern)} ESCAPE '!', 1 = 0)`;
  const literal = asked.replace(/[!%_]/g, '!$&');
  switch (one.op) {
    case 'eq': return `COALESCE(${held} = ${bind(asked)}, 1 = 0)`;
    case 'ne': return `COALESCE(${held} <> ${bind(asked)}, 1 = 1)`;
    case 'co': return like(`%${literal}%`);
    case 'sw': return like(`${literal}%`);
    case 'ew': return like(`%${literal}`);
    default: return `COALESCE(${held} ${sign(one.op)} ${bind(asked)}, 1 = 0)`;
  }
}

/** Some directories write `"True"` where a boolean belongs. */
function flagSql(op: string, sql: string, value: boolean | number | string, bind: Bind): string {
  const asked = typeof value === 'boolean' ? value : /^(true|false)$/i.test(String(value)) ? /^true$/i.test(String(value)) : null;
  if (asked === null || (op !== 'eq' && op !== 'ne')) throw new UnanswerableFilter('a boolean is compared by eq or ne with true or false');
  return `(${sql}) = ${bind((op === 'eq') === asked ? 1 : 0)}`;
}

function instantOf(value: boolean | number | string): number {
  const at = typeof value === 'string' ? Date.parse(value) : NaN;
  if (Number.isNaN(at)) throw new UnanswerableFilter(`${String(value)} is no instant`);
  return at;
}

const SIGNS: Readonly<Record<string, string>> = { eq: '=', ne: '<>', gt: '>', ge: '>=', lt: '<', le: '<=' };
function sign(op: string): string {
  const found = SIGNS[op];
  if (found === undefined) throw new UnanswerableFilter(`${op} is for text`);
  return found;
}

/** What an object holds under a path of lower-case names; lists give each of their members' values. */
export type Lookup = (path: string) => readonly unknown[];

/** Whether an object meets a filter, for the few that are in memory. Compares as `filterSql` does. */
export function meets(filter: Filter, lookup: Lookup, prefix = ''): boolean {
  switch (filter.op) {
    case 'and': return filter.filters.every((part) => meets(part, lookup, prefix));
    case 'or': return filter.filters.some((part) => meets(part, lookup, prefix));
    case 'not': return !meets(filter.filter, lookup, prefix);
    case '[]': return meets(filter.valFilter, lookup, `${prefix}${filter.attrPath}.`);
    default: return fits(filter, lookup(`${prefix}${filter.attrPath}`.toLowerCase()));
  }
}

function fits(one: AttrExp, values: readonly unknown[]): boolean {
  const held = values.filter((value) => value !== null && value !== undefined && value !== '').map((value) => String(value).toLowerCase());
  if (one.op === 'pr') return held.length > 0;
  if (one.compValue === null) return (one.op === 'ne') === held.length > 0;
  const asked = String(one.compValue).toLowerCase();
  switch (one.op) {
    case 'eq': return held.includes(asked);
    case 'ne': return !held.includes(asked);
    case 'co': return held.some((value) => value.includes(asked));
    case 'sw': return held.some((value) => value.startsWith(asked));
    case 'ew': return held.some((value) => value.endsWith(asked));
    case 'gt': return held.some((value) => value > asked);
    case 'ge': return held.some((value) => value >= asked);
    case 'lt': return held.some((value) => value < asked);
    case 'le': return held.some((value) => value <= asked);
  }
}
