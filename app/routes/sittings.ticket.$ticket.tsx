import { json, redirect, type ActionFunctionArgs, type LoaderFunctionArgs } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { z } from 'zod';
import { reader } from '~/db';
import { act, candidatesOfSitting, decideIdentity, findBookingByTicket, mayActInRoom, placeWith, undoIdentity, type Booking } from '~/exams';
import { authorise, can, signedIn, type Actor } from '~/identity';
import { dateAt } from '~/kernel/calendar';
import { clock } from '~/kernel/clock';
import { config } from '~/kernel/config';
import { ProblemError, type Result } from '~/kernel/result';
import { textFor } from '~/text';
import { langOf } from '~/text/lang';
import { useText } from '~/text/react';
import { Banner, Button, Facts, FormBox, InstantText, Page, Section, StatusTag, SubmitButton, TextField, useFormReply } from '~/ui';
import { parseOneOf } from '~/ui/form.server';
import { pageTitle } from '~/ui/page-title';
import { useSpan } from '~/ui/sitting/states';

export const meta = pageTitle;

const Reason = z.string().trim().min(2, 'field.too-short').max(300);
const FORMS = { decide: z.object({ decision: z.enum(['admitted', 'refused']), reason: Reason }), undo: z.object({ reason: Reason }) };

/** The booking of a ticket, for who stands at the door of its room. */
async function bookingAtTheDoor(actor: Actor, ticket: string) {
  const booking = await findBookingByTicket(reader(), ticket);
  if (!booking || !(await mayActInRoom(reader(), actor, booking.sittingId, booking.roomId))) throw new ProblemError({ code: 'not-found' });
  return booking;
}

/** Records the decision: as an act of the invigilation where an invigilator decides, else as what it is. */
async function decide(actor: Actor, booking: Booking, decision: 'admitted' | 'refused', reason: string): Promise<Result<unknown>> {
  if (!can(actor, 'invigilate')) return decideIdentity(actor, booking.id, decision, reason);
  return act(actor, { sittingId: booking.sittingId, bookings: [booking.id] }, { kind: decision === 'admitted' ? 'admit' : 'refuse', reason });
}

/** Where the QR code of a ticket leads: its bearer to their own page, an invigilator to the identity check. */
export async function loader({ request, params }: LoaderFunctionArgs) {
  const actor = await signedIn(request);
  const own = await findBookingByTicket(reader(), params['ticket'] ?? '');
  if (own && own.personId === actor.personId) {
    authorise(actor, 'take an exam', { personId: own.personId });
    return redirect(`/bookings/${own.id}`);
  }
  authorise(actor, 'see sittings');
  const booking = await bookingAtTheDoor(actor, params['ticket'] ?? '');
  const { sitting, room } = await placeWith(reader(), booking);
  const counts = booking.state === 'booked' && sitting.state === 'planned';
  const { candidates } = await candidatesOfSitting(reader(), { sittingId: sitting.id, search: booking.ticket, state: ['booked', 'waiting'].includes(booking.state) ? null : 'ended' });
  const row = candidates.find((one) => one.id === booking.id);
  if (!row) throw new ProblemError({ code: 'not-found' });
  const zone = config().TIME_ZONE;
  return json({
    heading: textFor(langOf(request)).t('sittings.check-title'), row, counts, cancelled: sitting.state === 'cancelled',
    sitting: { id: sitting.id, title: sitting.title, startsAt: sitting.startsAt, endsAt: sitting.endsAt }, room: room?.name ?? null,
    today: dateAt(clock.now(), zone) === dateAt(sitting.startsAt, zone), identityReason: booking.identityReason,
  });
}

export async function action({ request, params }: ActionFunctionArgs) {
  const actor = await signedIn(request);
  authorise(actor, 'see sittings');
  const ticket = params['ticket'] ?? '';
  const booking = await bookingAtTheDoor(actor, ticket);
  const form = await parseOneOf(request, FORMS);
  if (!form.ok) return form.response;
  const decided = form.form === 'decide'
    ? await decide(actor, booking, form.value.decision, form.value.reason)
    : await undoIdentity(actor, booking.id, form.value.reason);
  return decided.ok ? redirect(`/sittings/ticket/${ticket}`) : form.refuse(decided.error);
}

export default function TicketCheck() {
  const { row, counts, sitting, room, today, identityReason, cancelled } = useLoaderData<typeof loader>();
  const { t } = useText();
  const span = useSpan();
  const started = row.attempt !== null;
  return (
    <Page title={row.name} lead={t('sittings.check-title')} trail={[{ to: '/sittings', label: t('sittings.title') }, { to: `/sittings/${sitting.id}`, label: sitting.title }]}>
      {!counts && <Banner tone="danger" title={t('sittings.check-not-counting', { state: cancelled ? t('sittings.state.cancelled') : t(`sittings.booking-state.${row.state}`) })} />}
      {counts && !today && <Banner tone="warning" title={t('sittings.check-wrong-day')} />}
      {started && <Banner tone="info" title={t('sittings.check-started')} />}
      <Facts items={[
        { term: t('sittings.candidate-ticket'), value: <span className="figures">{row.ticket}</span> },
        { term: t('sittings.candidate-number'), value: <span className="figures">{row.number}</span> },
        { term: t('sittings.candidate-unit'), value: row.organisation },
        { term: t('sittings.candidate-seat'), value: room === null || row.seat === null ? t('sittings.place.remote') : t('sittings.seat', { room, seat: row.seat }) },
        { term: t('sittings.when'), value: span(sitting.startsAt, sitting.endsAt) },
        { term: t('sittings.check-identity'), value: row.identity === null ? t('sittings.check-identity-none')
          : <><StatusTag tone={row.identity === 'admitted' ? 'ok' : 'bad'}>{t(`sittings.identity.${row.identity}`)}</StatusTag> {identityReason} {row.identityAt !== null && <InstantText at={row.identityAt} />}</> },
      ]} />
      {counts && !started && <Section title={t('sittings.check-decide')}>{row.identity === null ? <Decide /> : <Undo />}</Section>}
    </Page>
  );
}

function Decide() {
  const { t } = useText();
  const form = useFormReply<typeof FORMS.decide>({ id: 'decide', defaultValue: { reason: t('sittings.check-reason-default') } });
  return (
    <FormBox form={form}>
      <TextField form={form} name="reason" label={t('sittings.check-reason')} hint={t('sittings.check-reason-hint')} maxLength={300} />
      <div className="button-row">
        <Button kind="primary" name="decision" value="admitted">{t('sittings.check-admit')}</Button>
        <Button kind="danger" name="decision" value="refused">{t('sittings.check-refuse')}</Button>
      </div>
    </FormBox>
  );
}

function Undo() {
  const { t } = useText();
  const form = useFormReply<typeof FORMS.undo>({ id: 'undo' });
  return (
    <FormBox form={form}>
      <TextField form={form} name="reason" label={t('sittings.check-reason')} maxLength={300} />
      <SubmitButton kind="secondary">{t('sittings.check-undo')}</SubmitButton>
    </FormBox>
  );
}
