import { inTransaction, type Tx } from '~/db';
import { findBooking, findExam, findExcuse, placeWith, type Excuse, type Place } from '~/exams';
import { tell } from './tell.service';

/** What happened to somebody's place in a sitting. */
export type PlaceNews = 'booked' | 'promoted' | 'moved' | 'changed' | 'cancelled' | 'taken';

/**
 * Tells a candidate about their place in a sitting. What is said is what holds now: a place that was given up
 * before anybody was told of it is not announced, and of two changes in a row the later is told.
 */
export async function announcePlace(bookingId: string, news: PlaceNews): Promise<void> {
  await inTransaction(async (tx) => {
    const booking = await findBooking(tx, bookingId);
    if (!booking) return;
    const place = await placeWith(tx, booking);
    const ended = news === 'cancelled' || news === 'taken';
    if (ended ? booking.state !== 'cancelled' : booking.state !== 'booked' && !(news === 'changed' && booking.state === 'waiting')) return;
    const params = await paramsOf(tx, place, booking.endReason ?? '');
    const step = news === 'changed' ? `place-changed:${bookingId}:${place.sitting.version}:${booking.version}` : `place-${news}:${bookingId}`;
    // Who waits has no seat yet of which to be told.
    const kind = news === 'changed' && booking.state === 'waiting' ? 'wait-changed' : `place-${news}` as const;
    await tell(tx, [{ personId: booking.personId, content: { kind, params }, step }]);
  });
}

/** Tells a candidate what was decided about their excuse, and which place makes up for the missed one. */
export async function announceExcuse(excuseId: string): Promise<void> {
  await inTransaction(async (tx) => {
    const excuse = await findExcuse(tx, excuseId);
    const missed = excuse && await findBooking(tx, excuse.bookingId);
    const kind = excuse && kindOf(excuse);
    if (!missed || !kind) return;
    // A later place is told of like any other that somebody was given.
    const params = await paramsOf(tx, await placeWith(tx, missed), excuse.decision ?? '');
    await tell(tx, [{ personId: excuse.personId, content: { kind, params }, step: `${kind}:${excuseId}` }]);
  });
}

function kindOf({ state }: Excuse): 'excuse-approved' | 'excuse-refused' | null {
  if (state === 'approved') return 'excuse-approved';
  return state === 'refused' ? 'excuse-refused' : null;
}

async function paramsOf(tx: Tx, { booking, sitting, room }: Place, reason: string) {
  const exam = await findExam(tx, sitting.examId);
  return {
    bookingId: booking.id, examZh: exam?.title.zh ?? '', examEn: exam?.title.en ?? '', sitting: sitting.title, startsAt: sitting.startsAt,
    room: room?.name ?? '', seat: booking.seat ?? 0, ticket: booking.ticket, reason,
  };
}
