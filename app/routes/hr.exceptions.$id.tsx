import { json, redirect, type ActionFunctionArgs, type LoaderFunctionArgs } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { z } from 'zod';
import { namesOf } from '~/audit';
import { decideException, DECISIONS, namesFor, openException } from '~/certification';
import { reader } from '~/db';
import { authorise, can, signedIn } from '~/identity';
import { isPlainDate } from '~/kernel/calendar';
import { must } from '~/kernel/result';
import { findPerson, pathsOfPerson } from '~/people';
import { textFor } from '~/text';
import { langOf } from '~/text/lang';
import { useText } from '~/text/react';
import { Banner, ButtonLink, ButtonRow, DateText, Facts, FormBox, Page, RadioField, Section, SubmitButton, TextField, useFormReply } from '~/ui';
import { parseForm } from '~/ui/form.server';
import { pageTitle } from '~/ui/page-title';
import { ExceptionKindText, ExceptionReasons, ExceptionState } from '~/ui/programme/exception-words';

export const meta = pageTitle;

const Decide = z.object({
  version: z.number().int(), decision: z.enum(DECISIONS), newDue: z.string().refine(isPlainDate, 'field.date').optional(),
  reason: z.string().trim().min(2, 'field.too-short').max(300, 'field.too-long'),
});

export async function loader({ request, params }: LoaderFunctionArgs) {
  const actor = await signedIn(request);
  authorise(actor, 'see exceptions');
  const text = textFor(langOf(request));
  const { exception, assignmentId, ended, dueOn, startOfDuty, title, requirements } = must(await openException(actor, params['id'] ?? ''));
  const names = await namesFor(reader(), text.lang);
  const target = new Map(requirements.map(({ code, kind, targetId }) => [code, (kind === 'exam' ? names.exam : names.programme).get(targetId) ?? '']));
  const name = (await findPerson(reader(), exception.personId))?.name ?? '';
  const deciders = await namesOf(reader(), exception.decidedBy === null ? [] : [exception.decidedBy]);
  return json({
    heading: text.t('exception.one-title', { name }), name, kind: exception.kind, state: exception.state, version: exception.version, assignmentId, ended, dueOn, startOfDuty, programme: title[text.lang],
    cause: { dueOn: exception.cause.dueOn, startOfDuty: exception.cause.startOfDuty, reasons: exception.cause.reasons.map(({ code, requirement }) => ({ code, title: target.get(requirement ?? '') ?? '' })) },
    decision: exception.decision, reason: exception.reason, decidedAt: exception.decidedAt, decidedBy: deciders.get(exception.decidedBy ?? '') ?? '',
    mayDecide: can(actor, 'decide on exceptions', { personId: exception.personId, organisationPath: await pathsOfPerson(reader(), exception.personId) }),
    done: new URL(request.url).searchParams.has('done'),
  });
}

export async function action({ request, params }: ActionFunctionArgs) {
  const actor = await signedIn(request);
  authorise(actor, 'see exceptions');
  const id = params['id'] ?? '';
  must(await openException(actor, id));
  const form = await parseForm(request, Decide);
  if (!form.ok) return form.response;
  const decided = await decideException(actor, id, form.value);
  return decided.ok ? redirect(`/hr/exceptions/${id}?done=1`) : form.refuse(decided.error);
}

type Data = ReturnType<typeof useLoaderData<typeof loader>>;

export default function Exception() {
  const data = useLoaderData<typeof loader>();
  const { t, dateTime } = useText();
  return (
    <Page title={data.heading} lead={data.state === 'open' ? t('exception.one-lead') : undefined} trail={[{ to: '/hr', label: t('hr.title') }, { to: '/hr/exceptions', label: t('exception.title') }]}>
      {data.done && <Banner tone="success" title={t('exception.decided')} />}
      <Banner tone={data.state === 'open' ? 'warning' : 'info'} title={<ExceptionKindText kind={data.kind} />}><div><ExceptionReasons {...data.cause} /></div></Banner>
      <Facts items={[
        { term: t('exception.state'), value: <ExceptionState state={data.state} /> },
        { term: t('exception.programme'), value: data.programme },
        { term: t('exception.due-on'), value: data.ended ? t('exception.ended') : <DateText date={data.dueOn} far /> },
        { term: t('exception.start'), value: <DateText date={data.startOfDuty} far /> },
      ]} />
      {data.state === 'decided' && data.decision && data.decidedAt !== null && (
        <p>{t('exception.decided-by', { at: `${data.decidedBy} ${dateTime(data.decidedAt)}`, what: t(`exception.decision.${data.decision}`), reason: data.reason ?? '' })}</p>
      )}
      {data.state === 'gone' && data.decidedAt !== null && <p>{t('exception.gone-note', { at: dateTime(data.decidedAt) })}</p>}
      {data.assignmentId !== null && !data.ended && <ButtonRow><ButtonLink to={`/hr/clearance/${data.assignmentId}`}>{t('exception.see-clearance')}</ButtonLink></ButtonRow>}
      {data.state === 'open' && data.mayDecide && <Section title={t('exception.decide')}><DecideForm key={data.version} data={data} /></Section>}
    </Page>
  );
}

const CHOICES = ['new-due', 'accept', 'end'] as const;

function DecideForm({ data }: { data: Data }) {
  const { t } = useText();
  const form = useFormReply<typeof Decide>();
  return (
    <FormBox form={form}>
      <input type="hidden" name="version" value={data.version} />
      <RadioField form={form} name="decision" label={t('exception.decision')} options={CHOICES.map((value) => ({ value, label: t(`exception.decision.${value}`), hint: t(`exception.decision-hint.${value}`) }))} />
      <TextField form={form} name="newDue" type="date" width="middle" label={t('exception.new-due')} hint={t('exception.new-due-hint')} optional />
      <TextField form={form} name="reason" label={t('programme.reason')} hint={t('programme.reason-hint')} maxLength={300} />
      <SubmitButton>{t('exception.save')}</SubmitButton>
    </FormBox>
  );
}
