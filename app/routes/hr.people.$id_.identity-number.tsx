import { json, type ActionFunctionArgs, type LoaderFunctionArgs } from '@remix-run/node';
import { useActionData, useLoaderData } from '@remix-run/react';
import { z } from 'zod';
import { signedIn } from '~/identity';
import { ProblemError } from '~/kernel/result';
import { openFullNumber, readFullNumber } from '~/people';
import { textFor } from '~/text';
import { langOf } from '~/text/lang';
import { useText } from '~/text/react';
import { Banner, Facts, FormBox, Page, SubmitButton, TextField, useFormReply } from '~/ui';
import { parseForm } from '~/ui/form.server';
import { pageTitle } from '~/ui/page-title';

export const meta = pageTitle;

const Why = z.object({ reason: z.string().trim().min(2, 'field.too-short').max(300, 'field.too-long') });

export async function loader({ request, params }: LoaderFunctionArgs) {
  const actor = await signedIn(request);
  const person = await openFullNumber(actor, params['id'] ?? '');
  if (!person) throw new ProblemError({ code: 'not-found' });
  return json({ heading: textFor(langOf(request)).t('people.full-number'), ...person });
}

export async function action({ request, params }: ActionFunctionArgs) {
  const actor = await signedIn(request);
  const id = params['id'] ?? '';
  if (!(await openFullNumber(actor, id))) throw new ProblemError({ code: 'not-found' });
  const form = await parseForm(request, Why);
  if (!form.ok) return form.response;
  const read = await readFullNumber(actor, id, form.value.reason);
  return read.ok ? json({ number: read.value }, { headers: { 'Cache-Control': 'no-store' } }) : form.refuse(read.error);
}

export default function FullNumber() {
  const { heading, id, name, masked } = useLoaderData<typeof loader>();
  const answer = useActionData<typeof action>();
  const { t } = useText();
  const form = useFormReply<typeof Why>();
  const number = answer && 'number' in answer ? answer.number : null;
  return (
    <Page title={heading} lead={t('people.full-number-lead')} trail={[{ to: '/hr/people', label: t('people.title') }, { to: `/hr/people/${id}`, label: name }]}>
      {number !== null && <Banner tone="success" title={t('people.full-number-shown')} />}
      <Facts items={[{ term: t('records.person'), value: name }, { term: t('identity.number.national'), value: <span className="code code--large">{number ?? masked}</span> }]} />
      {number === null && (
        <FormBox form={form}>
          <TextField form={form} name="reason" label={t('people.full-number-reason')} hint={t('people.full-number-reason-hint')} maxLength={300} />
          <SubmitButton>{t('people.full-number-show')}</SubmitButton>
        </FormBox>
      )}
    </Page>
  );
}
