import { findClearance, findStart, findWaiver } from '~/certification';
import { findBooking } from '~/exams';
import type { Reader } from '~/db';
import { standingOfAssignments } from '../assignments.repository';
import { isAbove, type NoticeContent } from '../notice';
import { peopleBehind } from '../planning/escalation.repository';
import type { Notice } from '../notices.repository';
import { restsOn } from './compose';

/**
 * Which of these notices are still worth sending. What was done, waived or moved since, or whose person has left, is
 * not: the reminder stops at once.
 */
export async function stillWorth(from: Reader, notices: readonly Notice[]): Promise<Set<string>> {
  const standing = await standingOfAssignments(from, notices.flatMap(({ content }) => restsOn(content)?.assignmentId ?? []));
  const worth = new Set<string>();
  for (const { id, content } of notices) {
    const rest = restsOn(content);
    const now = rest && standing.get(rest.assignmentId);
    if (rest && (now?.dueOn !== rest.dueOn || (rest.untilDone && !now.open))) continue;
    if (isAbove(content.kind) && !(await peopleBehind(from, id)).some(({ still }) => still === 1)) continue;
    if (!await stillStands(from, content)) continue;
    if (content.kind === 'place-booked' && (await findBooking(from, content.params.bookingId))?.state !== 'booked') continue;
    worth.add(id);
  }
  return worth;
}

/** Whether what waits for a decision still waits, and what is about to end still is. */
async function stillStands(from: Reader, { kind, params }: NoticeContent): Promise<boolean> {
  switch (kind) {
    case 'clearance-ends': case 'waiver-ends': {
      const now = await findClearance(from, params.assignmentId);
      return now !== null && now.status !== 'not-cleared' && now.until === params.untilOn;
    }
    case 'clearance-lost': return (await findClearance(from, params.assignmentId))?.status === 'not-cleared';
    case 'waiver-to-decide': return (await findWaiver(from, lastPart(params.page)))?.state === 'asked';
    case 'start-to-confirm': return (await findStart(from, lastPart(params.page)))?.state === 'proposed';
    default: return true;
  }
}

const lastPart = (path: string): string => path.split('/').at(-1) ?? '';
