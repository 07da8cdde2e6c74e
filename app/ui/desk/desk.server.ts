import { countRecruits, waitingCounts, type RecruitFilter, type RecruitStatus, type WaitingCount } from '~/certification';
import { outboxCounts, reader } from '~/db';
import { waitingRosters, webhooksWithDead } from '~/exchange';
import { lateToDecide, listFindings } from '~/exams';
import { can, scopePaths, type Actor } from '~/identity';
import { dateAt } from '~/kernel/calendar';
import { clock } from '~/kernel/clock';
import { config } from '~/kernel/config';
import { unitsWithSlips } from '~/notices';
import { STARTING } from '../clearance/recruit-query.server';

/** Those whose day is near or over, in the order in which they matter. */
const STARTS = [
  { key: 'past-not-yet', start: 'past', status: 'not-yet' }, { key: 'soon-not-yet', start: 'soon', status: 'not-yet' },
  { key: 'past-unrecorded', start: 'past', status: 'may-start' }, { key: 'past-waived', start: 'past', status: 'under-waiver' },
  { key: 'soon-may-start', start: 'soon', status: 'may-start' }, { key: 'soon-waived', start: 'soon', status: 'under-waiver' },
] as const satisfies readonly { key: string; start: keyof typeof STARTING; status: RecruitStatus }[];

export interface StartNumber {
  key: (typeof STARTS)[number]['key'];
  count: number;
  /** The list of exactly these people. */
  to: string;
}

/** How many starts are near or over, by whether they are permitted; each by the condition of the list that it opens. */
export async function startNumbers(actor: Actor): Promise<StartNumber[]> {
  const today = dateAt(clock.now(), config().TIME_ZONE);
  const base: RecruitFilter = { paths: scopePaths(actor, ['hr', 'inspector']), today };
  return Promise.all(STARTS.map(async ({ key, start, status }) => ({
    key, to: `/hr/recruits?status=${status}&start=${start}`, count: await countRecruits(reader(), { ...base, ...STARTING[start](today), status }),
  })));
}

export interface OtherNumber {
  key: 'failed-jobs' | 'findings' | 'late-answers' | 'slips' | 'undelivered';
  count: number;
  to: string;
}

/** What is settled elsewhere than among personnel's decisions, for those who settle it. */
export async function otherNumbers(actor: Actor): Promise<OtherNumber[]> {
  const found: OtherNumber[] = [];
  if (can(actor, 'see findings')) found.push({ key: 'findings', to: '/findings', count: (await listFindings(actor, true)).length });
  if (can(actor, 'adjudicate')) found.push({ key: 'late-answers', to: '/adjudicate', count: (await lateToDecide(actor, { search: '' })).length });
  if (can(actor, 'see failed jobs')) found.push({ key: 'failed-jobs', to: '/admin/jobs', count: (await outboxCounts(reader())).failed });
  if (can(actor, 'see notices of people')) {
    const units = await unitsWithSlips(reader(), scopePaths(actor, 'hr'));
    if (units.length > 0) found.push({ key: 'slips', to: '/hr/notices/slips', count: units.length });
  }
  const paths = scopePaths(actor, 'administrator');
  if (paths.length > 0) {
    const undelivered = (await webhooksWithDead(reader(), paths)).reduce((sum, { dead }) => sum + dead, 0);
    if (undelivered > 0) found.push({ key: 'undelivered', to: '/admin/applications', count: undelivered });
  }
  return found;
}

/** Rosters that somebody must look at before they take effect, faulty ones among them. */
export const rostersToSee = async (actor: Actor): Promise<number> => (can(actor, 'see rosters') ? waitingRosters(reader(), scopePaths(actor, ['hr', 'administrator'])) : 0);

/** What waits for a decision of the reader's, by kind. */
export const waitingNumbers = async (actor: Actor): Promise<WaitingCount[]> => (can(actor, 'see what waits') ? waitingCounts(reader(), actor) : []);
