import type { Reader } from '~/db';
import type { Instant } from '~/kernel/clock';
import type { Reason } from './clearance';
import { explainAll } from './progress.service';
import { countRecruits, recruitRows, recruitRowsAfter, type Place, type RecruitFilter, type RecruitRow, type RecruitState } from './recruits.repository';

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
  dueOn: string;
  startOfDuty: string;
  done: number;
  total: number;
  /** Why not: the revocation, or the first requirement that is not met; null for who may start. */
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
  for (const cleared of [false, true]) {
    let place: Place = { cleared, startOfDuty: '', assignmentId: '' };
    for (let last: RecruitRow | undefined; ; place = { cleared, startOfDuty: last.start_of_duty, assignmentId: last.assignment_id }) {
      const found = await recruitRowsAfter(from, filter, place, EXPORT_STEP);
      if (found.length > 0) yield explained(from, found, filter.today, now);
      last = found.at(-1);
      if (!last || found.length < EXPORT_STEP) break;
    }
  }
}

async function explained(from: Reader, found: RecruitRow[], today: string, now: Instant): Promise<Recruit[]> {
  const requirements = await explainAll(from, found.map((row) => ({ personId: row.person_id, requirements: row.requirements })), now);
  return found.map((row, i) => ({
    assignmentId: row.assignment_id, personId: row.person_id, name: row.name, recruitmentNumber: row.recruitment_number,
    organisation: row.organisation, post: row.post, intake: row.intake, status: statusOf(row, today), mayStartOn: row.may_start_on,
    dueOn: row.due_on, startOfDuty: row.start_of_duty, done: row.done, total: row.total,
    reason: row.withdrawn_on === null
      ? requirements[i]?.find((one) => one.state !== 'met')?.reason ?? null
      : { code: 'credential-revoked', params: { on: row.withdrawn_on } },
  }));
}

/** `today` is a date in the deployment's zone. */
export function statusOf({ status, withdrawn_on, due_on }: Pick<RecruitRow, 'status' | 'withdrawn_on' | 'due_on'>, today: string): RecruitState {
  if (status === 'cleared') return 'may-start';
  if (withdrawn_on !== null) return 'revoked';
  return due_on < today ? 'overdue' : 'not-yet';
}
