import { namesOf } from '~/audit';
import { reader } from '~/db';
import type { Roster, RosterRowFilter, ShownRow } from '~/exchange';
import type { Text } from '~/text';

const FILTERS = ['created', 'changed', 'moved', 'left', 'unchanged', 'wrong', 'open', 'stale', 'kept'] as const satisfies readonly RosterRowFilter[];

/** Which rows an address asks for. */
export const rowFilterOf = (asked: string | null): RosterRowFilter | null => FILTERS.find((known) => known === asked) ?? null;

/** Names of who brought, applied and took back a roster, and of others who are asked for. */
export async function causersOf(roster: Roster, others: readonly { by: string }[]) {
  const names = await namesOf(reader(), [roster.createdBy, roster.applyAskedBy ?? '', roster.undoAskedBy ?? '', ...others.map((one) => one.by)]);
  const name = (by: string | null) => names.get(by ?? '') ?? '';
  return { names, of: { created: name(roster.createdBy), applied: name(roster.applyAskedBy), undone: name(roster.undoAskedBy) } };
}

/** What is wrong with a cell: its column, what stands in it unless the sentence says so itself, and the sentence. */
export function faultWords(text: Text, column: string, { problem, typed }: ShownRow['problems'][number]): string {
  const sentence = text.problem(problem);
  return typed === '' || sentence.includes(typed) ? text.t('roster.bad-cell', { column, problem: sentence }) : text.t('roster.bad-cell-typed', { column, typed, problem: sentence });
}

/** What was done, in the ledger's words. */
export function wordedAct({ t, has }: Text, kind: string): string {
  const key = `admin.event.${kind}`;
  return has(key) ? t(key) : kind;
}
