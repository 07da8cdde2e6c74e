import { json, type ActionFunctionArgs, type LoaderFunctionArgs } from '@remix-run/node';
import { useActionData, useLoaderData } from '@remix-run/react';
import { z } from 'zod';
import { reader } from '~/db';
import { authorise, ROLES, scopePaths, signedIn } from '~/identity';
import { isPlainDate } from '~/kernel/calendar';
import { config } from '~/kernel/config';
import { APPOINTMENT_KINDS, createMember, createPureAccount, organisationTree } from '~/people';
import { textFor } from '~/text';
import { langOf } from '~/text/lang';
import { useText } from '~/text/react';
import { ButtonLink, FormBox, Page, Section, SelectField, SubmitButton, TextField, useFormReply } from '~/ui';
import { parseOneOf } from '~/ui/form.server';
import { pageTitle } from '~/ui/page-title';
import { FreshCodeBanner } from '~/ui/people/fresh-code';
import { KINDS } from '~/ui/people/kinds';
import { organisationOptions } from '~/ui/people/organisation-options';
import { ROLE_CHOICES } from '~/ui/people/roles';

export const meta = pageTitle;

const MemberForm = z.object({
  name: z.string().trim().max(60),
  staffNumber: z.string().trim().max(40),
  organisationId: z.string(),
  kind: z.enum(APPOINTMENT_KINDS),
  post: z.string().trim().max(60),
  rank: z.string().trim().max(40).optional(),
  startOfDuty: z.string().refine(isPlainDate, 'field.date'),
  email: z.email().max(120).optional(),
  phone: z.string().trim().max(25).optional(),
});
const PureForm = z.object({ signInName: z.string().max(60), role: z.enum(ROLES), organisationId: z.string() });

export async function loader({ request }: LoaderFunctionArgs) {
  const actor = await signedIn(request);
  authorise(actor, 'see accounts');
  const units = await organisationTree(reader(), scopePaths(actor, 'administrator'));
  return json({ heading: textFor(langOf(request)).t('admin.account-new'), units: units.map(({ id, name, code, depth }) => ({ id, name, code, depth })) });
}

export async function action({ request }: ActionFunctionArgs) {
  const actor = await signedIn(request);
  authorise(actor, 'see accounts');
  const form = await parseOneOf(request, { member: MemberForm, pure: PureForm });
  if (!form.ok) return form.response;
  const made = form.form === 'member' ? await createMember(actor, form.value) : await createPureAccount(actor, form.value);
  if (!made.ok) return form.refuse(made.error);
  return json({ fresh: { ...made.value, address: `${config().PUBLIC_URL ?? ''}/activate` } }, { headers: { 'Cache-Control': 'no-store' } });
}

export default function NewAccount() {
  const answer = useActionData<typeof action>();
  const { t } = useText();
  const trail = [{ to: '/admin', label: t('admin.title') }, { to: '/admin/accounts', label: t('admin.accounts') }];
  if (answer && 'fresh' in answer) {
    return (
      <Page title={t('admin.account-made')} trail={trail}>
        <FreshCodeBanner {...answer.fresh} />
        <ButtonLink to={`/admin/accounts/${answer.fresh.accountId}`}>{t('admin.account-lead', { name: answer.fresh.signInName })}</ButtonLink>
      </Page>
    );
  }
  return (
    <Page title={t('admin.account-new')} lead={t('admin.account-new-lead')} trail={trail}>
      <Section title={t('admin.member')}><p>{t('admin.member-lead')}</p><Member /></Section>
      <Section title={t('admin.pure')}><p>{t('admin.pure-lead')}</p><Pure /></Section>
    </Page>
  );
}

function Member() {
  const { units } = useLoaderData<typeof loader>();
  const { t } = useText();
  const form = useFormReply<typeof MemberForm>({ id: 'member', defaultValue: { kind: 'staff' } });
  return (
    <FormBox form={form}>
      <TextField form={form} name="name" label={t('admin.member-name')} width="middle" autoComplete="off" />
      <TextField form={form} name="staffNumber" label={t('admin.member-number')} width="middle" autoComplete="off" />
      <SelectField form={form} name="organisationId" label={t('admin.member-unit')} options={organisationOptions(units)} />
      <SelectField form={form} name="kind" label={t('admin.member-kind')} options={KINDS.filter((value) => value !== 'recruit').map((value) => ({ value, label: t(`people.kind.${value}`) }))} />
      <TextField form={form} name="post" label={t('admin.member-post')} width="middle" />
      <TextField form={form} name="rank" label={t('admin.member-rank')} width="middle" optional />
      <TextField form={form} name="startOfDuty" type="date" label={t('admin.member-start')} width="middle" />
      <TextField form={form} name="email" type="email" label={t('people.email')} width="middle" optional />
      <TextField form={form} name="phone" type="tel" label={t('people.phone')} width="middle" optional />
      <SubmitButton>{t('admin.member-save')}</SubmitButton>
    </FormBox>
  );
}

function Pure() {
  const { units } = useLoaderData<typeof loader>();
  const { t } = useText();
  const form = useFormReply<typeof PureForm>({ id: 'pure' });
  return (
    <FormBox form={form}>
      <TextField form={form} name="signInName" label={t('admin.pure-name')} hint={t('admin.pure-name-hint')} width="middle" autoComplete="off" />
      <SelectField form={form} name="role" label={t('admin.account-role')} options={ROLE_CHOICES.map((value) => ({ value, label: t(`identity.role.${value}`) }))} />
      <SelectField form={form} name="organisationId" label={t('admin.role-unit')} hint={t('admin.role-unit-hint')} options={organisationOptions(units)} />
      <SubmitButton kind="secondary">{t('admin.pure-save')}</SubmitButton>
    </FormBox>
  );
}
