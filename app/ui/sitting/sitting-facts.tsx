import type { ReactNode } from 'react';
import type { Sitting } from '~/exams';
import { useText } from '~/text/react';
import { Facts } from '../facts/facts';
import { useSpan } from './states';

export interface ShownSitting extends Pick<Sitting,
  'mode' | 'startsAt' | 'endsAt' | 'place' | 'booking' | 'capacity' | 'bookFrom' | 'bookUntil' | 'lateRule' | 'admission' | 'checkIn' | 'seb' | 'networks' | 'seatSeed'> {
  code: string;
  exam: string;
  organisation: string;
  lastStart: number;
  booked: number;
  waiting: number;
}

/** All that was set about a sitting. */
export function SittingFacts({ sitting, seb }: { sitting: ShownSitting; seb?: ReactNode }) {
  const { t, dateTime, lang } = useText();
  const span = useSpan();
  const { booking, bookFrom, bookUntil, seatSeed } = sitting;
  const door = [
    sitting.admission && t('sittings.facts.admission'), sitting.checkIn && t('sittings.facts.check-in'), sitting.seb === 'required' && t('sittings.field.seb'),
  ].filter(Boolean).join(lang === 'zh' ? '，' : ', ');
  return (
    <Facts items={[
      { term: t('sittings.exam'), value: sitting.exam },
      { term: t('sittings.code'), value: <span className="figures">{sitting.code}</span> },
      { term: t('sittings.when'), value: span(sitting.startsAt, sitting.endsAt) },
      { term: t('sittings.facts.mode'), value: t(`sittings.mode.${sitting.mode}`) },
      { term: t('sittings.where'), value: t(`sittings.place.${sitting.place}`) },
      { term: t('sittings.unit'), value: sitting.organisation },
      { term: t('sittings.people'), value: t(sitting.waiting > 0 ? 'sittings.people-waiting' : 'sittings.people-of', { booked: sitting.booked, capacity: sitting.capacity, waiting: sitting.waiting }) },
      { term: t('sittings.facts.booking'), value: booking === 'assigned' ? t('sittings.booking.assigned')
        : bookFrom === null ? t('sittings.facts.booking-now', { until: dateTime(bookUntil) }) : t('sittings.facts.booking-value', { from: dateTime(bookFrom), until: dateTime(bookUntil) }) },
      { term: t('sittings.facts.late'), value: t('sittings.facts.late-value', { at: dateTime(sitting.lastStart), rule: t(`sittings.late.${sitting.lateRule}`) }) },
      { term: t('sittings.facts.door'), value: <>{door || t('sittings.facts.door-none')}{seb}</> },
      { term: t('sittings.facts.networks'), value: <span className="figures">{sitting.networks.join('  ') || t('sittings.room-any-network')}</span> },
      ...(sitting.place === 'rooms' ? [{ term: t('sittings.facts.seats'), value: seatSeed === null ? t('sittings.facts.seats-number') : t('sittings.facts.seats-random', { seed: seatSeed.slice(0, 8) }) }] : []),
    ]} />
  );
}

