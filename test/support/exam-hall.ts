import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { boot } from '~/start/boot';
import { loadContent } from '~/start/content';
import { execute, inTransaction, insert, json, one, places, reader, rows, type Tx } from '~/db';
import { chooseBank, examForCourse } from '~/exams';
import { findCourse } from '~/courses';
import { openAccounts, type Actor } from '~/identity';
import { tokenHash } from '~/identity/sign-in.repository';
import { loadShippedItems } from '~/itembank';
import { days } from '~/kernel/clock';
import { newId } from '~/kernel/id';
import { must } from '~/kernel/result';
import { adoptRootOrganisation } from '~/people';
import { insertAppointments } from '~/people/person.repository';
import { createPersons } from '~/people/person.service';
import type { Question } from './candidate';

export const HALL_EXAM = 'e-government-foundations';

export interface Seat {
  personId: string;
  accountId: string;
  /** The cookie of a sign-in. */
  cookie: string;
}

/**
 * Prepares an empty installation for load: the shipped exam with its bank, `seats` candidates who are
 * signed in and may start at once. Run it before the server starts.
 * @param minutes length of the exam
 */
export async function prepareHall(env: Record<string, string>, seats: number, minutes: number): Promise<Seat[]> {
  const ground = await boot(env);
  try {
    await loadContent(ground.config, (line) => { throw new Error(line); });
    const root = await adoptRootOrganisation();
    const seeder: Actor = {
      accountId: '', personId: null, signInId: '', signInName: 'hall', by: 'system:exam hall', roles: [{ role: 'administrator', organisationPath: root.path }],
    };
    await openExam(seeder, minutes);
    const made: Seat[] = [];
    while (made.length < seats) {
      const from = made.length;
      const names = Array.from({ length: Math.min(AT_ONCE, seats - from) }, (_, i) => `H${String(100_000 + from + i)}`);
      made.push(...await inTransaction((tx) => seat(tx, { seeder, organisationId: root.id, names })));
    }
    return made;
  } finally {
    await ground.close();
  }
}

/** People seated by one transaction: thousands of single ones would take minutes. */
const AT_ONCE = 500;

interface Seating {
  seeder: Actor;
  organisationId: string;
  /** Recruitment numbers, with which they would sign in. */
  names: string[];
}

/**
 * Persons in service with an account each, signed in. Their appointments are written as such, without the jobs
 * that would ask which programmes they owe: thousands of these would run while something else is measured.
 */
async function seat(tx: Tx, { seeder, organisationId, names }: Seating): Promise<Seat[]> {
  const persons = must(await createPersons(tx, seeder, names.map((value) => ({ name: '候考人员', numbers: [{ kind: 'recruitment', value }] }))));
  await insertAppointments(tx, persons.map((personId) => ({ id: newId(), personId, organisationId, kind: 'staff', nature: 'main', post: '科员', startOfDuty: '2026-01-01' })));
  const accounts = must(await openAccounts(tx, seeder, persons.map((personId, i) => ({ personId, signInName: names[i] ?? '' }))));
  const { list, params } = places(accounts);
  await execute(tx, `UPDATE accounts SET state = 'active', password_hash = 'not a hash: nobody signs in with a password here' WHERE id IN (${list})`, params);
  const tokens = accounts.map(() => randomBytes(32).toString('base64url'));
  await insert(tx, 'sign_ins', accounts.map((accountId, i) => ({
    id: newId(), token_hash: tokenHash(tokens[i] ?? ''), account_id: accountId, created_at: tx.now, seen_at: tx.now,
    expires_at: tx.now + days(7), ended_at: null, address: '127.0.0.1', agent: 'load',
  })));
  return accounts.map((accountId, i) => ({ personId: persons[i] ?? '', accountId, cookie: `sid=${tokens[i] ?? ''}` }));
}

/** The mandatory exam, with the shipped items and without the course as a condition. */
async function openExam(seeder: Actor, minutes: number): Promise<void> {
  const course = await findCourse(reader(), HALL_EXAM);
  const exam = course && await examForCourse(reader(), course.id);
  if (!exam) throw new Error('the shipped exam is missing');
  const { bankId } = must(await loadShippedItems(seeder, HALL_EXAM));
  must(await chooseBank(seeder, exam.id, bankId));
  await inTransaction((tx) => execute(tx, 'UPDATE exams SET requires_course = 0, minutes = $minutes WHERE id = $id', { id: exam.id, minutes }));
}

const Entry = z.object({ item: z.string(), order: z.array(z.string()), rightOrder: z.array(z.string()).optional() });
type Entry = z.infer<typeof Entry>;
const Entries = z.object({ entries: json(z.array(Entry)) });
const Typed = z.object({ id: z.string(), type: z.string() });
const types = new Map<string, string>();

/** What an attempt asks, each with a response that fits and changes from turn to turn. */
export async function itemsOf(attemptId: string): Promise<Question[]> {
  const { entries } = await one(reader(), Entries, `SELECT p.entries FROM attempts a JOIN papers p ON p.id = a.paper_id WHERE a.id = $attemptId`, { attemptId });
  return questionsOf(entries);
}

export async function questionsOf(entries: readonly Entry[]): Promise<Question[]> {
  const unknown = entries.map(({ item }) => item).filter((item) => !types.has(item));
  if (unknown.length > 0) {
    const { list, params } = places(unknown);
    const found = await rows(reader(), Typed, `SELECT v.id, i.type FROM item_versions v JOIN items i ON i.id = v.item_id WHERE v.id IN (${list})`, params);
    for (const { id, type } of found) types.set(id, type);
  }
  return entries.map(({ item, order, rightOrder }) => ({ item, answer: (turn) => answerOf(types.get(item) ?? '', order, rightOrder ?? [], turn) }));
}

function answerOf(type: string, order: string[], rightOrder: string[], turn: number): unknown {
  const pick = (letters: string[], at: number) => letters[at % letters.length] ?? '';
  switch (type) {
    case 'single': return pick(order, turn);
    case 'multiple': return [...new Set([pick(order, turn), pick(order, turn + 1)])].sort();
    case 'true-false': return turn % 2 === 0;
    case 'order': return [...order.slice(turn % order.length), ...order.slice(0, turn % order.length)];
    case 'match': return Object.fromEntries(order.map((left, i) => [left, pick(rightOrder, turn + i)]));
    default: return `答案${turn}`;
  }
}
