import { inTransaction, type By, type Tx } from '~/db';
import { dateAt } from '~/kernel/calendar';
import { config } from '~/kernel/config';
import { annulHours, enterHours } from './enter.service';
import { completionToEnter, resultToEnter } from './sources.repository';

const BY: By = 'system:learning hours';
const WHY = { by: BY, cause: 'rule' } as const;

/** Enters the hours of a completed course, in the transaction that makes it evidence. Does nothing the second time. */
export async function enterCompletion(tx: Tx, completionId: string): Promise<void> {
  const found = await completionToEnter(tx, completionId);
  if (!found) return;
  await enterHours(tx, {
    personId: found.personId, kind: 'online-course', ref: completionId, title: found.title, occurredOn: dateAt(found.at, config().TIME_ZONE),
    at: found.at, minutes: found.minutes, lessons: found.lessons,
  }, WHY);
}

/** Enters a passed exam once its result is released, and takes it back when the result falls or is declared void. */
export async function enterResult(attemptId: string): Promise<void> {
  await inTransaction(async (tx) => {
    const found = await resultToEnter(tx, attemptId);
    if (!found || found.releasedAt === null) return;
    if (!found.counts) {
      await annulHours(tx, 'exam-passed', attemptId, WHY);
      return;
    }
    await enterHours(tx, {
      personId: found.personId, kind: 'exam-passed', ref: attemptId, title: found.title,
      occurredOn: dateAt(found.releasedAt, config().TIME_ZONE), at: found.releasedAt, minutes: found.minutes,
    }, WHY);
  });
}
