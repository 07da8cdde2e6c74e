import { json, redirect, type ActionFunctionArgs, type LoaderFunctionArgs } from '@remix-run/node';
import { useActionData, useLoaderData } from '@remix-run/react';
import { z } from 'zod';
import { reader } from '~/db';
import { book, findExamBySlug, moveBooking, offersFor, roomsOf } from '~/exams';
import { authorise, signedIn } from '~/identity';
import { clock } from '~/kernel/clock';
import { ProblemError } from '~/kernel/result';
import { textFor } from '~/text';
import { langOf } from '~/text/lang';
import { useText } from '~/text/react';
import { Banner, ButtonLink, Card, Cards, EmptyState, Page, PostButton, StatusTag } from '~/ui';
import { parseForm } from '~/ui/form.server';
import { statusOf } from '~/kernel/errors';
import { pageTitle } from '~/ui/page-title';
import { useSpan } from '~/ui/sitting/states';

export const meta = pageTitle;

const Choice = z.object({ sittingId: z.string(), wait: z.boolean().default(false), from: z.string().optional() });

async function examOf(slug: string | undefined) {
  const exam = await findExamBySlug(reader(), slug ?? '');
  if (!exam) throw new ProblemError({ code: 'not-found' });
  return exam;
}

export async function loader({ request, params }: LoaderFunctionArgs) {
  const actor = await signedIn(request);
  authorise(actor, 'see courses');
  const lang = langOf(request);
  const exam = await examOf(params['slug']);
  const offers = actor.personId === null ? [] : await offersFor(reader(), exam, actor.personId, clock.now());
  const own = offers.find((offer) => offer.own !== null);
  return json({
    heading: textFor(lang).t('sittings.choose-title', { exam: exam.title[lang] }), slug: exam.slug, title: exam.title[lang],
    // A place is given up for another one only while its own sitting allows it.
    ownId: own?.own?.id ?? null, mayMove: own?.sitting.booking === 'self' && own.phase === 'open',
    offers: await Promise.all(offers.map(async ({ sitting, phase, free, waiting, own: here, position, problem }) => ({
      id: sitting.id, title: sitting.title, startsAt: sitting.startsAt, endsAt: sitting.endsAt, place: sitting.place, bookFrom: sitting.bookFrom, bookUntil: sitting.bookUntil,
      rooms: (await roomsOf(reader(), sitting.id)).map((room) => room.name), phase, free, waiting, own: here && { id: here.id, state: here.state }, position, problem,
    }))),
  });
}

export async function action({ request, params }: ActionFunctionArgs) {
  const actor = await signedIn(request);
  authorise(actor, 'take an exam', { personId: actor.personId });
  await examOf(params['slug']);
  const form = await parseForm(request, Choice);
  if (!form.ok) return form.response;
  const { sittingId, wait, from } = form.value;
  if (from !== undefined) {
    const moved = await moveBooking(actor, from, sittingId);
    return moved.ok ? redirect(`/bookings/${moved.value}`) : json({ problem: moved.error }, { status: statusOf(moved.error.code) });
  }
  const booked = await book(actor, sittingId, { wait });
  return booked.ok ? redirect(`/bookings/${booked.value.bookingId}`) : json({ problem: booked.error }, { status: statusOf(booked.error.code) });
}

type Offer = ReturnType<typeof useLoaderData<typeof loader>>['offers'][number];

export default function ChooseSitting() {
  const { heading, slug, title, offers, ownId, mayMove } = useLoaderData<typeof loader>();
  const refused = useActionData<typeof action>();
  const { t, problem } = useText();
  return (
    <Page title={heading} lead={offers.length > 0 && t('sittings.choose-lead')} trail={[{ to: `/exams/${slug}`, label: title }]}>
      {refused && 'problem' in refused && <Banner tone="danger" title={problem(refused.problem)} />}
      {offers.length === 0 && <EmptyState title={t('sittings.choose-none')} action={<ButtonLink to={`/exams/${slug}`}>{title}</ButtonLink>}><p>{t('sittings.choose-none-text')}</p></EmptyState>}
      <Cards>{offers.map((offer) => <OfferCard key={offer.id} offer={offer} ownId={ownId} mayMove={mayMove} />)}</Cards>
    </Page>
  );
}

function OfferCard({ offer, ownId, mayMove }: { offer: Offer; ownId: string | null; mayMove: boolean }) {
  const { t, problem, dateTime } = useText();
  const span = useSpan();
  return (
    <Card title={offer.title} meta={span(offer.startsAt, offer.endsAt)} actions={<OfferAction offer={offer} ownId={ownId} mayMove={mayMove} />}>
      {offer.own && <p><StatusTag tone={offer.own.state === 'waiting' ? 'due' : 'ok'}>{offer.position === null ? t('sittings.choose-own') : t('sittings.choose-waiting', { position: offer.position })}</StatusTag></p>}
      <p>{offer.place === 'remote' ? t('sittings.place.remote') : offer.rooms.join('、')}</p>
      {!offer.own && offer.phase === 'open' && (
        <p>{t('sittings.choose-free')}{t('ui.colon')}<span className="figures">{offer.free > 0 ? t('sittings.choose-free-value', { free: offer.free }) : t('sittings.choose-full', { waiting: offer.waiting })}</span></p>
      )}
      {offer.phase === 'not-yet' && offer.bookFrom !== null && <p>{t('sittings.choose-open-at', { at: dateTime(offer.bookFrom) })}</p>}
      {offer.phase === 'over' && !offer.own && <p>{t('sittings.choose-over')}</p>}
      {offer.phase === 'open' && <p>{t('sittings.choose-until', { until: dateTime(offer.bookUntil) })}</p>}
      {offer.problem && <p>{problem(offer.problem)}</p>}
    </Card>
  );
}

/** The one thing that can be done with a sitting: open one's own, move to it, book it, wait for it. */
function OfferAction({ offer, ownId, mayMove }: { offer: Offer; ownId: string | null; mayMove: boolean }) {
  const { t } = useText();
  if (offer.own) return <ButtonLink to={`/bookings/${offer.own.id}`}>{t('sittings.own-view')}</ButtonLink>;
  if (offer.phase !== 'open' || offer.problem) return null;
  const button = (action: string, fields: Record<string, string>, kind: 'primary' | 'secondary') => (
    <PostButton kind={kind} fields={{ sittingId: offer.id, ...fields }} label={t('sittings.choose-for', { action, title: offer.title })}>{action}</PostButton>
  );
  if (ownId !== null) return mayMove && offer.free > 0 ? button(t('sittings.choose-move'), { from: ownId }, 'secondary') : null;
  return offer.free > 0 ? button(t('sittings.choose-book'), {}, 'primary') : button(t('sittings.choose-wait'), { wait: 'on' }, 'secondary');
}
