import type { Reader } from '~/db';
import { ResponseValue, type PaperEntry } from '~/itembank';
import type { Counting } from './answers/late';
import { findAttempt, paperEntries, type Attempt } from './attempt.repository';
import { findExam, type Exam } from './exam.repository';
import { storedResponses } from './response.repository';

export interface AttemptForGrading {
  attempt: Attempt;
  exam: Exam;
  entries: PaperEntry[];
  /** The response that counts, by item; items without one are missing. */
  responses: Map<string, ResponseValue>;
}

/**
 * Everything that marking needs of an attempt, or null when there is none. The attempt is read first: once
 * it is handed in, its responses do not change any more.
 */
export async function attemptForGrading(from: Reader, attemptId: string): Promise<AttemptForGrading | null> {
  const attempt = await findAttempt(from, attemptId);
  const exam = attempt && await findExam(from, attempt.examId);
  if (!attempt || !exam) return null;
  const responses = await storedResponses(from, attemptId);
  return {
    attempt,
    exam,
    entries: await paperEntries(from, attempt.paperId),
    responses: valuesOf(responses.map(({ item, response }) => ({ item, text: response }))),
  };
}

/** Responses by item, from their stored texts. */
export const valuesOf = (responses: Pick<Counting, 'item' | 'text'>[]): Map<string, ResponseValue> =>
  new Map(responses.map(({ item, text }) => [item, ResponseValue.parse(JSON.parse(text))]));
