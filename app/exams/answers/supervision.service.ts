import type { Reader } from '~/db';
import type { Actor } from '~/identity';
import { mayInvigilate } from '../invigilation.repository';
import { mayActInRoom } from '../sittings/door.service';

/** Whether the actor invigilates an attempt: its room where there is a sitting, else the candidate's organisation. */
export const maySupervise = (
  from: Reader, actor: Actor, { sittingId, roomId, personId }: { sittingId: string | null; roomId: string | null; personId: string },
): Promise<boolean> => (sittingId === null ? mayInvigilate(from, actor, personId) : mayActInRoom(from, actor, sittingId, roomId));
