import { dateAt, localTimeAt } from '~/kernel/calendar';
import type { Problem } from '~/kernel/result';
import type { Engagement } from '~/people';
import { overlap, type Sitting } from './sitting';

interface HeldPlace {
  sittingId: string;
  examId: string;
  title: string;
  startsAt: number;
  endsAt: number;
}

/**
 * What keeps somebody from a place in `sitting`: another one of the same exam, a sitting at the same time, or a classroom
 * event that leaves no day for it. Lessons are read whenever one likes: they clash with nothing.
 * @param held places that the person has or waits for, without the one that is being given up
 * @param engaged where the person is expected on whole days
 */
export function clashOf(
  sitting: Pick<Sitting, 'id' | 'examId' | 'mode' | 'startsAt' | 'endsAt'>, held: readonly HeldPlace[], engaged: readonly Engagement[], zone: string,
): Problem | null {
  const others = held.filter((one) => one.sittingId !== sitting.id);
  const at = (one: HeldPlace): string => localTimeAt(one.startsAt, zone).replace('T', ' ');
  const same = others.find((one) => one.examId === sitting.examId);
  if (same) return { code: 'booking.has-place', params: { at: at(same) } };
  const clash = others.find((one) => overlap(one, sitting));
  if (clash) return { code: 'booking.clash', params: { title: clash.title, at: at(clash) } };
  const event = engaged.find((one) => leavesNoDay(sitting, one, zone));
  return event ? { code: 'booking.clash-event', params: { title: event.title, from: event.fromOn, until: event.untilOn } } : null;
}

/** Who starts when they like within some days needs one that is free; at a fixed time every day counts. */
export function leavesNoDay({ mode, startsAt, endsAt }: Pick<Sitting, 'mode' | 'startsAt' | 'endsAt'>, { fromOn, untilOn }: Engagement, zone: string): boolean {
  const [first, last] = [dateAt(startsAt, zone), dateAt(endsAt, zone)];
  return mode === 'fixed' ? fromOn <= last && untilOn >= first : fromOn <= first && untilOn >= last;
}
