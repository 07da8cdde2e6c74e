import { json, redirect, type ActionFunctionArgs, type LoaderFunctionArgs } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { z } from 'zod';
import { authorise, can, signedIn } from '~/identity';
import { clock } from '~/kernel/clock';
import { Id } from '~/kernel/id';
import { askReport, changeReport, FORMATS, openSaved, ReportQuery, saveReport } from '~/reports';
import { textFor } from '~/text';
import { langOf } from '~/text/lang';
import { useText } from '~/text/react';
import { Banner, Disclosure, FormBox, Page, RadioField, Section, SubmitButton, TextField, useFormReply } from '~/ui';
import { parseOneOf } from '~/ui/form.server';
import { pageTitle } from '~/ui/page-title';
import { ChooseForm } from '~/ui/reports/choose-form';
import { choicesFor } from '~/ui/reports/choices.server';
import { PreviewView } from '~/ui/reports/preview';
import { previewFor } from '~/ui/reports/preview.server';
import { queryOf, searchOf } from '~/ui/reports/query.server';

export const meta = pageTitle;

const KEEP_DAYS = 7;
const Name = z.string().trim().min(1).max(60, 'field.too-long');
const Run = z.object({ format: z.enum(FORMATS), name: Name });
const Save = z.object({ name: Name });
const Change = z.object({ savedId: Id });

/** What is to be told, of whom, as of which day: chosen, looked at, then made or kept. */
export async function loader({ request }: LoaderFunctionArgs) {
  const actor = await signedIn(request);
  authorise(actor, 'see reports');
  const text = textFor(langOf(request));
  const query = queryOf(request.url);
  if (!query) throw redirect('/hr/reports');
  const savedId = new URL(request.url).searchParams.get('saved');
  const saved = savedId ? await openSaved(actor, savedId) : null;
  return json({
    heading: text.t('reports.new-title', { kind: text.t(`reports.kind.${query.kind}`) }), query, saved: saved?.own ? { id: saved.id, name: saved.name } : null,
    choices: await choicesFor(actor, query, text), preview: await previewFor(actor, query, text, clock.now()), mayNamePeople: can(actor, 'see people in reports', { organisationPath: actor.roles.map(({ organisationPath }) => organisationPath) }),
    suggested: text.t('reports.name-suggested', { kind: text.t(`reports.kind.${query.kind}`), layout: text.t(`reports.layout.${query.layout}`) }),
  });
}

export async function action({ request }: ActionFunctionArgs) {
  const actor = await signedIn(request);
  authorise(actor, 'see reports');
  const form = await parseOneOf(request, { choose: ReportQuery, run: Run, save: Save, change: Change });
  if (!form.ok) return form.response;
  const savedId = new URL(request.url).searchParams.get('saved');
  if (form.form === 'choose') return redirect(`/hr/reports/new${searchOf(form.value, savedId ? { saved: savedId } : {})}#preview`);
  const query = queryOf(request.url);
  if (!query) throw redirect('/hr/reports');
  switch (form.form) {
    case 'run': {
      const asked = await askReport(actor, { ...form.value, query, lang: langOf(request), keepDays: KEEP_DAYS });
      return asked.ok ? redirect(`/hr/reports/${asked.value}`) : form.refuse(asked.error);
    }
    case 'save': {
      const saved = await saveReport(actor, { name: form.value.name, query });
      return saved.ok ? redirect(`/hr/reports/saved/${saved.value}?done=saved`) : form.refuse(saved.error);
    }
    case 'change': {
      const { name, sharedWith, version } = await openSaved(actor, form.value.savedId);
      const changed = await changeReport(actor, form.value.savedId, { name, sharedWith: sharedWith?.id ?? null, version, query });
      return changed.ok ? redirect(`/hr/reports/saved/${form.value.savedId}?done=saved`) : form.refuse(changed.error);
    }
  }
}

export default function NewReport() {
  const { heading, query, choices, preview, saved, suggested, mayNamePeople } = useLoaderData<typeof loader>();
  const { t } = useText();
  return (
    <Page title={heading} lead={t(`reports.kind-text.${query.kind}`)} width="wide" trail={[{ to: '/hr/reports', label: t('reports.title') }]}>
      {saved && <Banner tone="info" title={t('reports.changing', { name: saved.name })} />}
      <Section title={t('reports.choose')}><ChooseForm query={query} choices={choices} mayNamePeople={mayNamePeople} /></Section>
      <Section title={t('reports.preview')} id="preview"><PreviewView preview={preview} /></Section>
      {preview.ok && <Section title={t('reports.go-on')}><GoOn key={suggested} /></Section>}
    </Page>
  );
}

function GoOn() {
  const { suggested, saved } = useLoaderData<typeof loader>();
  const { t } = useText();
  const run = useFormReply<typeof Run>({ id: 'run', defaultValue: { format: 'xlsx', name: saved?.name ?? suggested } });
  const save = useFormReply<typeof Save>({ id: 'save', defaultValue: { name: suggested } });
  const change = useFormReply<typeof Change>({ id: 'change' });
  return (
    <>
      <FormBox form={run}>
        <TextField form={run} name="name" label={t('reports.name')} maxLength={60} width="middle" />
        <RadioField form={run} name="format" label={t('reports.format')} options={FORMATS_SHOWN.map((value) => ({ value, label: t(`reports.format.${value}`) }))} />
        <SubmitButton>{t('reports.run')}</SubmitButton>
      </FormBox>
      {saved && (
        <FormBox form={change}>
          <input type="hidden" name="savedId" value={saved.id} />
          <SubmitButton kind="secondary">{t('reports.change-saved', { name: saved.name })}</SubmitButton>
        </FormBox>
      )}
      <Disclosure summary={t('reports.save')} open={save.meta.status === 'error'}>
        <p>{t('reports.save-text')}</p>
        <FormBox form={save}>
          <TextField form={save} name="name" label={t('reports.name')} maxLength={60} width="middle" />
          <SubmitButton kind="secondary">{t('reports.save')}</SubmitButton>
        </FormBox>
      </Disclosure>
    </>
  );
}

// Named here too: the room's list is the server's.
const FORMATS_SHOWN = ['xlsx', 'csv', 'pdf'] as const;
