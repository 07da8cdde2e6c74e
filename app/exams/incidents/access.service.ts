import type { Reader } from '~/db';
import { authorise, type Actor } from '~/identity';
import { mayActInRoom, maySeeSitting } from '../sittings/door.service';
import { findIncident, type Incident } from './incident.repository';

/** The incident if the actor may look at it; else as if it did not exist. */
export async function incidentSeenBy(from: Reader, actor: Actor, incidentId: string): Promise<Incident | null> {
  authorise(actor, 'see sittings');
  const incident = await findIncident(from, incidentId);
  return incident && (await maySeeSitting(from, actor, incident.sittingId)) ? incident : null;
}

/** Whether the actor may record and apply incidents there: an invigilator of one room only for that room. */
export async function mayCredit(from: Reader, actor: Actor, { sittingId, roomId }: Pick<Incident, 'sittingId' | 'roomId'>): Promise<boolean> {
  authorise(actor, 'invigilate');
  return mayActInRoom(from, actor, sittingId, roomId);
}
