import { askRevocation, carryOutRevocation, credentialsOf } from '~/certification';
import { reader } from '~/db';
import type { Random } from '~/itembank';
import { addDays, dateAt, startOfDate } from '~/kernel/calendar';
import { hours, minutes, type Instant } from '~/kernel/clock';
import { config } from '~/kernel/config';
import { must } from '~/kernel/result';
import { chooseCourse } from '~/courses';
import { finishExam, readLessons, sitExam, type Learner } from './act';
import type { Founded, FoundedLeader, FoundedRecruit } from './found';

/** Something that happens at an instant of the city's past. */
export interface Scene {
  at: Instant;
  play(): Promise<unknown>;
}

const GOOD = 92;
const WEAK = 35;

/** `hour` o'clock, `days` after a date, in the deployment's zone. */
const moment = (date: string, days: number, hour: number): Instant => startOfDate(addDays(date, days), config().TIME_ZONE) + hours(hour);

/** What a recruit does between the appointment and today, by fate. */
export function storyOfRecruit(recruit: FoundedRecruit, place: Founded, random: Random, now: Instant): Scene[] {
  const { plan } = recruit;
  if (plan.fate === 'never-activated' || plan.fate === 'not-begun') return [];
  const made = recruit.madeOn;
  const reading = { at: moment(made, plan.beginsAfter, 9 + random(6)) };
  const half = place.recruitCourse.lessons.slice(0, 4);
  const rest = place.recruitCourse.lessons.slice(4);
  if (plan.fate === 'reading') return [{ ...reading, play: () => readLessons(recruit, place.recruitCourse.id, place.recruitCourse.lessons.slice(0, plan.lessons)) }];
  const learned: Scene[] = [
    { ...reading, play: () => readLessons(recruit, place.recruitCourse.id, half) },
    { at: reading.at + hours(24), play: () => readLessons(recruit, place.recruitCourse.id, rest) },
  ];
  return [...learned, ...examScenes(recruit, place, random, reading.at + hours(48), now)];
}

function examScenes(recruit: FoundedRecruit, place: Founded, random: Random, from: Instant, now: Instant): Scene[] {
  const take = (at: Instant, skill: number): Scene => ({ at, play: () => wholeExam(recruit, place, random, skill) });
  const day = hours(24);
  switch (recruit.plan.fate) {
    case 'passed': return [take(from, GOOD)];
    case 'failed-waiting': return [take(now - hours(3), WEAK)];
    case 'passed-second': return [take(from, WEAK), take(from + 2 * day, GOOD)];
    case 'failed-all': return [take(from, WEAK), take(from + 2 * day, WEAK), take(from + 4 * day, WEAK)];
    case 'in-exam': return [{ at: now - minutes(19), play: () => sitExam(recruit, place.examId, { skill: GOOD, share: 0.6, random }) }];
    case 'left-to-deadline': return [{ at: from, play: () => sitExam(recruit, place.examId, { skill: GOOD, share: 0.9, random }) }];
    case 'revoked': return [take(from, GOOD), { at: from + 3 * day, play: () => revoke(recruit, place) }];
    default: return [];
  }
}

async function wholeExam(learner: Learner, place: Founded, random: Random, skill: number): Promise<void> {
  await finishExam(learner, await sitExam(learner, place.examId, { skill, share: 1, random }));
}

async function revoke({ personId }: Learner, { hr, administrator }: Founded): Promise<void> {
  for (const { number } of await credentialsOf(reader(), personId)) {
    const asked = must(await askRevocation(hr.by, number, 'issued-in-error', '培训记录与本人不符，系录入有误，申请撤销。'));
    must(await carryOutRevocation(administrator.by, asked, '经核对情况属实。'));
  }
}

/** A leader enrols in the policy course and reads some of it, or all. */
export function storyOfLeader(leader: FoundedLeader, place: Founded, random: Random, now: Instant): Scene[] {
  const { plan } = leader;
  const lessons = plan.completes ? place.leaderCourse.lessons : place.leaderCourse.lessons.slice(0, plan.lessons);
  if (lessons.length === 0) return [];
  const at = moment(dateAt(now, config().TIME_ZONE), -12 + random(6), 14);
  return [{
    at,
    play: async () => {
      must(await chooseCourse(place.leaderCourse, { personId: leader.personId, by: leader.actor.by }));
      await readLessons(leader, place.leaderCourse.id, lessons);
    },
  }];
}
