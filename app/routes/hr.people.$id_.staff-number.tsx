import { json, redirect, type ActionFunctionArgs, type LoaderFunctionArgs } from '@remix-run/node';
import { useActionData, useLoaderData } from '@remix-run/react';
import { z } from 'zod';
import { checkStaffNumber, linkStaffNumber, openNumberLink } from '~/certification';
import { reader } from '~/db';
import { signedIn } from '~/identity';
import { ProblemError } from '~/kernel/result';
import { textFor } from '~/text';
import { langOf } from '~/text/lang';
import { useText } from '~/text/react';
import { Banner, ButtonLink, ButtonRow, DateText, Facts, FormBox, Page, Section, SubmitButton, TextField, useFormReply } from '~/ui';
import { parseOneOf } from '~/ui/form.server';
import { pageTitle } from '~/ui/page-title';

export const meta = pageTitle;

const Link = z.object({ staffNumber: z.string().trim().min(2, 'field.too-short').max(40, 'field.too-long') });

export async function loader({ request, params }: LoaderFunctionArgs) {
  const actor = await signedIn(request);
  const page = await openNumberLink(actor, params['id'] ?? '');
  if (!page) throw new ProblemError({ code: 'not-found' });
  return json({
    heading: textFor(langOf(request)).t('records.link'), id: page.card.id, name: page.card.name, numbers: page.card.numbers, start: page.start, hasAccount: page.hasAccount,
    done: new URL(request.url).searchParams.has('done'),
  });
}

export async function action({ request, params }: ActionFunctionArgs) {
  const actor = await signedIn(request);
  const id = params['id'] ?? '';
  if (!(await openNumberLink(actor, id))) throw new ProblemError({ code: 'not-found' });
  const form = await parseOneOf(request, { check: Link, confirm: Link });
  if (!form.ok) return form.response;
  const { staffNumber } = form.value;
  if (form.form === 'check') {
    const free = await checkStaffNumber(reader(), id, staffNumber);
    return free.ok ? json({ confirm: staffNumber }) : form.refuse(free.error);
  }
  const linked = await linkStaffNumber(actor, id, staffNumber);
  return linked.ok ? redirect(`/hr/people/${id}/staff-number?done=1`) : form.refuse(linked.error);
}

export default function StaffNumber() {
  const { heading, id, name, numbers, start, hasAccount, done } = useLoaderData<typeof loader>();
  const answer = useActionData<typeof action>();
  const { t } = useText();
  const has = numbers.some((one) => one.kind === 'staff');
  return (
    <Page title={heading} lead={t('records.link-lead')} trail={[{ to: '/hr/people', label: t('people.title') }, { to: `/hr/people/${id}`, label: name }]}>
      {done && !answer && <Banner tone="success" title={t('records.link-done')} />}
      <Facts items={[
        { term: t('records.person'), value: name },
        ...numbers.map(({ kind, value }) => ({ term: t(`identity.number.${kind}`), value: <span className="code">{value}</span> })),
        { term: t('records.link-start'), value: start ? <><DateText date={start.on} /> · {start.organisation}</> : t('records.link-start-none') },
      ]} />
      {!hasAccount && <p>{t('records.link-no-account')}</p>}
      {!has && start !== null && (answer && 'confirm' in answer ? <Confirm staffNumber={answer.confirm} /> : <CheckForm />)}
    </Page>
  );
}

function CheckForm() {
  const { t } = useText();
  const form = useFormReply<typeof Link>({ id: 'check' });
  return (
    <FormBox form={form}>
      <TextField form={form} name="staffNumber" label={t('records.link-number')} width="middle" maxLength={40} />
      <SubmitButton>{t('records.link-check')}</SubmitButton>
    </FormBox>
  );
}

function Confirm({ staffNumber }: { staffNumber: string }) {
  const { id, name, numbers } = useLoaderData<typeof loader>();
  const { t } = useText();
  const form = useFormReply<typeof Link>({ id: 'confirm' });
  return (
    <Section title={t('records.link-confirm-title')}>
      <Facts items={[
        { term: name, value: <span className="code code--large">{numbers.find((one) => one.kind === 'recruitment')?.value ?? '—'}</span> },
        { term: t('records.link-number'), value: <span className="code code--large">{staffNumber}</span> },
      ]} />
      <FormBox form={form}>
        <input type="hidden" name="staffNumber" value={staffNumber} />
        <ButtonRow><SubmitButton>{t('records.link-confirm')}</SubmitButton><ButtonLink to={`/hr/people/${id}/staff-number`}>{t('records.link-back')}</ButtonLink></ButtonRow>
      </FormBox>
    </Section>
  );
}
