import { findClearance, waiversOf } from '~/certification';
import { inTransaction } from '~/db';
import { dateAt } from '~/kernel/calendar';
import type { Instant } from '~/kernel/clock';
import { config } from '~/kernel/config';
import { insertEscalations } from '../planning/plan.repository';
import { tell } from '../tell.service';
import { aboutAssignment } from './about.repository';

/**
 * Tells that somebody is not cleared any more: the person at once, unless what ended it has a notice of its own (a credential
 * revoked or suspended, a waiver revoked); managers and HR with everybody else of the day, for a change of law ends many.
 * @param at when it was noticed: each loss is told once
 */
export async function announceLoss(assignmentId: string, at: Instant): Promise<void> {
  await inTransaction(async (tx) => {
    const [about, now] = [await aboutAssignment(tx, assignmentId), await findClearance(tx, assignmentId)];
    // Cleared again before anybody was told.
    if (!about || now?.status !== 'not-cleared') return;
    const day = dateAt(at, config().TIME_ZONE);
    const isToldElsewhere = now.withdrawnOn !== null || now.suspendedOn !== null || (await waiversOf(tx, assignmentId)).some(({ revokedAt }) => revokedAt === at);
    const params = { assignmentId, name: about.name, programmeZh: about.title_zh, programmeEn: about.title_en, fromOn: day, untilOn: now.expiredOn ?? day, conditions: '', reason: '', page: `/my/clearance/${assignmentId}` };
    if (!isToldElsewhere) await tell(tx, [{ personId: about.person_id, step: `clearance-lost:${at}:${assignmentId}`, content: { kind: 'clearance-lost', params } }]);
    await insertEscalations(tx, day, [{ assignmentId, step: `lost:${at}`, organisationId: about.organisation_id, audience: 'hr' }]);
  });
}
