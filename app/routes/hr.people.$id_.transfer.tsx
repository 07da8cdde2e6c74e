import { json, redirect, type ActionFunctionArgs, type LoaderFunctionArgs } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { z } from 'zod';
import { reader } from '~/db';
import { authorise, can, signedIn, type Actor } from '~/identity';
import { dateAt, isPlainDate } from '~/kernel/calendar';
import { clock } from '~/kernel/clock';
import { config } from '~/kernel/config';
import { Id } from '~/kernel/id';
import { ProblemError } from '~/kernel/result';
import { allOrganisations, pathsOfPerson, personCard, proposeTransfer } from '~/people';
import { textFor } from '~/text';
import { langOf } from '~/text/lang';
import { useText } from '~/text/react';
import { FormBox, Page, SelectField, SubmitButton, TextField, useFormReply } from '~/ui';
import { parseForm } from '~/ui/form.server';
import { pageTitle } from '~/ui/page-title';

export const meta = pageTitle;

const Propose = z.object({
  appointmentId: Id, organisationId: Id, endsOn: z.string().refine(isPlainDate, 'field.date'), reason: z.string().trim().min(2, 'field.too-short').max(300, 'field.too-long'),
});

async function cardFor(actor: Actor, personId: string) {
  authorise(actor, 'transfer people', { personId, organisationPath: await pathsOfPerson(reader(), personId) });
  const card = await personCard(reader(), personId);
  if (!card) throw new ProblemError({ code: 'not-found' });
  return card;
}

export async function loader({ request, params }: LoaderFunctionArgs) {
  const actor = await signedIn(request);
  const card = await cardFor(actor, params['id'] ?? '');
  const mine = card.appointments.filter((one) => one.endedOn === null && can(actor, 'transfer people', { organisationPath: one.organisationPath }));
  return json({
    heading: textFor(langOf(request)).t('records.transfer-of', { name: card.name }), id: card.id, name: card.name,
    appointments: mine.map((one) => ({ value: one.id, label: `${one.organisationName} · ${one.post}` })),
    organisations: (await allOrganisations(reader())).map((one) => ({ value: one.id, label: `${one.name}（${one.code}）` })),
    today: dateAt(clock.now(), config().TIME_ZONE),
  });
}

export async function action({ request, params }: ActionFunctionArgs) {
  const actor = await signedIn(request);
  await cardFor(actor, params['id'] ?? '');
  const form = await parseForm(request, Propose);
  if (!form.ok) return form.response;
  const proposed = await proposeTransfer(actor, form.value);
  return proposed.ok ? redirect(`/hr/transfers/${proposed.value}`) : form.refuse(proposed.error);
}

export default function ProposeTransfer() {
  const { heading, id, name, appointments, organisations, today } = useLoaderData<typeof loader>();
  const { t } = useText();
  const form = useFormReply<typeof Propose>({ defaultValue: { appointmentId: appointments[0]?.value ?? '', endsOn: today } });
  return (
    <Page title={heading} lead={t('records.transfers-lead')} trail={[{ to: '/hr/people', label: t('people.title') }, { to: `/hr/people/${id}`, label: name }]}>
      <FormBox form={form}>
        <SelectField form={form} name="appointmentId" label={t('records.transfer-which')} options={appointments} />
        <SelectField form={form} name="organisationId" label={t('records.transfer-to')} options={organisations} />
        <TextField form={form} name="endsOn" type="date" width="middle" label={t('records.transfer-ends')} />
        <TextField form={form} name="reason" label={t('records.reason')} maxLength={300} />
        <SubmitButton>{t('records.transfer-propose')}</SubmitButton>
      </FormBox>
    </Page>
  );
}
