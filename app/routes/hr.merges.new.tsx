import { json, redirect, type ActionFunctionArgs, type LoaderFunctionArgs } from '@remix-run/node';
import { useActionData, useLoaderData } from '@remix-run/react';
import { z } from 'zod';
import { previewMerge, proposeMerge, type MergePreview } from '~/certification';
import { reader } from '~/db';
import { authorise, signedIn } from '~/identity';
import { personsByNumber } from '~/people';
import { textFor } from '~/text';
import { langOf } from '~/text/lang';
import { useText } from '~/text/react';
import { FormBox, Page, Section, SubmitButton, TextField, useFormReply } from '~/ui';
import { parseOneOf } from '~/ui/form.server';
import { pageTitle } from '~/ui/page-title';
import { MergePreviewSection } from '~/ui/records/merge-preview';

export const meta = pageTitle;

const Number = z.string().trim().min(1).max(60);
const Look = z.object({ survivor: Number, merged: Number });
const Propose = Look.extend({ reason: z.string().trim().min(2, 'field.too-short').max(300, 'field.too-long') });

export async function loader({ request }: LoaderFunctionArgs) {
  authorise(await signedIn(request), 'see merges');
  return json({ heading: textFor(langOf(request)).t('records.merge-new') });
}

type Shown = { preview: MergePreview; survivor: string; merged: string };

export async function action({ request }: ActionFunctionArgs) {
  const actor = await signedIn(request);
  authorise(actor, 'see merges');
  const form = await parseOneOf(request, { look: Look, propose: Propose });
  if (!form.ok) return form.response;
  const { survivor, merged } = form.value;
  const owners = await personsByNumber(reader(), [survivor, merged]);
  const [survivorId, mergedId] = [owners.get(survivor), owners.get(merged)];
  if (!survivorId || !mergedId) return form.refuse({ code: 'past.number-unknown', field: survivorId ? 'merged' : 'survivor' });
  if (form.form === 'propose') {
    const proposed = await proposeMerge(actor, { survivorId, mergedId, reason: form.value.reason });
    return proposed.ok ? redirect(`/hr/merges/${proposed.value}`) : form.refuse(proposed.error);
  }
  const preview = await previewMerge(actor, survivorId, mergedId);
  return preview.ok ? json({ preview: preview.value, survivor, merged } satisfies Shown) : form.refuse({ ...preview.error, field: 'merged' });
}

export default function NewMerge() {
  const { heading } = useLoaderData<typeof loader>();
  const answer = useActionData<typeof action>();
  const { t } = useText();
  return (
    <Page title={heading} lead={t('records.merges-lead')} trail={[{ to: '/hr/merges', label: t('records.merges') }]}>
      {answer && 'preview' in answer ? <><MergePreviewSection preview={answer.preview} /><ProposeForm shown={answer} /></> : <LookForm />}
    </Page>
  );
}

function LookForm() {
  const { t } = useText();
  const form = useFormReply<typeof Look>({ id: 'look' });
  return (
    <FormBox form={form}>
      <TextField form={form} name="survivor" label={t('records.merge-survivor')} hint={t('records.merge-number-hint')} width="middle" maxLength={60} />
      <TextField form={form} name="merged" label={t('records.merge-merged')} hint={t('records.merge-number-hint')} width="middle" maxLength={60} />
      <SubmitButton>{t('records.merge-look')}</SubmitButton>
    </FormBox>
  );
}

function ProposeForm({ shown }: { shown: Shown }) {
  const { t } = useText();
  const form = useFormReply<typeof Propose>({ id: 'propose' });
  return (
    <Section title={t('records.merge-new')}>
      <FormBox form={form}>
        <input type="hidden" name="survivor" value={shown.survivor} />
        <input type="hidden" name="merged" value={shown.merged} />
        <TextField form={form} name="reason" label={t('records.merge-reason')} hint={t('records.merge-reason-hint')} maxLength={300} />
        <SubmitButton>{t('records.merge-propose')}</SubmitButton>
      </FormBox>
    </Section>
  );
}
