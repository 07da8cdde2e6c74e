import { Link } from '@remix-run/react';
import type { input } from 'zod';
import { useText } from '~/text/react';
import { useFieldState } from '../form/field';
import { CheckboxField, CheckboxGroupField, RadioField, SelectField, SubmitButton, TextField } from '../form/fields';
import { FormBox, useFormReply, type FormHandle } from '../form/form';
import type { fieldsOf, HouseFields } from './house-form.server';

// Named here too: the rooms are the server's.
const KINDS = ['course', 'exam', 'credential', 'hours', 'event', 'external', 'declaration'] as const;
const RUNGS = ['-30', '-14', '-7', '-3', '-1', '0', '1', '7', '14'] as const;
const URGENT = ['when-needed', 'send', 'wait'] as const;
const AUDIENCES = ['person', 'manager', 'hr'] as const;
const OPTIONAL = ['sitting', 'result', 'credential', 'team', 'weekly'] as const;
const WEEKDAYS = [1, 2, 3, 4, 5] as const;
const HOURS = Array.from({ length: 24 }, (_, hour) => hour);

type Fields = input<typeof HouseFields>;

/** The house rules of notices; `version` marks the rules that are shown. */
export function HouseForm({ shown, version }: { shown: ReturnType<typeof fieldsOf>; version: string }) {
  const { t } = useText();
  const form = useFormReply<typeof HouseFields>({ id: 'house', defaultValue: { ...shown, version } });
  const audiences = AUDIENCES.map((value) => ({ value, label: t(`house.audience.${value}`) }));
  const rungs = RUNGS.map((value) => ({ value, label: t(`house.rung.${value}`) }));
  return (
    <FormBox form={form}>
      <Version form={form} />
      {form.meta.errors?.some(({ code }) => code === 'conflict.changed') && <p><Link to="/admin/notices/rules" reloadDocument>{t('house.reopen')}</Link></p>}
      <h2>{t('house.times')}</h2>
      <TextField form={form} name="quietFrom" type="time" width="short" label={t('house.quiet-from')} hint={t('house.quiet-hint')} />
      <TextField form={form} name="quietUntil" type="time" width="short" label={t('house.quiet-until')} />
      <RadioField form={form} name="urgentInQuiet" label={t('house.urgent')} hint={t('house.urgent-hint')} options={URGENT.map((value) => ({ value, label: t(`house.urgent.${value}`) }))} />
      <SelectField form={form} name="digestHour" label={t('house.digest-hour')} hint={t('house.digest-hint')} options={HOURS.map((hour) => ({ value: String(hour), label: t('preferences.hour-at', { hour }) }))} />
      <SelectField form={form} name="weeklyOn" label={t('house.weekly-on')} hint={t('house.weekly-hint')} options={WEEKDAYS.map((day) => ({ value: String(day), label: t(`house.weekday.${day}`) }))} />
      <h2>{t('house.ladders')}</h2>
      <p>{t('house.ladders-lead')}</p>
      <div className="rung-choices">
        {KINDS.map((kind) => <CheckboxGroupField key={kind} form={form} name={`ladders.${kind}`} label={t(`programme.kind.${kind}`)} options={rungs} />)}
      </div>
      <h2>{t('house.overdue')}</h2>
      <p>{t('house.overdue-lead')}</p>
      <SelectField form={form} name="audience.overdue1" label={t('house.rung.1')} options={audiences} />
      <SelectField form={form} name="audience.overdue7" label={t('house.rung.7')} options={audiences} />
      <SelectField form={form} name="audience.overdue14" label={t('house.rung.14')} options={audiences} />
      <h2>{t('house.people')}</h2>
      <CheckboxGroupField form={form} name="optional" label={t('house.optional')} hint={t('house.optional-hint')} optional options={OPTIONAL.map((value) => ({ value, label: t(`preferences.category.${value}`) }))} />
      <h2>{t('house.paper-title')}</h2>
      <CheckboxField form={form} name="paper" label={t('house.paper')} hint={t('house.paper-hint')} />
      <TextField form={form} name="paperAfterDays" type="text" inputMode="numeric" width="short" label={t('house.paper-after')} hint={t('house.paper-after-hint')} />
      <SubmitButton>{t('house.save')}</SubmitButton>
    </FormBox>
  );
}

/** Stays that of the page that was filled in: after a conflict, sending again must not overwrite what somebody else decided. */
function Version({ form }: { form: FormHandle<Fields> }) {
  const { key, name, initial } = useFieldState(form, 'version');
  return <input key={key} type="hidden" name={name} defaultValue={initial} />;
}
