import { json, type ActionFunctionArgs, type LoaderFunctionArgs } from '@remix-run/node';
import { useActionData, useLoaderData } from '@remix-run/react';
import { z } from 'zod';
import { reader } from '~/db';
import { makeWebhook, WEBHOOK_KINDS } from '~/exchange';
import { authorise, openApplication, signedIn } from '~/identity';
import { Id } from '~/kernel/id';
import { ProblemError } from '~/kernel/result';
import { organisationTree } from '~/people';
import { textFor } from '~/text';
import { langOf } from '~/text/lang';
import { useText } from '~/text/react';
import { Banner, ButtonLink, CheckboxGroupField, FormBox, Page, SelectField, SubmitButton, TextField, useFormReply } from '~/ui';
import { parseForm } from '~/ui/form.server';
import { pageTitle } from '~/ui/page-title';
import { organisationOptions } from '~/ui/people/organisation-options';

export const meta = pageTitle;

const Form = z.object({
  url: z.string().trim().min(10, 'field.too-short').max(500, 'field.too-long'), kinds: z.array(z.enum(WEBHOOK_KINDS)).min(1, 'field.tick'), organisationId: Id,
});

export async function loader({ request, params }: LoaderFunctionArgs) {
  const actor = await signedIn(request);
  authorise(actor, 'see administration');
  const application = await openApplication(actor, params['id'] ?? '');
  if (!application) throw new ProblemError({ code: 'not-found' });
  const units = await organisationTree(reader(), [application.organisationPath]);
  return json({
    heading: textFor(langOf(request)).t('webhooks.new'), id: application.id, name: application.name, organisationId: application.organisationId, kinds: WEBHOOK_KINDS,
    units: units.map(({ id, name, code, depth }) => ({ id, name, code, depth })),
  });
}

export async function action({ request, params }: ActionFunctionArgs) {
  const actor = await signedIn(request);
  authorise(actor, 'see administration');
  const form = await parseForm(request, Form);
  if (!form.ok) return form.response;
  const made = await makeWebhook(actor, { applicationId: params['id'] ?? '', ...form.value });
  if (!made.ok) return form.refuse(made.error);
  return json({ fresh: made.value }, { headers: { 'Cache-Control': 'no-store' } });
}

export default function NewWebhook() {
  const { id, name } = useLoaderData<typeof loader>();
  const answer = useActionData<typeof action>();
  const { t } = useText();
  const trail = [{ to: '/admin', label: t('admin.title') }, { to: '/admin/applications', label: t('applications.title') }, { to: `/admin/applications/${id}`, label: name }];
  if (answer && 'fresh' in answer) {
    return (
      <Page title={t('webhooks.new')} trail={trail}>
        <Banner tone="success" title={t('webhooks.secret-title')}>
          <p>{t('webhooks.secret-text')}</p>
          <p><strong className="code">{answer.fresh.secret}</strong></p>
        </Banner>
        <p>{t('webhooks.verify-text')}</p>
        <ButtonLink to={`/admin/webhooks/${answer.fresh.id}`} kind="primary">{t('webhooks.open')}</ButtonLink>
      </Page>
    );
  }
  return <Page title={t('webhooks.new')} lead={t('webhooks.new-lead')} trail={trail}><Fields /></Page>;
}

function Fields() {
  const { units, kinds, organisationId } = useLoaderData<typeof loader>();
  const { t } = useText();
  const form = useFormReply<typeof Form>({ defaultValue: { kinds: [...kinds], organisationId } });
  return (
    <FormBox form={form}>
      <TextField form={form} name="url" label={t('webhooks.url')} hint={t('webhooks.url-hint')} maxLength={500} />
      <CheckboxGroupField form={form} name="kinds" label={t('webhooks.kinds')} options={kinds.map((value) => ({ value, label: t(`webhooks.kind.${value}`) }))} />
      <SelectField form={form} name="organisationId" label={t('webhooks.organisation')} hint={t('webhooks.organisation-hint')} options={organisationOptions(units)} />
      <SubmitButton>{t('webhooks.create')}</SubmitButton>
    </FormBox>
  );
}
