import { inTransaction, reader } from '~/db';
import { drawPapers, newSeed, seededRandom } from '~/itembank';
import { minutes, type Instant } from '~/kernel/clock';
import { newId } from '~/kernel/id';
import { log } from '~/kernel/log';
import { err, ok, type Result } from '~/kernel/result';
import { findExam, type Exam } from '../exam.repository';
import { paperBasis } from './basis.service';
import { insertPapers, insertPrepared, openExamAfter, takenBefore, unpreparedExams, unpreparedPeople, type NewPaper, type NewPrepared } from './prepare.repository';

/** Papers lie ready so long before a sitting begins. */
const AHEAD = minutes(60);
/** People of one exam for whom a run prepares; the next one follows soon. */
const AT_A_TIME = 1000;
/** Attempts written in one transaction: on SQLite everybody's saves wait for it. */
const CHUNK = 50;

/**
 * Lays attempts with drawn papers ready for everybody whose sitting is near, so that a start at the peak
 * only has to pick its own up. A bank that cannot meet the blueprint is told here, long before anybody sits
 * down, and keeps the other sittings from nothing.
 */
export async function prepareSittings(now: Instant): Promise<void> {
  const problems: string[] = [];
  for (const examId of await unpreparedExams(reader(), now, now + AHEAD)) {
    const done = await prepareFor(examId, await unpreparedPeople(reader(), examId, now, now + AHEAD, AT_A_TIME));
    if (!done.ok) problems.push(`${examId}: ${done.error.code} ${JSON.stringify(done.error.params ?? {})}`);
  }
  if (problems.length > 0) {
    log().error({ problems }, 'papers for a sitting cannot be drawn');
    throw new Error(`papers cannot be drawn: ${problems.join('; ')}`);
  }
}

/**
 * Draws a paper for each of these people and lays an attempt ready.
 * @returns how many, or why no paper can be drawn
 */
export async function prepareFor(examId: string, personIds: string[]): Promise<Result<number>> {
  const exam = await findExam(reader(), examId);
  if (!exam) return err('not-found');
  let prepared = 0;
  for (let from = 0; from < personIds.length; from += CHUNK) {
    const made = await draw(exam, personIds.slice(from, from + CHUNK));
    if (!made.ok) return made;
    await inTransaction(async (tx) => {
      await insertPapers(tx, made.value.map(({ paper }) => paper));
      prepared += await insertPrepared(tx, made.value.map(({ attempt }) => attempt));
    });
  }
  return ok(prepared);
}

/**
 * Lays the first attempt ready for somebody who has completed the course of an open exam: they may start at any
 * moment now. When no paper can be drawn, the start will say so.
 */
export async function prepareAfterCourse(completionId: string): Promise<void> {
  const wanted = await openExamAfter(reader(), completionId);
  if (wanted) await prepareFor(wanted.exam_id, [wanted.person_id]);
}

/** Papers with their attempts, not stored yet. Drawn outside transactions: nobody's saves wait for it. */
async function draw(exam: Exam, personIds: string[]): Promise<Result<{ paper: NewPaper; attempt: NewPrepared }[]>> {
  if (exam.bankId === null) return err('exam.not-ready');
  const basis = await paperBasis(exam);
  const before = await takenBefore(reader(), exam.id, personIds);
  const people = personIds.map((personId) => ({ personId, seed: newSeed(), taken: before.get(personId) }));
  const drawn = await drawPapers(reader(), {
    bankId: exam.bankId, blueprint: exam.blueprint, sections: exam.sections,
    wanted: people.map(({ seed, taken }) => ({ random: seededRandom(seed), avoid: taken?.items ?? [] })),
  });
  if (!drawn.ok) return drawn;
  return ok(people.map(({ personId, seed, taken }, i) => {
    const paperId = newId();
    return {
      paper: { id: paperId, examId: exam.id, seed, basis, entries: drawn.value[i] ?? [] },
      attempt: { id: newId(), examId: exam.id, personId, number: (taken?.number ?? 0) + 1, paperId },
    };
  }));
}

/** One paper, drawn now, for somebody for whom none lies ready. */
export async function drawNow(exam: Exam, personId: string): Promise<Result<NewPaper>> {
  const drawn = await draw(exam, [personId]);
  if (!drawn.ok) return drawn;
  const [first] = drawn.value;
  return first ? ok(first.paper) : err('exam.not-ready');
}
