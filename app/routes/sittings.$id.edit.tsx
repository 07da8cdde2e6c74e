import { json, redirect, type ActionFunctionArgs, type LoaderFunctionArgs } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { reader } from '~/db';
import { candidatesOfSitting, changeSitting, plannedSitting, roomsOf } from '~/exams';
import { authorise, signedIn } from '~/identity';
import { clock } from '~/kernel/clock';
import { config } from '~/kernel/config';
import { must, ProblemError } from '~/kernel/result';
import { useText } from '~/text/react';
import { ButtonLink, Disclosure, Page, useFormReply } from '~/ui';
import { parseForm } from '~/ui/form.server';
import { pageTitle } from '~/ui/page-title';
import { SittingFormBox } from '~/ui/sitting/sitting-form';
import { fieldsOf, SittingForm, typedPlan } from '~/ui/sitting/sitting-form.server';

export const meta = pageTitle;

export async function loader({ request, params }: LoaderFunctionArgs) {
  const actor = await signedIn(request);
  authorise(actor, 'see sittings');
  const sitting = must(await plannedSitting(reader(), actor, params['id'] ?? ''));
  if (sitting.state !== 'planned' || clock.now() >= sitting.startsAt) throw new ProblemError({ code: 'sitting.begun' });
  const rooms = await roomsOf(reader(), sitting.id);
  const { candidates } = await candidatesOfSitting(reader(), { sittingId: sitting.id, pageSize: 10_000 });
  return json({
    heading: sitting.title, id: sitting.id, zone: config().TIME_ZONE, lines: rooms.length + 1, fields: fieldsOf(sitting, rooms, false),
    people: candidates.map(({ id, name, ticket }) => ({ id, name, ticket })),
  });
}

export async function action({ request, params }: ActionFunctionArgs) {
  const actor = await signedIn(request);
  authorise(actor, 'see sittings');
  const id = params['id'] ?? '';
  const form = await parseForm(request, SittingForm);
  if (!form.ok) return form.response;
  const { version, confirmed } = form.value;
  const changed = await changeSitting(actor, id, typedPlan(form.value), { version, confirmed });
  return changed.ok ? redirect(`/sittings/${id}?done=saved`) : form.refuse(changed.error);
}

export default function EditSitting() {
  const { heading, id, zone, lines, fields, people } = useLoaderData<typeof loader>();
  const { t } = useText();
  const form = useFormReply({ defaultValue: fields });
  return (
    <Page title={t('sittings.edit')} trail={[{ to: '/sittings', label: t('sittings.title') }, { to: `/sittings/${id}`, label: heading }]}>
      {people.length > 0 && (
        <Disclosure summary={t('sittings.touched', { people: people.length })}>
          <ul className="sitting-names">{people.map((one) => <li key={one.id}>{one.name} <span className="figures">{one.ticket}</span></li>)}</ul>
        </Disclosure>
      )}
      <SittingFormBox form={form} zone={zone} lines={lines} people={people.length} cancel={<ButtonLink to={`/sittings/${id}`} kind="quiet">{t('sittings.cancel-edit')}</ButtonLink>} />
    </Page>
  );
}
