import { reader } from '~/db';
import { authorise, type Actor } from '~/identity';
import { clock, days, type Instant } from '~/kernel/clock';
import { err, ok, type Result } from '~/kernel/result';
import { findExam, type Exam } from '../exam.repository';
import { roomOfInvigilator } from '../sittings/invigilators.repository';
import { findSitting, roomsOf } from '../sittings/sitting.repository';
import type { ExamRoom, Sitting } from '../sittings/sitting';
import { mayWatch } from './access.service';
import { judgeUndo } from './act';
import { actsOf, type Act } from './act.repository';
import { actorNames } from './acting.repository';
import { messagesTo, observationsAt, paperworkOf, sittingsAround, type WatchedSitting } from './console.repository';
import type { ConsoleRow, ConsoleState } from './state';
import { consoleState } from './state.service';

/** The sittings of these days that the actor watches over. */
export async function sittingsToInvigilate(actor: Actor, now: Instant): Promise<WatchedSitting[]> {
  authorise(actor, 'see sittings');
  return sittingsAround(reader(), actor, { from: now - days(1), to: now + days(2) });
}

/** An act as the console shows it. */
export interface ShownAct {
  id: string;
  kind: string;
  reason: string;
  at: Instant;
  by: string;
  /** How many it was done to. */
  count: number;
  undoable: boolean;
  undone: { at: Instant; reason: string } | null;
}

export interface Console {
  sitting: Sitting;
  exam: Exam;
  rooms: ExamRoom[];
  /** The one room that the actor watches over; null: all of them. */
  ownRoom: string | null;
  state: ConsoleState;
  acts: ShownAct[];
}

const ACTS_SHOWN = 30;

/** Everything that the console shows when it is opened. */
export async function consoleOf(actor: Actor, sittingId: string): Promise<Result<Console>> {
  authorise(actor, 'see sittings');
  const sitting = await findSitting(reader(), sittingId);
  if (!sitting || !(await mayWatch(reader(), actor, sittingId))) return err('not-found');
  const exam = await findExam(reader(), sitting.examId);
  if (!exam) return err('not-found');
  const now = clock.now();
  return ok({
    sitting, exam, rooms: await roomsOf(reader(), sittingId), ownRoom: (await roomOfInvigilator(reader(), sittingId, actor.accountId)) ?? null,
    state: await consoleState(sitting, now), acts: await actsShown(await actsOf(reader(), sittingId, ACTS_SHOWN), now),
  });
}

/** Acts with names instead of accounts. */
export async function actsShown(acts: readonly Act[], now: Instant): Promise<ShownAct[]> {
  const names = await actorNames(reader(), acts.map(({ doneBy }) => doneBy));
  return acts.map((act) => ({
    id: act.id, kind: act.kind, reason: act.reason, at: act.doneAt, by: names.get(act.doneBy) ?? act.doneBy,
    count: (act.body.attempts ?? act.body.bookings ?? []).length, undoable: judgeUndo(act, now).ok,
    undone: act.undoneAt === null ? null : { at: act.undoneAt, reason: act.undoReason ?? '' },
  }));
}

export interface CandidateOnConsole {
  sitting: Sitting;
  room: ExamRoom | null;
  row: ConsoleRow;
  startedAt: Instant | null;
  receiptHash: string | null;
  messages: Awaited<ReturnType<typeof messagesTo>>;
  observations: Awaited<ReturnType<typeof observationsAt>>;
  acts: ShownAct[];
}

/** The most acts of a sitting that are looked through for those on one person. */
const ACTS_LOOKED_AT = 2000;

/** One candidate with all that was observed, said and done. */
export async function candidateOnConsole(actor: Actor, sittingId: string, bookingId: string): Promise<Result<CandidateOnConsole>> {
  authorise(actor, 'see sittings');
  const sitting = await findSitting(reader(), sittingId);
  if (!sitting || !(await mayWatch(reader(), actor, sittingId))) return err('not-found');
  const now = clock.now();
  const row = (await consoleState(sitting, now)).rows.find(({ id }) => id === bookingId);
  if (!row) return err('not-found');
  const acts = (await actsOf(reader(), sittingId, ACTS_LOOKED_AT)).filter(({ body }) =>
    body.bookings?.includes(bookingId) === true || (row.attempt !== null && body.attempts?.includes(row.attempt) === true));
  const paperwork = row.attempt === null ? null : await paperworkOf(reader(), row.attempt);
  return ok({
    sitting, row, room: (await roomsOf(reader(), sittingId)).find(({ id }) => id === row.room) ?? null,
    startedAt: paperwork?.started_at ?? null, receiptHash: paperwork?.hash ?? null,
    messages: await messagesTo(reader(), bookingId), observations: await observationsAt(reader(), bookingId), acts: await actsShown(acts, now),
  });
}
