import { z } from 'zod';
import { boot } from '~/start/boot';
import { loadContent } from '~/start/content';
import { execute, inTransaction, one, reader } from '~/db';
import { chooseBank, examForCourse } from '~/exams';
import { findCourse } from '~/courses';
import { openAccount, presetPassword, startSignIn, type Actor } from '~/identity';
import { loadShippedItems } from '~/itembank';
import { must } from '~/kernel/result';
import { adoptRootOrganisation, appoint, createPerson } from '~/people';

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
    for (let i = 0; i < seats; i += 1) {
      made.push(await inTransaction(async (tx) => {
        const number = `H${String(100_000 + i)}`;
        const personId = must(await createPerson(tx, seeder, { name: '候考人员', numbers: [{ kind: 'recruitment', value: number }] }));
        await appoint(tx, seeder, { personId, organisationId: root.id, kind: 'staff', post: '科员', startOfDuty: '2026-01-01' });
        const accountId = must(await openAccount(tx, seeder, { personId, signInName: number }));
        await presetPassword(tx, accountId, 'not a hash: nobody signs in with a password here');
        const token = await startSignIn(tx, { id: accountId, personId }, { address: '127.0.0.1', agent: 'load' }, 'load');
        return { personId, accountId, cookie: `sid=${token}` };
      }));
    }
    return made;
  } finally {
    await ground.close();
  }
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
const Entries = z.object({ entries: z.string() });

/** What an attempt asks, each with a response that fits and changes from turn to turn. */
export async function itemsOf(attemptId: string): Promise<{ item: string; answer(turn: number): unknown }[]> {
  const row = await one(reader(), Entries, `SELECT p.entries FROM attempts a JOIN papers p ON p.id = a.paper_id WHERE a.id = $attemptId`, { attemptId });
  const types = new Map<string, string>();
  const entries = z.array(Entry).parse(JSON.parse(row.entries));
  for (const { item } of entries) {
    const known = await one(reader(), z.object({ type: z.string() }), 'SELECT i.type FROM items i JOIN item_versions v ON v.item_id = i.id WHERE v.id = $item', { item });
    types.set(item, known.type);
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
