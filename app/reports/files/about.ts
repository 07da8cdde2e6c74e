import type { Text } from '~/text';
import type { Instant } from '~/kernel/clock';
import { statesOf, STATES } from '../report';
import type { Prepared } from '../rows/rows.service';
import { wordState } from '../words';

/** What a report is about, line by line: for paper, and for the second sheet. */
export function aboutLines(text: Text, { query, on, root, units, span, detail }: Prepared, madeAt: Instant, named: { intake: string | null; target: string | null }): string[] {
  const { t } = text;
  const states = statesOf(query);
  const filters: [string, string | null | undefined][] = [
    [t('reports.column.rank'), query.rank === 'none' ? t('reports.group-none') : query.rank], [t('reports.column.intake'), named.intake],
    [t('reports.column.appointment-kind'), query.appointmentKind && t(`people.kind.${query.appointmentKind}`)], [t('reports.target'), named.target],
  ];
  return [
    t('reports.about-kind', { kind: t(`reports.kind.${query.kind}`), layout: t(`reports.layout.${query.layout}`) }),
    t('reports.about-on', { on: text.date(on) }),
    root ? t('reports.about-unit', { unit: root.name }) : t('reports.about-units', { n: units.length }),
    ...(span ? [t('reports.about-period', { from: text.date(span.from), until: text.date(span.until) })] : []),
    ...(states.length < STATES[query.kind].length ? [t('reports.about-states', { states: states.map((state) => wordState(text, query.kind, state)).join(t('reports.and')) })] : []),
    ...filters.flatMap(([name, value]) => (value ? [t('reports.about-filter', { name, value })] : [])),
    t('reports.about-made', { at: text.dateTime(madeAt) }),
    ...(detail ? [] : [t('reports.hidden-note')]),
  ];
}
