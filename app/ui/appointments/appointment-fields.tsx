import type { useText } from '~/text/react';
import { SelectField, TextField } from '../form/fields';
import type { FormHandle } from '../form/form';
import { KINDS } from '../people/kinds';
import { NATURE_CHOICES } from './natures';

type Needed = Record<'kind' | 'nature' | 'post' | 'startOfDuty' | 'reason', unknown>;
type Fields = Needed & Partial<Record<'rank' | 'endsOn' | 'superior', unknown>>;

/** The fields of an appointment. Called, not rendered, so that the form's summary of errors finds their labels. */
export function appointmentFields<F extends Fields>(form: FormHandle<F>, { t }: Pick<ReturnType<typeof useText>, 't'>) {
  return (
    <>
      <SelectField form={form} name="nature" label={t('people.nature')} hint={t('appointments.nature-hint')} options={NATURE_CHOICES.map((value) => ({ value, label: t(`people.nature.${value}`) }))} />
      <SelectField form={form} name="kind" label={t('people.kind')} options={KINDS.map((value) => ({ value, label: t(`people.kind.${value}`) }))} />
      <TextField form={form} name="post" label={t('people.post')} width="middle" maxLength={60} />
      <TextField form={form} name="rank" label={t('people.rank')} width="middle" maxLength={40} optional />
      <TextField form={form} name="startOfDuty" type="date" label={t('people.start')} width="middle" />
      <TextField form={form} name="endsOn" type="date" label={t('appointments.ends-on')} hint={t('appointments.ends-on-hint')} width="middle" optional />
      <TextField form={form} name="superior" label={t('appointments.superior')} width="middle" maxLength={40} autoComplete="off" optional />
      <TextField form={form} name="reason" label={t('person.reason')} hint={t('units.reason-hint')} maxLength={300} />
    </>
  );
}
