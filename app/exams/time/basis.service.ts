import type { Reader } from '~/db';
import { dateAt } from '~/kernel/calendar';
import type { Instant } from '~/kernel/clock';
import { config } from '~/kernel/config';
import type { Exam } from '../exam.repository';
import { windowOf } from '../incidents/window.repository';
import type { Sitting } from '../sittings/sitting';
import { accommodationsOf } from './accommodation.repository';
import type { TimeBasis } from './basis';

export interface Start {
  exam: Pick<Exam, 'id' | 'minutes' | 'closesAt' | 'windowCutsExtra' | 'sections'>;
  /** Null: the exam is open, and its own window counts. */
  sitting: Pick<Sitting, 'id' | 'endsAt' | 'lateRule'> | null;
  roomId: string | null;
  personId: string;
  startedAt: Instant;
}

/**
 * What the deadline of an attempt that starts now is computed from, and will be: exam, window with what incidents
 * added to it, and the person's accommodations of that day. The candidate is shown the same before the start.
 */
export async function basisFor(from: Reader, { exam, sitting, roomId, personId, startedAt }: Start): Promise<TimeBasis> {
  const held = await accommodationsOf(from, personId, exam.id, dateAt(startedAt, config().TIME_ZONE));
  return {
    minutes: exam.minutes,
    startedAt,
    window: {
      closesAt: sitting ? await windowOf(from, sitting, roomId, startedAt) : exam.closesAt,
      late: sitting?.lateRule ?? 'cut',
      cutsExtra: exam.windowCutsExtra,
    },
    accommodations: held.map(({ id, extraMinutes, factorPercent }) => ({ id, extraMinutes, factorPercent })),
    sections: exam.sections,
  };
}
