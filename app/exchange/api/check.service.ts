import type { z } from 'zod';
import { MAY_START, type HiringAnswer } from '~/certification';
import { appendEvent, inTransaction, reader } from '~/db';
import { ok, type Result } from '~/kernel/result';
import { keyedNumber } from '~/people';
import { wordAnswer } from '~/text/hiring-words';
import { judgePeople } from '../hiring/judge.service';
import type { Call } from './call';
import type { CheckAnswer, CheckQuestion } from './schema';
import { instant, toldIf } from './words';

type Asked = z.infer<typeof CheckQuestion>;
type Answer = z.infer<typeof CheckAnswer>;

/**
 * Whether each of these may start on their own day: the judge of the hiring lists, within the application's subtree. Another name under
 * the number is said to be one and not told. That it was asked is an event.
 */
export async function checkClearances({ application, text, now }: Call, { people }: Asked): Promise<Result<Answer>> {
  const asked = people.map(({ number, name, startsOn }) => ({ ...keyedNumber(number), name, on: startsOn ?? null, appointmentId: null }));
  const judged = await judgePeople(reader(), [application.organisationPath], asked, now);
  const counts: Record<string, number> = {};
  const verdicts = judged.map(({ answer, post, on }, i): Answer['people'][number] => {
    counts[answer.status] = (counts[answer.status] ?? 0) + 1;
    const { status, from, until, reason, assignmentId } = answer;
    return {
      ref: people[i]?.ref ?? null, number: asked[i]?.shown ?? '', status, mayStart: MAY_START.includes(status), startsOn: on, from, until,
      conditions: answer.conditions.map(conditionOf), resit: answer.resit && { kind: answer.resit.kind, on: answer.resit.kind === 'none' ? null : answer.resit.on },
      reason: toldIf(text, reason), text: status === 'name-mismatch' ? text.t('api.name-mismatch') : wordAnswer(text, answer, { startedOn: post?.startedOn ?? null }),
      personId: post?.personId ?? null, appointmentId: post?.appointmentId ?? null, clearanceId: assignmentId, startedOn: post?.startedOn ?? null,
    };
  });
  await inTransaction((tx) => appendEvent(tx, { kind: 'clearance.checked', subject: { kind: 'application', id: application.id }, by: application.by, cause: 'personnel', body: { people: people.length, counts } }));
  return ok({ asOf: instant(now), people: verdicts });
}

const conditionOf = (one: HiringAnswer['conditions'][number]): Answer['people'][number]['conditions'][number] => ({
  kind: one.kind, requirement: one.code, of: one.kind === 'waiver' ? null : one.of, on: one.on, until: one.kind === 'waiver' ? one.until : null, title: one.kind === 'sitting' ? one.title : null,
});
