import { z } from 'zod';
import { places, rows, type Reader } from '~/db';
import { addDays, dateAt, startOfDate, type PlainDate } from '~/kernel/calendar';
import { config } from '~/kernel/config';
import type { Reason } from './clearance';
import { clearancesOfPeople, type StoredClearance } from './clearances.repository';
import { assignmentsIn } from './history';
import { historiesOf } from './history.repository';
import { assignmentsKnown } from './known.repository';
import { rowsOf, type KeptClearance, type KnownAssignment } from './known';
import { statusOf } from './recruits.service';
import type { RecruitState } from './recruits.repository';

/** How one assignment stood on a day, as lists tell it. */
export interface ClearanceOn extends KeptClearance {
  programmeVersionId: string;
  state: RecruitState;
  /** Why not; null where nothing has to be told. */
  reason: Reason | null;
}

/**
 * How people's clearances stood on a day: today by the table that lists read, earlier by the ledger alone, from what had
 * taken effect by the end of that day. What has not been judged since the day turned is judged here.
 */
export async function clearancesOn(from: Reader, personIds: readonly string[], on: PlainDate, today: PlainDate): Promise<ClearanceOn[]> {
  if (personIds.length === 0) return [];
  return on === today ? present(from, personIds, today) : past(from, personIds, on);
}

async function past(from: Reader, personIds: readonly string[], on: PlainDate): Promise<ClearanceOn[]> {
  const zone = config().TIME_ZONE;
  const end = startOfDate(addDays(on, 1), zone);
  const histories = await historiesOf(from, personIds);
  return [...histories.values()].flatMap((history) => {
    const live = assignmentsIn(history.filter((event) => event.at < end)).filter((one) => isLiveOn(one, on, zone));
    return told(live.map((one) => ({ ...one, endedAt: null })), on);
  });
}

const isLiveOn = ({ madeAt, endedAt }: KnownAssignment, on: PlainDate, zone: string): boolean =>
  dateAt(madeAt, zone) <= on && (endedAt === null || dateAt(endedAt, zone) > on);

async function present(from: Reader, personIds: readonly string[], today: PlainDate): Promise<ClearanceOn[]> {
  const stored = await clearancesOfPeople(from, personIds);
  const stale = new Set(stored.filter(({ changesOn }) => changesOn !== null && changesOn <= today).map(({ personId }) => personId));
  const versions = await versionsOf(from, stored);
  const fresh = stored.filter(({ personId }) => !stale.has(personId)).map((row) => shown(row, versions.get(row.assignmentId) ?? '', today));
  const known = await assignmentsKnown(from, [...stale]);
  return [...fresh, ...[...known.values()].flatMap((assignments) => told(assignments, today))];
}

const told = (assignments: readonly KnownAssignment[], on: PlainDate): ClearanceOn[] => {
  const versions = new Map(assignments.map((one) => [one.id, one.programmeVersionId]));
  return rowsOf(assignments, on, config().TIME_ZONE).map((row) => shown(row, versions.get(row.assignmentId) ?? '', on));
};

function shown(row: KeptClearance, programmeVersionId: string, on: PlainDate): ClearanceOn {
  const standing = {
    status: row.status, cleared_until: row.until, withdrawn_on: row.withdrawnOn, suspended_on: row.suspendedOn, expired_on: row.expiredOn, due_on: row.dueOn,
  };
  const state = statusOf(standing, on);
  return { ...row, programmeVersionId, state, reason: reasonOf(row, state) };
}

/** By what was shown then: what somebody is in the middle of is known for the present only. */
function reasonOf({ until, withdrawnOn, suspendedOn, expiredOn, requirements }: KeptClearance, state: RecruitState): Reason | null {
  switch (state) {
    case 'may-start': return null;
    case 'under-waiver': return { code: 'clearance-waived', params: { untilOn: until ?? '' } };
    case 'revoked': return { code: 'credential-revoked', params: { on: withdrawnOn ?? '' } };
    case 'suspended': return { code: 'credential-suspended', params: { on: suspendedOn ?? '' } };
    case 'expired': return { code: 'clearance-expired', params: { on: expiredOn ?? until ?? '' } };
    case 'not-yet': case 'overdue': return requirements.find((one) => one.state !== 'met')?.reason ?? null;
  }
}

const VersionRow = z.object({ id: z.string(), programme_version_id: z.string() });

async function versionsOf(from: Reader, stored: readonly StoredClearance[]): Promise<Map<string, string>> {
  if (stored.length === 0) return new Map();
  const { list, params } = places(stored.map(({ assignmentId }) => assignmentId));
  return new Map((await rows(from, VersionRow, `SELECT id, programme_version_id FROM assignments WHERE id IN (${list})`, params)).map((row) => [row.id, row.programme_version_id]));
}
