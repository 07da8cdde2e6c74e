import { json, redirect, type ActionFunctionArgs, type LoaderFunctionArgs } from '@remix-run/node';
import { Form, useActionData, useLoaderData } from '@remix-run/react';
import { z } from 'zod';
import { reader } from '~/db';
import { invigilatedAttempt, permitTakeover, PERMIT_MINUTES, recordedObservations, recordNote } from '~/exams';
import { authorise, signedIn } from '~/identity';
import { clock } from '~/kernel/clock';
import { must } from '~/kernel/result';
import { releaseResult } from '~/marking';
import { langOf } from '~/text/lang';
import { useText } from '~/text/react';
import { Banner, Button, Disclosure, Facts, FormBox, InstantText, Page, Section, StatusTag, SubmitButton, TextAreaField, TextField, useFormReply } from '~/ui';
import { ActPanel, questionIn } from '~/ui/console/act-panel';
import { Act, actAsConfirmed, Ask, questionOn, withQuestion } from '~/ui/console/acting.server';
import { ObservationList } from '~/ui/exam/observation-list';
import { ProposeFinding } from '~/ui/exam/propose-finding';
import { parseOneOf } from '~/ui/form.server';
import { FORM_FIELD } from '~/ui/form/form-reply';
import { pageTitle } from '~/ui/page-title';

export const meta = pageTitle;

const Permit = z.object({ reason: z.string().trim().min(2, 'field.too-short').max(300) });
const Note = z.object({ note: z.string().trim().min(2, 'field.too-short').max(2000) });
const Release = z.object({});

const DONE = { permit: 'invigilate.permit-done', note: 'invigilate.note-done', release: 'invigilate.released-one' } as const;
/** Acts that are chosen here; permit and note have forms of their own. */
const ACTS = ['message', 'time', 'pause', 'resume', 'hand-in', 'void'] as const;
const isAct = (value: string): value is (typeof ACTS)[number] => ACTS.some((one) => one === value);
const isDone = (value: string | null): value is keyof typeof DONE => value !== null && value in DONE;

export async function loader({ request, params }: LoaderFunctionArgs) {
  const actor = await signedIn(request);
  const found = must(await invigilatedAttempt(actor, params['exam'] ?? '', params['attempt'] ?? '', clock.now()));
  const done = new URL(request.url).searchParams.get('done');
  return json({
    heading: found.candidate.name,
    exam: { slug: found.exam.slug, title: found.exam.title[langOf(request)], byPerson: found.exam.release === 'by-person' },
    items: found.items,
    candidate: found.candidate,
    observations: await recordedObservations(reader(), found.candidate.attemptId),
    done: done !== null && (isDone(done) || isAct(done)) ? done : null,
    permitMinutes: PERMIT_MINUTES,
  });
}

export async function action({ request, params }: ActionFunctionArgs) {
  const actor = await signedIn(request);
  authorise(actor, 'invigilate');
  const attemptId = params['attempt'] ?? '';
  const path = `/invigilate/${params['exam'] ?? ''}/${attemptId}`;
  const form = await parseOneOf(request.clone(), { permit: Permit, note: Note, release: Release, ask: Ask, act: Act });
  if (!form.ok) return withQuestion(form.response, actor, null, await request.formData());
  if (form.form === 'ask') return json({ question: await questionOn(actor, null, [attemptId], form.value.kind) });
  if (form.form === 'act') {
    const acted = await actAsConfirmed(actor, null, { ...form.value, ids: [attemptId] });
    return acted.ok ? redirect(`${path}?done=${form.value.kind}`) : withQuestion(form.refuse(acted.error), actor, null, await request.formData());
  }
  const done = form.form === 'permit' ? await permitTakeover(actor, attemptId, form.value.reason)
    : form.form === 'note' ? await recordNote(actor, attemptId, form.value.note)
    : await releaseResult(actor, attemptId);
  return done.ok ? redirect(`${path}?done=${form.form}`) : form.refuse(done.error);
}

type Data = ReturnType<typeof useLoaderData<typeof loader>>;

export default function InvigilateAttempt() {
  const data = useLoaderData<typeof loader>();
  const { t } = useText();
  const { candidate, exam } = data;
  return (
    <Page
      title={data.heading}
      lead={candidate.organisation}
      trail={[{ to: '/invigilate', label: t('invigilate.title') }, { to: `/invigilate/${exam.slug}`, label: exam.title }]}
    >
      {data.done && <Banner tone="success" title={isAct(data.done) ? t(`console.done.${data.done}`, { count: 1 }) : t(DONE[data.done])} />}
      <Particulars data={data} />
      <Acts key={data.done} path={`/invigilate/${exam.slug}/${candidate.attemptId}`} />
      {candidate.state === 'in-progress' && <PermitForm open={candidate.permitOpen} minutes={data.permitMinutes} />}
      {candidate.state === 'graded' && exam.byPerson && <ReleaseForm />}
      <Section title={t('invigilate.notes')}>
        <ObservationList observations={data.observations} caption={t('invigilate.notes')} empty={t('invigilate.no-notes')} />
        <ProposeFinding attemptId={candidate.attemptId} state={candidate.state} />
        <NoteForm key={data.observations.length} />
      </Section>
    </Page>
  );
}

function Particulars({ data: { candidate, items } }: { data: Data }) {
  const { t } = useText();
  return (
    <Facts items={[
      { term: t('invigilate.state'), value: <StatusTag tone={candidate.state === 'in-progress' ? 'ok' : 'neutral'}>{t(`exams.attempt-state.${candidate.state}`)}</StatusTag> },
      { term: t('marking.attempt'), value: t('exams.attempt-number', { number: candidate.number }) },
      { term: t('exams.started'), value: <InstantText at={candidate.startedAt} /> },
      { term: t('invigilate.deadline'), value: <InstantText at={candidate.deadlineAt} /> },
      ...(candidate.handedInAt === null ? [] : [{ term: t('exams.handed-in'), value: <InstantText at={candidate.handedInAt} /> }]),
      ...(candidate.lastContactAt === null ? [] : [{ term: t('invigilate.contact'), value: <InstantText at={candidate.lastContactAt} /> }]),
      { term: t('invigilate.answered'), value: t('invigilate.answered-value', { answered: candidate.answered, total: items }) },
      ...(candidate.refusedDeviceAt === null ? [] : [{ term: t('exams.other-title'), value: <InstantText at={candidate.refusedDeviceAt} /> }]),
    ]} />
  );
}

/** The acts of the console, on one candidate. Each button leads to a question first. */
function Acts({ path }: { path: string }) {
  const { t } = useText();
  const question = questionIn(useActionData());
  if (question) return <ActPanel key={question.key} question={question} cancelTo={path} onCancel={() => undefined} />;
  return (
    <Section title={t('console.open-acts')}>
      <Form method="post" preventScrollReset>
        <input type="hidden" name={FORM_FIELD} value="ask" />
        <div className="button-row">
          {ACTS.map((kind) => <Button key={kind} name="kind" value={kind} kind={kind === 'hand-in' || kind === 'void' ? 'danger' : 'secondary'}>{t(`console.act.${kind}`)}</Button>)}
        </div>
      </Form>
    </Section>
  );
}

function PermitForm({ open, minutes }: { open: boolean; minutes: number }) {
  const { t } = useText();
  const form = useFormReply<typeof Permit>({ id: 'permit' });
  return (
    <Disclosure summary={t('invigilate.permit')} open={form.meta.status === 'error'}>
      {open && <p><StatusTag tone="due">{t('invigilate.permit-open', { minutes })}</StatusTag></p>}
      <p>{t('invigilate.permit-lead', { minutes })}</p>
      <FormBox form={form}>
        <TextField form={form} name="reason" label={t('invigilate.permit-reason')} maxLength={300} />
        <SubmitButton>{t('invigilate.permit')}</SubmitButton>
      </FormBox>
    </Disclosure>
  );
}

function NoteForm() {
  const { t } = useText();
  const form = useFormReply<typeof Note>({ id: 'note' });
  return (
    <Disclosure summary={t('invigilate.note')} open={form.meta.status === 'error'}>
      <p>{t('invigilate.note-lead')}</p>
      <FormBox form={form}>
        <TextAreaField form={form} name="note" label={t('invigilate.note-text')} rows={3} />
        <SubmitButton kind="secondary">{t('invigilate.note-save')}</SubmitButton>
      </FormBox>
    </Disclosure>
  );
}

function ReleaseForm() {
  const { t } = useText();
  const form = useFormReply<typeof Release>({ id: 'release' });
  return (
    <Disclosure summary={t('invigilate.release')}>
      <p>{t('invigilate.release-lead')}</p>
      <FormBox form={form}><SubmitButton kind="danger">{t('invigilate.release')}</SubmitButton></FormBox>
    </Disclosure>
  );
}
