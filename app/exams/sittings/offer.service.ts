import type { Reader } from '~/db';
import { covers } from '~/identity';
import { dateAt } from '~/kernel/calendar';
import type { Instant } from '~/kernel/clock';
import { config } from '~/kernel/config';
import type { Problem } from '~/kernel/result';
import { engagementsOf, pathsOfPerson, type Engagement } from '~/people';
import type { Exam } from '../exam.repository';
import type { Booking } from './booking';
import { activeIn, countBookings, waitingBefore } from './booking.repository';
import { clashOf, leavesNoDay } from './clash';
import { whyNot } from './eligibility';
import { organisationPathOf } from './invigilators.repository';
import { heldPlaces, takenBefore } from './people.repository';
import { bookingPhase, lastStart, type Sitting } from './sitting';
import { comingSittings } from './sitting.repository';

/** A sitting as a candidate sees it who looks for a place. */
export interface Offer {
  sitting: Sitting;
  phase: ReturnType<typeof bookingPhase>;
  /** Places that can be had at once. */
  free: number;
  waiting: number;
  /** One's own place here, or wait. */
  own: Booking | null;
  /** Counted from 1, for who waits. */
  position: number | null;
  /** Why one cannot have a place here, apart from there being none; null: one can, or has it. */
  problem: Problem | null;
}

/** The sittings of an exam in which a person may book, and those where they have a place; first to last. */
export async function offersFor(from: Reader, exam: Exam, personId: string, now: Instant): Promise<Offer[]> {
  const paths = await pathsOfPerson(from, personId);
  const taken = (await takenBefore(from, exam.id, [personId])).get(personId) ?? [];
  const held = (await heldPlaces(from, [personId], now)).get(personId) ?? [];
  const zone = config().TIME_ZONE;
  const engaged = (await engagementsOf(from, [personId], dateAt(now, zone))).get(personId) ?? [];
  const offers: Offer[] = [];
  for (const sitting of await comingSittings(from, exam.id, now)) {
    const own = await activeIn(from, sitting.id, personId);
    const path = await organisationPathOf(from, sitting.id) ?? '';
    if (!own && (sitting.booking !== 'self' || !paths.some((one) => covers(path, one)))) continue;
    const { booked, waiting } = await countBookings(from, sitting.id);
    const why = whyNot(exam, taken, lastStart(sitting));
    // A place of the same exam elsewhere is no hindrance: one can move.
    const others = held.filter((one) => one.examId !== exam.id);
    offers.push({
      sitting, phase: bookingPhase(sitting, now), waiting, own,
      free: waiting > 0 ? 0 : Math.max(0, sitting.capacity - booked),
      position: own?.state === 'waiting' ? await waitingBefore(from, own) + 1 : null,
      problem: own ? null : why ? { code: why } : clashOf(sitting, others, engaged, zone),
    });
  }
  return offers;
}

/** Those of these people who have a place in an exam that leaves no free day beside an event on these days. */
export async function examsBeside(from: Reader, personIds: readonly string[], event: Omit<Engagement, 'personId'>, now: Instant): Promise<string[]> {
  const held = await heldPlaces(from, personIds, now);
  return personIds.filter((personId) => held.get(personId)?.some((place) => leavesNoDay(place, { ...event, personId }, config().TIME_ZONE)));
}
