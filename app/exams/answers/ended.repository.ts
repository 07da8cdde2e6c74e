import { z } from 'zod';
import { execute, insert, maybeOne, one, type Reader, type Tx } from '~/db';
import { servesIn } from '~/people';
import { logged, type LogRow } from '../save.repository';

const EndedRow = z.object({ id: z.string(), exam_id: z.string(), person_id: z.string(), paper_id: z.string(), state: z.enum(['handed-in', 'graded', 'released']) })
  .transform((row) => ({ id: row.id, examId: row.exam_id, personId: row.person_id, paperId: row.paper_id, state: row.state }));
export type EndedAttempt = z.infer<typeof EndedRow>;

/** Locks an attempt that was handed in until the commit; a grading that runs now will find that it has changed. Or null. */
export const lockEnded = (tx: Tx, attemptId: string): Promise<EndedAttempt | null> =>
  maybeOne(tx, EndedRow, `UPDATE attempts SET version = version + 1 WHERE id = $attemptId AND state IN ('handed-in', 'graded', 'released')
    RETURNING id, exam_id, person_id, paper_id, state`, { attemptId });

/** Locks an attempt, whatever its state, so that an answer file meets neither saves nor a hand-in half done. */
export const lockForFile = (tx: Tx, attemptId: string): Promise<number> =>
  execute(tx, 'UPDATE attempts SET version = version + 1 WHERE id = $attemptId', { attemptId });

/** A change that an answer file brought. */
export interface FiledChange extends LogRow {
  fileId: string;
  /** It counts by rule on the word of this invigilator. */
  countedBy: string | null;
}

export const logFiled = (tx: Tx, log: FiledChange[]): Promise<number> =>
  insert(tx, 'response_log', log.map((row) => ({
    ...logged(row), answer_file_id: row.fileId, counted: row.byRule ? 'by-rule' : null, counted_at: row.byRule ? tx.now : null, counted_by: row.countedBy,
  })));

const CandidateRow = z.object({ name: z.string(), organisation: z.string().nullable() });

/** Whose attempt it is, with where they serve. */
export const candidateOf = (from: Reader, personId: string) =>
  one(from, CandidateRow, `SELECT p.name, ${servesIn('p.id')} AS organisation
    FROM persons p WHERE p.id = $personId`, { personId });

/** Locks a graded attempt that nobody has changed since it was read with `version`; 0 rows: somebody has. */
export const lockGraded = (tx: Tx, attemptId: string, version: number): Promise<number> =>
  execute(tx, `UPDATE attempts SET version = version + 1 WHERE id = $attemptId AND version = $version AND state IN ('graded', 'released')`, { attemptId, version });
