import {
  addAttendees, askPast, checkPast, decideMerge, decidePast, linkStaffNumber, openEvent, partMerge, pastHeaders, planEvent, proposeMerge, recordAttendance, type Attendance,
} from '~/certification';
import { reader } from '~/db';
import type { Actor } from '~/identity';
import { addDays, addWorkingDays, dateAt, startOfDate, type PlainDate } from '~/kernel/calendar';
import { hours, type Instant } from '~/kernel/clock';
import { config } from '~/kernel/config';
import { csvFile } from '~/kernel/csv';
import { must } from '~/kernel/result';
import { acceptTransfer, personCard, proposeTransfer } from '~/people';
import { readLessons, type Learner } from './act';
import { FIRST_AID, INDUCTION, recruited, SCAN, workingDayBefore, type Centre, type Watcher } from './centre';
import type { Founded } from './found';
import type { Scene } from './story';

/** Something that happens in the emergency centre once it is there. */
export type InCentre = (when: Instant, play: (known: Centre) => Promise<unknown>) => Scene;

/** Applied twice, and each has two records. */
const TWICE = ['许明远', '孟晓彤', '秦书禾'] as const;

/**
 * What becomes of records in the course of a working life: papers of the past are taken over, a classroom event is
 * attended, two records of one person become one (and are parted where they were two people after all), somebody goes
 * over to another organisation, a recruitment number is followed by a staff number. Of most of it one is done and one waits.
 */
export function storyOfRecords(inCentre: InCentre, place: Founded, now: Instant): Scene[] {
  const { hr, secondHr, rootId } = place;
  const today = dateAt(now, config().TIME_ZONE);
  // Several may fall on one working day: by their hours they come in this order all the same.
  const on = (daysAgo: number, hour: number): Instant => startOfDate(workingDayBefore(today, daysAgo), config().TIME_ZONE) + hours(hour);
  let twins: Twins[] = [];
  const merges: string[] = [];
  return [
    inCentre(on(9, 8.75), ({ started: [first], organisation }) => link(first, place, organisation.code)),
    inCentre(on(8, 9.25), (known) => drill(known, place, workingDayBefore(today, 8))),
    inCentre(on(8, 9.75), (known) => importPast(known, { asks: hr, decides: secondHr }, PAPERS)),
    inCentre(on(7, 10), (known) => takesOver(place.leaders.at(-1), known, place, workingDayBefore(today, 7))),
    inCentre(on(6, 10.5), async (known) => { twins = await appliedTwice(known, place, addWorkingDays(today, 8)); }),
    inCentre(on(6, 11), async () => { for (const { merged } of twins.slice(0, 2)) await readLessons(merged, place.recruitCourse.id, place.recruitCourse.lessons.slice(0, 2)); }),
    inCentre(on(5, 13), async () => { for (const pair of twins.slice(0, 2)) merges.push(await mergeOf(pair, hr, secondHr)); }),
    inCentre(on(3, 14), async () => must(await partMerge(secondHr, merges.at(-1) ?? '', '本人来函：同名同姓，并非同一人。'))),
    inCentre(on(2, 14.5), (known) => importPast(known, { asks: secondHr, decides: null }, REGISTER)),
    inCentre(on(2, 15), async () => { for (const pair of twins.slice(2)) await proposal(pair, secondHr); }),
    inCentre(on(2, 15.5), async ({ started: [, second] }) => second && moves(second, secondHr, { organisationId: rootId, endsOn: addWorkingDays(today, 10), reason: '市政府总值班室缺员，拟选调。' })),
  ];
}

/** The number of somebody's personnel file, once they have started. */
async function link(watcher: Watcher | undefined, { hr }: Founded, code: string): Promise<void> {
  if (watcher) must(await linkStaffNumber(hr, watcher.personId, `LJ-${code}-01`));
}

/** A day in the classroom, with who was there, who left early and who did not come. */
async function drill({ organisation, started: [first, second, third], needed }: Centre, { hr }: Founded, day: PlainDate): Promise<void> {
  const listed = [first, second, third, needed].flatMap((one) => (one ? [one] : []));
  const id = must(await planEvent(hr, {
    organisationId: organisation.id, series: INDUCTION, title: '防汛值守业务集中培训', fromOn: day, untilOn: day, place: '指挥中心二楼会商室', hundredths: 700, capacity: 20,
  }));
  must(await addAttendees(hr, id, listed.map(({ number }) => number).join('\n')));
  const attended = new Map<string, { state: Attendance; leave: number }>([
    [first?.personId ?? '', { state: 'attended', leave: 0 }], [second?.personId ?? '', { state: 'left-early', leave: 200 }], [third?.personId ?? '', { state: 'absent', leave: 0 }],
  ]);
  const page = await openEvent(hr, id);
  const marks = (page?.attendees ?? []).map(({ id: rowId, personId }) => ({ id: rowId, ...(attended.get(personId) ?? { state: 'attended' as const, leave: 0 }) }));
  must(await recordAttendance(hr, id, marks));
}

type Papers = (known: Centre) => { fileName: string; source: string; rows: string[][] };

const firstAid = ({ number, name }: Watcher, on: string, until: string): string[] => [number, name, '证书', FIRST_AID.targetId, '红十字救护员证', '省红十字会', on, until, ''];
const induction = ({ number, name }: Watcher, on: string): string[] => [number, name, '培训', INDUCTION, '基层公务员初任培训班', '青石县委党校', on, '', '40'];
const present = (people: readonly (Watcher | undefined)[]): Watcher[] => people.flatMap((one) => (one ? [one] : []));

/** Certificates on paper and a list of attendance, from the archives. */
const PAPERS: Papers = ({ started: [first, second, third] }) => ({
  fileName: '值守人员纸质证书补录.csv', source: '人事科档案柜三号，纸质证书原件',
  rows: [...present([first, third]).map((one) => firstAid(one, '2024年3月18日', '2027-03-17')), ...present([first, second]).map((one) => induction(one, '2022/8/26'))],
});

/** One good row, one that was taken over already, two that somebody has to look at. */
const REGISTER: Papers = ({ started: [first, second], needed }) => ({
  fileName: '红十字会培训登记册.csv', source: '省红十字会培训登记册复印件',
  rows: [
    firstAid(needed, '2025-05-12', '2028-05-11'), ...present([first]).map((one) => firstAid(one, '2024-03-18', '2027-03-17')),
    ...present([second]).map((one) => firstAid({ ...one, name: '顾常河' }, '2024-11-02', '2027-11-01')), ['20199999', '田甜', '证书', FIRST_AID.targetId, '红十字救护员证', '省红十字会', '2024-11-02', '', ''],
  ],
});

/** One uploads, another decides; null: nobody has yet. */
async function importPast(known: Centre, { asks, decides }: { asks: Actor; decides: Actor | null }, papers: Papers): Promise<void> {
  const { rows, ...about } = papers(known);
  const id = must(await checkPast(asks, { ...about, organisationId: known.organisation.id, file: Buffer.from(csvFile(pastHeaders('zh'), rows)), scan: SCAN }));
  must(await askPast(asks, id));
  if (decides) must(await decidePast(decides, id, { decision: 'approved', reason: '与原件逐份核对无误。' }));
}

/** Proposes that somebody leaves for another organisation. @returns the transfer's id */
async function moves({ personId }: Learner, asks: Actor, given: { organisationId: string; endsOn: PlainDate; reason: string }): Promise<string> {
  const appointment = (await personCard(reader(), personId))?.appointments.find(({ endedOn }) => endedOn === null);
  if (!appointment) throw new Error('somebody without an appointment');
  return must(await proposeTransfer(asks, { appointmentId: appointment.id, ...given }));
}

/** A leader takes over the emergency centre. */
async function takesOver(leader: Learner | undefined, { organisation }: Centre, { hr, secondHr }: Founded, endsOn: PlainDate): Promise<void> {
  if (!leader) return;
  const id = await moves(leader, hr, { organisationId: organisation.id, endsOn, reason: '组织调动，任应急指挥中心副主任。' });
  must(await acceptTransfer(secondHr, id, { kind: 'leader', post: '副主任', rank: null, startOfDuty: addDays(endsOn, 1), reason: '同意接收。' }));
}

interface Twins {
  survivor: Watcher;
  merged: Watcher;
}

/** Each applied twice and stands twice in the register. */
async function appliedTwice({ organisation }: Centre, place: Founded, startOfDuty: PlainDate): Promise<Twins[]> {
  const people = await recruited(place, organisation, { name: '应急指挥中心第二批选调生', startOfDuty, first: 29201 }, TWICE.flatMap((name) => [[name, '值守员'], [name, '信息报送岗']] as const));
  return TWICE.flatMap((_, i) => {
    const [survivor, merged] = [people[2 * i], people[2 * i + 1]];
    return survivor && merged ? [{ survivor, merged }] : [];
  });
}

/** @returns the merge's id */
const proposal = async ({ survivor, merged }: Twins, asks: Actor): Promise<string> =>
  must(await proposeMerge(asks, { survivorId: survivor.personId, mergedId: merged.personId, reason: '同名，先后两次报考，疑为同一人。' }));

/** @returns the merge's id */
async function mergeOf(pair: Twins, asks: Actor, decides: Actor): Promise<string> {
  const id = await proposal(pair, asks);
  must(await decideMerge(decides, id, { decision: 'merged', reason: '身份证与照片一致，系同一人。' }));
  return id;
}
