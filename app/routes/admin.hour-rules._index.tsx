import { json, redirect, type ActionFunctionArgs, type LoaderFunctionArgs } from '@remix-run/node';
import { Link, useActionData, useLoaderData } from '@remix-run/react';
import { z } from 'zod';
import { askToClose, decideToClose, draftRule, hourAdministration, openRule, readRule } from '~/certification';
import { reader } from '~/db';
import { authorise, signedIn } from '~/identity';
import { clock } from '~/kernel/clock';
import { textFor } from '~/text';
import { langOf } from '~/text/lang';
import { useText } from '~/text/react';
import {
  Banner, ButtonRow, Card, DataTable, DateText, FileField, FormBox, Page, Section, SelectField, StatusTag, SubmitButton, TextAreaField, TextField, useFormReply, type StatusTone,
} from '~/ui';
import { parseOneOf } from '~/ui/form.server';
import { withFileAsText } from '~/ui/hours/file-as-text.server';
import { pageTitle } from '~/ui/page-title';

export const meta = pageTitle;

const Draft = z.object({
  written: z.string().superRefine((written, context) => {
    const read = readRule(written);
    if (!read.ok) read.problems.forEach(({ code, params }) => context.addIssue({ code: 'custom', message: code, params }));
  }),
  // Read before the form is checked, so that its lines are told and its text stays on the page.
  file: z.any().optional(),
});
const Ask = z.object({ year: z.number().int().min(1990).max(2200), reason: z.string().trim().max(300, 'field.too-long').default('') });
const Decide = z.object({ year: z.number().int(), decision: z.enum(['close', 'refuse']) });
const DONE = ['asked', 'closed', 'refused'] as const;

export async function loader({ request }: LoaderFunctionArgs) {
  const actor = await signedIn(request);
  authorise(actor, 'set hour rules');
  const query = new URL(request.url).searchParams;
  const from = query.get('from');
  const model = from ? await openRule(reader(), actor, from, { page: 1 }) : null;
  const { rules, ...rest } = await hourAdministration(reader(), actor, clock.now());
  return json({
    heading: textFor(langOf(request)).t('hours.admin-title'), ...rest, rules: rules.map(({ written: _, ...one }) => one),
    model: model?.ok ? model.value.stored.written : '', done: DONE.find((one) => one === query.get('done')) ?? null,
  });
}

export async function action({ request }: ActionFunctionArgs) {
  const actor = await signedIn(request);
  authorise(actor, 'set hour rules');
  const form = await parseOneOf(await withFileAsText(request, 'file', 'written'), { draft: Draft, ask: Ask, decide: Decide });
  if (!form.ok) return form.response;
  switch (form.form) {
    case 'draft': {
      const draft = await draftRule(actor, form.value.written);
      return draft.ok ? redirect(`/admin/hour-rules/${draft.value}`) : form.refuse(draft.error);
    }
    case 'ask': {
      const asked = await askToClose(actor, form.value.year, form.value.reason);
      return asked.ok ? redirect('/admin/hour-rules?done=asked') : form.refuse(asked.error);
    }
    case 'decide': {
      const decided = await decideToClose(actor, form.value.year, form.value.decision);
      return decided.ok ? redirect(`/admin/hour-rules?done=${form.value.decision === 'close' ? 'closed' : 'refused'}`) : form.refuse(decided.error);
    }
  }
}

type Data = ReturnType<typeof useLoaderData<typeof loader>>;
const TONES: Record<string, StatusTone> = { draft: 'due', published: 'ok', running: 'neutral', open: 'neutral', asked: 'due', closed: 'ok' };
const SAID = { asked: 'hours.year-done', closed: 'hours.year-closed-done', refused: 'hours.year-refused-done' } as const;

export default function HourRules() {
  const data = useLoaderData<typeof loader>();
  const refused = useActionData<typeof action>();
  const { t } = useText();
  return (
    <Page title={data.heading} lead={t('hours.admin-lead')} width="wide" trail={[{ to: '/admin', label: t('admin.title') }]}>
      {data.done && !refused && <Banner tone="success" title={t(SAID[data.done])} />}
      {data.runs.length > 0 && (
        <Banner tone="info" title={t('hours.running')}>
          <ul>{data.runs.map((run, i) => <li key={i}>{t(`hours.run.${run.kind}`, { done: run.done, total: run.total })}</li>)}</ul>
        </Banner>
      )}
      <Section title={t('hours.rule')}><Rules data={data} /></Section>
      <Section title={t('hours.rule-new')} id="new"><NewRule model={data.model} /></Section>
      <Section title={t('hours.years-title')}><Years data={data} /></Section>
      {data.held.length > 0 && <Section title={t('hours.held')}><Held data={data} /></Section>}
    </Page>
  );
}

function Rules({ data }: { data: Data }) {
  const { t, lang, date } = useText();
  return (
    <DataTable
      caption={t('hours.rule')}
      rows={data.rules}
      rowKey={(row) => row.id}
      empty={t('hours.rules-none')}
      columns={[
        { key: 'rule', header: t('hours.rule'), cell: (row) => <><Link to={`/admin/hour-rules/${row.id}`}>{row.title[lang]}</Link><br /><small className="code">{row.code} {row.label}</small></> },
        { key: 'effective', header: t('hours.rule-effective'), cell: (row) => (row.effectiveUntil === null
          ? t('hours.rule-from', { from: date(row.effectiveFrom) }) : t('hours.rule-from-until', { from: date(row.effectiveFrom), until: date(row.effectiveUntil) })) },
        { key: 'state', header: t('hours.rule-state'), cell: (row) => <><StatusTag tone={TONES[row.state] ?? 'neutral'}>{t(`hours.rule-state.${row.state}`)}</StatusTag>{row.nowhere && <><br /><small>{t('hours.rule-nowhere')}</small></>}</> },
      ]}
    />
  );
}

function NewRule({ model }: { model: string }) {
  const { t } = useText();
  const form = useFormReply<typeof Draft>({ id: 'draft', defaultValue: { written: model } });
  return (
    <>
      <p>{t('hours.rule-new-lead')}</p>
      <FormBox form={form} multipart>
        <TextAreaField form={form} name="written" label={t('hours.rule-written')} rows={model ? 24 : 8} />
        <FileField form={form} name="file" label={t('hours.rule-file')} accept=".yaml,.yml,text/yaml" optional />
        <SubmitButton>{t('hours.rule-save')}</SubmitButton>
      </FormBox>
    </>
  );
}

function Years({ data }: { data: Data }) {
  const { t } = useText();
  const form = useFormReply<typeof Ask>({ id: 'ask' });
  const open = data.years.filter((one) => one.state === 'open');
  return (
    <>
      <p>{t('hours.years-lead')}</p>
      <DataTable
        caption={t('hours.years-title')}
        rows={data.years}
        rowKey={(row) => String(row.year)}
        empty=""
        columns={[
          { key: 'year', header: t('hours.year-column'), cell: (row) => t('hours.year', { year: row.year }) },
          { key: 'state', header: t('hours.year-state'), cell: (row) => <StatusTag tone={TONES[row.state] ?? 'neutral'}>{t(`hours.year-state.${row.state}`)}</StatusTag> },
        ]}
      />
      {data.years.filter((one) => one.state === 'asked').map((one) => <Decision key={one.year} year={one.year} own={one.own} reason={one.decided?.reason ?? ''} />)}
      {open.length > 0 && (
        <FormBox form={form}>
          <SelectField form={form} name="year" label={t('hours.year-which')} options={open.map(({ year }) => ({ value: String(year), label: t('hours.year', { year }) }))} />
          <TextField form={form} name="reason" label={t('hours.year-reason')} maxLength={300} optional />
          <SubmitButton kind="secondary">{t('hours.year-ask')}</SubmitButton>
        </FormBox>
      )}
    </>
  );
}

function Decision({ year, own, reason }: { year: number; own: boolean; reason: string }) {
  const { t } = useText();
  const form = useFormReply<typeof Decide>({ id: 'decide' });
  return (
    <Card title={t('hours.year-decide', { year })}>
      {reason && <p>{t('hours.year-decide-text', { reason })}</p>}
      {own ? <p>{t('hours.year-decide-own')}</p> : (
        <FormBox form={form}>
          <input type="hidden" name="year" value={year} />
          <ButtonRow>
            <SubmitButton kind="secondary" name="decision" value="close">{t('hours.year-confirm')}</SubmitButton>
            <SubmitButton kind="quiet" name="decision" value="refuse">{t('hours.year-refuse')}</SubmitButton>
          </ButtonRow>
        </FormBox>
      )}
    </Card>
  );
}

function Held({ data }: { data: Data }) {
  const { t, lang } = useText();
  return (
    <>
      <p>{t('hours.held-lead')}</p>
      <DataTable
        caption={t('hours.held')}
        rows={data.held}
        rowKey={(row) => row.id}
        empty=""
        columns={[
          { key: 'name', header: t('hours.hr-name'), cell: (row) => <Link to={`/hr/hours/${row.person_id}?year=${row.occurred_on.slice(0, 4)}`}>{row.name}</Link> },
          { key: 'what', header: t('hours.entry'), cell: (row) => (lang === 'zh' ? row.title_zh : row.title_en) },
          { key: 'on', header: t('hours.entry-on'), cell: (row) => <DateText date={row.occurred_on} /> },
        ]}
      />
    </>
  );
}
