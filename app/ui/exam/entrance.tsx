import { useText } from '~/text/react';
import type { Problem } from '~/kernel/result';
import { Banner } from '../banner/banner';
import { ButtonLink, ButtonRow } from '../button/button';
import { Facts } from '../facts/facts';
import { Section } from '../page/page';
import { useRefresh } from '../use-refresh';
import { StartForm } from './start-form';

/** A place in a sitting as the candidate must know it. */
export interface EntranceView {
  examSlug: string;
  place: {
    bookingId: string;
    ticket: string;
    title: string;
    startsAt: number;
    endsAt: number;
    room: string | null;
    seat: number | null;
    lateRule: 'full' | 'cut';
    lastStart: number;
  } | null;
  shut: Problem | null;
  asksCode: boolean;
  seb: { download: string; open: string } | null;
}

const LOOK_AGAIN_SECONDS = 10;

/** The door of a sitting: what stands in the way, or the start. */
export function Entrance({ entrance, wrongCode }: { entrance: EntranceView; wrongCode: Problem | null }) {
  const { t, problem } = useText();
  const { place, shut, asksCode, seb } = entrance;
  useRefresh(place && shut ? LOOK_AGAIN_SECONDS : null);
  if (!place) {
    return (
      <Banner tone="warning" title={t('start.no-place')}>
        <ButtonRow><ButtonLink to={`/exams/${entrance.examSlug}/sittings`} kind="primary">{t('start.to-sittings')}</ButtonLink></ButtonRow>
      </Banner>
    );
  }
  return (
    <>
      <Banner tone={shut ? 'warning' : 'info'} title={shut ? problem(shut) : t('start.may-enter')}>
        {shut && <p>{t('start.looks-again')}</p>}
        {shut?.code === 'door.seb' && seb && <SebWays seb={seb} />}
        {shut && <ButtonRow><ButtonLink to="." document>{t('start.look-again')}</ButtonLink></ButtonRow>}
        {!shut && <StartForm asksCode={asksCode} wrong={wrongCode} />}
      </Banner>
      <PlaceFacts place={place} examSlug={entrance.examSlug} />
    </>
  );
}

function SebWays({ seb }: { seb: { download: string; open: string } }) {
  const { t } = useText();
  return (
    <ButtonRow>
      <a className="button button--primary" href={seb.open}>{t('start.seb-open')}</a>
      <a className="button" href={seb.download}>{t('start.seb-file')}</a>
    </ButtonRow>
  );
}

/** Where and when one has to be. */
export function PlaceFacts({ place, examSlug }: { place: NonNullable<EntranceView['place']>; examSlug: string }) {
  const { t, dateTime } = useText();
  return (
    <Section title={t('start.place')}>
      <Facts items={[
        { term: t('start.sitting'), value: place.title },
        { term: t('start.time'), value: t('start.time-value', { from: dateTime(place.startsAt), to: dateTime(place.endsAt) }) },
        { term: t('start.room'), value: place.room === null ? t('start.remote') : t('start.room-value', { room: place.room, seat: place.seat ?? '' }) },
        { term: t('start.ticket'), value: place.ticket },
        { term: t('start.last-start'), value: t('start.last-start-value', { at: dateTime(place.lastStart) }) },
      ]} />
      <p>{t(`start.late-${place.lateRule}`)}</p>
      <ButtonRow>
        <ButtonLink to={`/bookings/${place.bookingId}`}>{t('start.my-ticket')}</ButtonLink>
        <ButtonLink to={`/exams/${examSlug}/sittings`}>{t('start.to-sittings')}</ButtonLink>
      </ButtonRow>
    </Section>
  );
}
