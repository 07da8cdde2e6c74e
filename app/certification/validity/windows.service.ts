import { enrolAgainTx } from '~/courses';
import { addJobs, inTransaction, reader, type By, type Tx } from '~/db';
import { takeAnew } from '~/exams';
import { dateAt, startOfDate, type PlainDate } from '~/kernel/calendar';
import type { Instant } from '~/kernel/clock';
import { config } from '~/kernel/config';
import { makeAssignment } from '../assignment.service';
import { lockPerson } from '../assignments.repository';
import { currentVersions } from '../programme.repository';
import { freshCalendar } from '../programmes/calendar.service';
import { knowing } from '../programmes/known.service';
import { refreshPerson } from '../refresh.service';
import type { Requirement } from '../requirement';
import { lastExpiryInWindow, nextCycle } from './cycles';
import { cyclesToFollow, findCycle, markFollowed, versionsThatEnd, WINDOW_JOB, type Cycle } from './cycles.repository';

const BY: By = 'system:certification';
const LIMIT = 500;

/** Finds the cycles whose window has opened and asks a job for each to make the one that follows. */
export async function sweepWindows(now: Instant): Promise<void> {
  await freshCalendar();
  const today = dateAt(now, config().TIME_ZONE);
  const renewable = new Set((await currentVersions(reader(), today)).map((version) => version.programme_id));
  for (const version of await versionsThatEnd(reader())) {
    const endsBy = lastExpiryInWindow(version.validity, today);
    if (endsBy === null || !renewable.has(version.programme_id)) continue;
    await inTransaction(async (tx) => {
      const ids = await cyclesToFollow(tx, version.id, endsBy, LIMIT);
      await addJobs(tx, ids.map((assignmentId) => ({ name: WINDOW_JOB, payload: { assignmentId } })));
    });
  }
}

/**
 * Makes the cycle that follows, when its window is open: a row of its own, beside the former one, which holds until its
 * end. It asks for what the version in effect asks for; what the former cycle asked for does not change. Does nothing
 * the second time, and nothing when nobody works there any more.
 */
export async function openWindow(assignmentId: string): Promise<void> {
  await freshCalendar();
  await inTransaction(async (tx) => {
    const personId = (await findCycle(tx, assignmentId))?.person_id;
    if (personId === undefined) return;
    await lockPerson(tx, personId);
    const former = await findCycle(tx, assignmentId);
    if (!former || former.ended_at !== null || former.ended_on !== null || former.withdrawn_on !== null) return;
    if (former.follower === null) await follow(tx, former, dateAt(tx.now, config().TIME_ZONE));
    else if (former.followed_by === null) await markFollowed(tx, former.id, former.follower);
  });
}

async function follow(tx: Tx, former: Cycle, today: PlainDate): Promise<void> {
  if (former.completed_on === null) return;
  const next = nextCycle({
    validity: former.validity, ruleExpiry: former.rule_until, expiry: former.cleared_until ?? former.rule_until, heldFrom: former.completed_on, today,
  });
  const version = (await currentVersions(tx, today)).find((one) => one.programme_id === former.programme_id);
  if (!next || !version) return;
  const { person_id: personId, appointment_id: appointmentId } = former;
  const known = knowing(tx);
  const id = await makeAssignment(tx, {
    personId, appointmentId, versionId: version.id, startOfDuty: former.start_of_duty, ...next,
    // An extension that was granted before moved the end by somebody's decision.
    dueBy: former.cleared_until !== null && former.cleared_until !== former.rule_until ? 'decision' : 'renewal', cycle: former.cycle + 1, follows: former.id,
  }, known);
  if (id === null) return;
  await markFollowed(tx, former.id, id);
  await beginAgain(tx, personId, await known.requirements(version.id), next.countsFrom);
  await refreshPerson(tx, personId);
}

/** What was learned and passed before `countsFrom` is not enough: courses are taken once more, exams are open again. */
export async function beginAgain(tx: Tx, personId: string, requirements: readonly Requirement[], countsFrom: PlainDate): Promise<void> {
  const since = startOfDate(countsFrom, config().TIME_ZONE);
  for (const { kind, targetId } of requirements) {
    if (kind === 'course') await enrolAgainTx(tx, { personId, courseId: targetId, since, by: BY });
    if (kind === 'exam') await takeAnew(tx, { examId: targetId, personId, since });
  }
}
