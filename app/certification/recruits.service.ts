import type { Reader } from '~/db';
import type { Instant } from '~/kernel/clock';
import type { Reason } from './clearance';
import { explainAll } from './progress.service';
import { countRecruits, recruitRows, recruitRowsAfter, STANDINGS, type Place, type RecruitFilter, type RecruitRow, type RecruitState } from './recruits.repository';

export const RECRUITS_PER_PAGE = 50;

export interface Recruit {
  assignmentId: string;
  personId: string;
  name: string;
  recruitmentNumber: string | null;
  organisation: string;
  post: string;
  intake: string | null;
  status: RecruitState;
  mayStartOn: string | null;
  /** The last day of the permission; null: no end, or there is none. */
  until: string | null;
  dueOn: string;
  startOfDuty: string;
  done: number;
  total: number;
  /** Why not: the revocation, suspension or expiry, or the first requirement that is not met. Who may start by a waiver has that as reason. */
  reason: Reason | null;
}

export interface RecruitPage {
  recruits: Recruit[];
  total: number;
  page: number;
  pageCount: number;
}

/** One page of who may start and who may not. Five queries, whatever the size of the page. */
export async function recruitList(from: Reader, filter: RecruitFilter & { page: number }, now: Instant): Promise<RecruitPage> {
  const { page: asked, ...conditions } = filter;
  const total = await countRecruits(from, conditions);
  const pageCount = Math.max(1, Math.ceil(total / RECRUITS_PER_PAGE));
  const page = Math.min(Math.max(1, asked), pageCount);
  const found = await recruitRows(from, conditions, { limit: RECRUITS_PER_PAGE, offset: (page - 1) * RECRUITS_PER_PAGE });
  return { recruits: await explained(from, found, filter.today, now), total, page, pageCount };
}

const EXPORT_STEP = 500;

/** The whole list in its order, a step at a time, so that a large export never lies in memory whole. */
export async function* allRecruits(from: Reader, filter: RecruitFilter, now: Instant): AsyncGenerator<Recruit[]> {
  for (const standing of STANDINGS) {
    let place: Place = { standing, startOfDuty: '', assignmentId: '' };
    for (let last: RecruitRow | undefined; ; place = { standing, startOfDuty: last.start_of_duty, assignmentId: last.assignment_id }) {
      const found = await recruitRowsAfter(from, filter, place, EXPORT_STEP);
      if (found.length > 0) yield explained(from, found, filter.today, now);
      last = found.at(-1);
      if (!last || found.length < EXPORT_STEP) break;
    }
  }
}

async function explained(from: Reader, found: RecruitRow[], today: string, now: Instant): Promise<Recruit[]> {
  const requirements = await explainAll(from, found.map((row) => ({ personId: row.person_id, requirements: row.requirements })), now);
  return found.map((row, i) => {
    const status = statusOf(row, today);
    const permitted = status === 'may-start' || status === 'under-waiver';
    return {
      assignmentId: row.assignment_id, personId: row.person_id, name: row.name, recruitmentNumber: row.recruitment_number,
      organisation: row.organisation, post: row.post, intake: row.intake, status,
      mayStartOn: permitted ? row.may_start_on : null, until: permitted ? row.cleared_until : null,
      dueOn: row.due_on, startOfDuty: row.start_of_duty, done: row.done, total: row.total, reason: reasonOf(row, status, requirements[i] ?? []),
    };
  });
}

function reasonOf(row: RecruitRow, status: RecruitState, requirements: readonly { state: string; reason: Reason }[]): Reason | null {
  switch (status) {
    case 'may-start': return null;
    case 'under-waiver': return { code: 'clearance-waived', params: { untilOn: row.cleared_until ?? '' } };
    case 'revoked': return { code: 'credential-revoked', params: { on: row.withdrawn_on ?? '' } };
    case 'suspended': return { code: 'credential-suspended', params: { on: row.suspended_on ?? '' } };
    case 'expired': return expiredReason(row.expired_on ?? row.cleared_until ?? '', row.law_until);
    case 'not-yet': case 'overdue': return requirements.find((one) => one.state !== 'met')?.reason ?? null;
  }
}

/** That a permission ended by its rule, or earlier because the law has changed. */
const expiredReason = (on: string, lawUntil: string | null): Reason => ({ code: on === lawUntil ? 'clearance-expired-by-law' : 'clearance-expired', params: { on } });

type Standing = Pick<RecruitRow, 'status' | 'cleared_until' | 'withdrawn_on' | 'suspended_on' | 'expired_on' | 'due_on'>;

/** `today` is a date in the deployment's zone. */
export function statusOf({ status, cleared_until, withdrawn_on, suspended_on, expired_on, due_on }: Standing, today: string): RecruitState {
  const inForce = cleared_until === null || cleared_until >= today;
  if (status !== 'not-cleared' && inForce) return status === 'cleared' ? 'may-start' : 'under-waiver';
  if (withdrawn_on !== null) return 'revoked';
  if (suspended_on !== null) return 'suspended';
  if (expired_on !== null || (status === 'cleared' && !inForce)) return 'expired';
  return due_on < today ? 'overdue' : 'not-yet';
}
