import type { Reader } from '~/db';
import { authorise, type Actor } from '~/identity';
import { mayActInRoom, maySeeSitting } from '../sittings/door.service';

/**
 * Whether the actor may look at a sitting's console.
 * @throws ProblemError for accounts without any role that has to do with sittings
 */
export async function mayWatch(from: Reader, actor: Actor, sittingId: string): Promise<boolean> {
  authorise(actor, 'see sittings');
  return maySeeSitting(from, actor, sittingId);
}

/** Whether the actor may act on whoever sits in `roomId`. Each room is asked once. */
export async function roomsToActIn(from: Reader, actor: Actor, sittingId: string, roomIds: readonly (string | null)[]): Promise<Set<string | null>> {
  const allowed = new Set<string | null>();
  for (const roomId of new Set(roomIds)) {
    if (await mayActInRoom(from, actor, sittingId, roomId)) allowed.add(roomId);
  }
  return allowed;
}
