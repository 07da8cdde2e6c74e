import type { DatedPlace } from './dates.repository';

/** One appointment in a calendar, through everything that happened to it. */
export interface CalendarPlace {
  /** Of the place that came first: a calendar knows by it that a later one is the same appointment. */
  uid: string;
  /** Grows with every change, so that the later one wins. */
  sequence: number;
  isCancelled: boolean;
  /** Where it stands now. */
  place: DatedPlace;
}

/**
 * The appointments that places are. Who is moved to another sitting keeps the appointment; who gives a place up and gets
 * another one later has two.
 * @param places of one person, exam by exam, in the order in which they were given
 */
export function appointmentsOf(places: readonly DatedPlace[]): CalendarPlace[] {
  const found: CalendarPlace[] = [];
  for (const [i, place] of places.entries()) {
    const before = places[i - 1];
    const former = before?.state === 'moved' && before.exam_id === place.exam_id ? found.pop() : undefined;
    found.push({
      uid: former?.uid ?? place.id, place, isCancelled: place.state !== 'booked' || place.sitting_state === 'cancelled',
      // Versions of all places so far: each only ever grows, and a move adds one.
      sequence: (former?.sequence ?? 0) + place.version + place.sitting_version,
    });
  }
  return found;
}
