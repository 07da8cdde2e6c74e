import { reader } from '~/db';
import type { Actor } from '~/identity';
import { organisationTree } from '~/people';
import { columnsOf, GROUPINGS, intakeChoices, PERIODS, rankChoices, reportReach, STATES, targetChoices, wordColumn, wordState, type ReportQuery } from '~/reports';
import type { Text } from '~/text';
import { organisationOptions } from '../people/organisation-options';

/** Everything that a report can be narrowed to, in words. */
export async function choicesFor(actor: Actor, query: ReportQuery, text: Text) {
  const paths = reportReach(actor).figures;
  const [units, ranks, intakes, targets] = await Promise.all([
    organisationTree(reader(), paths), rankChoices(reader(), paths), intakeChoices(reader(), paths), targetChoices(reader(), query.kind),
  ]);
  const { t, lang } = text;
  return {
    units: organisationOptions(units),
    ranks: [...ranks.map((value) => ({ value, label: value })), { value: 'none', label: t('reports.group-none') }],
    intakes: intakes.map(({ id, name }) => ({ value: id, label: name })),
    targets: targets.map(({ id, title }) => ({ value: id, label: title[lang] })),
    kinds: (['recruit', 'staff', 'leader'] as const).map((value) => ({ value, label: t(`people.kind.${value}`) })),
    gates: (['before-start-of-duty', 'before-confirmation', 'none'] as const).map((value) => ({ value, label: t(`reports.gate.${value}`) })),
    periods: PERIODS.map((value) => ({ value, label: t(`reports.period.${value}`) })),
    states: STATES[query.kind].map((value) => ({ value, label: wordState(text, query.kind, value) })),
    groupings: GROUPINGS.filter((one) => one !== 'month' || query.kind !== 'hours').map((value) => ({ value, label: t(`reports.group.${value}`) })),
    columns: columnsOf(query.kind).map((column) => ({ value: column.code, label: wordColumn(text, column), usual: column.usual })),
  };
}

export type Choices = Awaited<ReturnType<typeof choicesFor>>;
