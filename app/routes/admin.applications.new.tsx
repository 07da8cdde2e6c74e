import { json, type ActionFunctionArgs, type LoaderFunctionArgs } from '@remix-run/node';
import { useActionData, useLoaderData } from '@remix-run/react';
import { z } from 'zod';
import { reader } from '~/db';
import { API_BASE } from '~/exchange';
import { APPLICATION_SCOPES, authorise, createApplication, scopePaths, signedIn } from '~/identity';
import { addDays, dateAt, isPlainDate } from '~/kernel/calendar';
import { clock } from '~/kernel/clock';
import { config, publicUrl } from '~/kernel/config';
import { Id } from '~/kernel/id';
import { organisationTree } from '~/people';
import { textFor } from '~/text';
import { langOf } from '~/text/lang';
import { useText } from '~/text/react';
import { ButtonLink, CheckboxGroupField, FormBox, Page, SelectField, SubmitButton, TextField, useFormReply } from '~/ui';
import { FreshToken } from '~/ui/exchange/fresh-token';
import { parseForm } from '~/ui/form.server';
import { pageTitle } from '~/ui/page-title';
import { organisationOptions } from '~/ui/people/organisation-options';

export const meta = pageTitle;

const Form = z.object({
  name: z.string().trim().min(2, 'field.too-short').max(80, 'field.too-long'), organisationId: Id, scopes: z.array(z.enum(APPLICATION_SCOPES)).min(1, 'field.tick'),
  expiresOn: z.string().refine(isPlainDate, 'field.date'),
});

export async function loader({ request }: LoaderFunctionArgs) {
  const actor = await signedIn(request);
  authorise(actor, 'see administration');
  const units = await organisationTree(reader(), scopePaths(actor, 'administrator'));
  return json({
    heading: textFor(langOf(request)).t('applications.new'), scopes: APPLICATION_SCOPES, expiresOn: addDays(dateAt(clock.now(), config().TIME_ZONE), 365),
    units: units.map(({ id, name, code, depth }) => ({ id, name, code, depth })),
  });
}

export async function action({ request }: ActionFunctionArgs) {
  const actor = await signedIn(request);
  authorise(actor, 'see administration');
  const form = await parseForm(request, Form);
  if (!form.ok) return form.response;
  const made = await createApplication(actor, form.value);
  if (!made.ok) return form.refuse(made.error);
  return json({ fresh: { ...made.value, address: `${publicUrl()}${API_BASE}/people` } }, { headers: { 'Cache-Control': 'no-store' } });
}

export default function NewApplication() {
  const answer = useActionData<typeof action>();
  const { t } = useText();
  const trail = [{ to: '/admin', label: t('admin.title') }, { to: '/admin/applications', label: t('applications.title') }];
  if (answer && 'fresh' in answer) {
    return (
      <Page title={t('applications.new')} trail={trail}>
        <FreshToken token={answer.fresh.token} address={answer.fresh.address} />
        <ButtonLink to={`/admin/applications/${answer.fresh.id}`}>{t('applications.open')}</ButtonLink>
      </Page>
    );
  }
  return <Page title={t('applications.new')} lead={t('applications.lead')} trail={trail}><Fields /></Page>;
}

function Fields() {
  const { units, scopes, expiresOn } = useLoaderData<typeof loader>();
  const { t } = useText();
  const form = useFormReply<typeof Form>({ defaultValue: { expiresOn } });
  return (
    <FormBox form={form}>
      <TextField form={form} name="name" label={t('applications.name')} hint={t('applications.name-hint')} maxLength={80} />
      <SelectField form={form} name="organisationId" label={t('applications.organisation')} hint={t('applications.organisation-hint')} options={organisationOptions(units)} />
      <CheckboxGroupField form={form} name="scopes" label={t('applications.scopes')} options={scopes.map((value) => ({ value, label: t(`applications.scope.${value}`) }))} />
      <TextField form={form} name="expiresOn" type="date" label={t('applications.expires')} hint={t('applications.expires-hint')} width="middle" />
      <SubmitButton>{t('applications.create')}</SubmitButton>
    </FormBox>
  );
}
