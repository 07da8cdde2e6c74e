import { json, redirect, type ActionFunctionArgs, type LoaderFunctionArgs } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { z } from 'zod';
import { invigilatedAttempt, permitTakeover, PERMIT_MINUTES, recordNote } from '~/exams';
import { authorise, signedIn } from '~/identity';
import { clock } from '~/kernel/clock';
import { must } from '~/kernel/result';
import { releaseResult } from '~/marking';
import { langOf } from '~/text/lang';
import { useText } from '~/text/react';
import { Banner, Disclosure, Facts, FormBox, InstantText, Page, Section, StatusTag, SubmitButton, TextAreaField, TextField, useFormReply } from '~/ui';
import { parseOneOf } from '~/ui/form.server';
import { pageTitle } from '~/ui/page-title';

export const meta = pageTitle;

const Permit = z.object({ reason: z.string().trim().min(2, 'field.too-short').max(300) });
const Note = z.object({ note: z.string().trim().min(2, 'field.too-short').max(2000) });
const Release = z.object({});

const DONE = { permit: 'invigilate.permit-done', note: 'invigilate.note-done', release: 'invigilate.released-one' } as const;
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
    observations: found.observations,
    done: isDone(done) ? done : null,
    permitMinutes: PERMIT_MINUTES,
  });
}

export async function action({ request, params }: ActionFunctionArgs) {
  const actor = await signedIn(request);
  authorise(actor, 'invigilate');
  const form = await parseOneOf(request, { permit: Permit, note: Note, release: Release });
  if (!form.ok) return form.response;
  const attemptId = params['attempt'] ?? '';
  const done = form.form === 'permit' ? await permitTakeover(actor, attemptId, form.value.reason)
    : form.form === 'note' ? await recordNote(actor, attemptId, form.value.note)
    : await releaseResult(actor, attemptId);
  return done.ok ? redirect(`/invigilate/${params['exam'] ?? ''}/${attemptId}?done=${form.form}`) : form.refuse(done.error);
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
      {data.done && <Banner tone="success" title={t(DONE[data.done])} />}
      <Particulars data={data} />
      {candidate.state === 'in-progress' && <PermitForm open={candidate.permitOpen} minutes={data.permitMinutes} />}
      {candidate.state === 'graded' && exam.byPerson && <ReleaseForm />}
      <Section title={t('invigilate.notes')}>
        {data.observations.length === 0 && <p>{t('invigilate.no-notes')}</p>}
        <Facts items={data.observations.map((one) => ({ term: <InstantText at={one.at} />, value: one.body }))} />
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
