import { json, redirect, type ActionFunctionArgs, type LoaderFunctionArgs } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { z } from 'zod';
import { askExtension, decideExtension, EXTENSION_MONTHS, extensionPage, withdrawExtension } from '~/certification';
import { reader } from '~/db';
import { authorise, can, signedIn } from '~/identity';
import { dateAt, isPlainDate } from '~/kernel/calendar';
import { clock } from '~/kernel/clock';
import { config } from '~/kernel/config';
import { Id, newId } from '~/kernel/id';
import { ProblemError } from '~/kernel/result';
import { textFor } from '~/text';
import { langOf } from '~/text/lang';
import { useText } from '~/text/react';
import { Banner, DataTable, DateText, Facts, FormBox, Page, RadioField, Section, StatusTag, SubmitButton, TextAreaField, TextField, useFormReply } from '~/ui';
import { parseOneOf } from '~/ui/form.server';
import { pageTitle } from '~/ui/page-title';

export const meta = pageTitle;

const Day = z.string().refine(isPlainDate, 'field.date');
const Words = z.string().trim().min(2, 'field.too-short').max(1000, 'field.too-long');
const Ask = z.object({ key: Id, until: Day, reason: Words });
const Decide = z.object({ extension: Id, decision: z.enum(['grant', 'refuse']), reason: Words });
const Withdraw = z.object({ extension: Id });
const DONE = ['asked', 'granted', 'refused', 'withdrawn'] as const;

export async function loader({ request, params }: LoaderFunctionArgs) {
  const actor = await signedIn(request);
  const found = await extensionPage(reader(), params['id'] ?? '');
  authorise(actor, 'see extensions', { organisationPath: found?.organisationPath ?? [] });
  if (!found) throw new ProblemError({ code: 'not-found' });
  const there = { organisationPath: found.organisationPath };
  const done = new URL(request.url).searchParams.get('done');
  const open = found.extensions.find(({ state }) => state === 'asked') ?? null;
  return json({
    heading: textFor(langOf(request)).t('extension.title', { name: found.name }), assignmentId: params['id'] ?? '',
    expiry: found.expiry, ruleExpiry: found.ruleExpiry, key: newId(), months: EXTENSION_MONTHS,
    extensions: found.extensions.map(({ organisationPath: _, personId: __, ...one }) => one),
    open: open && { id: open.id, until: open.until, own: open.askedBy === actor.by },
    mayAsk: open === null && found.expiry !== null && found.expiry >= dateAt(clock.now(), config().TIME_ZONE) && can(actor, 'ask for extensions', there), mayDecide: can(actor, 'decide on extensions', there),
    maySeeClearance: can(actor, 'see a clearance', there),
    done: DONE.find((one) => one === done) ?? null,
  });
}

export async function action({ request, params }: ActionFunctionArgs) {
  const actor = await signedIn(request);
  const assignmentId = params['id'] ?? '';
  authorise(actor, 'see extensions', { organisationPath: (await extensionPage(reader(), assignmentId))?.organisationPath ?? [] });
  const form = await parseOneOf(request, { ask: Ask, decide: Decide, withdraw: Withdraw });
  if (!form.ok) return form.response;
  const back = (done: (typeof DONE)[number]) => redirect(`/hr/clearance/${assignmentId}/extension?done=${done}`);
  switch (form.form) {
    case 'ask': {
      const asked = await askExtension(actor, { id: form.value.key, assignmentId, until: form.value.until, reason: form.value.reason });
      return asked.ok ? back('asked') : form.refuse(asked.error);
    }
    case 'decide': {
      const { extension, decision, reason } = form.value;
      const decided = await decideExtension(actor, extension, { grant: decision === 'grant', reason });
      return decided.ok ? back(decision === 'grant' ? 'granted' : 'refused') : form.refuse(decided.error);
    }
    case 'withdraw': {
      const withdrawn = await withdrawExtension(actor, form.value.extension);
      return withdrawn.ok ? back('withdrawn') : form.refuse(withdrawn.error);
    }
  }
}

type Data = ReturnType<typeof useLoaderData<typeof loader>>;
const TONES = { asked: 'due', granted: 'ok', refused: 'bad', withdrawn: 'neutral' } as const;

export default function ExtensionOfClearance() {
  const data = useLoaderData<typeof loader>();
  const { t } = useText();
  return (
    <Page title={data.heading} lead={<p>{t('extension.lead')}</p>} width="wide" trail={[
      { to: '/hr/renewals', label: t('renewal.title') },
      ...(data.maySeeClearance ? [{ to: `/hr/clearance/${data.assignmentId}`, label: t('clearance.page') }] : []),
    ]}>
      {data.done && <Banner tone="success" title={t(`extension.done.${data.done}`)} />}
      <Facts items={[
        { term: t('extension.now'), value: data.expiry === null ? t('extension.no-end') : <DateText date={data.expiry} far /> },
        { term: t('extension.rule'), value: data.ruleExpiry === null ? t('extension.no-end') : <DateText date={data.ruleExpiry} /> },
      ]} />
      {data.open && <Section title={t('extension.decide')}><Open data={data} open={data.open} /></Section>}
      {data.mayAsk && <Section title={t('extension.ask')}><AskForm data={data} /></Section>}
      <Section title={t('extension.list')}><List extensions={data.extensions} /></Section>
    </Page>
  );
}

function Open({ data, open }: { data: Data; open: NonNullable<Data['open']> }) {
  const { t, date } = useText();
  if (!open.own) return data.mayDecide ? <><p>{t('extension.decide-lead', { until: date(open.until) })}</p><DecideForm id={open.id} /></> : <p>{t('extension.state.asked')}</p>;
  return <><p>{t('extension.own-waits')}</p><WithdrawForm id={open.id} /></>;
}

function DecideForm({ id }: { id: string }) {
  const { t } = useText();
  const form = useFormReply<typeof Decide>({ id: 'decide' });
  return (
    <FormBox form={form}>
      <input type="hidden" name="extension" value={id} />
      <RadioField form={form} name="decision" label={t('extension.decision')} options={[{ value: 'grant', label: t('extension.grant') }, { value: 'refuse', label: t('extension.refuse') }]} />
      <TextAreaField form={form} name="reason" label={t('extension.decision-reason')} rows={3} />
      <SubmitButton>{t('extension.decide-save')}</SubmitButton>
    </FormBox>
  );
}

function WithdrawForm({ id }: { id: string }) {
  const { t } = useText();
  const form = useFormReply<typeof Withdraw>({ id: 'withdraw' });
  return (
    <FormBox form={form}>
      <input type="hidden" name="extension" value={id} />
      <SubmitButton kind="secondary">{t('extension.withdraw')}</SubmitButton>
    </FormBox>
  );
}

function AskForm({ data }: { data: Data }) {
  const { t } = useText();
  const form = useFormReply<typeof Ask>({ id: 'ask' });
  return (
    <FormBox form={form}>
      <input type="hidden" name="key" value={data.key} />
      <TextField form={form} name="until" type="date" width="middle" label={t('extension.until')} hint={t('extension.until-hint', { months: data.months })} />
      <TextAreaField form={form} name="reason" label={t('extension.reason')} hint={t('extension.reason-hint')} rows={3} />
      <SubmitButton>{t('extension.ask-save')}</SubmitButton>
    </FormBox>
  );
}

function List({ extensions }: { extensions: Data['extensions'] }) {
  const { t, date, dateTime } = useText();
  return (
    <DataTable
      caption={t('extension.list')}
      rows={extensions}
      rowKey={(row) => row.id}
      empty={t('extension.none')}
      columns={[
        { key: 'what', header: t('extension.what'), cell: (row) => t('extension.from-to', { from: date(row.fromExpiry), until: date(row.until) }) },
        { key: 'reason', header: t('extension.reason'), cell: (row) => <>{row.reason}<br /><small>{t('extension.asked-by', { by: row.asker ?? '', at: dateTime(row.askedAt) })}</small></> },
        { key: 'state', header: t('extension.state'), cell: (row) => (
          <>
            <StatusTag tone={TONES[row.state]}>{t(`extension.state.${row.state}`)}</StatusTag>
            {row.decidedAt !== null && row.decider !== null && <><br /><small>{t('extension.decided-by', { by: row.decider, at: dateTime(row.decidedAt), reason: row.decisionReason ?? '' })}</small></>}
          </>
        ) },
      ]}
    />
  );
}
