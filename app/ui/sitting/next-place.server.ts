import { reader } from '~/db';
import { findExam, nextPlace } from '~/exams';
import type { Instant } from '~/kernel/clock';
import type { Lang } from '~/text';
import type { ShownPlace } from './next-place';

/** Where a person has to be next, for their home page; null when nowhere. */
export async function shownNextPlace(personId: string, now: Instant, lang: Lang): Promise<ShownPlace | null> {
  const place = await nextPlace(reader(), personId, now);
  if (!place) return null;
  const { booking, sitting, room } = place;
  const exam = await findExam(reader(), sitting.examId);
  return {
    bookingId: booking.id, state: booking.state, exam: exam?.title[lang] ?? '', sitting: sitting.title, startsAt: sitting.startsAt, endsAt: sitting.endsAt,
    room: room?.name ?? null, seat: booking.seat, ticket: booking.ticket,
  };
}
