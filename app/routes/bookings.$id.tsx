import { json, redirect, type ActionFunctionArgs, type LoaderFunctionArgs } from '@remix-run/node';
import { useActionData, useLoaderData } from '@remix-run/react';
import { z } from 'zod';
import { reader } from '~/db';
import { askExcuse, bookingPhase, cancelBooking, EXCUSE_DAYS, excusesOfBooking, findBooking, findExam, placeWith, waitingBefore, withdrawExcuse } from '~/exams';
import { authorise, signedIn, type Actor } from '~/identity';
import { clock, days } from '~/kernel/clock';
import { ProblemError } from '~/kernel/result';
import { textFor } from '~/text';
import { langOf } from '~/text/lang';
import { useText } from '~/text/react';
import { Banner, ButtonLink, ButtonRow, Disclosure, Facts, FormBox, InstantText, Page, PostButton, Section, SubmitButton, TextAreaField, useFormReply } from '~/ui';
import { parseOneOf } from '~/ui/form.server';
import { pageTitle } from '~/ui/page-title';
import { PrintButton } from '~/ui/print-button';
import { useSpan } from '~/ui/sitting/states';
import { Ticket } from '~/ui/sitting/ticket';
import { ticketsOf } from '~/ui/sitting/ticket.server';

export const meta = pageTitle;

const FORMS = {
  cancel: z.object({}),
  excuse: z.object({ reason: z.string().trim().min(2, 'field.too-short').max(1000) }),
  withdraw: z.object({ excuseId: z.string() }),
};

/** The actor's own booking. @throws ProblemError `not-found` for anybody else's */
async function ownBooking(actor: Actor, id: string | undefined) {
  authorise(actor, 'take an exam', { personId: actor.personId });
  const booking = await findBooking(reader(), id ?? '');
  if (!booking || booking.personId !== actor.personId) throw new ProblemError({ code: 'not-found' });
  return booking;
}

export async function loader({ request, params }: LoaderFunctionArgs) {
  const actor = await signedIn(request);
  const booking = await ownBooking(actor, params['id']);
  const lang = langOf(request);
  const now = clock.now();
  const { sitting } = await placeWith(reader(), booking);
  const exam = await findExam(reader(), sitting.examId);
  const [excuse] = await excusesOfBooking(reader(), booking.id);
  const phase = bookingPhase(sitting, now);
  const [ticket] = booking.state === 'booked' ? await ticketsOf(sitting, lang, booking.ticket) : [];
  return json({
    heading: textFor(lang).t('sittings.own-title'), id: booking.id, state: booking.state, endReason: booking.endReason, ticket: ticket ?? null,
    exam: exam?.title[lang] ?? '', slug: exam?.slug ?? '', sitting: { title: sitting.title, startsAt: sitting.startsAt, endsAt: sitting.endsAt, bookUntil: sitting.bookUntil },
    position: booking.state === 'waiting' ? await waitingBefore(reader(), booking) + 1 : null, open: phase === 'open',
    mayChange: sitting.booking === 'self' && (phase === 'open' || (booking.state === 'waiting' && now < sitting.startsAt)),
    mayExcuse: booking.state === 'booked' && excuse?.state !== 'asked' && now <= sitting.endsAt + days(EXCUSE_DAYS),
    excuse: excuse ? { id: excuse.id, state: excuse.state, askedAt: excuse.askedAt, decision: excuse.decision, later: excuse.laterBookingId } : null,
    over: now >= sitting.endsAt,
  });
}

export async function action({ request, params }: ActionFunctionArgs) {
  const actor = await signedIn(request);
  const booking = await ownBooking(actor, params['id']);
  const form = await parseOneOf(request, FORMS);
  if (!form.ok) return form.response;
  const here = redirect(`/bookings/${booking.id}`);
  switch (form.form) {
    case 'cancel': {
      const cancelled = await cancelBooking(actor, booking.id);
      return cancelled.ok ? here : form.refuse(cancelled.error);
    }
    case 'excuse': {
      const asked = await askExcuse(actor, booking.id, form.value.reason);
      return asked.ok ? here : form.refuse(asked.error);
    }
    case 'withdraw': {
      const withdrawn = await withdrawExcuse(actor, form.value.excuseId);
      return withdrawn.ok ? here : json({ problem: withdrawn.error });
    }
  }
}

export default function OwnBooking() {
  const { heading, exam, slug, ticket, sitting, state, over, mayExcuse, mayChange } = useLoaderData<typeof loader>();
  const answer = useActionData<typeof action>();
  const { t, problem } = useText();
  const span = useSpan();
  return (
    <Page title={heading} print="content" trail={[{ to: `/exams/${slug}`, label: exam }]}
      actions={<>{state === 'booked' && !over && <ButtonLink to={`/exams/${slug}`} kind="primary">{t('sittings.own-start')}</ButtonLink>}{ticket && <PrintButton>{t('sittings.ticket-print')}</PrintButton>}</>}>
      <div className="no-print">
        {answer && 'problem' in answer && <Banner tone="danger" title={problem(answer.problem)} />}
        <Standing />
      </div>
      {ticket ? <Ticket ticket={ticket} /> : <Facts items={[{ term: t('sittings.exam'), value: exam }, { term: t('sittings.name'), value: sitting.title }, { term: t('sittings.when'), value: span(sitting.startsAt, sitting.endsAt) }]} />}
      <div className="no-print">
        {mayChange && (state === 'booked' || state === 'waiting') && <Change />}
        {mayExcuse && <Excuse />}
      </div>
    </Page>
  );
}

/** What holds for this place, in one sentence. */
function Standing() {
  const { id, state, position, sitting, endReason, excuse, open } = useLoaderData<typeof loader>();
  const { t, dateTime } = useText();
  const until = dateTime(sitting.bookUntil);
  return (
    <>
      {state === 'booked' && <Banner tone="info" title={t('sittings.own-booked')} />}
      {state === 'waiting' && <Banner tone="warning" title={open ? t('sittings.own-waiting', { position: position ?? 1, until }) : t('sittings.own-waiting-over', { until })} />}
      {state !== 'booked' && state !== 'waiting' && <Banner tone="warning" title={t(`sittings.own-${state}`)}>{endReason}</Banner>}
      {excuse?.state === 'asked' && (
        <Banner tone="warning" title={t('sittings.own-excuse-asked', { at: dateTime(excuse.askedAt) })}>
          <PostButton fields={{ __form: 'withdraw', excuseId: excuse.id }} to={`/bookings/${id}`}>{t('sittings.own-excuse-withdraw')}</PostButton>
        </Banner>
      )}
      {excuse?.state === 'refused' && <Banner tone="warning" title={t('sittings.own-excuse-refused', { decision: excuse.decision ?? '' })} />}
      {excuse?.state === 'approved' && (
        <Banner tone="success" title={t('sittings.own-excuse-approved', { decision: excuse.decision ?? '' })}>
          {excuse.later && <ButtonRow><ButtonLink to={`/bookings/${excuse.later}`}>{t('sittings.own-later')}</ButtonLink></ButtonRow>}
        </Banner>
      )}
    </>
  );
}

function Change() {
  const { slug, state, sitting } = useLoaderData<typeof loader>();
  const { t } = useText();
  const form = useFormReply<typeof FORMS.cancel>({ id: 'cancel' });
  const what = state === 'waiting' ? t('sittings.own-cancel-wait') : t('sittings.own-cancel');
  return (
    <Section title={t('sittings.own-change')}>
      <p>{t('sittings.own-until')}{t('ui.colon')}<InstantText at={sitting.bookUntil} /></p>
      <ButtonRow><ButtonLink to={`/exams/${slug}/sittings`}>{t('sittings.own-change')}</ButtonLink></ButtonRow>
      <Disclosure summary={what} open={Object.keys(form.meta.allErrors).length > 0}>
        {state === 'booked' && <p>{t('sittings.own-cancel-lead')}</p>}
        <FormBox form={form}><SubmitButton kind="danger">{what}</SubmitButton></FormBox>
      </Disclosure>
    </Section>
  );
}

function Excuse() {
  const { t } = useText();
  const form = useFormReply<typeof FORMS.excuse>({ id: 'excuse' });
  return (
    <Section title={t('sittings.own-excuse')}>
      <p>{t('sittings.own-excuse-lead')}</p>
      <Disclosure summary={t('sittings.own-excuse')} open={Object.keys(form.meta.allErrors).length > 0}>
        <FormBox form={form}>
          <TextAreaField form={form} name="reason" label={t('sittings.own-excuse-reason')} rows={4} />
          <SubmitButton kind="secondary">{t('sittings.own-excuse-submit')}</SubmitButton>
        </FormBox>
      </Disclosure>
    </Section>
  );
}
