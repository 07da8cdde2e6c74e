import { json, redirect, type ActionFunctionArgs, type LoaderFunctionArgs } from '@remix-run/node';
import { useActionData, useLoaderData } from '@remix-run/react';
import { z } from 'zod';
import { reader } from '~/db';
import { assign, countBookings, plannedSitting, previewAssignment, type AssignPreview } from '~/exams';
import { authorise, scopePaths, signedIn } from '~/identity';
import { clock } from '~/kernel/clock';
import { must } from '~/kernel/result';
import { intakesInScope, organisationTree } from '~/people';
import { textFor } from '~/text';
import { langOf } from '~/text/lang';
import { useText } from '~/text/react';
import { Banner, ButtonLink, DataTable, FormBox, Page, PostButton, Section, SelectField, StatusTag, SubmitButton, TextAreaField, useFormReply } from '~/ui';
import { parseForm } from '~/ui/form.server';
import { pageTitle } from '~/ui/page-title';
import { organisationOptions } from '~/ui/people/organisation-options';

export const meta = pageTitle;

const WhomForm = z.object({
  intakeId: z.string().optional(), organisationPath: z.string().optional(), numbers: z.string().max(200_000).optional(), intent: z.enum(['check', 'assign']),
}).refine(({ intakeId, organisationPath, numbers }) => intakeId ?? organisationPath ?? numbers, { message: 'field.required', path: ['intakeId'] });

/** The first of the three that was filled in. */
function whomOf({ intakeId, organisationPath, numbers }: z.output<typeof WhomForm>) {
  if (intakeId !== undefined) return { intakeId };
  return organisationPath !== undefined ? { organisationPath } : { numbers: numbers ?? '' };
}

export async function loader({ request, params }: LoaderFunctionArgs) {
  const actor = await signedIn(request);
  authorise(actor, 'see sittings');
  const sitting = must(await plannedSitting(reader(), actor, params['id'] ?? ''));
  const paths = scopePaths(actor, ['administrator', 'hr']);
  const { intakes } = await intakesInScope(reader(), { paths, page: 1, pageSize: 200 });
  const { booked } = await countBookings(reader(), sitting.id);
  return json({
    heading: textFor(langOf(request)).t('sittings.assign'), id: sitting.id, title: sitting.title, free: Math.max(0, sitting.capacity - booked),
    intakes: intakes.map(({ id, name, people }) => ({ value: id, label: `${name} (${people})` })),
    units: (await organisationTree(reader(), paths)).map(({ path, name, code, depth }) => ({ id: path, name, code, depth })),
  });
}

export async function action({ request, params }: ActionFunctionArgs) {
  const actor = await signedIn(request);
  authorise(actor, 'see sittings');
  const id = params['id'] ?? '';
  const form = await parseForm(request, WhomForm);
  if (!form.ok) return form.response;
  const whom = whomOf(form.value);
  if (form.value.intent === 'check') {
    const preview = must(await previewAssignment(actor, id, whom, clock.now()));
    return json({ preview, whom });
  }
  const assigned = await assign(actor, id, whom);
  return assigned.ok ? redirect(`/sittings/${id}?done=assigned&people=${assigned.value}`) : form.refuse(assigned.error);
}

export default function AssignCandidates() {
  const { id, title, free, intakes, units } = useLoaderData<typeof loader>();
  const answer = useActionData<typeof action>();
  const { t } = useText();
  const form = useFormReply<typeof WhomForm>();
  const checked = answer && 'preview' in answer ? answer : null;
  return (
    <Page title={t('sittings.assign')} lead={t('sittings.assign-lead', { free })} width={checked ? 'wide' : 'text'}
      trail={[{ to: '/sittings', label: t('sittings.title') }, { to: `/sittings/${id}`, label: title }]}>
      {checked ? <Preview {...checked} /> : (
        <FormBox form={form}>
          <p>{t('sittings.assign-fill')}</p>
          <input type="hidden" name="intent" value="check" />
          {intakes.length > 0 && <SelectField form={form} name="intakeId" label={t('sittings.assign-intake')} options={intakes} optional />}
          <SelectField form={form} name="organisationPath" label={t('sittings.assign-unit')} options={organisationOptions(units)} optional />
          <TextAreaField form={form} name="numbers" label={t('sittings.assign-numbers')} hint={t('sittings.assign-numbers-hint')} rows={6} optional />
          <div className="button-row"><SubmitButton>{t('sittings.assign-check')}</SubmitButton><ButtonLink to={`/sittings/${id}`} kind="quiet">{t('sittings.cancel-edit')}</ButtonLink></div>
        </FormBox>
      )}
    </Page>
  );
}

function Preview({ preview: { people, unknown }, whom }: { preview: AssignPreview; whom: ReturnType<typeof whomOf> }) {
  const { t, problem } = useText();
  const fit = people.filter((one) => one.problem === null).length;
  return (
    <>
      <Banner tone={fit < people.length || unknown.length > 0 ? 'warning' : 'info'} title={t('sittings.assign-result', { fit, unfit: people.length - fit })}>
        {unknown.length > 0 && <p>{t('sittings.assign-unknown', { numbers: unknown.slice(0, 50).join('、') })}</p>}
      </Banner>
      {fit > 0 && <PostButton kind="primary" fields={{ ...Object.fromEntries(Object.entries(whom)), intent: 'assign' }}>{t('sittings.assign-do', { fit })}</PostButton>}
      <Section title={t('sittings.assign-verdict')}>
        <DataTable
          caption={t('sittings.assign-verdict')}
          rows={people}
          rowKey={(row) => row.id}
          empty={t('sittings.candidates-found-none')}
          columns={[
            { key: 'name', header: t('sittings.candidate-name'), cell: (row) => row.name },
            { key: 'number', header: t('sittings.candidate-number'), cell: (row) => <span className="figures">{row.number}</span> },
            { key: 'unit', header: t('sittings.candidate-unit'), cell: (row) => row.organisation },
            { key: 'verdict', header: t('sittings.assign-verdict'), cell: (row) => (row.problem === null ? <StatusTag tone="ok">{t('sittings.assign-ok')}</StatusTag> : problem(row.problem)) },
          ]}
        />
      </Section>
    </>
  );
}
