import type { ReactNode } from 'react';
import type { TextKey } from '~/text';
import { useText } from '~/text/react';
import { GroupFrame, useFieldState } from '../form/field';
import { CheckboxField, CheckboxGroupField, RadioField, SelectField, SubmitButton, TextField } from '../form/fields';
import { FormBox, useFormReply, type FormHandle } from '../form/form';
import type { ExamRules } from './rules-form.server';

interface SectionFields {
  zh: string;
  en: string;
  lines: number | string;
  minutes: number | string;
  oneWay: boolean;
}

export interface ExamRulesFormProps {
  zone: string;
  minutes: number;
  blueprint: { type: 'single' | 'multiple' | 'true-false' | 'order' | 'match' | 'short'; count: number; points: number }[];
  rules: {
    version: number;
    delivery: 'open' | 'sittings';
    opensAt: string;
    closesAt: string;
    maxAttempts: number;
    coolingOffHours: number;
    release: 'automatic' | 'by-person';
    toleranceSeconds: number;
    windowCutsExtra: boolean;
    ownTakeover: boolean;
    observed: string[];
    idleMinutes: number | string;
    sections: SectionFields[];
  };
}

const OBSERVED = ['left-page', 'paste', 'second-device', 'address-changed', 'idle', 'fast-answers'] as const;

/** What candidates would be told of a kind; two of them name figures that are fixed. */
const TOLD: Record<(typeof OBSERVED)[number], TextKey> = {
  'left-page': 'integrity.told.left-page', paste: 'integrity.told.paste', 'second-device': 'integrity.told.second-device',
  'address-changed': 'integrity.told.address-changed', idle: 'integrity.told.idle', 'fast-answers': 'settings.told-fast-answers',
};

/** All rules of an exam in one form, by topics. */
export function ExamRulesForm({ zone, minutes, blueprint, rules }: ExamRulesFormProps) {
  const { t } = useText();
  const form = useFormReply<typeof ExamRules>({ id: 'rules', defaultValue: rules });
  return (
    <FormBox form={form}>
      <input type="hidden" name="version" value={rules.version} />
      <h2>{t('settings.part-when')}</h2>
      <RadioField form={form} name="delivery" label={t('settings.delivery')} options={(['open', 'sittings'] as const).map((value) => ({ value, label: t(`settings.delivery.${value}`) }))} />
      <TextField form={form} name="opensAt" type="datetime-local" label={t('exams.settings-opens')} hint={t('exams.settings-time-hint', { zone })} width="middle" optional />
      <TextField form={form} name="closesAt" type="datetime-local" label={t('exams.settings-closes')} hint={t('exams.settings-time-hint', { zone })} width="middle" optional />
      <TextField form={form} name="maxAttempts" type="number" label={t('exams.settings-attempts')} width="short" inputMode="numeric" />
      <TextField form={form} name="coolingOffHours" type="number" label={t('exams.settings-cooling-off')} width="short" inputMode="numeric" />
      <SelectField form={form} name="release" label={t('exams.settings-release')} options={(['automatic', 'by-person'] as const).map((value) => ({ value, label: t(`exams.settings-release.${value}`) }))} />
      <h2>{t('settings.part-time')}</h2>
      <TextField form={form} name="toleranceSeconds" type="number" label={t('settings.tolerance')} hint={t('settings.tolerance-hint')} width="short" inputMode="numeric" />
      <CheckboxField form={form} name="windowCutsExtra" label={t('settings.window-cuts')} hint={t('settings.window-cuts-hint')} />
      <h2>{t('settings.part-device')}</h2>
      <CheckboxField form={form} name="ownTakeover" label={t('settings.takeover')} hint={t('settings.takeover-hint')} />
      <h2>{t('settings.part-observed')}</h2>
      <CheckboxGroupField form={form} name="observed" label={t('settings.observed')} hint={t('settings.observed-hint')} optional options={OBSERVED.map((value) => ({ value, label: t(`integrity.kind.${value}`), hint: t(TOLD[value]) }))} />
      <TextField form={form} name="idleMinutes" type="number" label={t('settings.idle')} hint={t('settings.idle-hint')} width="short" inputMode="numeric" optional />
      <h2>{t('settings.part-sections')}</h2>
      <ol className="plain-list">
        {blueprint.map((line, i) => <li key={i}>{t('settings.blueprint-line', { number: i + 1, type: t(`player.type.${line.type}`), count: line.count, points: line.points })}</li>)}
      </ol>
      <Sections form={form} label={t('settings.sections')} hint={t('settings.sections-hint', { lines: blueprint.length, minutes })}>
        {Array.from({ length: rules.sections.length + SPARE }, (_, i) => (
          <fieldset key={i} className="section-row">
            <legend>{t('settings.section', { number: i + 1 })}</legend>
            <div className="section-row-cells">
              <TextField form={form} name={`sections[${i}].zh`} label={t('settings.section-zh')} maxLength={60} optional />
              <TextField form={form} name={`sections[${i}].en`} label={t('settings.section-en')} maxLength={60} optional />
              <TextField form={form} name={`sections[${i}].lines`} type="number" inputMode="numeric" label={t('settings.section-lines')} optional />
              <TextField form={form} name={`sections[${i}].minutes`} type="number" inputMode="numeric" label={t('settings.section-minutes')} optional />
            </div>
            <CheckboxField form={form} name={`sections[${i}].oneWay`} label={t('settings.section-one-way')} />
          </fieldset>
        ))}
      </Sections>
      <SubmitButton>{t('exams.settings-save')}</SubmitButton>
    </FormBox>
  );
}

/** Free rows, so that sections can be added without scripts. */
const SPARE = 3;

/** Around the rows, which the form draws itself: only so do their labels stand in its summary of what is wrong. */
function Sections<S extends Record<string, unknown>>({ form, label, hint, children }: { form: FormHandle<S>; label: string; hint: string; children: ReactNode }) {
  const field = useFieldState(form, 'sections');
  return <GroupFrame field={field} label={label} hint={hint} optional>{children}</GroupFrame>;
}
