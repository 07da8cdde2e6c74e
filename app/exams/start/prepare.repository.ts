import { z } from 'zod';
import { execute, insert, maybeOne, rows, type Reader, type Tx } from '~/db';
import type { PaperEntry } from '~/itembank';
import type { Instant } from '~/kernel/clock';
import { FORMER } from '../attempt.repository';

export interface NewPaper {
  id: string;
  examId: string;
  seed: string;
  /** What it was drawn of, see `paperBasis`. */
  basis: string;
  entries: PaperEntry[];
}

export const insertPapers = (tx: Tx, papers: NewPaper[]): Promise<number> =>
  insert(tx, 'papers', papers.map((paper) => ({
    id: paper.id, exam_id: paper.examId, seed: paper.seed, basis: paper.basis, entries: JSON.stringify(paper.entries), created_at: tx.now,
  })));

export interface NewPrepared {
  id: string;
  examId: string;
  personId: string;
  number: number;
  paperId: string;
}

/** Lays attempts ready; those for which there is one with this number already are left out. */
export const insertPrepared = (tx: Tx, prepared: NewPrepared[]): Promise<number> =>
  insert(tx, 'attempts', prepared.map((one) => ({
    id: one.id, exam_id: one.examId, person_id: one.personId, number: one.number, paper_id: one.paperId, state: 'prepared', prepared_at: tx.now,
  })), 'ON CONFLICT (person_id, exam_id, number) DO NOTHING');

const PreparedRow = z.object({ id: z.string(), number: z.number(), paper_id: z.string(), basis: z.string().nullable() })
  .transform((row) => ({ id: row.id, number: row.number, paperId: row.paper_id, basis: row.basis }));
export type Prepared = z.infer<typeof PreparedRow>;

/** The attempt that lies ready for a person, or null. */
export const findPrepared = (from: Reader, examId: string, personId: string): Promise<Prepared | null> =>
  maybeOne(from, PreparedRow, `SELECT a.id, a.number, a.paper_id, p.basis FROM attempts a JOIN papers p ON p.id = a.paper_id
    WHERE a.person_id = $personId AND a.exam_id = $examId AND a.state = 'prepared' ORDER BY a.number DESC LIMIT 1`, { examId, personId });

export interface Beginning {
  attemptId: string;
  number: number;
  paperId: string;
  startedAt: Instant;
  deadlineAt: Instant;
  nextCheckAt: Instant;
  /** JSON of what the deadline was computed from. */
  timeBasis: string;
  device: string;
  sittingId: string | null;
  roomId: string | null;
  bookingId: string | null;
}

/** prepared → in progress; 0 rows: it was started or taken away meanwhile. */
export const beginPrepared = (tx: Tx, { attemptId, ...beginning }: Beginning): Promise<number> =>
  execute(tx, `UPDATE attempts SET state = 'in-progress', number = $number, paper_id = $paperId, started_at = $startedAt, deadline_at = $deadlineAt,
      next_check_at = $nextCheckAt, time_basis = $timeBasis, device = $device, device_at = $startedAt, last_contact_at = $startedAt,
      sitting_id = $sittingId, room_id = $roomId, booking_id = $bookingId, version = version + 1
    WHERE id = $attemptId AND state = 'prepared'`, { attemptId, ...beginning });

/** Places in sittings that begin before `soon` and are not over, whose holders have no attempt lying ready. */
const UNPREPARED = `FROM sittings s JOIN bookings b ON b.sitting_id = s.id
  WHERE s.starts_at <= $soon AND s.ends_at > $now AND s.state = 'planned' AND b.state = 'booked'
    AND NOT EXISTS (SELECT 1 FROM attempts a WHERE a.person_id = b.person_id AND a.exam_id = s.exam_id
      AND (a.state IN ('prepared', 'in-progress') OR a.booking_id = b.id))`;

const Id = z.object({ id: z.string() });

/** The exams for which papers are to be laid ready, the most urgent first. */
export async function unpreparedExams(from: Reader, now: Instant, soon: Instant): Promise<string[]> {
  const found = await rows(from, Id, `SELECT s.exam_id AS id ${UNPREPARED} GROUP BY s.exam_id ORDER BY MIN(s.starts_at)`, { now, soon });
  return found.map(({ id }) => id);
}

/** The people for whom one is to be laid ready. */
export async function unpreparedPeople(from: Reader, examId: string, now: Instant, soon: Instant, limit: number): Promise<string[]> {
  const found = await rows(from, Id, `SELECT b.person_id AS id ${UNPREPARED} AND s.exam_id = $examId
    GROUP BY b.person_id ORDER BY MIN(s.starts_at), b.person_id LIMIT $limit`, { examId, now, soon, limit });
  return found.map(({ id }) => id);
}

const Wanted = z.object({ person_id: z.string(), exam_id: z.string() });

/** Who completed a course, and its open exam, if they have not met it yet. */
export const openExamAfter = (from: Reader, completionId: string) =>
  maybeOne(from, Wanted, `SELECT c.person_id, e.id AS exam_id FROM completions c JOIN exams e ON e.course_id = c.course_id
    WHERE c.id = $completionId AND e.practice_of IS NULL AND e.delivery = 'open' AND e.bank_id IS NOT NULL
      AND NOT EXISTS (SELECT 1 FROM attempts a WHERE a.person_id = c.person_id AND a.exam_id = e.id AND ${FORMER} = 0)`, { completionId });

const Taken = z.object({ person_id: z.string(), number: z.number(), entries: z.string() });

/** Numbers and papers of what these people took of an exam before. */
export async function takenBefore(from: Reader, examId: string, personIds: string[]): Promise<Map<string, { number: number; items: string[] }>> {
  const taken = new Map<string, { number: number; items: string[] }>();
  for (const personId of personIds) {
    const found = await rows(from, Taken, `SELECT a.person_id, a.number, p.entries FROM attempts a JOIN papers p ON p.id = a.paper_id
      WHERE a.person_id = $personId AND a.exam_id = $examId`, { personId, examId });
    const items = found.flatMap((row) => (JSON.parse(row.entries) as PaperEntry[]).map((entry) => entry.item));
    taken.set(personId, { number: Math.max(0, ...found.map((row) => row.number)), items });
  }
  return taken;
}
