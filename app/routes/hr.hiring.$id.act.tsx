import { json, redirect, type ActionFunctionArgs, type LoaderFunctionArgs } from '@remix-run/node';
import { Link, useLoaderData } from '@remix-run/react';
import type { ReactElement } from 'react';
import { z } from 'zod';
import { reader } from '~/db';
import { actOnPeople, chosenRows, openList, type ActKind } from '~/exchange';
import { sittingsInScope } from '~/exams';
import { authorise, scopePaths, signedIn, type Actor } from '~/identity';
import { dateAt } from '~/kernel/calendar';
import { clock } from '~/kernel/clock';
import { config } from '~/kernel/config';
import { Id, newId } from '~/kernel/id';
import { ProblemError } from '~/kernel/result';
import { textFor } from '~/text';
import { langOf } from '~/text/lang';
import { useText } from '~/text/react';
import { Banner, FormBox, Page, Section, SelectField, SubmitButton, TextField, useFormReply } from '~/ui';
import { parseOneOf } from '~/ui/form.server';
import { PeopleTable } from '~/ui/hiring/people-table';
import { chosenQuery } from '~/ui/hiring/query.server';
import { shownRows } from '~/ui/hiring/shown-rows.server';
import { pageTitle } from '~/ui/page-title';

export const meta = pageTitle;

const Day = z.iso.date();
const Base = z.object({ act: Id });
const Book = Base.extend({ sittingId: Id });
const Waiver = Base.extend({ from: Day, until: Day, reason: z.string().trim().min(2, 'field.too-short').max(500, 'field.too-long'), proof: z.string().trim().min(2, 'field.too-short').max(500, 'field.too-long') });
const Start = Base.extend({ on: Day.optional() });

async function listFor(actor: Actor, id: string) {
  const list = await openList(actor, id);
  if (!list) throw new ProblemError({ code: 'not-found' });
  authorise(actor, 'make hiring lists', { organisationPath: list.organisationPath });
  return list;
}

/** Whom it is about, and what must be known to do it. */
export async function loader({ request, params }: LoaderFunctionArgs) {
  const actor = await signedIn(request);
  const list = await listFor(actor, params['id'] ?? '');
  const text = textFor(langOf(request), config().TIME_ZONE);
  const { kind, filter } = chosenQuery(request.url);
  const chosen = await chosenRows(list.id, filter);
  const sittings = kind === 'book' ? (await sittingsInScope(reader(), { paths: scopePaths(actor, ['administrator', 'hr']), accountId: actor.accountId, search: '', examId: null, time: 'coming', now: clock.now(), page: 1, pageSize: 100 })).sittings : [];
  return json({
    heading: text.t(`hiring.act.${kind}`), id: list.id, title: list.title, kind, act: newId(), today: dateAt(clock.now(), config().TIME_ZONE),
    rows: chosen.ok ? shownRows(chosen.value, text) : [], refused: chosen.ok ? null : chosen.error,
    sittings: sittings.map((one) => ({ value: one.id, label: text.t('hiring.act.sitting-option', { title: one.title, exam: one.exam[text.lang], at: text.dateTime(one.startsAt), free: Math.max(0, one.capacity - one.booked) }) })),
  });
}

export async function action({ request, params }: ActionFunctionArgs) {
  const actor = await signedIn(request);
  const { id } = await listFor(actor, params['id'] ?? '');
  const { filter } = chosenQuery(request.url);
  const form = await parseOneOf(request, { remind: Base, book: Book, waiver: Waiver, start: Start });
  if (!form.ok) return form.response;
  const done = await actOnPeople(actor, id, form.value.act, filter, actOf(form));
  return done.ok ? redirect(`/hr/hiring/${id}/acts/${done.value}`) : form.refuse(done.error);
}

type Typed =
  | { form: 'remind'; value: z.infer<typeof Base> } | { form: 'book'; value: z.infer<typeof Book> } | { form: 'waiver'; value: z.infer<typeof Waiver> } | { form: 'start'; value: z.infer<typeof Start> };

function actOf(typed: Typed): Parameters<typeof actOnPeople>[4] {
  switch (typed.form) {
    case 'remind': return { kind: 'remind' };
    case 'book': return { kind: 'book', sittingId: typed.value.sittingId };
    case 'waiver': { const { from, until, reason, proof } = typed.value; return { kind: 'waiver', from, until, reason, proof }; }
    case 'start': return { kind: 'start', on: typed.value.on ?? null };
  }
}

export default function ActOnPeople() {
  const { heading, id, title, rows, kind, refused } = useLoaderData<typeof loader>();
  const { t, problem } = useText();
  return (
    <Page title={heading} width="wide" trail={[{ to: '/hr/hiring', label: t('hiring.title') }, { to: `/hr/hiring/${id}`, label: title }]} lead={t(`hiring.act-lead.${kind}`)}>
      {refused
        ? <Banner tone="warning" title={problem(refused)}><Link to={`/hr/hiring/${id}`}>{t('hiring.act.back')}</Link></Banner>
        : <><Section title={t('hiring.act.terms', { count: rows.length })}><Terms /></Section><Section title={t('hiring.act.whom')}><PeopleTable rows={rows} choose={false} /></Section></>}
    </Page>
  );
}

const FORMS: Record<ActKind, () => ReactElement> = { remind: RemindForm, book: BookForm, waiver: WaiverForm, start: StartForm };

function Terms() {
  const Chosen = FORMS[useLoaderData<typeof loader>().kind];
  return <Chosen />;
}

function Sent() {
  const { act, kind } = useLoaderData<typeof loader>();
  const { t } = useText();
  return <><input type="hidden" name="act" value={act} /><SubmitButton>{t(`hiring.act-do.${kind}`)}</SubmitButton></>;
}

function RemindForm() {
  return <FormBox form={useFormReply<typeof Base>({ id: 'remind' })}><Sent /></FormBox>;
}

function BookForm() {
  const { sittings } = useLoaderData<typeof loader>();
  const { t } = useText();
  const form = useFormReply<typeof Book>({ id: 'book' });
  if (sittings.length === 0) return <Banner tone="info" title={t('hiring.act.no-sitting')}><Link to="/sittings/new">{t('hiring.act.plan-sitting')}</Link></Banner>;
  return <FormBox form={form}><SelectField form={form} name="sittingId" label={t('hiring.act.sitting')} options={sittings} /><Sent /></FormBox>;
}

function WaiverForm() {
  const { today } = useLoaderData<typeof loader>();
  const { t } = useText();
  const form = useFormReply<typeof Waiver>({ id: 'waiver', defaultValue: { from: today } });
  return (
    <FormBox form={form}>
      <TextField form={form} name="from" label={t('waiver.from')} type="date" width="short" />
      <TextField form={form} name="until" label={t('waiver.until')} type="date" width="short" />
      <TextField form={form} name="reason" label={t('waiver.reason')} hint={t('waiver.reason-hint')} maxLength={500} />
      <TextField form={form} name="proof" label={t('waiver.proof')} hint={t('waiver.proof-hint')} maxLength={500} />
      <Sent />
    </FormBox>
  );
}

function StartForm() {
  const { t } = useText();
  const form = useFormReply<typeof Start>({ id: 'start' });
  return (
    <FormBox form={form}>
      <TextField form={form} name="on" label={t('hiring.act.on')} hint={t('hiring.act.on-hint')} type="date" width="short" optional />
      <Sent />
    </FormBox>
  );
}
