import { z } from 'zod';
import { execute, insert, maybeOne, rows, type Reader, type Tx } from '~/db';
import type { PlainDate } from '~/kernel/calendar';

const Row = z.object({
  id: z.string(), person_id: z.string(), exam_id: z.string().nullable(), title_zh: z.string().nullable(), title_en: z.string().nullable(),
  extra_minutes: z.number(), factor_percent: z.number(), reason: z.string(), valid_from: z.string(), valid_until: z.string().nullable(),
  granted_at: z.number(), granted_by: z.string(), ended_at: z.number().nullable(), ended_by: z.string().nullable(), end_reason: z.string().nullable(),
}).transform((row) => ({
  id: row.id,
  personId: row.person_id,
  /** Null: for every exam. */
  examId: row.exam_id,
  examTitle: row.title_zh === null || row.title_en === null ? null : { zh: row.title_zh, en: row.title_en },
  extraMinutes: row.extra_minutes,
  /** 150: one and a half times the exam's minutes. */
  factorPercent: row.factor_percent,
  reason: row.reason,
  validFrom: row.valid_from,
  /** The last day; null: until it is ended. */
  validUntil: row.valid_until,
  grantedAt: row.granted_at,
  grantedBy: row.granted_by,
  endedAt: row.ended_at,
  endedBy: row.ended_by,
  endReason: row.end_reason,
}));
export type Accommodation = z.infer<typeof Row>;

const ALL = `SELECT c.id, c.person_id, c.exam_id, e.title_zh, e.title_en, c.extra_minutes, c.factor_percent, c.reason, c.valid_from, c.valid_until,
    c.granted_at, c.granted_by, c.ended_at, c.ended_by, c.end_reason
  FROM accommodations c LEFT JOIN exams e ON e.id = c.exam_id`;

/** What counts for a person in an exam that starts on `date`. */
export const accommodationsOf = (from: Reader, personId: string, examId: string, date: PlainDate): Promise<Accommodation[]> =>
  rows(from, Row, `${ALL} WHERE c.person_id = $personId AND (c.exam_id IS NULL OR c.exam_id = $examId) AND c.ended_at IS NULL
    AND c.valid_from <= $date AND (c.valid_until IS NULL OR c.valid_until >= $date) ORDER BY c.granted_at, c.id`, { personId, examId, date });

/** All that a person was ever granted, latest first. */
export const accommodationHistory = (from: Reader, personId: string): Promise<Accommodation[]> =>
  rows(from, Row, `${ALL} WHERE c.person_id = $personId ORDER BY CASE WHEN c.ended_at IS NULL THEN 0 ELSE 1 END, c.granted_at DESC, c.id DESC`, { personId });

export const findAccommodation = (from: Reader, id: string): Promise<Accommodation | null> =>
  maybeOne(from, Row, `${ALL} WHERE c.id = $id`, { id });

export interface NewAccommodation {
  id: string;
  personId: string;
  examId: string | null;
  extraMinutes: number;
  factorPercent: number;
  reason: string;
  validFrom: PlainDate;
  validUntil: PlainDate | null;
}

/** 0 rows: this one, sent twice, is there already. */
export const insertAccommodation = (tx: Tx, one: NewAccommodation, by: string): Promise<number> =>
  insert(tx, 'accommodations', [{
    id: one.id, person_id: one.personId, exam_id: one.examId, extra_minutes: one.extraMinutes, factor_percent: one.factorPercent, reason: one.reason,
    valid_from: one.validFrom, valid_until: one.validUntil, granted_at: tx.now, granted_by: by, ended_at: null, ended_by: null, end_reason: null,
  }], 'ON CONFLICT (id) DO NOTHING');

/** 0 rows: it had ended before. */
export const endAccommodation = (tx: Tx, id: string, by: string, reason: string): Promise<number> =>
  execute(tx, 'UPDATE accommodations SET ended_at = $now, ended_by = $by, end_reason = $reason WHERE id = $id AND ended_at IS NULL', { id, by, reason, now: tx.now });
