import type { ReportQuery } from '~/reports';
import { useText } from '~/text/react';
import { CheckboxGroupField, RadioField, SelectField, TextField } from '../form/fields';
import { FormBox, useFormReply } from '../form/form';
import { SubmitButton } from '../form/fields';
import { Disclosure } from '../page/page';
import type { Choices } from './choices.server';

export interface ChooseFormProps {
  query: ReportQuery;
  choices: Choices;
  mayNamePeople: boolean;
}

/** What a report tells and of whom; the answer leads to the same page with a look at it. */
export function ChooseForm({ query, choices, mayNamePeople }: ChooseFormProps) {
  const { t } = useText();
  const usual = choices.columns.filter((one) => one.usual).map(({ value }) => value);
  const form = useFormReply<typeof ReportQuery>({ id: 'choose', defaultValue: { ...query, columns: query.columns.length > 0 ? query.columns : usual } });
  return (
    <FormBox form={form}>
      <input type="hidden" name="kind" value={query.kind} />
      {mayNamePeople
        ? <RadioField form={form} name="layout" label={t('reports.layout')} options={(['people', 'groups'] as const).map((value) => ({ value, label: t(`reports.layout.${value}`), hint: t(`reports.layout-hint.${value}`) }))} />
        : <input type="hidden" name="layout" value="groups" />}
      <SelectField form={form} name="organisationId" label={t('reports.column.organisation')} hint={t('reports.unit-hint')} options={choices.units} optional />
      <TextField form={form} name="on" type="date" width="short" label={t('reports.on')} hint={t('reports.on-hint')} optional />
      <SelectField form={form} name="groupBy" label={t('reports.group-by')} hint={t('reports.group-by-hint')} options={choices.groupings} />
      <CheckboxGroupField form={form} name="states" label={t('reports.states')} hint={t('reports.states-hint')} options={choices.states} optional />
      <Disclosure summary={t('reports.more')} open={isNarrowed(query) || form.meta.status === 'error'}>
        {query.kind !== 'hours' && <>
          <SelectField form={form} name="period" label={t('reports.period')} hint={t(`reports.period-hint.${query.kind}`)} options={choices.periods} />
          <TextField form={form} name="from" type="date" width="short" label={t('reports.from')} hint={t('reports.dates-hint')} optional />
          <TextField form={form} name="until" type="date" width="short" label={t('reports.until')} optional />
        </>}
        {choices.targets.length > 0 && <SelectField form={form} name="targetId" label={t(`reports.target-of.${targetKind(query.kind)}`)} options={choices.targets} optional />}
        {query.kind === 'clearance' && <SelectField form={form} name="gate" label={t('reports.gate')} options={choices.gates} />}
        <SelectField form={form} name="rank" label={t('reports.column.rank')} options={choices.ranks} optional />
        <SelectField form={form} name="intakeId" label={t('reports.column.intake')} options={choices.intakes} optional />
        <SelectField form={form} name="appointmentKind" label={t('reports.column.appointment-kind')} options={choices.kinds} optional />
      </Disclosure>
      {mayNamePeople && (
        <Disclosure summary={t('reports.columns')}>
          <CheckboxGroupField form={form} name="columns" label={t('reports.columns-of')} hint={t('reports.columns-hint')} options={choices.columns} optional />
        </Disclosure>
      )}
      <SubmitButton kind="secondary">{t('reports.show')}</SubmitButton>
    </FormBox>
  );
}

const isNarrowed = (query: ReportQuery): boolean =>
  query.period !== 'any' || [query.targetId, query.rank, query.intakeId, query.appointmentKind].some((one) => one !== undefined) || query.gate !== 'before-start-of-duty';

const targetKind = (kind: ReportQuery['kind']) => (kind === 'completion' ? 'course' : kind === 'results' ? 'exam' : 'programme');
