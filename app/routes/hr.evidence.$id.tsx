import { json, redirect, type ActionFunctionArgs, type LoaderFunctionArgs } from '@remix-run/node';
import { Link, useLoaderData } from '@remix-run/react';
import { z } from 'zod';
import { namesOf } from '~/audit';
import { decideExternal, openExternal, voidExternal } from '~/certification';
import { reader } from '~/db';
import { authorise, can, signedIn, type Actor } from '~/identity';
import { ProblemError } from '~/kernel/result';
import { pathsOfPerson } from '~/people';
import { textFor } from '~/text';
import { langOf } from '~/text/lang';
import { useText } from '~/text/react';
import { Banner, DateText, Disclosure, Facts, FormBox, InstantText, Page, RadioField, Section, SubmitButton, TextField, useFormReply } from '~/ui';
import { parseOneOf } from '~/ui/form.server';
import { pageTitle } from '~/ui/page-title';
import { EvidenceState } from '~/ui/records/evidence-list';

export const meta = pageTitle;

const Reason = z.string().trim().min(2, 'field.too-short').max(300, 'field.too-long');
const Decide = z.object({ decision: z.enum(['approved', 'refused']), reason: Reason });
const Void = z.object({ reason: Reason });

async function opened(actor: Actor, id: string) {
  const found = await openExternal(actor, id);
  if (!found) {
    authorise(actor, 'see evidence handed in');
    throw new ProblemError({ code: 'not-found' });
  }
  const { one, until } = found;
  const mayDecide = can(actor, 'decide on evidence', { personId: one.personId, organisationPath: await pathsOfPerson(reader(), one.personId) });
  return { one, until, mayDecide, own: one.askedBy === actor.by || one.personId === actor.personId };
}

export async function loader({ request, params }: LoaderFunctionArgs) {
  const actor = await signedIn(request);
  const { one, until, mayDecide, own } = await opened(actor, params['id'] ?? '');
  const names = await namesOf(reader(), [one.askedBy, one.decidedBy ?? '', one.voidedBy ?? '']);
  return json({
    heading: textFor(langOf(request)).t('records.decide-title', { title: one.title }), one: { ...one, askedBy: names.get(one.askedBy) ?? '', decidedBy: names.get(one.decidedBy ?? '') ?? null }, until,
    decides: mayDecide && one.state === 'asked' ? (own ? 'cannot' as const : 'may' as const) : null, voids: mayDecide && one.state === 'approved' && one.personId !== actor.personId,
  });
}

export async function action({ request, params }: ActionFunctionArgs) {
  const actor = await signedIn(request);
  await opened(actor, params['id'] ?? '');
  const form = await parseOneOf(request, { decide: Decide, void: Void });
  if (!form.ok) return form.response;
  const done = form.form === 'decide' ? await decideExternal(actor, params['id'] ?? '', form.value) : await voidExternal(actor, params['id'] ?? '', form.value.reason);
  return done.ok ? redirect('/hr/evidence?done=1') : form.refuse(done.error);
}

export default function DecideOnEvidence() {
  const { heading, one, until, decides, voids } = useLoaderData<typeof loader>();
  const { t, date } = useText();
  return (
    <Page title={heading} trail={[{ to: '/hr/evidence', label: t('records.queue') }]}>
      {until !== null && <Banner tone="info" title={t('records.former', { until: date(until) })}>{t('records.former-text')}</Banner>}
      <Facts items={[
        { term: t('records.person'), value: <Link to={until === null ? `/hr/people/${one.personId}` : `/hr/people/${one.personId}/record`}>{one.name}</Link> },
        { term: t('records.evidence-title'), value: one.title },
        { term: t('records.code'), value: <span className="code">{one.code}</span> },
        { term: t('records.issuer'), value: one.issuer },
        { term: t('records.issued-on'), value: <DateText date={one.issuedOn} far /> },
        { term: t('records.valid-until'), value: one.validUntil ? <DateText date={one.validUntil} far /> : t('records.no-end') },
        ...(one.note ? [{ term: t('records.note'), value: one.note }] : []),
        { term: t('records.file'), value: <a href={`/records/files/${one.fileId}`}>{t('records.file-open')}</a> },
        { term: t('records.asked-by'), value: <>{one.askedBy} · <InstantText at={one.askedAt} /></> },
        { term: t('records.state'), value: <EvidenceState state={one.state} /> },
        ...(one.decidedAt === null ? [] : [{ term: t('records.decided-by'), value: <>{one.decidedBy} · <InstantText at={one.decidedAt} /> · {one.decisionReason}</> }]),
        ...(one.voidedAt === null ? [] : [{ term: t('records.void'), value: <><InstantText at={one.voidedAt} /> · {one.voidReason}</> }]),
      ]} />
      {decides === 'cannot' && <p>{t('records.own-cannot')}</p>}
      {decides === 'may' && <Section title={t('records.decide')}><DecideForm /></Section>}
      {voids && <VoidForm />}
    </Page>
  );
}

function DecideForm() {
  const { t } = useText();
  const form = useFormReply<typeof Decide>({ id: 'decide' });
  return (
    <FormBox form={form}>
      <RadioField form={form} name="decision" label={t('records.decision')} options={(['approved', 'refused'] as const).map((value) => ({ value, label: t(`records.decision.${value}`) }))} />
      <TextField form={form} name="reason" label={t('records.reason')} hint={t('records.reason-hint')} maxLength={300} />
      <SubmitButton>{t('records.decide-save')}</SubmitButton>
    </FormBox>
  );
}

function VoidForm() {
  const { t } = useText();
  const form = useFormReply<typeof Void>({ id: 'void' });
  return (
    <Disclosure summary={t('records.void')} open={form.meta.status === 'error'}>
      <p>{t('records.void-lead')}</p>
      <FormBox form={form}>
        <TextField form={form} name="reason" label={t('records.reason')} hint={t('records.reason-hint')} maxLength={300} />
        <SubmitButton kind="danger">{t('records.void')}</SubmitButton>
      </FormBox>
    </Disclosure>
  );
}
