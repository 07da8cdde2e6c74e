import { findBooking } from '~/exams';
import type { Reader } from '~/db';
import { standingOfAssignments } from '../assignments.repository';
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
    if (content.kind === 'escalation' && !(await peopleBehind(from, id)).some(({ still }) => still === 1)) continue;
    if (content.kind === 'place-booked' && (await findBooking(from, content.params.bookingId))?.state !== 'booked') continue;
    worth.add(id);
  }
  return worth;
}
