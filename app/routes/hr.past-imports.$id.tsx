import { json, redirect, type ActionFunctionArgs, type LoaderFunctionArgs } from '@remix-run/node';
import { useActionData, useLoaderData } from '@remix-run/react';
import { z } from 'zod';
import { namesOf } from '~/audit';
import { addLineScan, askPast, countLines, decidePast, linesOf, MAX_FILE, openImport, PAST_FIELDS, pastHeaders, undoPast, withdrawPast } from '~/certification';
import { reader } from '~/db';
import { signedIn } from '~/identity';
import { Id } from '~/kernel/id';
import { ProblemError } from '~/kernel/result';
import { textFor } from '~/text';
import { langOf } from '~/text/lang';
import { useText } from '~/text/react';
import {
  Banner, Counts, DataTable, Disclosure, Facts, FileField, FilterBar, FilterSelect, FormBox, InstantText, Page, PostButton, ProgressBar, RadioField, Section, SelectField, StatusTag,
  SubmitButton, TextField, useFormReply,
} from '~/ui';
import { parseOneOf } from '~/ui/form.server';
import { pageTitle } from '~/ui/page-title';
import { ROW_TONES } from '~/ui/records/past';
import { ChosenFile, contentOf, isTooLong } from '~/ui/records/upload.server';
import { useRefresh } from '~/ui/use-refresh';

export const meta = pageTitle;

const Reason = z.string().trim().min(2, 'field.too-short').max(300, 'field.too-long');
const Plain = z.object({});
const Decide = z.object({ decision: z.enum(['approved', 'refused']), reason: Reason });
const Undo = z.object({ reason: Reason });
const Scan = z.object({ line: Id, file: ChosenFile });

const SHOWN = 500;
const DONE = ['asked', 'withdrawn', 'approved', 'refused', 'undone', 'scan'] as const;
const STATES = ['wrong', 'duplicate', 'ready', 'applied', 'undone'] as const;

export async function loader({ request, params }: LoaderFunctionArgs) {
  const actor = await signedIn(request);
  const one = await openImport(actor, params['id'] ?? '');
  if (!one) throw new ProblemError({ code: 'not-found' });
  const query = new URL(request.url).searchParams;
  const state = STATES.find((known) => known === query.get('state'));
  const lang = langOf(request);
  const text = textFor(lang);
  const lines = await linesOf(reader(), one.id, { limit: SHOWN, ...(state && { state }) });
  const names = await namesOf(reader(), [one.askedBy, one.decidedBy ?? '', one.undoneBy ?? '']);
  return json({
    heading: one.fileName, id: one.id, state: one.state, source: one.source, organisation: one.organisation, scanId: one.scanId, unused: one.unused, createdAt: one.createdAt,
    askedBy: names.get(one.askedBy) ?? '', decidedBy: names.get(one.decidedBy ?? '') ?? null, decidedAt: one.decidedAt, decisionReason: one.decisionReason, undoReason: one.undoReason,
    own: one.askedBy === actor.by, counts: await countLines(reader(), one.id),
    headers: pastHeaders(lang),
    lines: lines.map((line) => ({
      id: line.id, line: line.line, state: line.state, scanId: line.scanId,
      cells: PAST_FIELDS.map((field) => ({ value: line.cells[field] ?? '', faults: line.problems.filter((fault) => fault.field === field).map((fault) => text.problem(fault.problem)) })),
    })),
    done: DONE.find((known) => known === query.get('done')) ?? null,
  });
}

export async function action({ request, params }: ActionFunctionArgs) {
  const actor = await signedIn(request);
  const id = params['id'] ?? '';
  if (!(await openImport(actor, id))) throw new ProblemError({ code: 'not-found' });
  if (isTooLong(request, MAX_FILE)) throw new ProblemError({ code: 'records.file-too-large', params: { max: MAX_FILE / 1024 / 1024 } });
  const form = await parseOneOf(request, { ask: Plain, withdraw: Plain, decide: Decide, undo: Undo, scan: Scan });
  if (!form.ok) return form.response;
  const to = (done: (typeof DONE)[number]) => redirect(`/hr/past-imports/${id}?done=${done}`);
  switch (form.form) {
    case 'ask': { const asked = await askPast(actor, id); return asked.ok ? to('asked') : form.refuse(asked.error); }
    case 'withdraw': { const gone = await withdrawPast(actor, id); return gone.ok ? to('withdrawn') : form.refuse(gone.error); }
    case 'decide': { const decided = await decidePast(actor, id, form.value); return decided.ok ? to(form.value.decision) : form.refuse(decided.error); }
    case 'undo': { const undone = await undoPast(actor, id, form.value.reason); return undone.ok ? to('undone') : form.refuse(undone.error); }
    case 'scan': { const added = await addLineScan(actor, id, form.value.line, await contentOf(form.value.file)); return added.ok ? to('scan') : form.refuse(added.error); }
  }
}

export default function PastImportPage() {
  const data = useLoaderData<typeof loader>();
  const refused = useActionData<typeof action>();
  const { t } = useText();
  useRefresh(data.state === 'applying' ? 2 : null);
  const { counts } = data;
  return (
    <Page title={data.heading} width="wide" trail={[{ to: '/hr/past-imports', label: t('records.past') }]}>
      {data.done && !refused && <Banner tone="success" title={t(`records.past-done.${data.done as 'asked'}`)} />}
      <Facts items={[
        { term: t('records.state'), value: t(`records.past-state.${data.state}`) },
        { term: t('records.past-source'), value: data.source },
        { term: t('records.past-organisation'), value: data.organisation },
        { term: t('records.asked-by'), value: <>{data.askedBy} · <InstantText at={data.createdAt} /></> },
        ...(data.scanId ? [{ term: t('records.past-scan'), value: <a href={`/records/files/${data.scanId}`}>{t('records.file-open')}</a> }] : []),
        ...(data.decidedAt === null ? [] : [{ term: t('records.decided-by'), value: <>{data.decidedBy} · <InstantText at={data.decidedAt} /> · {data.decisionReason}</> }]),
        ...(data.undoReason ? [{ term: t('records.past-undo'), value: data.undoReason }] : []),
      ]} />
      <Counts items={STATES.filter((state) => counts[state] > 0).map((state) => ({ label: t(`records.row.${state}`), value: counts[state], to: `?state=${state}`, tone: ROW_TONES[state] }))} />
      {data.unused.length > 0 && <p className="soft">{t('records.past-unused', { columns: data.unused.join('、') })}</p>}
      {data.state === 'applying' && <ProgressBar value={counts.applied} max={counts.applied + counts.ready} label={t('records.past-progress')} />}
      <WhatToDo />
      <Lines />
      {(data.state === 'applied' || data.state === 'asked' || data.state === 'checked') && <ScanForm />}
      {data.state === 'applied' && <UndoForm />}
    </Page>
  );
}

function WhatToDo() {
  const { state, own, counts } = useLoaderData<typeof loader>();
  const { t } = useText();
  const withdraw = own && <PostButton fields={{ __form: 'withdraw' }}>{t('records.withdraw')}</PostButton>;
  if (state === 'checked' && own) {
    return (
      <Section title={t('records.past-ask')}>
        <p>{t('records.past-ask-text', { ready: counts.ready, wrong: counts.wrong, duplicate: counts.duplicate })}</p>
        <div className="button-row">{counts.ready > 0 && <PostButton kind="primary" fields={{ __form: 'ask' }}>{t('records.past-ask')}</PostButton>}{withdraw}</div>
      </Section>
    );
  }
  if (state !== 'asked') return null;
  return own
    ? <Section title={t('records.past-state.asked')}><p>{t('records.past-ask-wait')}</p><div className="button-row">{withdraw}</div></Section>
    : <Section title={t('records.past-decide')}><DecideForm /></Section>;
}

function DecideForm() {
  const { counts } = useLoaderData<typeof loader>();
  const { t } = useText();
  const form = useFormReply<typeof Decide>({ id: 'decide' });
  return (
    <>
      <p>{t('records.past-decide-text', { ready: counts.ready })}</p>
      <FormBox form={form}>
        <RadioField form={form} name="decision" label={t('records.decision')} options={[{ value: 'approved', label: t('records.past-approve') }, { value: 'refused', label: t('records.past-refuse') }]} />
        <TextField form={form} name="reason" label={t('records.reason')} maxLength={300} />
        <SubmitButton>{t('records.decide-save')}</SubmitButton>
      </FormBox>
    </>
  );
}

function Lines() {
  const { lines, headers } = useLoaderData<typeof loader>();
  const { t } = useText();
  return (
    <Section title={t('records.past-lines')}>
      <FilterBar count={lines.length}>
        <FilterSelect name="state" label={t('records.past-show')} options={STATES.map((value) => ({ value, label: t(`records.row.${value}`) }))} />
      </FilterBar>
      {lines.length === SHOWN && <p className="soft">{t('records.past-first', { n: SHOWN })}</p>}
      <DataTable
        caption={t('records.past-lines')}
        rows={lines}
        rowKey={(row) => row.id}
        empty={t('records.queue-none')}
        columns={[
          { key: 'line', header: t('records.past-row'), cell: (row) => t('records.past-line', { line: row.line }) },
          { key: 'state', header: t('records.state'), cell: (row) => <StatusTag tone={ROW_TONES[row.state]}>{t(`records.row.${row.state}`)}</StatusTag> },
          ...headers.map((header, i) => ({
            key: header, header,
            cell: (row: (typeof lines)[number]) => <>{row.cells[i]?.value}{row.cells[i]?.faults.map((fault) => <div key={fault} className="field-error">{fault}</div>)}</>,
          })),
          { key: 'scan', header: t('records.file'), cell: (row) => row.scanId && <a href={`/records/files/${row.scanId}`}>{t('records.past-scan-of', { line: row.line })}</a> },
        ]}
      />
    </Section>
  );
}

function ScanForm() {
  const { lines } = useLoaderData<typeof loader>();
  const { t } = useText();
  const form = useFormReply<typeof Scan>({ id: 'scan' });
  return (
    <Disclosure summary={t('records.past-scan-add')} open={form.meta.status === 'error'}>
      <FormBox form={form} multipart>
        <SelectField form={form} name="line" label={t('records.past-which-row')}
          options={lines.filter((row) => row.state === 'ready' || row.state === 'applied').map((row) => ({ value: row.id, label: `${t('records.past-line', { line: row.line })} · ${row.cells[1]?.value ?? ''} · ${row.cells[4]?.value ?? ''}` }))} />
        <FileField form={form} name="file" label={t('records.file')} hint={t('records.file-hint')} accept=".pdf,.png,.jpg,.jpeg" />
        <SubmitButton kind="secondary">{t('records.past-scan-add')}</SubmitButton>
      </FormBox>
    </Disclosure>
  );
}

function UndoForm() {
  const { t } = useText();
  const form = useFormReply<typeof Undo>({ id: 'undo' });
  return (
    <Disclosure summary={t('records.past-undo')} open={form.meta.status === 'error'}>
      <p>{t('records.past-undo-text')}</p>
      <FormBox form={form}>
        <TextField form={form} name="reason" label={t('records.reason')} maxLength={300} />
        <SubmitButton kind="danger">{t('records.past-undo')}</SubmitButton>
      </FormBox>
    </Disclosure>
  );
}
