import { z } from 'zod';
import { places, rows, type Reader } from '~/db';
import { assignmentsOfPeople, type Assignment } from './assignments.repository';
import { evidenceOfAll } from './evidence.repository';
import { actsIn, NO_ACTS } from './history';
import { credentialActsOf } from './history.repository';
import { grouped, type KnownAssignment } from './known';
import { requirementsOfAll, versionsOfAll } from './programme.repository';
import type { GrantedWaiver } from './withdrawal';

const WaiverRow = z.object({
  id: z.string(), assignment_id: z.string(), requirement_code: z.string().nullable(), valid_from: z.string(), valid_until: z.string(),
  decided_at: z.number(), revoked_at: z.number().nullable(),
});

async function waiversOfPeople(from: Reader, personIds: readonly string[]): Promise<(GrantedWaiver & { assignmentId: string })[]> {
  const { list, params } = places([...personIds]);
  const found = await rows(from, WaiverRow, `SELECT id, assignment_id, requirement_code, valid_from, valid_until, decided_at, revoked_at FROM waivers
    WHERE person_id IN (${list}) AND state IN ('granted', 'revoked')`, params);
  return found.map((row) => ({
    id: row.id, assignmentId: row.assignment_id, requirementCode: row.requirement_code, from: row.valid_from, until: row.valid_until,
    grantedAt: row.decided_at, revokedAt: row.revoked_at,
  }));
}

/**
 * People's assignments with everything that counts for them, from the tables that hold the present state; only what was
 * done to credentials comes from the ledger, for a suspension that is over is nowhere else. Six queries, however many people.
 * @returns per person
 */
export async function assignmentsKnown(from: Reader, personIds: readonly string[]): Promise<Map<string, KnownAssignment[]>> {
  if (personIds.length === 0) return new Map();
  const assignments = await assignmentsOfPeople(from, personIds);
  const versionIds = [...new Set(assignments.map((one) => one.programme_version_id))];
  const [versions, requirements] = [await versionsOfAll(from, versionIds), await requirementsOfAll(from, versionIds)];
  const evidence = grouped(await evidenceOfAll(from, personIds), ({ personId }) => personId);
  const waivers = grouped(await waiversOfPeople(from, personIds), ({ assignmentId }) => assignmentId);
  const acts = actsIn(await credentialActsOf(from, personIds));
  const known = assignments.map((one): KnownAssignment => {
    const version = versions.get(one.programme_version_id);
    if (!version) throw new Error(`programme version ${one.programme_version_id} is gone`);
    const { gate, tree, validity } = version;
    return {
      ...named(one),
      input: {
        gate, tree, validity, requirements: requirements.get(one.programme_version_id) ?? [], dueOn: one.due_on, startOfDuty: one.start_of_duty,
        countsFrom: one.counts_from, evidence: evidence.get(one.person_id) ?? [],
        waivers: waivers.get(one.id) ?? [], ...(acts.get(one.id) ?? NO_ACTS),
      },
    };
  });
  return grouped(known, ({ personId }) => personId);
}

const named = (one: Assignment): Omit<KnownAssignment, 'input'> => ({
  id: one.id, personId: one.person_id, appointmentId: one.appointment_id, programmeId: one.programme_id, programmeVersionId: one.programme_version_id,
  cycle: one.cycle, follows: one.follows, madeAt: one.assigned_at, endedAt: one.ended_at,
});
