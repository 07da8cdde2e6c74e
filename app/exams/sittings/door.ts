import { localTimeAt } from '~/kernel/calendar';
import type { Instant } from '~/kernel/clock';
import type { Problem } from '~/kernel/result';
import type { Place } from './booking';
import { inNetworks } from './network';
import { lastStart, networksFor } from './sitting';

export interface DoorInput {
  /** From `placeOf`; null: no booking counts. */
  place: Place | null;
  now: Instant;
  /** The deployment's, for the times in the sentences. */
  zone: string;
  /** Where the request comes from. */
  address: string;
  /** Whether the request carries the right keys of Safe Exam Browser. */
  sebPasses: boolean;
}

export type DoorVerdict = { open: true; place: Place } | ({ open: false } & Problem);

/**
 * Whether a candidate may start now, or the one thing that stands in the way first: the candidate can only do
 * one after the other. Exemptions open for what they were granted and nothing else. Who has checked in with
 * the code has done so for good (`checkedInAt`).
 */
export function judgeDoor({ place, now, zone, address, sebPasses }: DoorInput): DoorVerdict {
  const shut = (code: Problem['code'], params?: Problem['params']): DoorVerdict => ({ open: false, code, ...(params && { params }) });
  if (!place || !['booked', 'waiting'].includes(place.booking.state)) return shut('door.no-place');
  const { booking, sitting, room, exemptions } = place;
  const time = (at: Instant): string => localTimeAt(at, zone).replace('T', ' ');
  if (booking.state === 'waiting') return shut('door.waiting');
  if (sitting.state === 'cancelled') return shut('door.cancelled');
  if (sitting.state === 'closed' || now >= sitting.endsAt) return shut('door.over', { at: time(sitting.endsAt) });
  if (now < sitting.startsAt) return shut('door.not-open', { at: time(sitting.startsAt) });
  if (now > lastStart(sitting) && !exemptions.includes('late')) return shut('door.too-late', { at: time(lastStart(sitting)) });
  if (booking.identity === 'refused') return shut('door.refused');
  const networks = networksFor(sitting, room);
  if (networks.length > 0 && !exemptions.includes('network') && !inNetworks(address, networks)) return shut('door.network', { address });
  if (sitting.seb === 'required' && !sebPasses && !exemptions.includes('seb')) return shut('door.seb');
  if (sitting.admission && booking.identity !== 'admitted') return shut('door.not-admitted');
  if (sitting.checkIn && booking.checkedInAt === null) return shut('door.check-in');
  return { open: true, place };
}
