import { json, redirect, type ActionFunctionArgs, type LoaderFunctionArgs } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { authorise, signedIn } from '~/identity';
import { BODY_EXAMPLES, BODY_PLACEHOLDERS, makeGateway } from '~/notices';
import { textFor } from '~/text';
import { langOf } from '~/text/lang';
import { useText } from '~/text/react';
import { Page, useFormReply } from '~/ui';
import { parseForm } from '~/ui/form.server';
import { GatewayFieldsForm } from '~/ui/notices/gateway-form';
import { GatewayFields } from '~/ui/notices/gateway-form.server';
import { pageTitle } from '~/ui/page-title';

export const meta = pageTitle;

export async function loader({ request }: LoaderFunctionArgs) {
  authorise(await signedIn(request), 'set notices');
  return json({ heading: textFor(langOf(request)).t('gateways.new'), examples: BODY_EXAMPLES, placeholders: BODY_PLACEHOLDERS });
}

export async function action({ request }: ActionFunctionArgs) {
  const actor = await signedIn(request);
  authorise(actor, 'set notices');
  const form = await parseForm(request, GatewayFields);
  if (!form.ok) return form.response;
  const { signingPassword: secret, version: _, ...fields } = form.value;
  if (secret === undefined) return form.refuse({ code: 'field.required', field: 'signingPassword' });
  const made = await makeGateway(actor, { ...fields, secret });
  return made.ok ? redirect(`/admin/gateways/${made.value}?done=saved`) : form.refuse(made.error);
}

export default function NewGateway() {
  const { examples, placeholders } = useLoaderData<typeof loader>();
  const { t } = useText();
  const form = useFormReply<typeof GatewayFields>({ defaultValue: { kind: 'sms', addressedBy: 'phone', body: examples.sms, active: true } });
  return (
    <Page title={t('gateways.new')} lead={t('gateways.lead')} trail={[{ to: '/admin', label: t('shell.nav-admin') }, { to: '/admin/gateways', label: t('gateways.title') }]}>
      <GatewayFieldsForm form={form} examples={examples} placeholders={placeholders} kept={false} />
    </Page>
  );
}
