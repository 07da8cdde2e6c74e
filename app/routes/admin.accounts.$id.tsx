import { json, redirect, type ActionFunctionArgs, type LoaderFunctionArgs } from '@remix-run/node';
import { useActionData, useLoaderData } from '@remix-run/react';
import { z } from 'zod';
import { eventsOf } from '~/audit';
import { reader } from '~/db';
import { accountRoles, authorise, findAccount, presentCode, ROLES, scopePaths, signedIn } from '~/identity';
import { clock } from '~/kernel/clock';
import { config } from '~/kernel/config';
import { ProblemError } from '~/kernel/result';
import {
  accountSeenBy, closeAccountOf, endRoleOf, findPerson, grantRoleTo, mayAdminister, newCodeForAccount, organisationTree, reopenAccountOf,
} from '~/people';
import { useText } from '~/text/react';
import { Banner, DataTable, Disclosure, Facts, FormBox, Page, PostButton, Section, SelectField, SubmitButton, TextField, useFormReply } from '~/ui';
import { parseOneOf } from '~/ui/form.server';
import { pageTitle } from '~/ui/page-title';
import { AccountStateTag } from '~/ui/people/account-states';
import { EventList } from '~/ui/people/event-list';
import { FreshCodeBanner } from '~/ui/people/fresh-code';
import { organisationOptions } from '~/ui/people/organisation-options';
import { ROLE_CHOICES } from '~/ui/people/roles';
import { shownEvents } from '~/ui/people/shown-events.server';

export const meta = pageTitle;

const GrantForm = z.object({ role: z.enum(ROLES), organisationId: z.string() });
const EndForm = z.object({ roleId: z.string() });
const ReasonForm = z.object({ reason: z.string().trim().min(2, 'field.too-short').max(300) });

export async function loader({ request, params }: LoaderFunctionArgs) {
  const actor = await signedIn(request);
  authorise(actor, 'see accounts');
  const account = await findAccount(reader(), params['id'] ?? '');
  if (!account || !(await accountSeenBy(reader(), actor, account))) throw new ProblemError({ code: 'not-found' });
  const person = account.personId ? await findPerson(reader(), account.personId) : null;
  const code = await presentCode(reader(), account.id);
  const units = await organisationTree(reader(), scopePaths(actor, 'administrator'));
  const done = new URL(request.url).searchParams.get('done');
  return json({
    heading: account.signInName, account, personName: person?.name ?? null,
    may: await mayAdminister(reader(), actor, account), own: account.id === actor.accountId,
    codeUntil: code && code.expires_at > clock.now() ? code.expires_at : null,
    roles: (await accountRoles(reader(), account.id)).map(({ id, role, organisation_name: organisation }) => ({ id, role, organisation })),
    units: units.map(({ id, name, code: unitCode, depth }) => ({ id, name, code: unitCode, depth })),
    events: await shownEvents(reader(), await eventsOf(reader(), { kind: 'account', id: account.id }, 50)),
    done: DONE.find((one) => one === done) ?? null,
  });
}

const DONE = ['role-granted', 'role-ended', 'closed', 'reopened'] as const;

export async function action({ request, params }: ActionFunctionArgs) {
  const actor = await signedIn(request);
  authorise(actor, 'see accounts');
  const accountId = params['id'] ?? '';
  const form = await parseOneOf(request, { grant: GrantForm, end: EndForm, code: ReasonForm, close: ReasonForm, reopen: ReasonForm });
  if (!form.ok) return form.response;
  const done = (what: (typeof DONE)[number]) => redirect(`/admin/accounts/${accountId}?done=${what}`);
  switch (form.form) {
    case 'grant': {
      const granted = await grantRoleTo(actor, { accountId, ...form.value });
      return granted.ok ? done('role-granted') : form.refuse(granted.error);
    }
    case 'end': {
      const ended = await endRoleOf(actor, { accountId, ...form.value });
      return ended.ok ? done('role-ended') : json({ problem: ended.error });
    }
    case 'code': {
      const made = await newCodeForAccount(actor, { accountId, ...form.value });
      if (!made.ok) return form.refuse(made.error);
      return json({ fresh: { ...made.value, address: `${config().PUBLIC_URL ?? ''}/activate` } }, { headers: { 'Cache-Control': 'no-store' } });
    }
    case 'close': {
      const closed = await closeAccountOf(actor, { accountId, ...form.value });
      return closed.ok ? done('closed') : form.refuse(closed.error);
    }
    case 'reopen': {
      const reopened = await reopenAccountOf(actor, { accountId, ...form.value });
      return reopened.ok ? done('reopened') : form.refuse(reopened.error);
    }
  }
}

export default function OneAccount() {
  const { account, personName, codeUntil, may, done, events } = useLoaderData<typeof loader>();
  const answer = useActionData<typeof action>();
  const { t, problem, dateTime } = useText();
  return (
    <Page title={t('admin.account-lead', { name: account.signInName })} width="wide"
      trail={[{ to: '/admin', label: t('admin.title') }, { to: '/admin/accounts', label: t('admin.accounts') }]}>
      {done && <Banner tone="success" title={t(`admin.${done}`)} />}
      {answer && 'problem' in answer && <Banner tone="danger" title={problem(answer.problem)} />}
      {answer && 'fresh' in answer && <FreshCodeBanner {...answer.fresh} />}
      {!may && <Banner tone="info" title={t('admin.account-out-of-scope')} />}
      <Facts items={[
        { term: t('admin.account-person'), value: personName ?? t('admin.account-pure') },
        { term: t('admin.account-state'), value: <AccountStateTag state={account.state} /> },
        { term: t('people.account-code'), value: codeUntil === null ? t('people.account-code-none') : t('people.account-code-until', { at: dateTime(codeUntil) }) },
      ]} />
      <Section title={t('admin.roles')}><Roles /></Section>
      {may && <Section title={t('people.account')}><Deeds /></Section>}
      <Section title={t('admin.history')}>
        <Disclosure summary={t('people.history-lead')}><EventList caption={t('admin.history')} events={events} /></Disclosure>
      </Section>
    </Page>
  );
}

function Roles() {
  const { roles, may, units } = useLoaderData<typeof loader>();
  const { t } = useText();
  const form = useFormReply<typeof GrantForm>({ id: 'grant' });
  const named = (row: (typeof roles)[number]) => ({ role: t(`identity.role.${row.role}`), organisation: row.organisation });
  return (
    <>
      <DataTable
        caption={t('admin.roles')}
        rows={roles}
        rowKey={(row) => row.id}
        empty={<p>{t('admin.roles-none')}</p>}
        columns={[
          { key: 'role', header: t('admin.account-role'), cell: (row) => t(`identity.role.${row.role}`) },
          { key: 'unit', header: t('admin.role-unit'), cell: (row) => row.organisation },
          ...(may ? [{ key: 'end', header: t('admin.role-end'), cell: (row: (typeof roles)[number]) => (
            <PostButton fields={{ __form: 'end', roleId: row.id }} label={t('admin.role-end-of', named(row))}>{t('admin.role-end')}</PostButton>
          ) }] : []),
        ]}
      />
      {may && (
        <Disclosure summary={t('admin.role-grant')} open={Object.keys(form.meta.allErrors).length > 0}>
          <FormBox form={form}>
            <SelectField form={form} name="role" label={t('admin.account-role')} options={ROLE_CHOICES.map((value) => ({ value, label: t(`identity.role.${value}`) }))} />
            <SelectField form={form} name="organisationId" label={t('admin.role-unit')} hint={t('admin.role-unit-hint')} options={organisationOptions(units)} />
            <SubmitButton kind="secondary">{t('admin.role-grant')}</SubmitButton>
          </FormBox>
        </Disclosure>
      )}
    </>
  );
}

function Deeds() {
  const { account, own } = useLoaderData<typeof loader>();
  if (account.state === 'closed') return <Deed deed="reopen" />;
  return <><Deed deed="code" />{!own && <Deed deed="close" danger />}</>;
}

/** Something that is done with a reason; what it means is said before. */
function Deed({ deed, danger }: { deed: 'code' | 'close' | 'reopen'; danger?: boolean }) {
  const { t } = useText();
  const form = useFormReply<typeof ReasonForm>({ id: deed });
  return (
    <Disclosure summary={t(`admin.${deed}`)} open={Object.keys(form.meta.allErrors).length > 0}>
      <p>{t(`admin.${deed}-lead`)}</p>
      <FormBox form={form}>
        <TextField form={form} name="reason" label={t('admin.reason')} maxLength={300} />
        <SubmitButton kind={danger ? 'danger' : 'secondary'}>{t(`admin.${deed}`)}</SubmitButton>
      </FormBox>
    </Disclosure>
  );
}
