import type { ActKind, RowFilter } from '~/exchange';
import { ACTS } from './acts';
import { STATUSES } from './statuses';

/** Which rows of a list an address asks for. */
export function rowQuery(url: string): RowFilter {
  const query = new URL(url).searchParams;
  const wanted = query.get('status');
  const status = [...STATUSES, 'may-not' as const, 'not-started' as const].find((known) => known === wanted);
  const search = query.get('q')?.trim().slice(0, 100);
  return { ...(status && { status }), ...(search && { search }) };
}

/** What is to be done, and about whom: the rows that were ticked, or everybody whom the filter finds. */
export function chosenQuery(url: string): { kind: ActKind; filter: RowFilter } {
  const query = new URL(url).searchParams;
  const kind = ACTS.find((known) => known === query.get('kind')) ?? 'remind';
  return { kind, filter: query.has('all') ? rowQuery(url) : { lines: query.getAll('row').map(Number) } };
}
