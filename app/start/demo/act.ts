import { markLessonRead, openLesson } from '~/courses';
import { reader } from '~/db';
import { attemptForGrading, handIn, saveResponses, startAttempt } from '~/exams';
import { startSignIn, tokenHashOf, type Actor } from '~/identity';
import { keysForPaper, type PaperEntry, type Random } from '~/itembank';
import { advanceClock, clock, minutes } from '~/kernel/clock';
import { must } from '~/kernel/result';
import { inTransaction } from '~/db';

/** Somebody of the demonstration who learns: what the use cases need to know of them. */
export interface Learner {
  actor: Actor;
  personId: string;
}

/** Opens and reads the lessons from `from` to `to` of a course, a quarter of an hour each. */
export async function readLessons({ actor, personId }: Learner, courseId: string, slugs: string[]): Promise<void> {
  for (const slug of slugs) {
    await openLesson({ personId, courseId, by: actor.by }, slug);
    advanceClock(minutes(15));
    must(await markLessonRead({ personId, courseId, by: actor.by }, slug));
  }
}

export const DEVICE = 'demo-device-0001';

/** A sign-in of the learner's. @returns the hash of its token */
export async function signedInAs({ actor, personId }: Learner): Promise<string> {
  const token = await inTransaction((tx) => startSignIn(tx, { id: actor.accountId, personId }, { address: '127.0.0.1', agent: 'demo' }, 'demo'));
  return tokenHashOf(`sid=${token}`) ?? '';
}

/** Starts an attempt and answers `share` of its items in three saves, each right with a chance of `skill` per cent. */
export async function sitExam(learner: Learner, examId: string, { skill, share, random }: { skill: number; share: number; random: Random }): Promise<string> {
  const attemptId = must(await startAttempt(learner.actor, examId, DEVICE));
  const paper = await attemptForGrading(reader(), attemptId);
  if (!paper) throw new Error('the attempt vanished');
  const answered = paper.entries.slice(0, Math.ceil(paper.entries.length * share));
  const keys = await keysForPaper(reader(), answered.map((entry) => entry.item));
  const tokenHash = await signedInAs(learner);
  const third = Math.ceil(answered.length / 3);
  for (let from = 0; from < answered.length; from += third) {
    advanceClock(minutes(6));
    const changes = answered.slice(from, from + third).map((entry) => ({
      item: entry.item, seq: 1, response: responseTo(entry, keys.get(entry.item), random(100) < skill, random),
    }));
    await saveResponses({ attemptId, tokenHash, device: DEVICE, changes, receivedAt: clock.now() });
  }
  return attemptId;
}

/** The last item of the paper, answered rightly five minutes ago, arrives: so long the device had no network. */
export async function answerLast(learner: Learner, attemptId: string, random: Random): Promise<void> {
  const entry = (await attemptForGrading(reader(), attemptId))?.entries.at(-1);
  if (!entry) throw new Error('a paper without items');
  const keys = await keysForPaper(reader(), [entry.item]);
  const changes = [{ item: entry.item, seq: 2, response: responseTo(entry, keys.get(entry.item), true, random), changedAt: clock.now() - minutes(5) }];
  await saveResponses({ attemptId, tokenHash: await signedInAs(learner), device: DEVICE, changes, receivedAt: clock.now() });
}

export async function finishExam({ actor }: Learner, attemptId: string): Promise<void> {
  advanceClock(minutes(3));
  must(await handIn(actor, attemptId, DEVICE));
}

type Key = Awaited<ReturnType<typeof keysForPaper>> extends Map<string, infer K> ? K : never;

/** A right response from the key, or a plausible wrong one from what the candidate sees. */
function responseTo(entry: PaperEntry, keyed: Key | undefined, right: boolean, random: Random): unknown {
  if (!keyed) return null;
  const { type, key } = keyed;
  if (right) return type === 'short' && Array.isArray(key) ? key[0] : key;
  const any = () => entry.order[random(entry.order.length)] ?? '';
  switch (type) {
    case 'single': return entry.order.find((letter) => letter !== key) ?? any();
    case 'multiple': return [any()];
    case 'true-false': return key !== true;
    case 'order': return entry.order;
    case 'match': return Object.fromEntries(entry.order.map((left) => [left, entry.rightOrder?.[0] ?? '']));
    case 'short': return '不清楚';
  }
}
