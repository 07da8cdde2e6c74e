import { json, redirect, type ActionFunctionArgs, type LoaderFunctionArgs } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { z } from 'zod';
import { intakesInScope } from '~/certification';
import { reader } from '~/db';
import { LARGEST_LIST, makeListOfFile, makeListOfIntake, typedHeaders } from '~/exchange';
import { authorise, scopePaths, signedIn, type Actor } from '~/identity';
import { Id, newId } from '~/kernel/id';
import { ProblemError } from '~/kernel/result';
import { organisationTree } from '~/people';
import { textFor } from '~/text';
import { langOf } from '~/text/lang';
import { useText } from '~/text/react';
import { ButtonLink, FileField, FormBox, Page, Section, SelectField, SubmitButton, TextField, useFormReply } from '~/ui';
import { parseOneOf } from '~/ui/form.server';
import { pageTitle } from '~/ui/page-title';
import { organisationOptions } from '~/ui/people/organisation-options';
import { ChosenFile, contentOf, isTooLong } from '~/ui/records/upload.server';

export const meta = pageTitle;

const Title = z.string().trim().max(100, 'field.too-long').default('');
const Upload = z.object({ id: Id, organisationId: Id, title: Title, file: ChosenFile });
const Intake = z.object({ id: Id, organisationId: Id, title: Title, intakeId: Id });

/** Whoever makes lists somewhere may open this page; where, the choice of organisations says. */
function authoriseMaking(actor: Actor): string[] {
  const paths = scopePaths(actor, 'hr');
  authorise(actor, 'make hiring lists', { organisationPath: paths });
  return paths;
}

export async function loader({ request }: LoaderFunctionArgs) {
  const actor = await signedIn(request);
  const paths = authoriseMaking(actor);
  const lang = langOf(request);
  const { t, date } = textFor(lang);
  const [units, intakes] = [await organisationTree(reader(), paths), await intakesInScope(reader(), paths)];
  return json({
    heading: t('hiring.new'), id: newId(), units: organisationOptions(units), columns: typedHeaders(lang).join(lang === 'zh' ? '、' : ', '),
    intakes: intakes.map((one) => ({ value: one.id, label: t('hr.intake-option', { name: one.name, date: date(one.start_of_duty) }) })),
  });
}

export async function action({ request }: ActionFunctionArgs) {
  const actor = await signedIn(request);
  authoriseMaking(actor);
  if (isTooLong(request, LARGEST_LIST)) throw new ProblemError({ code: 'sheet.too-large', params: { max: LARGEST_LIST / 1024 / 1024 } });
  const form = await parseOneOf(request, { file: Upload, intake: Intake });
  if (!form.ok) return form.response;
  if (form.form === 'intake') {
    const made = await makeListOfIntake(actor, form.value);
    return made.ok ? redirect(`/hr/hiring/${made.value.id}?done=made`) : form.refuse(made.error);
  }
  const { file, title, ...rest } = form.value;
  const made = await makeListOfFile(actor, { ...rest, title: title || file.name.slice(0, 100), fileName: file.name.slice(0, 200), file: await contentOf(file) });
  if (!made.ok) return form.refuse(made.error);
  const unused = made.value.unused.length > 0 ? `&unused=${encodeURIComponent(made.value.unused.join('、').slice(0, 300))}` : '';
  return redirect(`/hr/hiring/${made.value.id}?done=made${unused}`);
}

export default function NewHiringList() {
  const { heading, intakes } = useLoaderData<typeof loader>();
  const { t } = useText();
  return (
    <Page title={heading} lead={t('hiring.new-lead')} trail={[{ to: '/hr/hiring', label: t('hiring.title') }]} actions={<ButtonLink to="/hr/hiring/template.csv" document>{t('hiring.template')}</ButtonLink>}>
      <Section title={t('hiring.by-file')}><FileForm /></Section>
      {intakes.length > 0 && <Section title={t('hiring.by-intake')}><p>{t('hiring.by-intake-text')}</p><IntakeForm /></Section>}
    </Page>
  );
}

function FileForm() {
  const { units, columns, id } = useLoaderData<typeof loader>();
  const { t } = useText();
  const form = useFormReply<typeof Upload>({ id: 'file', defaultValue: { id, organisationId: units[0]?.value ?? '' } });
  return (
    <FormBox form={form} multipart>
      <input type="hidden" name="id" value={id} />
      <FileField form={form} name="file" label={t('hiring.file')} hint={t('hiring.file-hint', { columns })} accept=".xlsx,.csv,.txt" />
      <SelectField form={form} name="organisationId" label={t('hiring.organisation')} hint={t('hiring.organisation-hint')} options={units} />
      <TextField form={form} name="title" label={t('hiring.list-name')} hint={t('hiring.list-name-hint')} maxLength={100} optional />
      <SubmitButton>{t('hiring.check')}</SubmitButton>
    </FormBox>
  );
}

function IntakeForm() {
  const { units, intakes, id } = useLoaderData<typeof loader>();
  const { t } = useText();
  const form = useFormReply<typeof Intake>({ id: 'intake', defaultValue: { id, organisationId: units[0]?.value ?? '' } });
  return (
    <FormBox form={form}>
      <input type="hidden" name="id" value={id} />
      <SelectField form={form} name="intakeId" label={t('hiring.intake')} options={intakes} />
      <SelectField form={form} name="organisationId" label={t('hiring.organisation')} options={units} />
      <TextField form={form} name="title" label={t('hiring.list-name')} maxLength={100} optional />
      <SubmitButton kind="secondary">{t('hiring.check')}</SubmitButton>
    </FormBox>
  );
}
