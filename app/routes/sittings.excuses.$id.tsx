import { json, redirect, type ActionFunctionArgs, type LoaderFunctionArgs } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { z } from 'zod';
import { reader } from '~/db';
import { comingSittings, countBookings, decideExcuse, findExam, giveLaterPlace, openExcuse } from '~/exams';
import { authorise, signedIn } from '~/identity';
import { clock } from '~/kernel/clock';
import { config } from '~/kernel/config';
import { must } from '~/kernel/result';
import { findPerson } from '~/people';
import { textFor } from '~/text';
import { langOf } from '~/text/lang';
import { useText } from '~/text/react';
import { Banner, Facts, FormBox, InstantText, Page, RadioField, Section, SelectField, SubmitButton, TextAreaField, useFormReply } from '~/ui';
import { parseOneOf } from '~/ui/form.server';
import { pageTitle } from '~/ui/page-title';

export const meta = pageTitle;

const FORMS = {
  decide: z.object({ decision: z.enum(['approve', 'refuse']), reasons: z.string().trim().min(2, 'field.too-short').max(1000), laterSittingId: z.string().optional() }),
  give: z.object({ laterSittingId: z.string() }),
};

export async function loader({ request, params }: LoaderFunctionArgs) {
  const actor = await signedIn(request);
  authorise(actor, 'see sittings');
  const text = textFor(langOf(request), config().TIME_ZONE);
  const { excuse, booking, sitting } = must(await openExcuse(actor, params['id'] ?? ''));
  const [exam, person] = [await findExam(reader(), sitting.examId), await findPerson(reader(), excuse.personId)];
  const now = clock.now();
  const later = (await comingSittings(reader(), sitting.examId, now)).filter((one) => one.id !== sitting.id && one.startsAt > now);
  return json({
    heading: text.t('sittings.excuse-title', { name: person?.name ?? '' }), excuse: { state: excuse.state, reason: excuse.reason, askedAt: excuse.askedAt, decision: excuse.decision, decidedAt: excuse.decidedAt },
    needsLater: excuse.state === 'approved' && excuse.laterBookingId === null, ticket: booking.ticket, exam: exam?.title[text.lang] ?? '',
    sitting: { id: sitting.id, title: sitting.title, startsAt: sitting.startsAt },
    later: await Promise.all(later.map(async (one) => ({
      value: one.id,
      label: text.t('sittings.excuse-later-option', { title: one.title, at: text.dateTime(one.startsAt), free: Math.max(0, one.capacity - (await countBookings(reader(), one.id)).booked) }),
    }))),
  });
}

export async function action({ request, params }: ActionFunctionArgs) {
  const actor = await signedIn(request);
  authorise(actor, 'see sittings');
  const id = params['id'] ?? '';
  const form = await parseOneOf(request, FORMS);
  if (!form.ok) return form.response;
  const decided = form.form === 'give' ? await giveLaterPlace(actor, id, form.value.laterSittingId) : await decideExcuse(actor, id, {
    approve: form.value.decision === 'approve', reasons: form.value.reasons, laterSittingId: form.value.decision === 'approve' ? form.value.laterSittingId ?? null : null,
  });
  return decided.ok ? redirect(`/sittings/excuses/${id}`) : form.refuse(decided.error);
}

export default function OneExcuse() {
  const { heading, excuse, exam, sitting, ticket, needsLater } = useLoaderData<typeof loader>();
  const { t } = useText();
  return (
    <Page title={heading} trail={[{ to: '/sittings', label: t('sittings.title') }, { to: '/sittings/excuses', label: t('sittings.excuses') }]}>
      {excuse.state !== 'asked' && <Banner tone={excuse.state === 'approved' ? 'success' : 'info'} title={t(`sittings.excuse-state.${excuse.state}`)}>{excuse.decision}</Banner>}
      <Facts items={[
        { term: t('sittings.exam'), value: exam },
        { term: t('sittings.name'), value: sitting.title },
        { term: t('sittings.when'), value: <InstantText at={sitting.startsAt} /> },
        { term: t('sittings.candidate-ticket'), value: <span className="figures">{ticket}</span> },
        { term: t('sittings.excuse-asked-at'), value: <InstantText at={excuse.askedAt} /> },
        { term: t('sittings.excuse-reason'), value: excuse.reason },
      ]} />
      {excuse.state === 'asked' && <Section title={t('sittings.excuse-decision')}><Decide /></Section>}
      {needsLater && <Section title={t('sittings.excuse-give')}><Give /></Section>}
    </Page>
  );
}

function Decide() {
  const { later } = useLoaderData<typeof loader>();
  const { t } = useText();
  const form = useFormReply<typeof FORMS.decide>({ id: 'decide' });
  return (
    <FormBox form={form}>
      <RadioField form={form} name="decision" label={t('sittings.excuse-decision')} options={(['approve', 'refuse'] as const).map((value) => ({ value, label: t(`sittings.excuse-${value}`) }))} />
      <TextAreaField form={form} name="reasons" label={t('sittings.excuse-reasons')} hint={t('sittings.reason-hint')} rows={3} />
      {later.length > 0 && <SelectField form={form} name="laterSittingId" label={t('sittings.excuse-later')} hint={t('sittings.excuse-later-hint')} options={later} optional />}
      <SubmitButton>{t('sittings.excuse-decide')}</SubmitButton>
    </FormBox>
  );
}

function Give() {
  const { later } = useLoaderData<typeof loader>();
  const { t } = useText();
  const form = useFormReply<typeof FORMS.give>({ id: 'give' });
  if (later.length === 0) return <p>{t('sittings.move-none')}</p>;
  return (
    <FormBox form={form}>
      <SelectField form={form} name="laterSittingId" label={t('sittings.excuse-later')} options={later} />
      <SubmitButton>{t('sittings.excuse-give')}</SubmitButton>
    </FormBox>
  );
}
