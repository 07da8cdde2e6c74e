import { reader } from '~/db';
import {
  applyIncident, appointInvigilator, book, bookingsOf, changeSettings, decideIdentity, examForCourse, findAttempt, knownInvigilators, planSitting,
  proposeFinding, recordedObservations, recordIncident, recordObservations, roomsOf, type Exam,
} from '~/exams';
import type { Actor } from '~/identity';
import type { Random } from '~/itembank';
import { addDays, dateAt, startOfDate } from '~/kernel/calendar';
import { clock, hours, minutes, setClock, type Instant } from '~/kernel/clock';
import { config } from '~/kernel/config';
import { must } from '~/kernel/result';
import { answerLast, DEVICE, finishExam, signedInAs, sitExam } from './act';
import type { Founded, FoundedLeader } from './found';
import type { Scene } from './story';

const USUAL = { booking: 'self', bookFrom: null, lateRule: 'full', seb: 'off', networks: '', endsAt: null } as const;
const SKILL = 92;

/** `hour` o'clock, `days` after the day of `now`. */
const onDay = (now: Instant, days: number, hour: number): Instant =>
  startOfDate(addDays(dateAt(now, config().TIME_ZONE), days), config().TIME_ZONE) + hours(hour);

/** Those leaders who had finished their course when the first sitting was held. */
const firstOnes = ({ leaders }: Founded): FoundedLeader[] => leaders.filter(({ plan }) => plan.completes === 1).slice(0, 6);

async function leadersExam(place: Founded): Promise<Exam> {
  const exam = await examForCourse(reader(), place.leaderCourse.id);
  if (!exam) throw new Error('the demonstration needs the leaders’ exam');
  return exam;
}

/**
 * The leaders' exam is held in sittings. Yesterday's had a power cut that was credited and noise that nobody has
 * judged yet; of one candidate a finding was proposed and an answer arrived too late. The others handed in.
 */
export function pastSitting(place: Founded, now: Instant, { runJobs, random }: { runJobs: () => Promise<void>; random: Random }): Scene[] {
  const begins = onDay(now, -1, 9);
  let sittingId = '';
  return [
    { at: onDay(now, -4, 10), play: async () => { sittingId = await planFirst(place, begins); } },
    { at: begins - minutes(20), play: () => holdFirst(place, { sittingId, begins, runJobs, random }) },
  ];
}

async function planFirst(place: Founded, startsAt: Instant): Promise<string> {
  const exam = await leadersExam(place);
  const { opensAt, closesAt, maxAttempts, coolingOffHours, release, toleranceSeconds, windowCutsExtra, ownTakeover, idleMinutes, sections } = exam;
  must(await changeSettings(place.administrator, exam.id, exam.version, {
    opensAt, closesAt, maxAttempts, coolingOffHours, release, toleranceSeconds, windowCutsExtra, ownTakeover, idleMinutes, sections,
    observed: ['left-page', 'paste', 'second-device', 'address-changed'], delivery: 'sittings',
  }));
  const sittingId = await plan(place, {
    ...USUAL, examId: exam.id, title: '首场（市委党校）', mode: 'fixed', startsAt, place: 'rooms', capacity: null, bookUntil: null, lateMinutes: 15,
    admission: true, checkIn: false, rooms: [{ name: '党校 3 号楼 201', seats: 12, seatsPerRow: 4 }],
  });
  for (const { actor } of firstOnes(place)) must(await book(actor, sittingId, { wait: false }));
  return sittingId;
}

async function holdFirst(place: Founded, { sittingId, begins, runJobs, random }: { sittingId: string; begins: Instant; runJobs: () => Promise<void>; random: Random }): Promise<void> {
  const [room] = await roomsOf(reader(), sittingId);
  const [watched, ...others] = firstOnes(place);
  if (!room || !watched) return;
  for (const { id } of await bookingsOf(reader(), sittingId)) must(await decideIdentity(place.invigilator, id, 'admitted', '身份证与本人相符'));
  const { id: examId } = await leadersExam(place);
  const sat: [FoundedLeader, string][] = [];
  for (const leader of others) {
    setClock(begins + minutes(2));
    sat.push([leader, await sitExam(leader, examId, { skill: SKILL, share: 1, random })]);
  }
  setClock(begins + minutes(1));
  const attemptId = await sitExam(watched, examId, { skill: SKILL, share: 0.8, random });
  await accuse(place.invigilator, watched, attemptId);
  await losePower(place.invigilator, { sittingId, roomId: room.id });
  for (const [leader, attempt] of sat) await finishExam(leader, attempt);
  setClock(((await findAttempt(reader(), attemptId))?.deadlineAt ?? clock.now()) + minutes(4));
  await runJobs();
  await answerLast(watched, attemptId, random);
}

/** The candidate looked elsewhere for more than a minute: an observation, and a proposed finding that rests on it. */
async function accuse(invigilator: Actor, candidate: FoundedLeader, attemptId: string): Promise<void> {
  const at = clock.now() - minutes(4);
  await recordObservations(attemptId, await signedInAs(candidate), DEVICE, [{ kind: 'left-page', at, seconds: 74 }]);
  const observations = (await recordedObservations(reader(), attemptId)).map(({ id }) => id);
  must(await proposeFinding(invigilator, { attemptId, allegation: '考试中切换到其他窗口一分多钟，返回后连续改动三道题的答案。监考人员在场看到屏幕上打开了文档。', observations }));
}

/** Six minutes without power are given back; three of noise are written down only. */
async function losePower(invigilator: Actor, where: { sittingId: string; roomId: string }): Promise<void> {
  const from = clock.now();
  setClock(from + minutes(12));
  const power = { ...where, title: '停电', from, to: from + minutes(6), basis: 'whole' as const, recoveryMinutes: 1 };
  must(await applyIncident(invigilator, must(await recordIncident(invigilator, power)), { reopen: false }));
  must(await recordIncident(invigilator, { ...where, title: '楼外施工噪声', from: from + minutes(8), to: from + minutes(11), basis: 'whole', recoveryMinutes: 0 }));
}

/**
 * What comes: tomorrow morning in two rooms, where most leaders have booked a seat, and a week later online for those
 * who cannot come. The recruits' exam stays open, so that nobody has to wait for a day.
 */
export async function announceSittings(place: Founded, now: Instant): Promise<void> {
  const exam = await leadersExam(place);
  const usual = { ...USUAL, examId: exam.id };
  const first = await plan(place, {
    ...usual, title: '上午场（市委党校）', mode: 'fixed', startsAt: onDay(now, 1, 9), place: 'rooms', capacity: null, bookUntil: onDay(now, 1, 8), lateMinutes: 15,
    admission: true, checkIn: true, rooms: [{ name: '党校 3 号楼 201', seats: 12, seatsPerRow: 4 }, { name: '党校 3 号楼 202', seats: 12, seatsPerRow: 4 }],
  });
  await plan(place, {
    ...usual, title: '线上场', mode: 'window', startsAt: onDay(now, 8, 9), endsAt: onDay(now, 8, 17), place: 'remote', capacity: 50, bookUntil: onDay(now, 7, 18),
    lateMinutes: null, admission: false, checkIn: false, rooms: [],
  });
  const had = new Set(firstOnes(place));
  for (const leader of place.leaders.filter((one) => !had.has(one)).slice(0, 40)) must(await book(leader.actor, first, { wait: true }));
}

/** Plans a sitting of the whole city, with everybody who may invigilate. @returns its id */
async function plan(place: Founded, typed: Omit<Parameters<typeof planSitting>[1], 'organisationId'>): Promise<string> {
  const sittingId = must(await planSitting(place.hr, { ...typed, organisationId: place.rootId }));
  for (const { accountId } of await knownInvigilators(reader(), '')) must(await appointInvigilator(place.hr, sittingId, { accountId, roomId: null }));
  return sittingId;
}
