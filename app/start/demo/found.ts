import { listProgrammes } from '~/certification';
import { findCourse, type Course } from '~/courses';
import { inTransaction, reader } from '~/db';
import { chooseBank, examForCourse } from '~/exams';
import { accountOfPerson, grantRole, hashPassword, openAccount, presetPassword, type Actor, type Role } from '~/identity';
import { loadShippedItems } from '~/itembank';
import { addDays, dateAt, startOfDate } from '~/kernel/calendar';
import { hours, setClock, type Instant } from '~/kernel/clock';
import { config } from '~/kernel/config';
import { must } from '~/kernel/result';
import { adoptRootOrganisation, appoint, checkCharacter, createIntake, createOrganisation, createPerson, renameOrganisation, type Organisation } from '~/people';
import type { Learner } from './act';
import type { City, PlannedRecruit } from './plan';
import { confirmationProgramme } from './programmes';

/** One password for the whole demonstration: it is printed, and nothing of it is in an ordinary installation. */
export const PASSWORD = 'linjiang-2026-yanshi';

export interface FoundedRecruit extends Learner {
  plan: PlannedRecruit;
  madeOn: string;
}

export interface FoundedLeader extends Learner {
  plan: City['leaders'][number];
}

interface KnownCourse {
  id: string;
  access: Course['access'];
  audience: Course['audience'];
  lessons: string[];
}

/** The city once its organisations, people, courses and exam are there. */
export interface Founded {
  recruits: FoundedRecruit[];
  leaders: FoundedLeader[];
  recruitCourse: KnownCourse;
  leaderCourse: KnownCourse;
  examId: string;
  hr: Actor;
  /** A second HR officer, who decides what the first one asks. */
  secondHr: Actor;
  invigilator: Actor;
  /** Whoever sets up the city. */
  administrator: Actor;
  /** The second person, where one asks and another decides. */
  deputy: Actor;
  /** The programme that every recruit is assigned. */
  programmeId: string;
  rootId: string;
  rootPath: string;
  password: string;
  signIns: { role: string; name: string }[];
}

/** Founds the city: organisations, the people who run it, the exam's items, intakes, leaders. Moves the clock on. */
export async function founded(city: City, now: Instant, runJobs: () => Promise<void>): Promise<Founded> {
  const adopted = await adoptRootOrganisation();
  const passwordHash = await hashPassword(PASSWORD);
  const seeder = actorWith('system:demonstration', '', null, [{ role: 'administrator', organisationPath: adopted.path }, { role: 'hr', organisationPath: adopted.path }]);
  must(await renameOrganisation(seeder, { id: adopted.id, name: city.root, version: adopted.version }));
  const organisations: Organisation[] = [];
  for (const { code, name } of city.organisations) organisations.push(must(await createOrganisation(seeder, { parentId: adopted.id, code, name })));
  const staffed = { root: adopted, organisations, passwordHash, seeder };
  const staff = await employ(staffed);
  const examId = await prepareExams(seeder);
  const recruitCourse = await known('e-government-foundations');
  const leaderCourse = await known('leading-e-government');
  await confirmationProgramme(seeder);
  const programmeId = (await listProgrammes(reader(), { today: dateAt(now, config().TIME_ZONE) })).find(({ slug }) => slug === 'before-start-of-duty')?.id ?? '';
  const leaders = await lead(city, staffed);
  await runJobs();
  const recruits = await recruit(city, staffed, staff.hr, { now, runJobs });
  return {
    recruits, leaders, recruitCourse, leaderCourse, examId, hr: staff.hr, secondHr: staff.secondHr, invigilator: staff.invigilator, administrator: seeder, deputy: staff.administrator, programmeId, rootId: adopted.id, rootPath: adopted.path, password: PASSWORD,
    signIns: [
      { role: '新录用人员 recruit', name: recruits.find((one) => one.plan.fate === 'reading')?.plan.number ?? '' },
      { role: '人事干部 HR officer', name: 'renshi' },
      { role: '人事复核 second HR officer', name: 'fuhe' },
      { role: '领导干部 leader', name: leaders[0]?.plan.number ?? '' },
      { role: '监考员 invigilator', name: 'jiankao' },
      { role: '裁定人员 adjudicator', name: 'caiding' },
      { role: '命题人 author', name: 'mingti' },
      { role: '系统管理员 administrator', name: 'guanli' },
    ],
  };
}

interface Ground {
  root: Organisation;
  organisations: Organisation[];
  passwordHash: string;
  seeder: Actor;
}

const actorWith = (by: Actor['by'], accountId: string, personId: string | null, roles: Actor['roles']): Actor =>
  ({ accountId, personId, signInId: '', signInName: 'demonstration', roles, by });

export const learnerOf = (personId: string, accountId: string): Learner =>
  ({ personId, actor: actorWith(`account:${accountId}`, accountId, personId, []) });

type Known = 'hr' | 'secondHr' | 'invigilator' | 'administrator';

/** `as`: by which name the scenes know them. */
const STAFF: { role: Role; as?: Known; name: string; signIn: string; post: string }[] = [
  { role: 'hr', as: 'hr', name: '沈若溪', signIn: 'renshi', post: '干部人事科科长' },
  { role: 'hr', as: 'secondHr', name: '邵文清', signIn: 'fuhe', post: '干部人事科副科长' },
  { role: 'invigilator', as: 'invigilator', name: '马宏宇', signIn: 'jiankao', post: '考务专员' },
  { role: 'adjudicator', name: '罗静怡', signIn: 'caiding', post: '考务裁定员' },
  { role: 'author', name: '叶知远', signIn: 'mingti', post: '培训教研员' },
  { role: 'administrator', as: 'administrator', name: '丁思涵', signIn: 'guanli', post: '信息中心主任' },
  { role: 'inspector', name: '韩明轩', signIn: 'ducha', post: '督查专员' },
];

/** Those who run the place, each a person with an appointment and a role over the whole city. */
async function employ({ root, passwordHash, seeder }: Ground): Promise<Record<Known, Actor>> {
  const staff = { hr: seeder, secondHr: seeder, invigilator: seeder, administrator: seeder };
  for (const { role, as, name, signIn, post } of STAFF) {
    const { personId, accountId } = await inTransaction(async (tx) => {
      const personId = must(await createPerson(tx, seeder, { name }));
      await appoint(tx, seeder, { personId, organisationId: root.id, kind: 'staff', post, rank: '四级主任科员', startOfDuty: '2024-03-01' });
      const accountId = must(await openAccount(tx, seeder, { personId, signInName: signIn }));
      await presetPassword(tx, accountId, passwordHash);
      return { personId, accountId };
    });
    must(await inTransaction((tx) => grantRole(tx, seeder, { accountId, role, organisationId: root.id })));
    if (as) staff[as] = actorWith(`account:${accountId}`, accountId, personId, [{ role, organisationPath: root.path }]);
  }
  return staff;
}

async function prepareExams(seeder: Actor): Promise<string> {
  let mandatory = '';
  for (const slug of ['e-government-foundations', 'leading-e-government']) {
    const course = await findCourse(reader(), slug);
    const exam = course && await examForCourse(reader(), course.id);
    if (!course || !exam) continue;
    const { bankId } = must(await loadShippedItems(seeder, slug));
    must(await chooseBank(seeder, exam.id, bankId));
    mandatory ||= exam.id;
  }
  return mandatory;
}

async function known(slug: string): Promise<KnownCourse> {
  const course = await findCourse(reader(), slug);
  if (!course) throw new Error(`the demonstration needs the course ${slug}`);
  return { id: course.id, access: course.access, audience: course.audience, lessons: course.lessons.map((lesson) => lesson.slug) };
}

async function lead(city: City, { organisations, passwordHash, seeder }: Ground): Promise<FoundedLeader[]> {
  const leaders: FoundedLeader[] = [];
  for (const plan of city.leaders) {
    const organisation = organisations[plan.organisation];
    if (!organisation) continue;
    leaders.push(await inTransaction(async (tx) => {
      const personId = must(await createPerson(tx, seeder, { name: plan.name, numbers: [{ kind: 'staff', value: plan.number }] }));
      await appoint(tx, seeder, { personId, organisationId: organisation.id, kind: 'leader', post: plan.post, rank: plan.post === '局长' ? '县处级正职' : '县处级副职', startOfDuty: '2022-06-01' });
      const accountId = must(await openAccount(tx, seeder, { personId, signInName: plan.number }));
      await presetPassword(tx, accountId, passwordHash);
      return { plan, ...learnerOf(personId, accountId) };
    }));
  }
  return leaders;
}

const LARGEST_INTAKE = 1500;

/** Intakes in the order of their making; very large ones in parts. */
function batches(city: City): { intake: City['intakes'][number]; name: string; members: PlannedRecruit[] }[] {
  const inOrder = city.intakes.map((intake, index) => ({ intake, index })).sort((a, b) => (a.intake.madeOn < b.intake.madeOn ? -1 : 1));
  return inOrder.flatMap(({ intake, index }) => {
    const members = city.recruits.filter((one) => one.intake === index);
    const parts = Math.ceil(members.length / LARGEST_INTAKE);
    return Array.from({ length: parts }, (_, part) => ({
      intake, name: parts > 1 ? `${intake.name}（${part + 1}）` : intake.name, members: members.slice(part * LARGEST_INTAKE, (part + 1) * LARGEST_INTAKE),
    }));
  });
}

/** All but those who never come have chosen a password. */
async function welcomed(personId: string, plan: PlannedRecruit, passwordHash: string): Promise<Learner> {
  const account = await accountOfPerson(reader(), personId);
  if (!account) throw new Error('a recruit without an account');
  if (plan.fate !== 'never-activated') await inTransaction((tx) => presetPassword(tx, account.id, passwordHash));
  return learnerOf(personId, account.id);
}

/** An identity number that fits the recruitment number. Nobody lives behind it: it is made from the recruitment number alone. */
function inventedNumber(number: string): string {
  const serial = Number(number.slice(4));
  const digits = `430102${addDays('1994-01-01', serial % 3650).replaceAll('-', '')}${String(Math.floor(serial / 3650) % 1000).padStart(3, '0')}`;
  return digits + checkCharacter(digits);
}

/** The intakes, each made on its day in the morning, as an HR officer does. */
async function recruit(city: City, { root, organisations, passwordHash }: Ground, hr: Actor, { now, runJobs }: { now: Instant; runJobs: () => Promise<void> }): Promise<FoundedRecruit[]> {
  const recruits: FoundedRecruit[] = [];
  for (const { intake, name, members } of batches(city)) {
    setClock(Math.min(startOfDate(intake.madeOn, config().TIME_ZONE) + hours(8.5), now));
    const made = must(await createIntake(hr, {
      name: `${dateAt(now, config().TIME_ZONE).slice(0, 4)} 年${name}`, organisationId: root.id, startOfDuty: intake.startOfDuty,
      rows: members.map((one) => ({
        name: one.name, recruitmentNumber: one.number, organisationCode: organisations[one.organisation]?.code ?? '', post: one.post, nationalNumber: inventedNumber(one.number),
      })),
    }));
    // While the clock stands at that morning: this is when they were assigned what they must do.
    await runJobs();
    for (const [i, plan] of members.entries()) {
      recruits.push({ plan, madeOn: intake.madeOn, ...(await welcomed(made.personIds[i] ?? '', plan, passwordHash)) });
    }
  }
  return recruits;
}
