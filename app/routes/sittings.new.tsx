import { json, redirect, type ActionFunctionArgs, type LoaderFunctionArgs } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { reader } from '~/db';
import { listExams, plannedSitting, planSitting, roomsOf } from '~/exams';
import { authorise, scopePaths, signedIn } from '~/identity';
import { config } from '~/kernel/config';
import { must, ProblemError } from '~/kernel/result';
import { organisationTree } from '~/people';
import { textFor } from '~/text';
import { langOf } from '~/text/lang';
import { useText } from '~/text/react';
import { ButtonLink, Page, useFormReply } from '~/ui';
import { parseForm } from '~/ui/form.server';
import { pageTitle } from '~/ui/page-title';
import { organisationOptions } from '~/ui/people/organisation-options';
import { SittingFormBox } from '~/ui/sitting/sitting-form';
import { fieldsOf, NewSittingForm, typedPlan, USUAL } from '~/ui/sitting/sitting-form.server';

export const meta = pageTitle;

const PLANNERS = ['administrator', 'hr'] as const;

export async function loader({ request }: LoaderFunctionArgs) {
  const actor = await signedIn(request);
  authorise(actor, 'see sittings');
  const lang = langOf(request);
  const units = await organisationTree(reader(), scopePaths(actor, PLANNERS));
  // Invigilators see sittings but plan none.
  if (units.length === 0) throw new ProblemError({ code: 'access.denied' });
  const from = new URL(request.url).searchParams.get('from');
  const pattern = from === null ? null : must(await plannedSitting(reader(), actor, from));
  const rooms = pattern ? await roomsOf(reader(), pattern.id) : [];
  const shown = units.map(({ id, name, code, depth }) => ({ id, name, code, depth }));
  return json({
    heading: textFor(lang).t('sittings.new'), zone: config().TIME_ZONE, pattern: pattern?.title ?? null, lines: Math.max(3, rooms.length + 1),
    exams: (await listExams(reader())).map((exam) => ({ value: exam.id, label: exam.title[lang] })), units: shown,
    fields: pattern ? fieldsOf(pattern, rooms, true) : { ...USUAL, organisationId: shown.length === 1 ? shown[0]?.id ?? '' : '' },
  });
}

export async function action({ request }: ActionFunctionArgs) {
  const actor = await signedIn(request);
  authorise(actor, 'see sittings');
  const form = await parseForm(request, NewSittingForm);
  if (!form.ok) return form.response;
  const { examId, organisationId } = form.value;
  const made = await planSitting(actor, { ...typedPlan(form.value), examId, organisationId });
  return made.ok ? redirect(`/sittings/${made.value}?done=saved`) : form.refuse(made.error);
}

export default function NewSitting() {
  const { zone, pattern, exams, units, fields, lines } = useLoaderData<typeof loader>();
  const { t } = useText();
  const form = useFormReply({ defaultValue: fields });
  return (
    <Page title={t('sittings.new')} lead={pattern === null ? undefined : t('sittings.duplicate-lead', { title: pattern })} trail={[{ to: '/sittings', label: t('sittings.title') }]}>
      <SittingFormBox form={form} zone={zone} lines={lines} choices={{ exams, units: organisationOptions(units) }}
        cancel={<ButtonLink to="/sittings" kind="quiet">{t('sittings.cancel-edit')}</ButtonLink>} />
    </Page>
  );
}
