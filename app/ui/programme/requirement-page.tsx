import { useText } from '~/text/react';
import { ButtonLink, ButtonRow } from '../button/button';
import { RadioField, SelectField, SubmitButton, TextAreaField, TextField } from '../form/fields';
import { FormBox, useFormReply } from '../form/form';
import { Page } from '../page/page';
import type { RequirementForm } from './programme-forms.server';

export interface RequirementPageData {
  heading: string;
  id: string;
  version: number;
  programmeId: string;
  title: string;
  number: number;
  kind: 'course' | 'exam' | 'credential' | 'hours' | 'event' | 'external' | 'declaration';
  changes: boolean;
  typed: Record<string, unknown>;
  groups: { value: string; label: string }[];
  choices: { value: string; label: string }[];
}

const WINDOWS = ['calendar-year', 'months', 'dates'] as const;

/** The form of one requirement; only the fields of its kind. */
export function RequirementPage({ data }: { data: RequirementPageData }) {
  const { t } = useText();
  const form = useFormReply<typeof RequirementForm>({ defaultValue: data.typed });
  const back = `/admin/programmes/versions/${data.id}#requirements`;
  return (
    <Page title={data.heading} lead={t(`programme.kind-hint.${data.kind}`)} trail={[
      { to: '/admin/programmes', label: t('programme.title') }, { to: `/admin/programmes/${data.programmeId}`, label: data.title }, { to: back, label: t('programme.version-n', { number: data.number }) },
    ]}>
      <FormBox form={form}>
        <input type="hidden" name="version" value={data.version} />
        <Fields form={form} data={data} />
        {data.groups.length > 1 ? <SelectField form={form} name="to" label={t('programme.field.where')} options={data.groups} /> : <input type="hidden" name="to" value="top" />}
        <ButtonRow><SubmitButton>{t(data.changes ? 'programme.save' : 'programme.req-add')}</SubmitButton><ButtonLink to={back} kind="quiet">{t('programme.cancel')}</ButtonLink></ButtonRow>
      </FormBox>
    </Page>
  );
}


function Fields({ form, data }: { form: ReturnType<typeof useFormReply<typeof RequirementForm>>; data: RequirementPageData }) {
  const { t } = useText();
  switch (data.kind) {
    case 'course': return <SelectField form={form} name="course" label={t('programme.field.course')} options={data.choices} />;
    case 'credential': return <SelectField form={form} name="programme" label={t('programme.field.programme')} options={data.choices} />;
    case 'exam': return (
      <>
        <SelectField form={form} name="exam" label={t('programme.field.exam')} options={data.choices} />
        <TextField form={form} name="cut" type="number" inputMode="decimal" width="short" label={t('programme.field.cut')} hint={t('programme.field.cut-hint')} optional />
      </>
    );
    case 'hours': return (
      <>
        <TextField form={form} name="hours" inputMode="decimal" width="short" label={t('programme.field.hours')} hint={t('programme.field.hours-hint')} />
        <RadioField form={form} name="window" label={t('programme.field.window')} options={WINDOWS.map((value) => ({ value, label: t(`programme.window.${value}`) }))} />
        <div className="combination-form">
          <TextField form={form} name="windowMonths" type="number" inputMode="numeric" label={t('programme.field.window-months')} optional />
          <TextField form={form} name="windowFrom" type="date" label={t('programme.field.window-from')} optional />
          <TextField form={form} name="windowUntil" type="date" label={t('programme.field.window-until')} optional />
        </div>
      </>
    );
    default: return <Named form={form} kind={data.kind} />;
  }
}

function Named({ form, kind }: { form: ReturnType<typeof useFormReply<typeof RequirementForm>>; kind: 'event' | 'external' | 'declaration' }) {
  const { t } = useText();
  return (
    <>
      <TextField form={form} name="titleZh" label={t('programme.field.req-title-zh')} maxLength={80} />
      <TextField form={form} name="titleEn" label={t('programme.field.req-title-en')} maxLength={80} />
      <TextField form={form} name="code" label={t('programme.field.code')} hint={t('programme.field.code-hint')} width="middle" maxLength={60} />
      {kind === 'declaration' && <TextAreaField form={form} name="textZh" label={t('programme.field.text-zh')} rows={6} />}
      {kind === 'declaration' && <TextAreaField form={form} name="textEn" label={t('programme.field.text-en')} rows={6} />}
    </>
  );
}
