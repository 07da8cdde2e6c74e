import type { Place } from '~/exams';
import type { Instant } from '~/kernel/clock';
import { useText } from '~/text/react';
import { ButtonLink } from '../button/button';
import { Facts } from '../facts/facts';
import { Section } from '../page/page';
import { useSpan } from './states';

export interface ShownPlace {
  bookingId: string;
  state: Place['booking']['state'];
  exam: string;
  sitting: string;
  startsAt: Instant;
  endsAt: Instant;
  room: string | null;
  seat: number | null;
  ticket: string;
}

/** Where somebody has to be for their next exam. */
export function NextPlace({ place }: { place: ShownPlace }) {
  const { t } = useText();
  const span = useSpan();
  const seat = place.room === null || place.seat === null ? t('sittings.place.remote') : t('sittings.seat', { room: place.room, seat: place.seat });
  return (
    <Section title={t('sittings.home-next')} actions={<ButtonLink to={`/bookings/${place.bookingId}`}>{t('sittings.own-view')}</ButtonLink>}>
      <Facts items={[
        { term: t('sittings.exam'), value: place.exam },
        { term: t('sittings.when'), value: span(place.startsAt, place.endsAt) },
        { term: t('sittings.candidate-seat'), value: place.state === 'waiting' ? t('sittings.home-waiting') : seat },
        ...(place.state === 'waiting' ? [] : [{ term: t('sittings.ticket-number'), value: <span className="figures">{place.ticket}</span> }]),
      ]} />
    </Section>
  );
}
