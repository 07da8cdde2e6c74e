import { reader } from '~/db';
import { authorise, can, type Actor } from '~/identity';
import { dateAt } from '~/kernel/calendar';
import { minutes, type Instant } from '~/kernel/clock';
import { config } from '~/kernel/config';
import type { Problem } from '~/kernel/result';
import { attemptsOf, type TakenAttempt } from '../attempt.repository';
import type { Exam } from '../exam.repository';
import { examState, type ExamForPerson } from '../exam.service';
import { sebLinks, sebPasses, type SebLinks, type SebProof } from '../seb';
import { judgeDoor, lastStart, placeOf, type Place } from '../sittings';
import { accommodationsOf, basisFor, deadlineOfBasis, type Accommodation } from '../time';
import { openPractice } from './practice.service';

/** What stands before somebody who wants to start an exam that is held in sittings. */
export interface Entrance {
  place: Place | null;
  /** The one thing that stands in the way now; null: the door is open. */
  shut: Problem | null;
  /** The code that the invigilator shows is still to be entered. */
  asksCode: boolean;
  lastStart: Instant | null;
  seb: SebLinks | null;
}

/** Everything a candidate is told before the start. */
export interface BeforeStart {
  standing: ExamForPerson;
  /** Null: the exam is open, there is no door. */
  entrance: Entrance | null;
  accommodations: Accommodation[];
  /** Minutes that the person would have when starting now, all told. */
  ownMinutes: number;
  /** The window cuts them; then this is when it ends. */
  cutAt: Instant | null;
  practice: { attempts: TakenAttempt[] } | null;
}

/** Where a person stands before an exam at `now`; null for accounts that take none. */
export async function beforeStart(actor: Actor, exam: Exam, request: { address: string; seb: SebProof | null }, now: Instant): Promise<BeforeStart | null> {
  authorise(actor, 'see courses');
  const { personId } = actor;
  if (personId === null || !can(actor, 'take an exam', { personId })) return null;
  const standing = await examState(reader(), exam.id, personId, now);
  if (!standing) return null;
  const place = exam.delivery === 'sittings' ? await placeOf(reader(), exam.id, personId, now) : null;
  const basis = await basisFor(reader(), { exam, sitting: place?.sitting ?? null, roomId: place?.room?.id ?? null, personId, startedAt: now });
  const end = deadlineOfBasis(basis, []);
  const practice = await openPractice(exam.id);
  return {
    standing,
    entrance: exam.delivery === 'sittings' ? entranceOf(place, request, now) : null,
    accommodations: await accommodationsOf(reader(), personId, exam.id, dateAt(now, config().TIME_ZONE)),
    ownMinutes: Math.floor((end.at - now) / minutes(1)),
    cutAt: end.cutBy === null ? null : end.at,
    practice: practice && { attempts: await attemptsOf(reader(), practice.id, personId) },
  };
}

function entranceOf(place: Place | null, { address, seb }: { address: string; seb: SebProof | null }, now: Instant): Entrance {
  const verdict = judgeDoor({ place, now, zone: config().TIME_ZONE, address, sebPasses: place !== null && sebPasses(place.sitting, seb) });
  const shut: Problem | null = verdict.open ? null : { code: verdict.code, ...(verdict.params && { params: verdict.params }) };
  return {
    place,
    // The code is entered together with the start: asking for it is no closed door.
    shut: shut?.code === 'door.check-in' ? null : shut,
    asksCode: shut?.code === 'door.check-in',
    lastStart: place && lastStart(place.sitting),
    seb: place?.sitting.seb === 'required' ? sebLinks(place.sitting) : null,
  };
}
