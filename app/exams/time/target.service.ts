import type { Reader } from '~/db';
import { authorise, type Actor } from '~/identity';
import { err, ok, type Result } from '~/kernel/result';
import { mayInvigilate } from '../invigilation.repository';
import { mayActInRoom } from '../sittings/door.service';
import { runningIn, timedAttempts, type TimedAttempt } from './time.repository';

/**
 * Whom time is given to: chosen attempts, all of a room, or all of a sitting. A room and a sitting mean those who are
 * writing at that moment; who starts later has all the time that the exam gives, and gets nothing of it.
 */
export type TimeTarget =
  | { attempts: readonly string[] }
  | { room: { sittingId: string; roomId: string } }
  | { sitting: string };

export interface Targeted {
  attempts: TimedAttempt[];
  /** Null for an exam without sittings. */
  sittingId: string | null;
  roomId: string | null;
}

/** The running attempts that are meant, if the actor may act on all of them. */
export async function targeted(from: Reader, actor: Actor, target: TimeTarget): Promise<Result<Targeted>> {
  authorise(actor, 'invigilate');
  const attempts = (await timedAttempts(from, await idsOf(from, target))).filter(({ state }) => state === 'in-progress');
  if (!(await mayActOnAll(from, actor, target, attempts))) return err('not-found');
  if (attempts.length === 0) return err('act.nobody');
  const sittings = new Set(attempts.map(({ sittingId }) => sittingId));
  const [sittingId = null] = sittings.size === 1 ? sittings : [];
  return ok({ attempts, sittingId, roomId: 'room' in target ? target.room.roomId : null });
}

async function idsOf(from: Reader, target: TimeTarget): Promise<readonly string[]> {
  if ('attempts' in target) return [...new Set(target.attempts)];
  return 'room' in target ? runningIn(from, target.room.sittingId, target.room.roomId) : runningIn(from, target.sitting, null);
}

async function mayActOnAll(from: Reader, actor: Actor, target: TimeTarget, attempts: readonly TimedAttempt[]): Promise<boolean> {
  if ('room' in target) return mayActInRoom(from, actor, target.room.sittingId, target.room.roomId);
  if ('sitting' in target) return mayActInRoom(from, actor, target.sitting, null);
  const rooms = new Map<string, boolean>();
  for (const { sittingId, roomId, personId } of attempts) {
    const key = `${sittingId ?? ''} ${roomId ?? ''}`;
    if (sittingId !== null && !rooms.has(key)) rooms.set(key, await mayActInRoom(from, actor, sittingId, roomId));
    if (!rooms.get(key) && !(await mayInvigilate(from, actor, personId))) return false;
  }
  return true;
}
