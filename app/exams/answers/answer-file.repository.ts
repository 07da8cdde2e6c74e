import { z } from 'zod';
import { insert, json, maybeOne, rows, type Reader, type Tx } from '~/db';
import type { Instant } from '~/kernel/clock';

/** What an accepted file brought about, in numbers of changes. */
export const FileOutcome = z.object({
  /** Stored as responses: before the deadline, or by rule within the tolerance. */
  counted: z.number(),
  /** Stored before: nothing new. */
  known: z.number(),
  /** Kept as evidence for an adjudicator. */
  kept: z.number(),
  /** Do not fit their item. */
  refused: z.number(),
  /** When it was handed to the invigilator, by the invigilator's word; null: with the upload. */
  handedOverAt: z.number().nullable(),
  handedIn: z.boolean(),
});
export type FileOutcome = z.infer<typeof FileOutcome>;

const FileRow = z.object({
  id: z.string(), attempt_id: z.string(), made_at: z.number(), uploaded_at: z.number(), uploaded_by: z.string(), reason: z.string(), outcome: json(FileOutcome),
}).transform((row) => ({
  id: row.id, attemptId: row.attempt_id, madeAt: row.made_at, uploadedAt: row.uploaded_at, uploadedBy: row.uploaded_by, reason: row.reason, outcome: row.outcome,
}));
export type StoredAnswerFile = z.infer<typeof FileRow>;

const FILE = 'SELECT id, attempt_id, made_at, uploaded_at, uploaded_by, reason, outcome FROM answer_files';

/** The file with this hash, if it was taken before. */
export const fileByHash = (from: Reader, hash: string): Promise<StoredAnswerFile | null> =>
  maybeOne(from, FileRow, `${FILE} WHERE file_hash = $hash`, { hash });

export const answerFilesOf = (from: Reader, attemptId: string): Promise<StoredAnswerFile[]> =>
  rows(from, FileRow, `${FILE} WHERE attempt_id = $attemptId ORDER BY uploaded_at`, { attemptId });

export interface NewAnswerFile {
  id: string;
  attemptId: string;
  hash: string;
  madeAt: Instant;
  by: string;
  reason: string;
  outcome: FileOutcome;
}

/** Fails on its hash when the same file was taken meanwhile. */
export const insertAnswerFile = (tx: Tx, file: NewAnswerFile): Promise<number> =>
  insert(tx, 'answer_files', [{
    id: file.id, attempt_id: file.attemptId, file_hash: file.hash, made_at: file.madeAt, uploaded_at: tx.now, uploaded_by: file.by,
    reason: file.reason, outcome: JSON.stringify(file.outcome),
  }]);
