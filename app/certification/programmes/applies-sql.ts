import type { Bindable } from '~/db';
import type { AppliesTo } from './applies-to';

export interface SqlCondition {
  sql: string;
  params: Record<string, Bindable>;
}

/**
 * The same rule as one condition of SQL over `ap` (appointments) and `o` (their organisations), so that previews and
 * publishing go by sets. Every value is bound. Nothing may come out as NULL: its negation would be NULL too.
 */
export function appliesSql(rule: AppliesTo): SqlCondition {
  const params: Record<string, Bindable> = {};
  const bind = (value: Bindable): string => {
    const name = `rule${Object.keys(params).length}`;
    params[name] = value;
    return `$${name}`;
  };
  return { sql: conditionOf(rule, bind), params };
}

function conditionOf(rule: AppliesTo, bind: (value: Bindable) => string): string {
  const anyOf = (parts: string[]): string => (parts.length === 0 ? '1 = 0' : `(${parts.join(' OR ')})`);
  const among = (column: string, values: string[]): string => `${column} IN (${values.map(bind).join(', ')})`;
  switch (rule.kind) {
    case 'all': return rule.of.length === 0 ? '1 = 1' : `(${rule.of.map((part) => conditionOf(part, bind)).join(' AND ')})`;
    case 'any': return anyOf(rule.of.map((part) => conditionOf(part, bind)));
    case 'not': return `NOT (${conditionOf(rule.of, bind)})`;
    case 'appointment': return among('ap.kind', rule.kinds);
    case 'nature': return among('ap.nature', rule.natures);
    case 'rank': return among(`COALESCE(ap.rank, '')`, rule.ranks);
    case 'post': return among('ap.post', rule.posts);
    // LIKE looks at case on one database and not on the other.
    case 'post-contains': return anyOf(rule.words.map((word) => `REPLACE(ap.post, ${bind(word)}, '') <> ap.post`));
    case 'organisation': return anyOf(rule.ids.map((id) => `o.path LIKE '%/' || ${bind(id)} || '/%'`));
    case 'intake': return among(`COALESCE(ap.intake_id, '')`, rule.ids);
    case 'start-of-duty': return [
      rule.from === undefined ? '1 = 1' : `ap.start_of_duty >= ${bind(rule.from)}`,
      rule.until === undefined ? '1 = 1' : `ap.start_of_duty <= ${bind(rule.until)}`,
    ].join(' AND ');
  }
}
