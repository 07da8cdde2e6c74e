import { json, redirect, type ActionFunctionArgs, type LoaderFunctionArgs } from '@remix-run/node';
import { Link, useLoaderData } from '@remix-run/react';
import { z } from 'zod';
import { credentialsOf } from '~/certification';
import { reader } from '~/db';
import { signedIn } from '~/identity';
import { ProblemError } from '~/kernel/result';
import { correctPerson, openCorrection } from '~/people';
import { textFor } from '~/text';
import { langOf } from '~/text/lang';
import { useText } from '~/text/react';
import { Banner, FormBox, Page, Section, SubmitButton, TextField, useFormReply } from '~/ui';
import { Reason } from '~/ui/appointments/fields.server';
import { parseForm } from '~/ui/form.server';
import { pageTitle } from '~/ui/page-title';

export const meta = pageTitle;

const Correct = z.object({
  version: z.number().int(), name: z.string().trim().min(1, 'field.required').max(60, 'field.too-long'), email: z.email('field.email').max(120, 'field.too-long').optional().transform((one) => one ?? null),
  phone: z.string().trim().max(25, 'field.too-long').optional().transform((one) => one ?? null), reason: Reason,
});

export async function loader({ request, params }: LoaderFunctionArgs) {
  const actor = await signedIn(request);
  const person = await openCorrection(actor, params['id'] ?? '');
  if (!person) throw new ProblemError({ code: 'not-found' });
  const { lang, t } = textFor(langOf(request));
  const renamed = new URL(request.url).searchParams.get('done') === 'renamed';
  const shown = renamed ? (await credentialsOf(reader(), person.id)).filter((one) => one.state === 'valid' && one.snapshot.name !== person.name) : [];
  return json({ heading: t('person.correct-title', { name: person.name }), ...person, renamed, credentials: shown.map(({ number, snapshot }) => ({ number, title: lang === 'zh' ? snapshot.programmeZh : snapshot.programmeEn })) });
}

export async function action({ request, params }: ActionFunctionArgs) {
  const actor = await signedIn(request);
  const id = params['id'] ?? '';
  if (!(await openCorrection(actor, id))) throw new ProblemError({ code: 'not-found' });
  const form = await parseForm(request, Correct);
  if (!form.ok) return form.response;
  const corrected = await correctPerson(actor, id, form.value);
  if (!corrected.ok) return form.refuse(corrected.error);
  return redirect(corrected.value.renamed ? `/hr/people/${id}/edit?done=renamed` : `/hr/people/${id}?done=person`);
}

export default function CorrectPerson() {
  const { heading, id, name, email, phone, version, renamed, credentials } = useLoaderData<typeof loader>();
  const { t } = useText();
  return (
    <Page title={heading} lead={<p>{t('person.correct-lead')}</p>} trail={[{ to: '/hr/people', label: t('people.title') }, { to: `/hr/people/${id}`, label: name }]}>
      {renamed && <Banner tone="success" title={t('person.renamed')} />}
      {renamed && (
        <Section title={t('person.renamed-credentials')}>
          {credentials.length === 0 ? <p>{t('person.renamed-none')}</p> : <>
            <p>{t('person.renamed-text')}</p>
            <ul>{credentials.map((one) => <li key={one.number}><Link to={`/hr/credentials/${one.number}`}>{one.title} {one.number}</Link></li>)}</ul>
          </>}
        </Section>
      )}
      <CorrectForm key={version} person={{ name, email, phone, version }} />
    </Page>
  );
}

function CorrectForm({ person: { name, email, phone, version } }: { person: { name: string; email: string | null; phone: string | null; version: number } }) {
  const { t } = useText();
  const form = useFormReply<typeof Correct>({ defaultValue: { name, email: email ?? '', phone: phone ?? '' } });
  return (
    <FormBox form={form}>
      <input type="hidden" name="version" value={version} />
      <TextField form={form} name="name" label={t('people.name')} width="middle" maxLength={60} />
      <TextField form={form} name="email" type="email" label={t('people.email')} width="middle" maxLength={120} optional />
      <TextField form={form} name="phone" type="tel" label={t('people.phone')} width="middle" maxLength={25} optional />
      <TextField form={form} name="reason" label={t('person.reason')} maxLength={300} />
      <SubmitButton>{t('person.save')}</SubmitButton>
    </FormBox>
  );
}
