import { ReportQuery } from '~/reports';

/** The address that asks for a report, without what is as usual. */
export function searchOf(query: ReportQuery, more: Record<string, string> = {}): string {
  const asked = new URLSearchParams({ kind: query.kind, layout: query.layout });
  const put = (name: string, value: string | undefined, usual = '') => { if (value !== undefined && value !== usual) asked.set(name, value); };
  put('on', query.on);
  put('organisationId', query.organisationId);
  put('rank', query.rank);
  put('intakeId', query.intakeId);
  put('appointmentKind', query.appointmentKind);
  put('targetId', query.targetId);
  put('gate', query.gate, 'before-start-of-duty');
  put('period', query.period, 'any');
  put('from', query.period === 'dates' ? query.from : undefined);
  put('until', query.period === 'dates' ? query.until : undefined);
  put('groupBy', query.groupBy, 'organisation');
  for (const state of query.states) asked.append('states', state);
  for (const column of query.columns) asked.append('columns', column);
  for (const [name, value] of Object.entries(more)) asked.set(name, value);
  return `?${asked.toString()}`;
}

const MANY = new Set(['states', 'columns']);

/** The report that an address asks for; null when it asks for none that there is. */
export function queryOf(url: string): ReportQuery | null {
  const asked = new URL(url).searchParams;
  const given: Record<string, string | string[]> = {};
  for (const name of asked.keys()) {
    const values = asked.getAll(name).filter((value) => value !== '');
    if (values.length > 0) given[name] = MANY.has(name) ? values : values[0] ?? '';
  }
  const read = ReportQuery.safeParse(given);
  return read.success ? read.data : null;
}
