import { z } from 'zod';
import { execute, insert, maybeOne, one, places, rows, type Reader, type Tx } from '~/db';
import type { Instant } from '~/kernel/clock';
import { newId } from '~/kernel/id';
import { NoticeContent } from './notice';

const NoticeRow = z.object({
  id: z.string(), person_id: z.string(), kind: z.string(), params: z.string(), created_at: z.number(), read_at: z.number().nullable(),
}).transform(({ id, person_id: personId, kind, params, created_at: createdAt, read_at: readAt }) => ({
  id, personId, createdAt, readAt, content: NoticeContent.parse({ kind, params: JSON.parse(params) as unknown }),
}));
export type Notice = z.infer<typeof NoticeRow>;
const COLUMNS = 'id, person_id, kind, params, created_at, read_at';

export const findNotice = (from: Reader, id: string): Promise<Notice | null> =>
  maybeOne(from, NoticeRow, `SELECT ${COLUMNS} FROM notices WHERE id = $id`, { id });

/** A page of somebody's notices, the latest first. */
export const noticesOf = (from: Reader, personId: string, { limit, offset }: { limit: number; offset: number }): Promise<Notice[]> =>
  rows(from, NoticeRow, `SELECT ${COLUMNS} FROM notices WHERE person_id = $personId
    ORDER BY created_at DESC, id DESC LIMIT $limit OFFSET $offset`, { personId, limit, offset });

const Counts = z.object({ total: z.number(), unread: z.number().nullable() });

export async function noticeCounts(from: Reader, personId: string): Promise<{ total: number; unread: number }> {
  const { total, unread } = await one(from, Counts, `SELECT COUNT(*) AS total, SUM(CASE WHEN read_at IS NULL THEN 1 ELSE 0 END) AS unread
    FROM notices WHERE person_id = $personId`, { personId });
  return { total, unread: unread ?? 0 };
}

export const unreadCount = async (from: Reader, personId: string): Promise<number> =>
  (await one(from, z.object({ n: z.number() }), 'SELECT COUNT(*) AS n FROM notices WHERE person_id = $personId AND read_at IS NULL', { personId })).n;

/** Marks those of the given notices that are the person's own. */
export async function setRead(tx: Tx, personId: string, noticeIds: string[]): Promise<number> {
  if (noticeIds.length === 0) return 0;
  const { list, params } = places(noticeIds);
  return execute(tx, `UPDATE notices SET read_at = $now WHERE person_id = $personId AND read_at IS NULL AND id IN (${list})`,
    { ...params, personId, now: tx.now });
}

export const setAllRead = (tx: Tx, personId: string): Promise<number> =>
  execute(tx, 'UPDATE notices SET read_at = $now WHERE person_id = $personId AND read_at IS NULL', { personId, now: tx.now });

export interface NewNotice {
  personId: string;
  content: NoticeContent;
  /** What the person is told once: a second notice with the same step is not made. */
  step: string;
}

/** @returns the ids of those that are new, in no order */
export async function insertNotices(tx: Tx, notices: NewNotice[]): Promise<string[]> {
  const made = notices.map((notice) => ({
    id: newId(), person_id: notice.personId, kind: notice.content.kind, params: JSON.stringify(notice.content.params),
    step: notice.step, created_at: tx.now,
  }));
  if (await insert(tx, 'notices', made, 'ON CONFLICT (person_id, step) DO NOTHING') === 0) return [];
  const { list, params } = places(made.map((notice) => notice.id));
  return (await rows(tx, z.object({ id: z.string() }), `SELECT id FROM notices WHERE id IN (${list})`, params)).map(({ id }) => id);
}

const PlanRow = z.object({
  assignment_id: z.string(), person_id: z.string(), due_on: z.string(), start_of_duty: z.string(), version: z.number(),
  title_zh: z.string(), title_en: z.string(),
});
export type PlannedAssignment = z.infer<typeof PlanRow>;
const PLAN = `SELECT a.id AS assignment_id, a.person_id, a.due_on, a.start_of_duty, a.version, v.title_zh, v.title_en
  FROM assignments a JOIN programme_versions v ON v.id = a.programme_version_id`;

/** What an assignment's notices say; null once it has ended. */
export const plannedAssignment = (from: Reader, assignmentId: string): Promise<PlannedAssignment | null> =>
  maybeOne(from, PlanRow, `${PLAN} WHERE a.id = $assignmentId AND a.ended_at IS NULL`, { assignmentId });

/** The due dates of those who are not cleared, up to `until`: few, however many people there are. */
export const openDueDates = async (from: Reader, until: string): Promise<string[]> =>
  (await rows(from, z.object({ due_on: z.string() }), `SELECT DISTINCT due_on FROM clearances
    WHERE status = 'not-cleared' AND due_on <= $until ORDER BY due_on`, { until })).map((row) => row.due_on);

/**
 * People with this due date who are not cleared and have not been told this step. `prefix` and the
 * assignment's id make the step's name.
 */
export const toRemind = (from: Reader, reminder: { dueOn: string; prefix: string; assignedBefore: Instant; limit: number }): Promise<PlannedAssignment[]> =>
  rows(from, PlanRow, `${PLAN} JOIN clearances c ON c.assignment_id = a.id
    WHERE c.status = 'not-cleared' AND c.withdrawn_on IS NULL AND c.due_on = $dueOn AND a.ended_at IS NULL AND a.assigned_at < $assignedBefore
      AND NOT EXISTS (SELECT 1 FROM notices n WHERE n.person_id = a.person_id AND n.step = $prefix || a.id)
    ORDER BY a.id LIMIT $limit`, reminder);
