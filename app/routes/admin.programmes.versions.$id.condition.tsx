import { json, redirect, type ActionFunctionArgs, type LoaderFunctionArgs } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { combination, editDraft, findWritten, namesFor, ruleParts, type WrittenVersion } from '~/certification';
import { reader } from '~/db';
import { authorise, signedIn } from '~/identity';
import { err, must, ok, ProblemError } from '~/kernel/result';
import { textFor } from '~/text';
import { langOf } from '~/text/lang';
import { useText } from '~/text/react';
import { ButtonLink, ButtonRow, CheckboxGroupField, FormBox, Page, SelectField, SubmitButton, TextAreaField, TextField, useFormReply } from '~/ui';
import { parseForm } from '~/ui/form.server';
import { pageTitle } from '~/ui/page-title';
import { ConditionForm, conditionOf, isConditionKind, type ConditionKind } from '~/ui/programme/programme-forms.server';
import { groupChoices, ruleView } from '~/ui/programme/version-view.server';

export const meta = pageTitle;

const draftOf = async (id: string | undefined): Promise<WrittenVersion> => {
  const found = await findWritten(reader(), id ?? '');
  return must(!found ? err('not-found') : found.state === 'draft' ? ok(found) : err('programme.not-draft'));
};

function kindOf(request: Request): ConditionKind {
  const kind = new URL(request.url).searchParams.get('kind');
  if (!isConditionKind(kind)) throw new ProblemError({ code: 'not-found' });
  return kind;
}

export async function loader({ request, params }: LoaderFunctionArgs) {
  authorise(await signedIn(request), 'write programmes');
  const draft = await draftOf(params['id']);
  const kind = kindOf(request);
  const text = textFor(langOf(request));
  const names = await namesFor(reader(), text.lang);
  const organisations = [...names.organisation].map(([value, label]) => ({ value, label: `${'　'.repeat(names.organisationDepths.get(value) ?? 0)}${label}` }));
  return json({
    heading: `${text.t('programme.rule-add')}${text.t('ui.colon')}${text.t(`programme.rule.${kind}`)}`, id: draft.id, version: draft.version, programmeId: draft.programmeId,
    title: draft.title[text.lang], number: draft.number, kind, to: new URL(request.url).searchParams.get('to') ?? 'top',
    groups: groupChoices(ruleView(draft.appliesTo, names, text), text),
    choices: kind === 'organisation' ? organisations : kind === 'intake' ? [...names.intake].map(([value, label]) => ({ value, label })) : [],
  });
}

export async function action({ request, params }: ActionFunctionArgs) {
  const actor = await signedIn(request);
  authorise(actor, 'write programmes');
  const draft = await draftOf(params['id']);
  const kind = kindOf(request);
  const form = await parseForm(request, ConditionForm);
  if (!form.ok) return form.response;
  const condition = conditionOf(kind, form.value);
  const path = combination.readPath(form.value.to);
  if (!condition.ok) return form.refuse(condition.error);
  if (!path) return form.refuse({ code: 'programme.place-gone' });
  const saved = await editDraft(actor, draft.id, form.value.version, (now) => ok({ appliesTo: ruleParts.addPart(ruleParts.asGroup(now.appliesTo), path, condition.value) }));
  return saved.ok ? redirect(`/admin/programmes/versions/${draft.id}?done=saved#applies`) : form.refuse(saved.error);
}

type Data = ReturnType<typeof useLoaderData<typeof loader>>;

export default function NewCondition() {
  const data = useLoaderData<typeof loader>();
  const { t } = useText();
  const form = useFormReply<typeof ConditionForm>({ defaultValue: { to: data.to } });
  const back = `/admin/programmes/versions/${data.id}#applies`;
  return (
    <Page title={data.heading} trail={[
      { to: '/admin/programmes', label: t('programme.title') }, { to: `/admin/programmes/${data.programmeId}`, label: data.title }, { to: back, label: t('programme.version-n', { number: data.number }) },
    ]}>
      <FormBox form={form}>
        <input type="hidden" name="version" value={data.version} />
        <Fields form={form} data={data} />
        {data.groups.length > 1 ? <SelectField form={form} name="to" label={t('programme.rule-where')} options={data.groups} /> : <input type="hidden" name="to" value="top" />}
        <ButtonRow><SubmitButton>{t('programme.rule-add')}</SubmitButton><ButtonLink to={back} kind="quiet">{t('programme.cancel')}</ButtonLink></ButtonRow>
      </FormBox>
    </Page>
  );
}

const KINDS = ['recruit', 'staff', 'leader'] as const;
const NATURES = ['main', 'concurrent', 'secondment'] as const;

function Fields({ form, data }: { form: ReturnType<typeof useFormReply<typeof ConditionForm>>; data: Data }) {
  const { t } = useText();
  const label = t(`programme.rule.${data.kind}`);
  switch (data.kind) {
    case 'appointment': return <CheckboxGroupField form={form} name="kinds" label={label} options={KINDS.map((value) => ({ value, label: t(`programme.say-kind.${value}`) }))} />;
    case 'nature': return <CheckboxGroupField form={form} name="natures" label={label} options={NATURES.map((value) => ({ value, label: t(`people.nature.${value}`) }))} />;
    case 'organisation':
    case 'intake': return <CheckboxGroupField form={form} name="ids" label={label} options={data.choices} />;
    case 'start-of-duty': return (
      <>
        <TextField form={form} name="from" type="date" width="middle" label={t('programme.rule-from')} optional />
        <TextField form={form} name="until" type="date" width="middle" label={t('programme.rule-until')} optional />
      </>
    );
    default: return <TextAreaField form={form} name="words" label={`${label} ${t('programme.rule-words')}`} hint={t('programme.rule-words-hint')} rows={5} />;
  }
}
