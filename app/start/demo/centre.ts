import {
  addAttendees, createProgramme, decideExternal, declarationsOf, editDraft, findWritten, handInExternal, myDuties, openDeclaration, planEvent, previewReach, publishVersion, signDeclaration,
  type Edit, type Requirement,
} from '~/certification';
import { inTransaction, reader } from '~/db';
import { accountOfPerson, hashPassword, presetPassword } from '~/identity';
import type { Random } from '~/itembank';
import { addDays, addWorkingDays, dateAt, type PlainDate } from '~/kernel/calendar';
import { clock } from '~/kernel/clock';
import { config } from '~/kernel/config';
import { must, ok } from '~/kernel/result';
import { createIntake, createOrganisation, type Organisation } from '~/people';
import { finishExam, readLessons, sitExam, type Learner } from './act';
import { learnerOf, PASSWORD, type Founded } from './found';

/** Somebody of the emergency centre, with what was assigned to them. */
export interface Watcher extends Learner {
  name: string;
  number: string;
}

/** A unit whose people have started work already: a few weeks further on than the intakes. */
export interface Centre {
  organisation: Organisation;
  /** They met everything and started on their day. */
  started: Watcher[];
  /** Not ready on the day, and needed: started in an emergency. */
  needed: Watcher;
}

const STARTED = [['江月白', '值班长'], ['顾长河', '值守员'], ['何晚晴', '信息报送岗']] as const;
const NEEDED = ['陆行舟', '值守员'] as const;
export const LATE = ['程立', '值守员'] as const;

const PLEDGE: Requirement = {
  code: 'pledge', kind: 'declaration', targetId: 'duty-pledge',
  params: {
    titleZh: '汛期值守纪律承诺书', titleEn: 'Pledge of duty in the flood season',
    textZh: '本人承诺：汛期二十四小时保持联络，按时到岗交接，险情第一时间报告，不迟报、不漏报、不瞒报。',
    textEn: 'I pledge to be within reach day and night in the flood season, to hand over in time, and to report every danger at once and in full.',
  },
};

/** The unit, its quarterly programme, and the people whose start of duty has passed. The clock stands at the day of their intake. */
export async function foundCentre(place: Founded, startOfDuty: PlainDate): Promise<Centre> {
  const organisation = must(await createOrganisation(place.administrator, { parentId: place.rootId, code: '188', name: '临江市应急指挥中心' }));
  await watchProgrammes(place, organisation);
  const [needed, ...started] = await recruited(place, organisation, { name: '应急指挥中心首批选调生', startOfDuty, first: 29001 }, [NEEDED, ...STARTED]);
  if (!needed) throw new Error('an intake without people');
  return { organisation, started, needed };
}

/** A certificate from elsewhere, which each hands in and HR looks at. */
export const FIRST_AID: Requirement = {
  code: 'first-aid', kind: 'external', targetId: 'first-aid-certificate', params: { titleZh: '红十字救护员证', titleEn: 'First-aid certificate of the Red Cross' },
};

/** Publishes a programme for everybody of the centre. */
async function programmeOf({ administrator }: Founded, { id: organisationId }: Organisation, slug: string, title: { zh: string; en: string }, edit: Partial<Edit>): Promise<void> {
  const id = must(await createProgramme(administrator, { slug, titleZh: title.zh, titleEn: title.en, gate: 'none' }));
  must(await editDraft(administrator, id, 1, () => ok({
    tree: { kind: 'all' }, due: { kind: 'after-start', workingDays: 20 }, appliesTo: { kind: 'organisation', ids: [organisationId] }, ...edit,
  })));
  const draft = await findWritten(reader(), id);
  if (!draft) throw new Error('the draft vanished');
  const effectiveOn = dateAt(clock.now(), config().TIME_ZONE);
  must(await publishVersion(administrator, id, { version: draft.version, effectiveOn, seen: await previewReach(reader(), draft, effectiveOn) }));
}

/** Whoever keeps watch signs the pledge anew every three months; the renewal may begin two months before the end. */
async function watchProgrammes(place: Founded, organisation: Organisation): Promise<void> {
  await programmeOf(place, organisation, 'flood-watch', { zh: WATCH, en: 'Watch in the flood season' }, {
    requirements: [PLEDGE], note: '每季度重新承诺一次。', due: { kind: 'after-start', workingDays: 5 },
    validity: { kind: 'from-completion', period: { count: 3, unit: 'months' }, window: { count: 2, unit: 'months' } },
  });
  await programmeOf(place, organisation, 'first-aid', { zh: '现场救护能力', en: 'First aid on the spot' }, { requirements: [FIRST_AID] });
}

const WATCH = '汛期应急值守资格';

/** An intake of the centre; everybody has chosen the demonstration's password. */
export async function recruited(
  place: Founded, { code, id: organisationId }: Organisation, intake: { name: string; startOfDuty: PlainDate; first: number }, people: readonly (readonly [string, string])[],
): Promise<Watcher[]> {
  const year = intake.startOfDuty.slice(0, 4);
  const numberOf = (i: number): string => `${year}${intake.first + i}`;
  const { personIds } = must(await createIntake(place.hr, {
    name: `${year} 年${intake.name}`, organisationId, startOfDuty: intake.startOfDuty,
    rows: people.map(([name, post], i) => ({ name, post, recruitmentNumber: numberOf(i), organisationCode: code })),
  }));
  const passwordHash = await hashPassword(PASSWORD);
  const found: Watcher[] = [];
  for (const [i, [name]] of people.entries()) {
    const account = await accountOfPerson(reader(), personIds[i] ?? '');
    if (!account) throw new Error('a recruit without an account');
    await inTransaction((tx) => presetPassword(tx, account.id, passwordHash));
    found.push({ name, number: numberOf(i), ...learnerOf(personIds[i] ?? '', account.id) });
  }
  return found;
}

/** Everything that is asked before the start of duty: the course, the exam, and the pledge of the watch. */
export async function getsReady(watcher: Watcher, place: Founded, random: Random): Promise<void> {
  await readLessons(watcher, place.recruitCourse.id, place.recruitCourse.lessons);
  await finishExam(watcher, await sitExam(watcher, place.examId, { skill: 95, share: 1, random }));
  await pledges(watcher);
}

/** Hands in the certificate, which HR approves, refuses or has not looked at yet. */
export async function handsIn({ actor, personId }: Watcher, { hr }: Founded, decision: 'approved' | 'refused' | null): Promise<void> {
  const issuedOn = addDays(dateAt(clock.now(), config().TIME_ZONE), -200);
  const id = must(await handInExternal(actor, {
    personId, code: FIRST_AID.targetId, title: '红十字救护员证', issuer: '省红十字会', issuedOn, validUntil: addDays(issuedOn, 3 * 365), note: '', file: SCAN,
  }));
  if (decision !== null) must(await decideExternal(hr, id, { decision, reason: decision === 'approved' ? '原件核对无误。' : '扫描件看不清编号，请重新扫描。' }));
}

/** The smallest file that is a PDF. */
export const SCAN = Buffer.from('%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 420 595]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n');

export const INDUCTION = 'induction';

/** The induction course that counts before confirmation, with those on its list who have started. */
export async function planInduction({ started, needed }: Centre, { hr, rootId }: Founded, on: PlainDate): Promise<void> {
  const id = must(await planEvent(hr, {
    organisationId: rootId, series: INDUCTION, title: '新录用公务员初任培训班（第二期）', fromOn: on, untilOn: addDays(on, 4), place: '市委党校 1 号楼报告厅', hundredths: 4000, capacity: 60,
  }));
  must(await addAttendees(hr, id, [...started, needed].map(({ number }) => number).join('\n')));
}

/** Signs every pledge that is open. */
async function pledges({ actor, personId, name }: Watcher): Promise<void> {
  for (const { assignmentId, code, signedAt } of await declarationsOf(reader(), personId)) {
    const page = signedAt === null && code === PLEDGE.code ? await openDeclaration(actor, assignmentId, code) : null;
    if (page) must(await signDeclaration(actor, { assignmentId, code, hash: page.hash, name, password: PASSWORD, lang: 'zh', address: '127.0.0.1' }));
  }
}

/** What somebody has to show before the start of duty, or for the watch. */
export async function dutyOf({ personId }: Learner, what: 'start' | 'watch') {
  const duty = (await myDuties(reader(), personId, clock.now())).find(({ gate, programme }) => (what === 'start' ? gate === 'before-start-of-duty' : programme.zh === WATCH));
  if (!duty) throw new Error(`nothing is assigned for the ${what}`);
  return duty;
}

/** The working day so many days before, or on the one before that. */
export const workingDayBefore = (today: PlainDate, days: number): PlainDate => addWorkingDays(addDays(today, 1 - days), -1);
