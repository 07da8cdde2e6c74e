import { json, redirect, type ActionFunctionArgs, type LoaderFunctionArgs, type TypedResponse } from '@remix-run/node';
import { Form, useActionData, useLoaderData } from '@remix-run/react';
import { acceptAnswerFile, MAX_ANSWER_FILE, previewAnswerFile, type FilePreview } from '~/exams';
import { authorise, signedIn, type Actor } from '~/identity';
import { instantAt } from '~/kernel/calendar';
import { config } from '~/kernel/config';
import { statusOf } from '~/kernel/errors';
import type { Problem } from '~/kernel/result';
import { textFor } from '~/text';
import { langOf } from '~/text/lang';
import { useText } from '~/text/react';
import { Banner, Button, ButtonLink, ButtonRow, Facts, InstantText, Page, Section } from '~/ui';
import { pageTitle } from '~/ui/page-title';

export const meta = pageTitle;

export async function loader({ request }: LoaderFunctionArgs) {
  authorise(await signedIn(request), 'invigilate');
  const query = new URL(request.url).searchParams;
  const number = (name: string) => Math.max(0, Math.floor(Number(query.get(name) ?? 0)) || 0);
  return json({
    heading: textFor(langOf(request)).t('answer-file.title'),
    zone: config().TIME_ZONE,
    done: query.has('done') ? { handedIn: query.get('done') === 'handed-in', counted: number('counted'), kept: number('kept') } : null,
  });
}

interface Typed {
  /** The file as text, carried from the preview to the confirmation. */
  text: string;
  /** Local time, as browsers write it; empty: just now. */
  handedOver: string;
  reason: string;
}

type Shown = Omit<FilePreview, 'attempt' | 'exam'> & { title: string; number: number };
type Answer =
  | { step: 'choosing'; typed: Typed; problem: Problem }
  | { step: 'preview'; typed: Typed; preview: Shown };

export async function action({ request }: ActionFunctionArgs) {
  const actor = await signedIn(request);
  authorise(actor, 'invigilate');
  const posted = await typedIn(request);
  const again = (problem: Problem) => json({ step: 'choosing', typed: { ...typedOf(posted), text: '' }, problem } satisfies Answer, { status: statusOf(problem.code) });
  if (posted.problem) return again(posted.problem);
  const handedOverAt = posted.handedOver === '' ? null : instantAt(posted.handedOver, config().TIME_ZONE);
  if (posted.handedOver !== '' && handedOverAt === null) return again({ code: 'field.date', field: 'handedOverAt' });
  if (posted.reason.length < 2) return again({ code: 'field.too-short', field: 'reason' });
  if (posted.confirmed) return accept(actor, posted, handedOverAt, again);
  const preview = await previewAnswerFile(actor, posted.text, handedOverAt);
  if (!preview.ok) return again(preview.error);
  const { attempt, exam, ...shown } = preview.value;
  return json({ step: 'preview', typed: typedOf(posted), preview: { ...shown, title: exam.title[langOf(request)], number: attempt.number } } satisfies Answer);
}

const typedOf = ({ text, handedOver, reason }: Typed): Typed => ({ text, handedOver, reason });

async function accept(actor: Actor, { text, reason }: Typed, handedOverAt: number | null, again: (problem: Problem) => TypedResponse<Answer>) {
  const taken = await acceptAnswerFile(actor, text, { handedOverAt, reason });
  if (!taken.ok) return again(taken.error);
  const { counted, kept, handedIn } = taken.value.outcome;
  return redirect(`/invigilate/answer-file?done=${handedIn ? 'handed-in' : 'taken'}&counted=${counted}&kept=${kept}`);
}

interface Posted extends Typed {
  confirmed: boolean;
  /** What is wrong with what was posted. */
  problem: Problem | null;
}

/** The file as uploaded, or as text from the preview's form. */
async function typedIn(request: Request): Promise<Posted> {
  const nothing = { text: '', handedOver: '', reason: '', confirmed: false, problem: null };
  // A file and its fields; what is longer than this was made by nobody's player.
  if (Number(request.headers.get('content-length') ?? 0) > 2 * MAX_ANSWER_FILE) return { ...nothing, problem: { code: 'answer-file.too-large', field: 'file' } };
  const form = await bodyOf(request);
  if (!form) return { ...nothing, problem: { code: 'request.invalid' } };
  const field = (name: string) => { const value = form.get(name); return typeof value === 'string' ? value.replace(/\0/g, '').trim() : ''; };
  const typed = { text: field('text'), handedOver: field('handedOverAt'), reason: field('reason').slice(0, 1000), confirmed: field('intent') === 'confirm', problem: null };
  const file = form.get('file');
  if (typed.text !== '') return typed.text.length > MAX_ANSWER_FILE ? { ...typed, problem: { code: 'answer-file.too-large', field: 'file' } } : typed;
  if (!(file instanceof Blob) || file.size === 0) return { ...typed, problem: { code: 'field.required', field: 'file' } };
  if (file.size > MAX_ANSWER_FILE) return { ...typed, problem: { code: 'answer-file.too-large', field: 'file' } };
  return { ...typed, text: await file.text() };
}

async function bodyOf(request: Request): Promise<FormData | null> {
  try {
    return await request.formData();
  } catch {
    return null;
  }
}

export default function AnswerFilePage() {
  const { done } = useLoaderData<typeof loader>();
  const answer: Answer | undefined = useActionData<typeof action>();
  const { t } = useText();
  return (
    <Page title={t('answer-file.title')} lead={t('answer-file.lead')} trail={[{ to: '/invigilate', label: t('invigilate.title') }]}>
      {done && !answer && <Banner tone="success" title={t(done.handedIn ? 'answer-file.done-handed-in' : 'answer-file.done', { counted: done.counted, kept: done.kept })} />}
      {answer?.step === 'preview' ? <Preview typed={answer.typed} preview={answer.preview} /> : <Upload answer={answer} />}
    </Page>
  );
}

function Upload({ answer }: { answer: Extract<Answer, { step: 'choosing' }> | undefined }) {
  const { zone } = useLoaderData<typeof loader>();
  const { t, problem } = useText();
  const wrongAt = (field: string) => (answer?.problem.field === field ? problem(answer.problem) : null);
  return (
    <Form method="post" encType="multipart/form-data" className="form" noValidate>
      {answer && <div className="error-summary" role="alert"><ul><li>{answer.problem.field ? <a href={`#${answer.problem.field}`}>{problem(answer.problem)}</a> : problem(answer.problem)}</li></ul></div>}
      <Field name="file" label={t('answer-file.file')} hint={t('answer-file.file-hint')} wrong={wrongAt('file')}>
        {(props) => <input className="input input--file" type="file" accept=".json,application/json" required {...props} />}
      </Field>
      <Field name="handedOverAt" label={`${t('answer-file.handed-over')} ${t('ui.optional')}`} hint={t('answer-file.handed-over-hint', { zone })} wrong={wrongAt('handedOverAt')}>
        {(props) => <input className="input input--middle" type="datetime-local" step={1} defaultValue={answer?.typed.handedOver} {...props} />}
      </Field>
      <Field name="reason" label={t('answer-file.reason')} hint={t('answer-file.reason-hint')} wrong={wrongAt('reason')}>
        {(props) => <textarea className="input" rows={3} maxLength={1000} required defaultValue={answer?.typed.reason} {...props} />}
      </Field>
      <Button kind="primary">{t('answer-file.check')}</Button>
    </Form>
  );
}

interface ControlProps {
  id: string;
  name: string;
  'aria-describedby': string;
  'aria-invalid': true | undefined;
}

function Field({ name, label, hint, wrong, children }: { name: string; label: string; hint: string; wrong: string | null; children: (props: ControlProps) => React.ReactNode }) {
  const hintId = `${name}-hint`;
  return (
    <div className={wrong ? 'field field--wrong' : 'field'}>
      <label className="field-label" htmlFor={name}>{label}</label>
      <p className="field-hint" id={hintId}>{hint}</p>
      {wrong && <p className="field-error" id={`${name}-error`}>{wrong}</p>}
      {children({ id: name, name, 'aria-describedby': wrong ? `${name}-error ${hintId}` : hintId, 'aria-invalid': wrong ? true : undefined })}
    </div>
  );
}

function Preview({ typed, preview }: { typed: Typed; preview: Shown }) {
  const { t } = useText();
  const { outcome, nothing, candidate } = preview;
  const items = (count: number) => t('answer-file.items', { count });
  return (
    <Section title={t('answer-file.preview-title')}>
      {nothing && <Banner tone="warning" title={t(`answer-file.nothing.${nothing}`)} />}
      {!nothing && outcome.kept > 0 && <Banner tone="warning" title={t('answer-file.late', { count: outcome.kept })} />}
      <Facts items={[
        { term: t('answer-file.candidate'), value: <strong>{candidate.name}{candidate.organisation && ` · ${candidate.organisation}`}</strong> },
        { term: t('answer-file.exam'), value: t('late.exam-attempt', { title: preview.title, number: preview.number }) },
        { term: t('answer-file.made'), value: <InstantText at={preview.madeAt} /> },
        ...(outcome.handedOverAt === null ? [] : [{ term: t('answer-file.handed-over'), value: <InstantText at={outcome.handedOverAt} /> }]),
        { term: t('answer-file.answers'), value: t('answer-file.answers-value', { count: preview.answers }) },
        { term: t('answer-file.counted'), value: items(outcome.counted) },
        { term: t('answer-file.known'), value: items(outcome.known) },
        { term: t('answer-file.kept'), value: items(outcome.kept) },
        ...(outcome.refused > 0 ? [{ term: t('answer-file.refused'), value: items(outcome.refused) }] : []),
        { term: t('answer-file.reason'), value: typed.reason },
      ]} />
      <p><strong>{t(outcome.handedIn ? 'answer-file.hands-in' : 'answer-file.hands-in-not')}</strong></p>
      <Form method="post">
        <input type="hidden" name="intent" value="confirm" />
        <input type="hidden" name="text" value={typed.text} />
        <input type="hidden" name="handedOverAt" value={typed.handedOver} />
        <input type="hidden" name="reason" value={typed.reason} />
        <ButtonRow>
          <Button kind="primary">{t('answer-file.confirm')}</Button>
          <ButtonLink to="/invigilate/answer-file">{t('answer-file.back')}</ButtonLink>
        </ButtonRow>
      </Form>
    </Section>
  );
}
