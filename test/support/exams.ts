import { inTransaction, insert, reader, type Bindable } from '~/db';
import { findExam, paperItems, findAttempt, startAttempt, type Exam, type PaperItem } from '~/exams';
import { startSignIn, tokenHashOf, type Actor } from '~/identity';
import type { ItemBody, ItemKey, ItemType } from '~/itembank';
import { newId } from '~/kernel/id';
import { must } from '~/kernel/result';
import { aSignedInAccount } from './actors';

/** One item of each type, and a right response to it. */
const KINDS: Record<ItemType, { body: ItemBody; key: ItemKey }> = {
  single: { body: { type: 'single', stem: '收件时先做什么？', options: { a: '核对', b: '登记', c: '告知' } }, key: 'a' },
  multiple: { body: { type: 'multiple', stem: '哪些要一次告知？', options: { a: '缺什么', b: '怎么补', c: '找谁', d: '别人的材料' } }, key: ['a', 'b', 'c'] },
  'true-false': { body: { type: 'true-false', stem: '内网的U盘可以插到外网的电脑上。' }, key: false },
  order: { body: { type: 'order', stem: '公文办理的次序是', options: { a: '登记', b: '签收', c: '拟办' } }, key: ['b', 'a', 'c'] },
  match: { body: { type: 'match', stem: '把网和它的用途连起来', left: { 1: '内网', 2: '外网' }, right: { a: '涉密办公', b: '非涉密办公', c: '上网查资料' } }, key: { 1: 'a', 2: 'b' } },
  short: { body: { type: 'short', stem: '受理后应当出具什么？' }, key: ['受理凭证', '凭证'] },
};
const TYPES = Object.keys(KINDS) as ItemType[];

/** The right response to an item of these exams. */
export const rightResponse = (type: ItemType): unknown => (type === 'short' ? '受理 凭证。' : KINDS[type].key);

/** A response that fits the item and is another one from turn to turn. */
export function anyResponse(item: PaperItem, turn: number): unknown {
  const pick = <T>(values: readonly T[]): T => values[turn % values.length] as T;
  switch (item.type) {
    case 'single': return pick(item.options).value;
    case 'multiple': return [pick(item.options).value];
    case 'true-false': return turn % 2 === 0;
    case 'order': return [...item.options.slice(turn % 3), ...item.options.slice(0, turn % 3)].map((option) => option.value);
    case 'match': return { [item.lefts[0]?.value ?? '']: pick(item.options).value };
    case 'short': return `答案 ${turn}`;
  }
}

type Row = Record<string, Bindable>;

let made = 0;

export interface ExamGiven {
  /** Items on the paper; the bank has twice as many. Types take turns. */
  items?: number;
  minutes?: number;
  opensAt?: number | null;
  closesAt?: number | null;
  maxAttempts?: number;
  coolingOffHours?: number;
  toleranceSeconds?: number;
  cutScore?: number;
  release?: Exam['release'];
  /** False: nobody has chosen a bank yet. */
  bank?: boolean;
  /** A course that has to be completed first. */
  courseId?: string | null;
}

/** An exam with a bank of its own, without a course. */
export async function anExam(given: ExamGiven = {}): Promise<Exam> {
  made += 1;
  const wanted = given.items ?? TYPES.length;
  const bankId = newId();
  const bank: Row = { id: bankId, slug: `test-bank-${made}-${bankId}`, title: '测试题库', origin: 'own', course_id: null, created_at: 1 };
  const blueprint = TYPES.map((type, i) => ({ lessons: ['01-first'], type, count: Math.floor((wanted + TYPES.length - 1 - i) / TYPES.length), points: 2 }))
    .filter((line) => line.count > 0);
  const items = blueprint.flatMap((line) => Array.from({ length: line.count * 2 }, (_, i) => itemRows(bankId, line.type, `${line.type}-${i}`)));
  const id = newId();
  const exam: Row = {
    id, slug: `test-exam-${made}-${id}`, course_id: given.courseId ?? null, bank_id: given.bank === false ? null : bankId, title_zh: '测试考试', title_en: 'A test exam',
    minutes: given.minutes ?? 60, cut_score: given.cutScore ?? 60, max_attempts: given.maxAttempts ?? 3, cooling_off_hours: given.coolingOffHours ?? 24,
    tolerance_seconds: given.toleranceSeconds ?? 60, opens_at: given.opensAt ?? null, closes_at: given.closesAt ?? null,
    release: given.release ?? 'automatic', requires_course: given.courseId ? 1 : 0, blueprint: JSON.stringify(blueprint), created_at: 1,
  };
  await inTransaction(async (tx) => {
    await insert(tx, 'item_banks', [bank]);
    await insert(tx, 'items', items.map((one) => one.item));
    await insert(tx, 'item_versions', items.map((one) => one.version));
    await insert(tx, 'exams', [exam]);
  });
  const found = await findExam(reader(), id);
  if (!found) throw new Error('the exam was not stored');
  return found;
}

function itemRows(bankId: string, type: ItemType, code: string): { item: Row; version: Row } {
  const [id, versionId] = [newId(), newId()];
  const { body, key } = KINDS[type];
  return {
    item: { id, bank_id: bankId, code, lesson_slug: '01-first', type, current_version_id: versionId, retired_at: null, created_at: 1 },
    version: { id: versionId, item_id: id, number: 1, content_hash: code, difficulty: 1, body: JSON.stringify(body), key: JSON.stringify(key), explanation: '解释', created_at: 1 },
  };
}

export interface TestCandidate {
  personId: string;
  accountId: string;
  /** Cookie header of a browser that is signed in. */
  cookie: string;
  tokenHash: string;
  actor: Actor;
}

/** A person with an account that is signed in. */
export async function aCandidate(name = '考生'): Promise<TestCandidate> {
  const personId = newId();
  await inTransaction((tx) => insert(tx, 'persons', [{ id: personId, name, email: null, phone: null, created_at: 1 }]));
  const { accountId, cookie } = await aSignedInAccount({ personId });
  const tokenHash = tokenHashOf(cookie);
  if (!tokenHash) throw new Error('the cookie holds no token');
  return { personId, accountId, cookie, tokenHash, actor: { accountId, personId, signInId: 's', signInName: name, roles: [], by: `account:${accountId}` } };
}

/** Signs a candidate in once more, and gives the cookie of that browser. */
export async function aSignInOf({ accountId, personId }: TestCandidate): Promise<string> {
  const token = await inTransaction((tx) => startSignIn(tx, { id: accountId, personId }, { address: '10.0.0.1', agent: 'a test' }, 'test'));
  return `sid=${token}`;
}

export const DEVICE = 'device-0001';

export interface StartedAttempt {
  attemptId: string;
  candidate: TestCandidate;
  exam: Exam;
  items: PaperItem[];
  deadlineAt: number;
}

/** An attempt that somebody has just started on `DEVICE`. */
export async function aStartedAttempt(given: ExamGiven & { exam?: Exam; candidate?: TestCandidate } = {}): Promise<StartedAttempt> {
  const exam = given.exam ?? (await anExam(given));
  const candidate = given.candidate ?? (await aCandidate());
  const attemptId = must(await startAttempt(candidate.actor, exam.id, DEVICE));
  const attempt = await findAttempt(reader(), attemptId);
  if (!attempt) throw new Error('the attempt was not stored');
  return { attemptId, candidate, exam, items: await paperItems(reader(), attempt.paperId), deadlineAt: attempt.deadlineAt };
}
