import { json, redirect, type ActionFunctionArgs, type LoaderFunctionArgs } from '@remix-run/node';
import { Link, useLoaderData } from '@remix-run/react';
import { z } from 'zod';
import { reader } from '~/db';
import { askExcuse, candidatesOfSitting, comingSittings, countBookings, findBooking, moveCandidate, plannedSitting, removeCandidate, reseat, roomsOf } from '~/exams';
import { authorise, signedIn } from '~/identity';
import { clock } from '~/kernel/clock';
import { config } from '~/kernel/config';
import { must, ProblemError } from '~/kernel/result';
import { textFor } from '~/text';
import { langOf } from '~/text/lang';
import { useText } from '~/text/react';
import { Banner, CheckboxField, Disclosure, Facts, FormBox, Page, Section, SelectField, SubmitButton, TextAreaField, TextField, useFormReply } from '~/ui';
import { parseOneOf } from '~/ui/form.server';
import { pageTitle } from '~/ui/page-title';
import { CandidateState } from '~/ui/sitting/states';

export const meta = pageTitle;

const Reason = z.string().trim().min(2, 'field.too-short').max(300);
const FORMS = {
  seat: z.object({ roomId: z.string(), seat: z.number().int().min(1, 'field.too-low').max(2000, 'field.too-high'), swap: z.boolean().default(false) }),
  move: z.object({ sittingId: z.string(), reason: Reason }),
  remove: z.object({ reason: Reason }),
  excuse: z.object({ reason: z.string().trim().min(2, 'field.too-short').max(1000) }),
};

export async function loader({ request, params }: LoaderFunctionArgs) {
  const actor = await signedIn(request);
  authorise(actor, 'see sittings');
  const text = textFor(langOf(request), config().TIME_ZONE);
  const sitting = must(await plannedSitting(reader(), actor, params['id'] ?? ''));
  const booking = await findBooking(reader(), params['booking'] ?? '');
  if (booking?.sittingId !== sitting.id) throw new ProblemError({ code: 'not-found' });
  const { candidates } = await candidatesOfSitting(reader(), { sittingId: sitting.id, search: booking.ticket, state: booking.state === 'booked' || booking.state === 'waiting' ? null : 'ended' });
  const row = candidates.find((one) => one.id === booking.id);
  if (!row) throw new ProblemError({ code: 'not-found' });
  const now = clock.now();
  const others = (await comingSittings(reader(), sitting.examId, now)).filter((one) => one.id !== sitting.id);
  const targets = await Promise.all(others.map(async (one) => ({
    value: one.id,
    label: text.t('sittings.excuse-later-option', { title: one.title, at: text.dateTime(one.startsAt), free: Math.max(0, one.capacity - (await countBookings(reader(), one.id)).booked) }),
  })));
  return json({
    heading: row.name, id: sitting.id, title: sitting.title, row, over: now >= sitting.endsAt, targets,
    rooms: (await roomsOf(reader(), sitting.id)).map((room) => ({ value: room.id, label: room.name })),
    active: (row.state === 'booked' || row.state === 'waiting') && row.attempt === null && sitting.state === 'planned',
    done: new URL(request.url).searchParams.has('done'),
  });
}

export async function action({ request, params }: ActionFunctionArgs) {
  const actor = await signedIn(request);
  authorise(actor, 'see sittings');
  const [id, bookingId] = [params['id'] ?? '', params['booking'] ?? ''];
  const form = await parseOneOf(request, FORMS);
  if (!form.ok) return form.response;
  const here = `/sittings/${id}/candidates/${bookingId}?done`;
  switch (form.form) {
    case 'seat': {
      const seated = await reseat(actor, bookingId, form.value);
      return seated.ok ? redirect(here) : form.refuse(seated.error);
    }
    case 'move': {
      const moved = await moveCandidate(actor, bookingId, form.value.sittingId, form.value.reason);
      return moved.ok ? redirect(`/sittings/${form.value.sittingId}/candidates/${moved.value}?done`) : form.refuse(moved.error);
    }
    case 'remove': {
      const removed = await removeCandidate(actor, bookingId, form.value.reason);
      return removed.ok ? redirect(here) : form.refuse(removed.error);
    }
    case 'excuse': {
      const asked = await askExcuse(actor, bookingId, form.value.reason);
      return asked.ok ? redirect(`/sittings/excuses/${asked.value}`) : form.refuse(asked.error);
    }
  }
}

export default function OneCandidate() {
  const { id, title, row, over, rooms, active, done } = useLoaderData<typeof loader>();
  const { t } = useText();
  const seated = row.room !== null && row.seat !== null;
  return (
    <Page title={row.name} trail={[{ to: '/sittings', label: t('sittings.title') }, { to: `/sittings/${id}`, label: title }]}>
      {done && <Banner tone="success" title={t('sittings.done')} />}
      <Facts items={[
        { term: t('sittings.candidate-ticket'), value: <Link to={`/sittings/ticket/${row.ticket}`} className="figures">{row.ticket}</Link> },
        { term: t('sittings.candidate-state'), value: <CandidateState row={row} over={over} /> },
        { term: t('sittings.candidate-number'), value: <span className="figures">{row.number}</span> },
        { term: t('sittings.candidate-unit'), value: row.organisation },
        ...(seated ? [{ term: t('sittings.candidate-seat'), value: t('sittings.seat', { room: row.room ?? '', seat: row.seat ?? 0 }) }] : []),
        { term: t('sittings.candidate-source'), value: t(`sittings.source.${row.source}`) },
        ...(row.endReason ? [{ term: t('sittings.reason'), value: row.endReason }] : []),
      ]} />
      {active && (
        <Section title={t('sittings.candidate')}>
          {rooms.length > 0 && row.state === 'booked' && <SeatForm />}
          <MoveForm />
          {row.state === 'booked' && row.excuse !== 'asked' && <ExcuseForm />}
          <RemoveForm />
        </Section>
      )}
    </Page>
  );
}

const wrong = (form: { meta: { allErrors: object } }): boolean => Object.keys(form.meta.allErrors).length > 0;

function SeatForm() {
  const { row, rooms } = useLoaderData<typeof loader>();
  const { t } = useText();
  const form = useFormReply<typeof FORMS.seat>({ id: 'seat', defaultValue: { roomId: row.roomId ?? '', seat: row.seat ?? undefined } });
  return (
    <Disclosure summary={t('sittings.seat-change')} open={wrong(form)}>
      <FormBox form={form}>
        <SelectField form={form} name="roomId" label={t('sittings.seat-room')} options={rooms} />
        <TextField form={form} name="seat" type="number" inputMode="numeric" label={t('sittings.seat-seat')} width="short" />
        <CheckboxField form={form} name="swap" label={t('sittings.seat-swap')} />
        <SubmitButton kind="secondary">{t('sittings.seat-save')}</SubmitButton>
      </FormBox>
    </Disclosure>
  );
}

function MoveForm() {
  const { targets } = useLoaderData<typeof loader>();
  const { t } = useText();
  const form = useFormReply<typeof FORMS.move>({ id: 'move' });
  return (
    <Disclosure summary={t('sittings.move')} open={wrong(form)}>
      {targets.length === 0 ? <p>{t('sittings.move-none')}</p> : (
        <FormBox form={form}>
          <SelectField form={form} name="sittingId" label={t('sittings.move-to')} options={targets} />
          <TextField form={form} name="reason" label={t('sittings.reason')} maxLength={300} />
          <SubmitButton kind="secondary">{t('sittings.move-do')}</SubmitButton>
        </FormBox>
      )}
    </Disclosure>
  );
}

function ExcuseForm() {
  const { t } = useText();
  const form = useFormReply<typeof FORMS.excuse>({ id: 'excuse' });
  return (
    <Disclosure summary={t('sittings.excuse-for')} open={wrong(form)}>
      <p>{t('sittings.excuse-for-lead')}</p>
      <FormBox form={form}>
        <TextAreaField form={form} name="reason" label={t('sittings.own-excuse-reason')} rows={3} />
        <SubmitButton kind="secondary">{t('sittings.own-excuse-submit')}</SubmitButton>
      </FormBox>
    </Disclosure>
  );
}

function RemoveForm() {
  const { t } = useText();
  const form = useFormReply<typeof FORMS.remove>({ id: 'remove' });
  return (
    <Disclosure summary={t('sittings.remove')} open={wrong(form)}>
      <p>{t('sittings.remove-lead')}</p>
      <FormBox form={form}>
        <TextField form={form} name="reason" label={t('sittings.reason')} hint={t('sittings.reason-hint')} maxLength={300} />
        <SubmitButton kind="danger">{t('sittings.remove-do')}</SubmitButton>
      </FormBox>
    </Disclosure>
  );
}
