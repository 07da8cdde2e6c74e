import { z } from 'zod';
import { inTransaction, insert, one, reader, type Bindable } from '~/db';
import { findExamBySlug, type Exam } from '~/exams';
import { closesAfter } from '~/exams/answers/closing';
import type { PaperEntry} from '~/itembank';
import { drawPaper, newSeed, seededRandom } from '~/itembank';
import type { Instant } from '~/kernel/clock';
import { newId } from '~/kernel/id';
import { must } from '~/kernel/result';
import { insertPersons } from '~/people/person.repository';
import { HALL_EXAM, questionsOf, type Seat } from './exam-hall';

export interface RunningGiven {
  /** Default: the hall's. */
  exam?: Pick<Exam, 'id' | 'bankId' | 'blueprint'>;
  startedAt: Instant;
  deadlineAt: Instant;
  /** Devices by seat; the active one of each attempt. */
  deviceOf: (seat: number) => string;
}

/** Papers drawn; attempts take turns with them, each with a row of its own. */
const DRAWN = 20;
const AT_ONCE = 200;

/**
 * Lets every seat sit in the middle of the exam with all items answered, written as a start and its saves would
 * have, but in bulk. @returns the attempts' ids, in the order of the seats
 */
export async function seatAttempts(seats: readonly Pick<Seat, 'personId'>[], given: RunningGiven): Promise<string[]> {
  const exam = given.exam ?? (await findExamBySlug(reader(), HALL_EXAM));
  if (!exam?.bankId) throw new Error('the hall has no exam');
  const papers: { entries: PaperEntry[]; responses: Record<string, Bindable>[] }[] = [];
  for (let i = 0; i < DRAWN; i += 1) {
    const entries = must(await drawPaper(reader(), { bankId: exam.bankId, blueprint: exam.blueprint, random: seededRandom(`hall ${i}`), avoid: [] }));
    const questions = await questionsOf(entries);
    papers.push({ entries, responses: questions.map(({ item, answer }) => ({ item, seq: 1, response: JSON.stringify(answer(i)), saved_at: given.startedAt })) });
  }
  const attempts: string[] = [];
  while (attempts.length < seats.length) {
    const from = attempts.length;
    const made = seats.slice(from, from + AT_ONCE).map((seat, i) => ({ seat, at: from + i, id: newId(), paperId: newId(), paper: papers[(from + i) % DRAWN] }));
    await inTransaction(async (tx) => {
      await insert(tx, 'papers', made.map(({ paperId, paper }) => ({ id: paperId, exam_id: exam.id, seed: newSeed(), entries: JSON.stringify(paper?.entries), created_at: given.startedAt })));
      await insert(tx, 'attempts', made.map(({ seat, at, id, paperId }) => ({
        id, exam_id: exam.id, person_id: seat.personId, number: 1, paper_id: paperId, state: 'in-progress',
        prepared_at: given.startedAt, started_at: given.startedAt, deadline_at: given.deadlineAt, next_check_at: closesAfter(given.deadlineAt, 60),
        device: given.deviceOf(at), device_at: given.startedAt, last_contact_at: given.startedAt,
      })));
      await insert(tx, 'responses', made.flatMap(({ id, paper }) => (paper?.responses ?? []).map((row) => ({ attempt_id: id, ...row }))));
    });
    attempts.push(...made.map(({ id }) => id));
  }
  return attempts;
}

/** Persons and nothing more, for attempts that nobody signs in to. */
export async function seatPersons(count: number): Promise<Pick<Seat, 'personId'>[]> {
  const persons = Array.from({ length: count }, () => ({ id: newId(), name: '候考人员', email: null, phone: null }));
  await inTransaction((tx) => insertPersons(tx, persons));
  return persons.map(({ id }) => ({ personId: id }));
}

const Count = z.object({ n: z.number() });

export const countOf = async (sql: string, params: Record<string, Bindable> = {}): Promise<number> => (await one(reader(), Count, sql, params)).n;
