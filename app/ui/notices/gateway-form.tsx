import type { input } from 'zod';
import { useText } from '~/text/react';
import { Code } from '../exchange/code';
import { CheckboxField, RadioField, SelectField, SubmitButton, TextAreaField, TextField } from '../form/fields';
import { FormBox, type FormHandle } from '../form/form';
import { Disclosure } from '../page/page';
import { GATEWAY_KINDS_SHOWN, WAYS_TO_NAME } from './gateway-fields';
import type { GatewayFields } from './gateway-form.server';

/** What a gateway is set up with. A secret that is kept already need not be typed again. */
export function GatewayFieldsForm({ form, examples, placeholders, kept, version }: { form: FormHandle<input<typeof GatewayFields>>; examples: Record<string, string>; placeholders: readonly string[]; kept: boolean; version?: number }) {
  const { t, has } = useText();
  return (
    <FormBox form={form}>
      {version !== undefined && <input type="hidden" name="version" value={version} />}
      <TextField form={form} name="name" label={t('gateways.name')} hint={t('gateways.name-hint')} maxLength={60} />
      <RadioField form={form} name="kind" label={t('gateways.kind')} options={GATEWAY_KINDS_SHOWN.map((value) => ({ value, label: t(`gateways.kind.${value}`) }))} />
      <TextField form={form} name="url" label={t('gateways.url')} hint={t('gateways.url-hint')} maxLength={500} />
      <SelectField form={form} name="addressedBy" label={t('gateways.addressed-by')} options={WAYS_TO_NAME.map((value) => ({ value, label: t(`gateways.addressed-by.${value}`) }))} />
      <TextAreaField form={form} name="body" label={t('gateways.body')} hint={t('gateways.body-hint', { names: placeholders.map((name) => `{{${name}}}`).join(' ') })} rows={4} />
      <Disclosure summary={t('gateways.examples')}>
        {Object.entries(examples).map(([name, body]) => {
          const key = `gateways.example.${name}`;
          return <div key={name}><p>{has(key) ? t(key) : name}</p><Code>{body}</Code></div>;
        })}
      </Disclosure>
      <TextField form={form} name="signingPassword" type="password" label={t('gateways.secret')} hint={`${t('gateways.secret-hint')}${kept ? ` ${t('gateways.secret-keep')}` : ''}`} optional={kept} autoComplete="off" />
      <p className="soft small">{t('gateways.signed')}</p>
      <CheckboxField form={form} name="knowsRepeats" label={t('gateways.knows-repeats')} hint={t('gateways.knows-repeats-hint')} />
      <CheckboxField form={form} name="active" label={t('gateways.active')} />
      <SubmitButton>{t('gateways.save')}</SubmitButton>
    </FormBox>
  );
}
