import { json, redirect, type ActionFunctionArgs, type LoaderFunctionArgs } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { z } from 'zod';
import { reader } from '~/db';
import { authorise, scopePaths, signedIn, type Actor } from '~/identity';
import { dateAt } from '~/kernel/calendar';
import { clock } from '~/kernel/clock';
import { config } from '~/kernel/config';
import { ProblemError } from '~/kernel/result';
import { addAppointment, findPerson, organisationTree, pathsOfPerson } from '~/people';
import { textFor } from '~/text';
import { langOf } from '~/text/lang';
import { useText } from '~/text/react';
import { CheckboxField, FormBox, Page, SelectField, SubmitButton, useFormReply } from '~/ui';
import { appointmentFields } from '~/ui/appointments/appointment-fields';
import { AppointmentFields } from '~/ui/appointments/fields.server';
import { parseForm } from '~/ui/form.server';
import { pageTitle } from '~/ui/page-title';
import { organisationOptions } from '~/ui/people/organisation-options';

export const meta = pageTitle;

const Add = AppointmentFields.extend({ organisationId: z.string(), endsFormer: z.boolean().default(false) });

async function personFor(actor: Actor, id: string): Promise<{ id: string; name: string }> {
  authorise(actor, 'change appointments', { personId: id, organisationPath: await pathsOfPerson(reader(), id) });
  const person = await findPerson(reader(), id);
  if (!person) throw new ProblemError({ code: 'not-found' });
  return person;
}

export async function loader({ request, params }: LoaderFunctionArgs) {
  const actor = await signedIn(request);
  const { id, name } = await personFor(actor, params['id'] ?? '');
  const units = await organisationTree(reader(), scopePaths(actor, 'hr'));
  return json({
    heading: textFor(langOf(request)).t('appointments.add-title', { name }), id, name, today: dateAt(clock.now(), config().TIME_ZONE),
    units: units.map(({ id: own, name: called, code, depth }) => ({ id: own, name: called, code, depth })),
  });
}

export async function action({ request, params }: ActionFunctionArgs) {
  const actor = await signedIn(request);
  const { id: personId } = await personFor(actor, params['id'] ?? '');
  const form = await parseForm(request, Add);
  if (!form.ok) return form.response;
  const added = await addAppointment(actor, { personId, ...form.value });
  return added.ok ? redirect(`/hr/people/${personId}?done=added`) : form.refuse(added.error);
}

export default function AddAppointment() {
  const { heading, id, name, units, today } = useLoaderData<typeof loader>();
  const text = useText();
  const { t } = text;
  const form = useFormReply<typeof Add>({ defaultValue: { nature: 'concurrent', kind: 'staff', startOfDuty: today } });
  return (
    <Page title={heading} lead={<p>{t('appointments.add-lead')}</p>} trail={[{ to: '/hr/people', label: t('people.title') }, { to: `/hr/people/${id}`, label: name }]}>
      <FormBox form={form}>
        <SelectField form={form} name="organisationId" label={t('people.unit')} options={organisationOptions(units)} />
        {appointmentFields(form, text)}
        <CheckboxField form={form} name="endsFormer" label={t('appointments.ends-former')} />
        <SubmitButton>{t('appointments.add')}</SubmitButton>
      </FormBox>
    </Page>
  );
}
