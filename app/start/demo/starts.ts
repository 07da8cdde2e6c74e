import {
  askExtension, askWaiver, credentialsOf, decideExtension, decideStart, decideWaiver, planRecertification, proposeEmergencyStart, recertificationPreviewed, recordStart,
  revokeWaiver, startRecertification, startRun, suspendCredential, sweepWindows,
} from '~/certification';
import { findCourse } from '~/courses';
import { reader } from '~/db';
import { seededRandom } from '~/itembank';
import { addDays, addWorkingDays, dateAt, startOfDate, type PlainDate } from '~/kernel/calendar';
import { clock, hours, minutes, type Instant } from '~/kernel/clock';
import { config } from '~/kernel/config';
import { newId } from '~/kernel/id';
import { must } from '~/kernel/result';
import { readLessons } from './act';
import { dutyOf, foundCentre, getsReady, handsIn, LATE, planInduction, recruited, workingDayBefore, type Centre } from './centre';
import type { Founded, FoundedRecruit } from './found';
import type { Fate } from './plan';
import { storyOfRecords, type InCentre } from './records';
import type { Scene } from './story';

/** `hour` o'clock on a day. */
const at = (day: PlainDate, hour: number): Instant => startOfDate(day, config().TIME_ZONE) + hours(hour);

/**
 * What stands beside clearances: waivers that are asked for, granted and revoked; starts, one of them in an emergency by two
 * persons; an exception that somebody must decide; extensions; a change of law; a suspended credential. Most of it happens
 * in one unit whose people have started already.
 */
export function storyOfStarts(place: Founded, now: Instant, { runJobs, issueOnly }: { runJobs: () => Promise<void>; issueOnly: () => Promise<void> }): Scene[] {
  const today = dateAt(now, config().TIME_ZONE);
  const started = workingDayBefore(today, 12);
  const made = addDays(started, -25);
  let centre: Centre | null = null;
  const inCentre: InCentre = (when, play) =>
    ({ at: when, play: async () => { if (centre) await play(centre); } });
  return [
    { at: at(made, 9.5), play: async () => { centre = await foundCentre(place, started); await runJobs(); } },
    inCentre(at(addDays(made, 2), 14), async (known) => {
      const random = seededRandom('the emergency centre');
      for (const watcher of known.started) await getsReady(watcher, place, random);
      await readLessons(known.needed, place.recruitCourse.id, place.recruitCourse.lessons.slice(0, 3));
      await issueOnly();
      await printAll(known, place);
    }),
    inCentre(at(started, 8.5), (known) => theStart(known, place, started)),
    inCentre(at(addDays(started, 1), 15), async (known) => {
      const [first, second, third] = known.started;
      if (first) await handsIn(first, place, 'approved');
      if (second) await handsIn(second, place, null);
      if (third) await handsIn(third, place, 'refused');
      await planInduction(known, place, addWorkingDays(today, 8));
    }),
    inCentre(at(addDays(started, 3), 10), ({ started: [, , suspended] }) => suspend(suspended?.personId ?? '', place)),
    inCentre(at(workingDayBefore(today, 6), 10), (known) => changeOfLaw(known, place, addDays(today, 45))),
    inCentre(at(workingDayBefore(today, 4), 9), async ({ started: [first, second] }) => {
      await sweepWindows(clock.now());
      await runJobs();
      if (second) await extend(second, place, { grant: true });
      if (first) await extend(first, place, { grant: false });
    }),
    { at: now - minutes(40), play: async () => { if (centre) await recruited(place, centre.organisation, { name: '应急指挥中心增补', startOfDuty: addWorkingDays(today, 2), first: 29101 }, [LATE]); } },
    ...storyOfRecords(inCentre, place, now),
    ...waivers(place, now),
  ];
}

/** HR prints the credentials of the unit in one run in the background. */
async function printAll({ organisation }: Centre, { hr, rootPath }: Founded): Promise<void> {
  const { name } = organisation;
  must(await startRun(hr.by, { paths: [rootPath], programmeId: null, intakeId: null, organisationId: organisation.id, zh: name, en: name }));
}

/** On their day: three with a clearance, one in an emergency that a second person confirms. */
async function theStart({ started, needed }: Centre, { hr, deputy }: Founded, startedOn: PlainDate): Promise<void> {
  for (const watcher of started) {
    const outcome = must(await recordStart(hr, { id: newId(), appointmentId: (await dutyOf(watcher, 'start')).appointmentId, startedOn }));
    if (outcome.kind !== 'recorded') throw new Error(`${watcher.name} may not start`);
  }
  const proposed = must(await proposeEmergencyStart(hr, {
    id: newId(), appointmentId: (await dutyOf(needed, 'start')).appointmentId, startedOn, reason: '防汛三级响应，值守人手不足，须当日到岗；由值班长带班，不单独值守。',
  }));
  must(await decideStart(deputy, proposed, true, '情况属实，同意先行到岗，两周内补齐培训。'));
}

async function suspend(personId: string, { hr }: Founded): Promise<void> {
  const credential = (await credentialsOf(reader(), personId)).find(({ snapshot, state }) => state === 'valid' && snapshot.gate === 'before-start-of-duty');
  if (credential) must(await suspendCredential(hr.by, credential.number, 'inquiry', '群众反映信息报送有出入，核查期间暂停。'));
}

/** The holders of the centre learn what the amended ordinance asks; one of them has done so already. */
async function changeOfLaw({ organisation, started: [first, second] }: Centre, { hr, deputy, programmeId }: Founded, until: PlainDate): Promise<void> {
  const course = await findCourse(reader(), 'digital-skills-for-residents');
  if (!course || !first || !second) return;
  const id = must(await planRecertification(hr, {
    id: newId(), title: { zh: '数据安全条例修订补训', en: 'The Data Security Ordinance as amended' }, basis: '《临江市公共数据安全条例》（修订）第二十三条', programmes: [{ programmeId, before: 2 }],
    organisationId: organisation.id, courseId: course.id, examId: null, until, countsFrom: dateAt(clock.now(), config().TIME_ZONE),
  }));
  const seen = (await recertificationPreviewed(id))?.numbers;
  if (seen) must(await startRecertification(deputy, id, seen));
}

/** The end of the watch is moved by three weeks for one; of another it is asked and not decided yet. */
async function extend(watcher: Centre['needed'], { hr, deputy }: Founded, { grant }: { grant: boolean }): Promise<void> {
  const { assignmentId, until } = await dutyOf(watcher, 'watch');
  if (until === null) return;
  const id = newId();
  must(await askExtension(hr, { id, assignmentId, until: addDays(until, 21), reason: grant ? '外派省防指驻点三周，无法按期复训。' : '住院治疗，预计下月返岗。' }));
  if (grant) must(await decideExtension(deputy, id, { grant: true, reason: '派驻通知已附，同意。' }));
}

/** Among the recruits of the large intakes: one is asked for, one granted with a condition and an end, one taken back. */
function waivers(place: Founded, now: Instant): Scene[] {
  const today = dateAt(now, config().TIME_ZONE);
  const of = (fate: Fate): FoundedRecruit | undefined => place.recruits.find(({ plan }) => plan.fate === fate);
  const [asked, granted, revoked] = [of('failed-all'), of('failed-waiting'), of('not-begun')];
  return [
    ...scene(revoked, at(workingDayBefore(today, 9), 10), async (one) => revokeWaiver(place.deputy, await waiver(one, place, {
      requirementCode: null, days: 60, reason: '窗口缺员，拟先到岗跟班。', conditions: '只跟班，不独立受理。', decision: '同意跟班。',
    }), '本人改到第二批报到，不再需要。')),
    ...scene(granted, at(workingDayBefore(today, 2), 15), (one) => waiver(one, place, {
      requirementCode: 'exam', days: 45, reason: '考试两次冲突，补考安排在下月。', conditions: '由科长带班；不单独签批文件。', decision: '同意，期限缩短到四十五天。',
    })),
    ...scene(asked, at(workingDayBefore(today, 1), 11), (one) => waiver(one, place, {
      requirementCode: 'exam', days: 60, reason: '三次考试未通过，岗位急需，申请先到岗、边干边学。', conditions: '', decision: null,
    })),
  ];
}

const scene = (recruit: FoundedRecruit | undefined, when: Instant, play: (one: FoundedRecruit) => Promise<unknown>): Scene[] =>
  (recruit ? [{ at: when, play: () => play(recruit) }] : []);

interface WantedWaiver {
  requirementCode: string | null;
  days: number;
  reason: string;
  conditions: string;
  /** null: nobody has decided yet. */
  decision: string | null;
}

/** @returns its id */
async function waiver(recruit: FoundedRecruit, { hr, deputy }: Founded, { requirementCode, days, reason, conditions, decision }: WantedWaiver): Promise<string> {
  const { assignmentId, startOfDuty, requirements } = await dutyOf(recruit, 'start');
  const code = requirementCode === null ? null : requirements.find(({ kind }) => kind === requirementCode)?.code ?? null;
  const id = must(await askWaiver(hr, {
    id: newId(), assignmentId, requirementCode: code, from: startOfDuty, until: addDays(startOfDuty, days + 15), reason, proof: '单位书面说明（人事科留存）', conditions, file: null,
  }));
  if (decision !== null) must(await decideWaiver(deputy, id, { grant: true, until: addDays(startOfDuty, days), conditions, reason: decision }));
  return id;
}
