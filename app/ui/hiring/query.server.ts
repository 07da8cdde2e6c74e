import type { RowFilter } from '~/exchange';
import { STATUSES } from './statuses';

/** Which rows of a list an address asks for. */
export function rowQuery(url: string): RowFilter {
  const query = new URL(url).searchParams;
  const wanted = query.get('status');
  const status = [...STATUSES, 'may-not' as const, 'not-started' as const].find((known) => known === wanted);
  const search = query.get('q')?.trim().slice(0, 100);
  return { ...(status && { status }), ...(search && { search }) };
}
