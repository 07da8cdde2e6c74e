import { json, redirect, type ActionFunctionArgs, type LoaderFunctionArgs } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { z } from 'zod';
import { reader } from '~/db';
import {
  accountRoles, authorise, changePassword, clientAddress, NewPassword, newPasswordRules, ownSignIns, SHORTEST_PASSWORD, signedIn, signOutElsewhere,
} from '~/identity';
import { personCard } from '~/people';
import { textFor } from '~/text';
import { langOf } from '~/text/lang';
import { useText } from '~/text/react';
import { Banner, DataTable, Facts, FormBox, InstantText, Page, PostButton, Section, SubmitButton, TextField, useFormReply } from '~/ui';
import { browserName } from '~/ui/browser-name';
import { parseOneOf } from '~/ui/form.server';
import { pageTitle } from '~/ui/page-title';

export const meta = pageTitle;

const PasswordForm = NewPassword.extend({ currentPassword: z.string().max(1000) });
const Elsewhere = z.object({});

export async function loader({ request }: LoaderFunctionArgs) {
  const actor = await signedIn(request);
  authorise(actor, 'manage own account');
  const card = actor.personId ? await personCard(reader(), actor.personId) : null;
  const roles = await accountRoles(reader(), actor.accountId);
  const done = new URL(request.url).searchParams.get('done');
  return json({
    heading: textFor(langOf(request)).t('identity.account'),
    signInName: actor.signInName,
    name: card?.name ?? null,
    numbers: card?.numbers ?? [],
    appointments: (card?.appointments ?? []).filter((one) => one.endedOn === null).map(({ id, organisationName, post }) => ({ id, organisationName, post })),
    roles: roles.map(({ id, role, organisation_name: organisation }) => ({ id, role, organisation })),
    signIns: await ownSignIns(actor),
    shortest: SHORTEST_PASSWORD,
    done: done === 'password' || done === 'elsewhere' ? done : null,
  });
}

export async function action({ request }: ActionFunctionArgs) {
  const actor = await signedIn(request);
  authorise(actor, 'manage own account');
  const form = await parseOneOf(request, { password: PasswordForm.superRefine(newPasswordRules(() => actor.signInName)), elsewhere: Elsewhere });
  if (!form.ok) return form.response;
  if (form.form === 'elsewhere') {
    await signOutElsewhere(actor);
    return redirect('/account?done=elsewhere');
  }
  const { currentPassword, password } = form.value;
  const changed = await changePassword(actor, { current: currentPassword, next: password, address: clientAddress(request) });
  return changed.ok ? redirect('/account?done=password') : form.refuse(changed.error);
}

export default function Account() {
  const { done, signIns } = useLoaderData<typeof loader>();
  const { t } = useText();
  return (
    <Page title={t('identity.account')} lead={t('identity.account-lead')}>
      {done && <Banner tone="success" title={t(done === 'password' ? 'identity.changed' : 'identity.signed-out-elsewhere')} />}
      <Particulars />
      <Section title={t('identity.change')}><ChangePassword /></Section>
      <Section title={t('identity.sign-ins')} actions={signIns.length > 1 && <PostButton fields={{ __form: 'elsewhere' }}>{t('identity.sign-out-elsewhere')}</PostButton>}>
        <p>{t('identity.sign-ins-lead')}</p>
        <SignIns />
      </Section>
    </Page>
  );
}

function Particulars() {
  const { signInName, name, numbers, appointments, roles } = useLoaderData<typeof loader>();
  const { t } = useText();
  const lines = (texts: string[]) => texts.map((text) => <div key={text}>{text}</div>);
  return (
    <Facts items={[
      ...(name ? [{ term: t('identity.person'), value: name }] : []),
      { term: t('identity.choose-name'), value: signInName },
      ...numbers.map(({ kind, value }) => ({ term: t(`identity.number.${kind}`), value })),
      ...(appointments.length > 0
        ? [{ term: t('identity.appointment'), value: lines(appointments.map(({ organisationName: organisation, post }) => t('identity.appointment-at', { organisation, post }))) }] : []),
      {
        term: t('identity.roles'),
        value: roles.length > 0 ? lines(roles.map(({ role, organisation }) => t('identity.role-at', { role: t(`identity.role.${role}`), organisation }))) : t('identity.roles-none'),
      },
    ]} />
  );
}

function ChangePassword() {
  const { signInName, shortest } = useLoaderData<typeof loader>();
  const { t } = useText();
  const form = useFormReply<typeof PasswordForm>({ id: 'password' });
  return (
    <>
      <p>{t('identity.change-lead')}</p>
      <FormBox form={form}>
        {/* Password managers want to know whose password it is. */}
        <input type="text" className="visually-hidden" name="username" value={signInName} autoComplete="username" readOnly tabIndex={-1} aria-hidden="true" />
        <TextField form={form} name="currentPassword" type="password" label={t('identity.current-password')} autoComplete="current-password" width="middle" />
        <TextField form={form} name="password" type="password" label={t('identity.new-password')} hint={t('identity.new-password-hint', { min: shortest })} autoComplete="new-password" width="middle" />
        <TextField form={form} name="passwordAgain" type="password" label={t('identity.new-password-again')} autoComplete="new-password" width="middle" />
        <SubmitButton>{t('identity.change-save')}</SubmitButton>
      </FormBox>
    </>
  );
}

function SignIns() {
  const { signIns } = useLoaderData<typeof loader>();
  const { t } = useText();
  return (
    <DataTable
      caption={t('identity.sign-ins')}
      rows={signIns}
      rowKey={(row) => row.id}
      empty=""
      columns={[
        { key: 'device', header: t('identity.device'), cell: (row) => {
          const device = browserName(row.agent) ?? t('identity.device-unknown');
          return row.here ? t('identity.device-here', { device }) : device;
        } },
        { key: 'address', header: t('identity.address'), cell: (row) => row.address },
        { key: 'started', header: t('identity.started'), cell: (row) => <InstantText at={row.startedAt} /> },
        { key: 'seen', header: t('identity.seen'), cell: (row) => <InstantText at={row.seenAt} /> },
      ]}
    />
  );
}
