import type { Reader } from '~/db';
import { comingSittings, countBookings, findExam, type Sitting } from '~/exams';
import { dateAt, type PlainDate } from '~/kernel/calendar';
import type { Instant } from '~/kernel/clock';
import { config } from '~/kernel/config';
import type { ProgrammeVersion } from '../programme.repository';
import type { Requirement } from '../requirement';
import { reaches } from './check-version';
import type { VersionFacts } from './exception';
import { programmesInUse } from './surroundings.repository';
import { indispensable } from './tree';

/** What is true for everybody who is assigned a version, as far as it can make an assignment impossible. */
export async function factsOf(
  from: Reader, version: Pick<ProgrammeVersion, 'programme_id' | 'gate' | 'tree'>, requirements: readonly Requirement[], now: Instant,
): Promise<VersionFacts> {
  const needed = indispensable(version.tree, requirements);
  const asked = needed.filter(({ kind }) => kind === 'credential').map(({ targetId }) => targetId);
  const programmes = asked.length > 0 ? await programmesInUse(from) : new Map<string, string[]>();
  const sittingDays = new Map<string, PlainDate[]>();
  for (const { kind, targetId } of needed) {
    const days = kind === 'exam' ? await daysWithPlaces(from, targetId, now) : null;
    if (days) sittingDays.set(targetId, days);
  }
  return {
    gate: version.gate, needed, sittingDays, earnable: new Set(programmes.keys()),
    circular: new Set(asked.filter((id) => reaches(id, version.programme_id, programmes))),
  };
}

/** The days on which a sitting with a free place is held; null for an exam that needs no sitting. */
async function daysWithPlaces(from: Reader, examId: string, now: Instant): Promise<PlainDate[] | null> {
  const exam = await findExam(from, examId);
  if (exam?.delivery !== 'sittings') return null;
  const days: PlainDate[] = [];
  for (const sitting of await comingSittings(from, examId, now)) {
    const { booked } = await countBookings(from, sitting.id);
    if (booked < sitting.capacity && canBeReached(sitting, now)) days.push(dateAt(Math.max(sitting.startsAt, now), config().TIME_ZONE));
  }
  return days;
}

/** Whoever books for themselves must do so in time; others can be assigned until it begins. */
const canBeReached = ({ booking, bookUntil, startsAt, mode, endsAt }: Sitting, now: Instant): boolean =>
  (booking === 'self' && now < bookUntil) || now < (mode === 'window' ? endsAt : startsAt);
