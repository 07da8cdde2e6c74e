import { z } from 'zod';
import { execute, insert, maybeOne, one, places, rows, type Reader, type Tx } from '~/db';
import { newId } from '~/kernel/id';
import { noticeKey, type Wording } from '~/text/notice';
import { NoticeContent } from './notice';
import { wordsInForce } from './wording/in-force.service';

const NoticeRow = z.object({
  id: z.string(), person_id: z.string(), kind: z.string(), params: z.string(), created_at: z.number(), read_at: z.number().nullable(),
  dropped_at: z.number().nullable(), dispatch_id: z.string().nullable(), urgency: z.enum(['at-once', 'digest']),
  title_zh: z.string().nullable(), text_zh: z.string().nullable(), title_en: z.string().nullable(), text_en: z.string().nullable(),
}).transform((row) => ({
  id: row.id, personId: row.person_id, createdAt: row.created_at, readAt: row.read_at, droppedAt: row.dropped_at, dispatchId: row.dispatch_id, urgency: row.urgency,
  content: NoticeContent.parse({ kind: row.kind, params: JSON.parse(row.params) as unknown }),
  wording: wordingOf(row),
}));
export type Notice = z.infer<typeof NoticeRow>;

interface TitledRow {
  title_zh: string | null;
  text_zh: string | null;
  title_en: string | null;
  text_en: string | null;
}

/** What was made before words had versions is worded by the program's own. */
function wordingOf({ title_zh: titleZh, text_zh: textZh, title_en: titleEn, text_en: textEn }: TitledRow): Wording | null {
  return titleZh === null || textZh === null || titleEn === null || textEn === null ? null : { titleZh, textZh, titleEn, textEn };
}

const SELECT = `SELECT n.id, n.person_id, n.kind, n.params, n.created_at, n.read_at, n.dropped_at, n.dispatch_id, n.urgency,
  t.title_zh, t.text_zh, t.title_en, t.text_en FROM notices n LEFT JOIN notice_templates t ON t.id = n.template_id`;

export const findNotice = (from: Reader, id: string): Promise<Notice | null> =>
  maybeOne(from, NoticeRow, `${SELECT} WHERE n.id = $id`, { id });

/** A page of somebody's notices, the latest first. */
export const noticesOf = (from: Reader, personId: string, { limit, offset }: { limit: number; offset: number }): Promise<Notice[]> =>
  rows(from, NoticeRow, `${SELECT} WHERE n.person_id = $personId ORDER BY n.created_at DESC, n.id DESC LIMIT $limit OFFSET $offset`, { personId, limit, offset });

/** What one dispatch tells, in the order in which it came to be. */
export const noticesOfDispatch = (from: Reader, dispatchId: string): Promise<Notice[]> =>
  rows(from, NoticeRow, `${SELECT} WHERE n.dispatch_id = $dispatchId ORDER BY n.created_at, n.id`, { dispatchId });

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

/** Marks notices as not needed any more; nobody has to read them. */
export async function setDropped(tx: Tx, noticeIds: string[]): Promise<number> {
  if (noticeIds.length === 0) return 0;
  const { list, params } = places(noticeIds);
  return execute(tx, `UPDATE notices SET dropped_at = $now, read_at = COALESCE(read_at, $readAt) WHERE dropped_at IS NULL AND id IN (${list})`,
    { ...params, now: tx.now, readAt: tx.now });
}

export interface NewNotice {
  personId: string;
  content: NoticeContent;
  /** What the person is told once: a second notice with the same step is not made. */
  step: string;
  urgency: Notice['urgency'];
}

export type MadeNotice = NewNotice & { id: string };

/** @returns those that are new, in no order */
export async function insertNotices(tx: Tx, notices: readonly NewNotice[]): Promise<MadeNotice[]> {
  const words = await wordsInForce(tx, notices.map(({ content }) => noticeKey(content)));
  const made = notices.map((notice) => ({ ...notice, id: newId() }));
  const inserted = await insert(tx, 'notices', made.map((notice) => ({
    id: notice.id, person_id: notice.personId, kind: notice.content.kind, params: JSON.stringify(notice.content.params),
    step: notice.step, created_at: tx.now, urgency: notice.urgency, template_id: words.get(noticeKey(notice.content))?.id ?? null,
  })), 'ON CONFLICT (person_id, step) DO NOTHING');
  if (inserted === made.length) return made;
  if (inserted === 0) return [];
  const { list, params } = places(made.map(({ id }) => id));
  const fresh = new Set((await rows(tx, z.object({ id: z.string() }), `SELECT id FROM notices WHERE id IN (${list})`, params)).map(({ id }) => id));
  return made.filter(({ id }) => fresh.has(id));
}
