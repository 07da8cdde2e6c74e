import { useText } from '~/text/react';
import { FileField, FormBox, SelectField, SubmitButton, TextAreaField, TextField, useFormReply } from '~/ui';
import type { HandIn } from './evidence-form.server';

export interface KindOfEvidence {
  code: string;
  titleZh: string;
  titleEn: string;
}

/** Hands in a certificate from outside with its scan; `kind` is the code that is chosen at first. */
export function EvidenceForm({ kinds, kind }: { kinds: KindOfEvidence[]; kind?: string | undefined }) {
  const { t, lang } = useText();
  const form = useFormReply<typeof HandIn>({ id: 'hand-in', ...(kind !== undefined && { defaultValue: { code: kind } }) });
  return (
    <FormBox form={form} multipart>
      <SelectField form={form} name="code" label={t('records.code')} hint={t('records.code-hint')}
        options={kinds.map((one) => ({ value: one.code, label: `${lang === 'zh' ? one.titleZh : one.titleEn}（${one.code}）` }))} />
      <TextField form={form} name="title" label={t('records.evidence-title')} hint={t('records.evidence-title-hint')} maxLength={120} />
      <TextField form={form} name="issuer" label={t('records.issuer')} maxLength={120} />
      <TextField form={form} name="issuedOn" type="date" width="middle" label={t('records.issued-on')} />
      <TextField form={form} name="validUntil" type="date" width="middle" label={t('records.valid-until')} hint={t('records.valid-until-hint')} optional />
      <FileField form={form} name="file" label={t('records.file')} hint={t('records.file-hint')} accept=".pdf,.png,.jpg,.jpeg,application/pdf,image/png,image/jpeg" />
      <TextAreaField form={form} name="note" label={t('records.note')} rows={3} optional />
      <SubmitButton>{t('records.submit')}</SubmitButton>
    </FormBox>
  );
}
