import { seededRandom, type Random } from '~/itembank';
import { addDays, addWorkingDays, type PlainDate } from '~/kernel/calendar';

/** How far a recruit of the demonstration gets. */
export type Fate =
  | 'never-activated' | 'not-begun' | 'reading' | 'course-done' | 'in-exam' | 'left-to-deadline'
  | 'passed' | 'failed-waiting' | 'passed-second' | 'failed-all' | 'revoked';

export interface PlannedRecruit {
  name: string;
  number: string;
  organisation: number;
  post: string;
  intake: number;
  fate: Fate;
  /** How many lessons are read; only for those who are still reading. */
  lessons: number;
  /** Days after the intake was made on which reading begins. */
  beginsAfter: number;
}

export interface PlannedIntake {
  name: string;
  madeOn: PlainDate;
  startOfDuty: PlainDate;
}

export interface City {
  root: string;
  organisations: { code: string; name: string }[];
  intakes: PlannedIntake[];
  recruits: PlannedRecruit[];
  leaders: { name: string; number: string; organisation: number; post: string; completes: number; lessons: number }[];
}

/** Those who run the place, one for each role; the second HR officer comes beside them. */
const STAFF = 6;

/** Every state of the chain is there from the first dozen on; larger cities repeat in lively proportions. */
const FIRST: readonly Fate[] = [
  'reading', 'passed', 'not-begun', 'failed-waiting', 'in-exam', 'passed', 'passed-second', 'never-activated', 'course-done',
  'left-to-deadline', 'failed-all', 'revoked', 'passed', 'not-begun', 'passed', 'reading',
];
const OFTEN: readonly Fate[] = [
  'passed', 'passed', 'passed', 'passed', 'passed', 'passed-second', 'reading', 'reading', 'course-done', 'not-begun',
  'not-begun', 'failed-waiting', 'never-activated', 'left-to-deadline',
];
/** Fates that end well or badly need time, so they belong to the intake that began first. */
const NEEDS_TIME = new Set<Fate>(['passed-second', 'failed-all', 'revoked']);

const SURNAMES = [...'王李张刘陈杨黄赵周吴徐孙朱马胡郭林何高梁郑罗宋谢唐韩曹许邓萧冯曾程蔡彭潘袁于董余苏叶吕魏蒋田杜丁沈姜'];
const GIVEN = [...'伟芳敏静磊洋艳勇杰娟涛明超霞平刚桂英华玉兰建国文斌宇浩然欣怡子涵梓轩雨桐思远嘉懿清妍景行若溪知遥'];
const POSTS = ['综合科科员', '窗口服务岗', '信息中心工程师', '财务岗', '档案管理岗', '执法辅助岗', '政策法规岗', '信访接待岗'];
const KINDS = ['政务服务和数据管理局', '财政局', '人力资源和社会保障局', '自然资源局', '市场监督管理局', '交通运输局', '教育局', '民政局', '水利局', '统计局'];
const PLACES = ['临江市', '青石县', '白塘区', '云岭县', '江口区', '龙泉县', '长桥区', '石门县'];

/**
 * The same seed, number and day plan the same city. Dates are relative to `today`: one intake starts soon,
 * one has just become overdue, one is still far away.
 * @param people recruits, leaders and the six who run the place, together at least 20
 */
export function planCity(people: number, seed: string, today: PlainDate): City {
  const random = seededRandom(seed);
  const organisations = planOrganisations(Math.max(3, Math.min(80, Math.round(people / 13))));
  const leaders = Math.max(2, Math.floor(people / 10));
  const intakes: PlannedIntake[] = [
    { name: '第二批新录用人员', madeOn: addDays(today, -26), startOfDuty: addWorkingDays(today, 6) },
    { name: '第一批新录用人员', madeOn: addDays(today, -40), startOfDuty: addWorkingDays(today, 1) },
    { name: '紧缺人才专项', madeOn: addDays(today, -5), startOfDuty: addWorkingDays(today, 25) },
  ];
  return {
    root: '临江市人民政府',
    organisations,
    intakes,
    recruits: Array.from({ length: Math.max(1, people - leaders - STAFF) }, (_, i) => planRecruit(i, organisations.length, today, random)),
    leaders: Array.from({ length: leaders }, (_, i) => ({
      name: nameOf(random), number: `L${String(i + 1).padStart(5, '0')}`, organisation: i % organisations.length,
      post: i % 2 === 0 ? '局长' : '副局长', completes: i % 3 === 0 ? 0 : 1, lessons: i === 0 ? 2 : i % 3,
    })),
  };
}

function planOrganisations(count: number): City['organisations'] {
  return Array.from({ length: count }, (_, i) => {
    const place = PLACES[Math.floor(i / KINDS.length) % PLACES.length] ?? '';
    return { code: String(101 + i), name: `${place}${KINDS[i % KINDS.length] ?? ''}` };
  });
}

function planRecruit(i: number, organisations: number, today: PlainDate, random: Random): PlannedRecruit {
  const fate = FIRST[i] ?? OFTEN[random(OFTEN.length)] ?? 'passed';
  const year = today.slice(0, 4);
  return {
    name: nameOf(random),
    number: `${year}${String(30001 + i)}`,
    organisation: i % organisations,
    post: POSTS[random(POSTS.length)] ?? '',
    intake: intakeOf(i, fate, random),
    fate,
    lessons: 1 + random(6),
    beginsAfter: 1 + random(3),
  };
}

function intakeOf(i: number, fate: Fate, random: Random): number {
  if (NEEDS_TIME.has(fate)) return 1;
  if (fate === 'not-begun' && i < FIRST.length) return i % 2 === 0 ? 1 : 0;
  if (fate === 'never-activated') return 2;
  return fate === 'reading' || fate === 'in-exam' ? 0 : random(2);
}

function nameOf(random: Random): string {
  const given = () => GIVEN[random(GIVEN.length)] ?? '';
  return `${SURNAMES[random(SURNAMES.length)] ?? ''}${given()}${random(4) === 0 ? '' : given()}`;
}

