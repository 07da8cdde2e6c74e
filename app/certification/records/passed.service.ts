import { reader } from '~/db';
import type { Actor } from '~/identity';
import { assignmentsPassed, type PassedAssignment } from './record.repository';
import { sightOf } from './sight.service';

/**
 * The clearances of a person that have ended, the newest first; for a former office those of its own time.
 * @throws ProblemError when the actor may see none
 */
export async function clearancesPassed(actor: Actor, personId: string): Promise<PassedAssignment[]> {
  const { until, appointments } = await sightOf(reader(), actor, 'see a clearance', personId);
  const all = await assignmentsPassed(reader(), personId);
  return until === null ? all.filter(({ endedAt }) => endedAt !== null) : all.filter(({ appointmentId }) => appointments.has(appointmentId));
}
