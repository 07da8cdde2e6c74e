import { z } from 'zod';
import { execute, insert, maybeOne, rows, type Reader, type Tx } from '~/db';
import type { Instant } from '~/kernel/clock';
import { newId } from '~/kernel/id';
import { FORMATS, type Format } from './report';
import { RHYTHMS, type Rhythm } from './schedule';

const Row = z.object({
  id: z.string(), saved_report_id: z.string(), account_id: z.string(), name: z.string(), rhythm: z.enum(RHYTHMS), day: z.number(), hour: z.number(), format: z.enum(FORMATS),
  lang: z.enum(['zh', 'en']), keep_days: z.number(), state: z.enum(['active', 'ended']), end_reason: z.string().nullable(), next_at: z.number(),
}).transform((row) => ({
  id: row.id, savedReportId: row.saved_report_id, accountId: row.account_id, name: row.name, rhythm: row.rhythm, day: row.day, hour: row.hour, format: row.format, lang: row.lang,
  keepDays: row.keep_days, state: row.state, endReason: row.end_reason, nextAt: row.next_at,
}));
/** That a saved report is made again and again. */
export type ReportSchedule = z.output<typeof Row>;

const SELECT = `SELECT c.id, c.saved_report_id, c.account_id, s.name, c.rhythm, c.day, c.hour, c.format, c.lang, c.keep_days, c.state, c.end_reason, c.next_at
  FROM report_schedules c JOIN saved_reports s ON s.id = c.saved_report_id`;

export const findSchedule = (from: Reader, id: string): Promise<ReportSchedule | null> => maybeOne(from, Row, `${SELECT} WHERE c.id = $id`, { id });

/** What an account has scheduled; what ended comes last. */
export const schedulesOf = (from: Reader, accountId: string): Promise<ReportSchedule[]> =>
  rows(from, Row, `${SELECT} WHERE c.account_id = $accountId ORDER BY c.state, c.next_at, c.id LIMIT 200`, { accountId });

export const dueSchedules = (from: Reader, now: Instant, limit: number): Promise<ReportSchedule[]> =>
  rows(from, Row, `${SELECT} WHERE c.state = 'active' AND c.next_at <= $now ORDER BY c.next_at, c.id LIMIT $limit`, { now, limit });

export interface NewSchedule extends Rhythm {
  savedReportId: string;
  accountId: string;
  format: Format;
  lang: 'zh' | 'en';
  keepDays: number;
  nextAt: Instant;
}

export async function insertSchedule(tx: Tx, one: NewSchedule): Promise<string> {
  const id = newId();
  await insert(tx, 'report_schedules', [{
    id, saved_report_id: one.savedReportId, account_id: one.accountId, rhythm: one.rhythm, day: one.day, hour: one.hour, format: one.format, lang: one.lang, keep_days: one.keepDays,
    state: 'active', next_at: one.nextAt, made_at: tx.now,
  }]);
  return id;
}

/** @returns 0 when somebody has taken this time already */
export const moveOn = (tx: Tx, { id, nextAt }: Pick<ReportSchedule, 'id' | 'nextAt'>, to: Instant): Promise<number> =>
  execute(tx, `UPDATE report_schedules SET next_at = $to, version = version + 1 WHERE id = $id AND next_at = $nextAt AND state = 'active'`, { id, nextAt, to });

export const endSchedule = (tx: Tx, id: string, reason: string): Promise<number> =>
  execute(tx, `UPDATE report_schedules SET state = 'ended', end_reason = $reason, version = version + 1 WHERE id = $id AND state = 'active'`, { id, reason });

const IdRow = z.object({ id: z.string() });

export const activeOfSaved = async (from: Reader, savedReportId: string): Promise<string[]> =>
  (await rows(from, IdRow, `SELECT id FROM report_schedules WHERE saved_report_id = $savedReportId AND state = 'active'`, { savedReportId })).map(({ id }) => id);
