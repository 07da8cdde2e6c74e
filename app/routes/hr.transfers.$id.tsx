import { json, redirect, type ActionFunctionArgs, type LoaderFunctionArgs } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { z } from 'zod';
import { signedIn } from '~/identity';
import { isPlainDate } from '~/kernel/calendar';
import { ProblemError } from '~/kernel/result';
import { acceptTransfer, APPOINTMENT_KINDS, openTransfer, refuseTransfer, withdrawTransfer } from '~/people';
import { textFor } from '~/text';
import { langOf } from '~/text/lang';
import { useText } from '~/text/react';
import { ButtonLink, ButtonRow, DateText, Disclosure, Facts, FormBox, InstantText, Page, Section, SelectField, StatusTag, SubmitButton, TextField, useFormReply } from '~/ui';
import { parseOneOf } from '~/ui/form.server';
import { pageTitle } from '~/ui/page-title';
import { TRANSFER_TONES } from '~/ui/records/past';

export const meta = pageTitle;

const Reason = z.object({ reason: z.string().trim().min(2, 'field.too-short').max(300, 'field.too-long') });
const Accept = Reason.extend({
  kind: z.enum(APPOINTMENT_KINDS), post: z.string().trim().min(1).max(60, 'field.too-long'), rank: z.string().trim().max(40, 'field.too-long').optional(),
  startOfDuty: z.string().refine(isPlainDate, 'field.date'),
});

export async function loader({ request, params }: LoaderFunctionArgs) {
  const actor = await signedIn(request);
  const found = await openTransfer(actor, params['id'] ?? '');
  if (!found) throw new ProblemError({ code: 'not-found' });
  const { transfer, gives, receives } = found;
  const open = transfer.state === 'proposed';
  return json({
    heading: textFor(langOf(request)).t('records.transfer-of', { name: transfer.name }), transfer,
    mayWithdraw: open && gives, mayDecide: open && receives && transfer.askedBy !== actor.by && transfer.personId !== actor.personId,
  });
}

export async function action({ request, params }: ActionFunctionArgs) {
  const actor = await signedIn(request);
  const id = params['id'] ?? '';
  if (!(await openTransfer(actor, id))) throw new ProblemError({ code: 'not-found' });
  const form = await parseOneOf(request, { accept: Accept, refuse: Reason, withdraw: Reason });
  if (!form.ok) return form.response;
  const done = form.form === 'accept' ? await acceptTransfer(actor, id, { ...form.value, rank: form.value.rank ?? null })
    : form.form === 'refuse' ? await refuseTransfer(actor, id, form.value.reason) : await withdrawTransfer(actor, id, form.value.reason);
  return done.ok ? redirect(`/hr/transfers/${id}`) : form.refuse(done.error);
}

export default function TransferPage() {
  const { heading, transfer, mayWithdraw, mayDecide } = useLoaderData<typeof loader>();
  const { t } = useText();
  return (
    <Page title={heading} trail={[{ to: '/hr/transfers', label: t('records.transfers') }]}>
      <Facts items={[
        { term: t('records.person'), value: transfer.name },
        { term: t('records.transfer-from'), value: `${transfer.fromName} · ${transfer.post}` },
        { term: t('records.transfer-to'), value: transfer.toName },
        { term: t('records.transfer-ends'), value: <DateText date={transfer.endsOn} far /> },
        { term: t('records.reason'), value: transfer.reason },
        { term: t('records.state'), value: <StatusTag tone={TRANSFER_TONES[transfer.state]}>{t(`records.transfer-state.${transfer.state}`)}</StatusTag> },
        ...(transfer.decidedAt === null ? [] : [{ term: t('records.decided-at'), value: <><InstantText at={transfer.decidedAt} /> · {transfer.decisionReason}</> }]),
      ]} />
      {transfer.state === 'accepted' && <ButtonRow><ButtonLink to={`/hr/people/${transfer.personId}/record`}>{t('records.record-link')}</ButtonLink></ButtonRow>}
      {mayDecide && <Section title={t('records.transfer-accept')}><p>{t('records.transfer-accept-lead')}</p><AcceptForm /></Section>}
      {mayDecide && <ReasonForm id="refuse" label={t('records.transfer-refuse')} />}
      {mayWithdraw && <ReasonForm id="withdraw" label={t('records.transfer-withdraw')} />}
    </Page>
  );
}

// Named here too: the room's list is the server's.
const KINDS = ['recruit', 'staff', 'leader'] as const;

function AcceptForm() {
  const { transfer } = useLoaderData<typeof loader>();
  const { t } = useText();
  const form = useFormReply<typeof Accept>({ id: 'accept', defaultValue: { kind: transfer.kind, post: transfer.post, rank: transfer.rank ?? undefined } });
  return (
    <FormBox form={form}>
      <SelectField form={form} name="kind" label={t('records.transfer-kind')} options={KINDS.map((value) => ({ value, label: t(`people.kind.${value}`) }))} />
      <TextField form={form} name="post" label={t('records.transfer-post')} maxLength={60} />
      <TextField form={form} name="rank" label={t('records.transfer-rank')} maxLength={40} optional />
      <TextField form={form} name="startOfDuty" type="date" width="middle" label={t('records.transfer-start')} />
      <TextField form={form} name="reason" label={t('records.reason')} maxLength={300} />
      <SubmitButton>{t('records.transfer-accept')}</SubmitButton>
    </FormBox>
  );
}

function ReasonForm({ id, label }: { id: 'refuse' | 'withdraw'; label: string }) {
  const { t } = useText();
  const form = useFormReply<typeof Reason>({ id });
  return (
    <Disclosure summary={label} open={form.meta.status === 'error'}>
      <FormBox form={form}>
        <TextField form={form} name="reason" label={t('records.reason')} maxLength={300} />
        <SubmitButton kind="secondary">{label}</SubmitButton>
      </FormBox>
    </Disclosure>
  );
}
