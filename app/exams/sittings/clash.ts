import { localTimeAt } from '~/kernel/calendar';
import type { Problem } from '~/kernel/result';
import { overlap, type Sitting } from './sitting';

interface HeldPlace {
  sittingId: string;
  examId: string;
  title: string;
  startsAt: number;
  endsAt: number;
}

/**
 * What keeps somebody from a place in `sitting`: another one of the same exam, or a sitting at the same time.
 * Courses are not asked: their lessons are read whenever one likes and have no fixed time, so a sitting is the
 * only thing that can clash.
 * @param held places that the person has or waits for, without the one that is being given up
 */
export function clashOf(
  sitting: Pick<Sitting, 'id' | 'examId' | 'startsAt' | 'endsAt'>, held: readonly HeldPlace[], zone: string,
): Problem | null {
  const others = held.filter((one) => one.sittingId !== sitting.id);
  const at = (one: HeldPlace): string => localTimeAt(one.startsAt, zone).replace('T', ' ');
  const same = others.find((one) => one.examId === sitting.examId);
  if (same) return { code: 'booking.has-place', params: { at: at(same) } };
  const clash = others.find((one) => overlap(one, sitting));
  return clash ? { code: 'booking.clash', params: { title: clash.title, at: at(clash) } } : null;
}
