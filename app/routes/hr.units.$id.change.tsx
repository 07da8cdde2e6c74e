import { json, redirect, type ActionFunctionArgs, type LoaderFunctionArgs } from '@remix-run/node';
import { useActionData, useLoaderData } from '@remix-run/react';
import { z } from 'zod';
import { previewUnitChange } from '~/certification';
import { reader } from '~/db';
import { authorise, covers, scopePaths, signedIn, type Actor } from '~/identity';
import { dateAt, isPlainDate } from '~/kernel/calendar';
import { clock } from '~/kernel/clock';
import { config } from '~/kernel/config';
import { ProblemError } from '~/kernel/result';
import { CHANGE_KINDS, findOrganisation, organisationTree, planChange, ROLE_FATES, type Organisation } from '~/people';
import { textFor } from '~/text';
import { langOf } from '~/text/lang';
import { useText } from '~/text/react';
import { FormBox, Page, RadioField, Section, SelectField, SubmitButton, TextField, useFormReply } from '~/ui';
import { parseOneOf } from '~/ui/form.server';
import { pageTitle } from '~/ui/page-title';
import { organisationOptions } from '~/ui/people/organisation-options';
import { ChangeEffects } from '~/ui/units/change-effects';
import { CHANGES, FATES } from '~/ui/units/kinds';

export const meta = pageTitle;

const Change = z.object({
  kind: z.enum(CHANGE_KINDS, 'field.choose'), targetId: z.string().default(''), effectiveOn: z.string().refine(isPlainDate, 'field.date'), roles: z.enum(ROLE_FATES).default('end'),
  reason: z.string().trim().min(2, 'field.too-short').max(300, 'field.too-long'),
});

async function unitFor(actor: Actor, id: string): Promise<Organisation> {
  authorise(actor, 'see administration');
  const unit = await findOrganisation(reader(), id);
  if (!unit) throw new ProblemError({ code: 'not-found' });
  authorise(actor, 'change the tree', { organisationPath: unit.path });
  return unit;
}

export async function loader({ request, params }: LoaderFunctionArgs) {
  const actor = await signedIn(request);
  const { id, name, path } = await unitFor(actor, params['id'] ?? '');
  const targets = (await organisationTree(reader(), scopePaths(actor, 'administrator'))).filter((one) => !covers(path, one.path));
  return json({
    heading: textFor(langOf(request)).t('units.change-title', { name }), id, name, today: dateAt(clock.now(), config().TIME_ZONE),
    targets: targets.map(({ id: own, name: called, code, depth }) => ({ id: own, name: called, code, depth })),
  });
}

export async function action({ request, params }: ActionFunctionArgs) {
  const actor = await signedIn(request);
  const { id: organisationId } = await unitFor(actor, params['id'] ?? '');
  const form = await parseOneOf(request, { look: Change, confirm: Change });
  if (!form.ok) return form.response;
  const given = { ...form.value, organisationId };
  if (form.form === 'look') {
    const preview = await previewUnitChange(actor, given, clock.now());
    return preview.ok ? json({ preview: preview.value, given: form.value }) : form.refuse(preview.error);
  }
  const planned = await planChange(actor, given);
  const later = given.effectiveOn > dateAt(clock.now(), config().TIME_ZONE);
  return planned.ok ? redirect(`/hr/units/${organisationId}?done=${later ? 'planned' : 'carried'}`) : form.refuse(planned.error);
}

type Given = z.output<typeof Change>;

export default function ChangeUnit() {
  const { heading, id, name } = useLoaderData<typeof loader>();
  const answer = useActionData<typeof action>();
  const { t } = useText();
  const seen = answer && 'preview' in answer ? answer : null;
  return (
    <Page title={heading} lead={<p>{t('units.change-lead')}</p>} width="wide" trail={[{ to: '/hr/units', label: t('units.title') }, { to: `/hr/units/${id}`, label: name }]}>
      {seen && <Section title={t('units.preview-title')}><ChangeEffects {...seen} /><Confirm given={seen.given} /></Section>}
      {seen ? <Section title={t('units.adjust')}><Look key={JSON.stringify(seen.given)} given={seen.given} /></Section> : <Look />}
    </Page>
  );
}

function Confirm({ given }: { given: Given }) {
  const { t } = useText();
  const form = useFormReply<typeof Change>({ id: 'confirm' });
  return (
    <FormBox form={form}>
      {Object.entries(given).map(([name, value]) => <input key={name} type="hidden" name={name} value={value} />)}
      <SubmitButton>{t('units.confirm')}</SubmitButton>
    </FormBox>
  );
}

function Look({ given }: { given?: Given }) {
  const { targets, today } = useLoaderData<typeof loader>();
  const { t } = useText();
  const form = useFormReply<typeof Change>({ id: 'look', defaultValue: given ?? { kind: 'move', effectiveOn: today, roles: 'end' } });
  return (
    <FormBox form={form}>
      <RadioField form={form} name="kind" label={t('units.kind')} options={CHANGES.map((value) => ({ value, label: t(`units.kind.${value}`) }))} />
      <SelectField form={form} name="targetId" label={t('units.target')} hint={t('units.target-hint')} options={organisationOptions(targets)} />
      <TextField form={form} name="effectiveOn" type="date" width="middle" label={t('units.effective-on')} hint={t('units.effective-hint')} />
      <RadioField form={form} name="roles" label={t('units.role-fate')} options={FATES.map((value) => ({ value, label: t(`units.role-fate.${value}`) }))} />
      <TextField form={form} name="reason" label={t('units.reason')} hint={t('units.reason-hint')} maxLength={300} />
      <SubmitButton kind={given ? 'secondary' : 'primary'}>{t('units.preview')}</SubmitButton>
    </FormBox>
  );
}
