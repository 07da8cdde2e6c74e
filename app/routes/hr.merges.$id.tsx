import { json, redirect, type ActionFunctionArgs, type LoaderFunctionArgs } from '@remix-run/node';
import { Link, useLoaderData } from '@remix-run/react';
import { z } from 'zod';
import { namesOf } from '~/audit';
import { decideMerge, openMerge, partMerge, withdrawMerge } from '~/certification';
import { reader } from '~/db';
import { signedIn } from '~/identity';
import { ProblemError } from '~/kernel/result';
import { textFor } from '~/text';
import { langOf } from '~/text/lang';
import { useText } from '~/text/react';
import { Disclosure, Facts, FormBox, InstantText, Page, PostButton, RadioField, Section, StatusTag, SubmitButton, TextField, useFormReply } from '~/ui';
import { parseOneOf } from '~/ui/form.server';
import { pageTitle } from '~/ui/page-title';
import { MergePreviewSection, MERGE_TONES } from '~/ui/records/merge-preview';

export const meta = pageTitle;

const Reason = z.string().trim().min(2, 'field.too-short').max(300, 'field.too-long');
const Decide = z.object({ decision: z.enum(['merged', 'refused']), reason: Reason });
const Part = z.object({ reason: Reason });

export async function loader({ request, params }: LoaderFunctionArgs) {
  const actor = await signedIn(request);
  const page = await openMerge(actor, params['id'] ?? '');
  if (!page) throw new ProblemError({ code: 'not-found' });
  const { merge } = page;
  const names = await namesOf(reader(), [merge.askedBy, merge.decidedBy ?? '', merge.partedBy ?? '']);
  return json({
    heading: textFor(langOf(request)).t('records.merges'), ...page, own: merge.askedBy === actor.by,
    askedBy: names.get(merge.askedBy) ?? '', decidedBy: names.get(merge.decidedBy ?? '') ?? '', partedBy: names.get(merge.partedBy ?? '') ?? '',
  });
}

export async function action({ request, params }: ActionFunctionArgs) {
  const actor = await signedIn(request);
  const id = params['id'] ?? '';
  if (!(await openMerge(actor, id))) throw new ProblemError({ code: 'not-found' });
  const form = await parseOneOf(request, { decide: Decide, part: Part, withdraw: z.object({}) });
  if (!form.ok) return form.response;
  const done = form.form === 'decide' ? await decideMerge(actor, id, form.value) : form.form === 'part' ? await partMerge(actor, id, form.value.reason) : await withdrawMerge(actor, id);
  return done.ok ? redirect(`/hr/merges/${id}`) : form.refuse(done.error);
}

export default function MergePage() {
  const { heading, merge, preview, mayDecide, own, askedBy, decidedBy, partedBy } = useLoaderData<typeof loader>();
  const { t } = useText();
  return (
    <Page title={heading} trail={[{ to: '/hr/merges', label: t('records.merges') }]}>
      <Facts items={[
        { term: t('records.merge-survivor'), value: <><Link to={`/hr/people/${merge.survivorId}`}>{merge.survivorName}</Link> <span className="code">{merge.survivorNumber}</span></> },
        { term: t('records.merge-merged'), value: merge.state === 'merged' ? merge.mergedName : <><Link to={`/hr/people/${merge.mergedId}`}>{merge.mergedName}</Link> <span className="code">{merge.mergedNumber}</span></> },
        { term: t('records.state'), value: <StatusTag tone={MERGE_TONES[merge.state]}>{t(`records.merge-state.${merge.state}`)}</StatusTag> },
        { term: t('records.merge-reason'), value: <>{merge.reason} · {askedBy} · <InstantText at={merge.askedAt} /></> },
        ...(merge.decidedAt === null ? [] : [{ term: t('records.decided-by'), value: <>{decidedBy} · <InstantText at={merge.decidedAt} /> · {merge.decisionReason}</> }]),
        ...(merge.partedAt === null ? [] : [{ term: t('records.merge-part'), value: <>{partedBy} · <InstantText at={merge.partedAt} /> · {merge.partReason}</> }]),
      ]} />
      {preview && <MergePreviewSection preview={preview} />}
      {mayDecide && <Section title={t('records.merge-confirm')}><DecideForm /></Section>}
      {merge.state === 'proposed' && own && <><p>{t('records.merge-wait')}</p><PostButton fields={{ __form: 'withdraw' }}>{t('records.withdraw')}</PostButton></>}
      {merge.state === 'merged' && <PartForm />}
    </Page>
  );
}

function DecideForm() {
  const { t } = useText();
  const form = useFormReply<typeof Decide>({ id: 'decide' });
  return (
    <FormBox form={form}>
      <RadioField form={form} name="decision" label={t('records.decision')} options={(['merged', 'refused'] as const).map((value) => ({ value, label: t(`records.merge-decision.${value}`) }))} />
      <TextField form={form} name="reason" label={t('records.reason')} maxLength={300} />
      <SubmitButton>{t('records.decide-save')}</SubmitButton>
    </FormBox>
  );
}

function PartForm() {
  const { t } = useText();
  const form = useFormReply<typeof Part>({ id: 'part' });
  return (
    <Disclosure summary={t('records.merge-part')} open={form.meta.status === 'error'}>
      <p>{t('records.merge-part-text')}</p>
      <FormBox form={form}>
        <TextField form={form} name="reason" label={t('records.reason')} maxLength={300} />
        <SubmitButton kind="danger">{t('records.merge-part')}</SubmitButton>
      </FormBox>
    </Disclosure>
  );
}
