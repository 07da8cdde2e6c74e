import { createHash } from 'node:crypto';
import { z } from 'zod';
import { ItemBody, ItemKey, ItemType, type ItemCount, type WrittenItem } from '~/courses';
import { execute, insert, json, maybeOne, one, places, rows, type Reader, type Tx } from '~/db';
import { newId } from '~/kernel/id';
import type { PoolItem } from './paper';
import { versionsOf } from './item-version.repository';

/** What makes up a version of an item. */
export type ItemContent = Pick<WrittenItem, 'difficulty' | 'body' | 'key' | 'explanation'>;

/** Equal for equal content. */
export const itemHash = ({ difficulty, body, key, explanation }: ItemContent): string =>
  createHash('sha256').update(JSON.stringify([difficulty, body, key, explanation])).digest('hex');

export interface NewItem extends WrittenItem {
  bankId: string;
  /** Default: a new one. */
  id?: string;
}

/** Adds items with their first versions. @returns their ids, in order */
export async function insertItems(tx: Tx, items: NewItem[]): Promise<string[]> {
  const made = items.map((item) => ({ item, id: item.id ?? newId(), versionId: newId() }));
  await insert(tx, 'items', made.map(({ item, id, versionId }) => ({
    id, bank_id: item.bankId, code: item.code, lesson_slug: item.lesson, type: item.body.type, current_version_id: versionId,
    retired_at: null, created_at: tx.now,
  })));
  await insert(tx, 'item_versions', made.map(({ item, id, versionId }) => versionRow(tx, versionId, id, 1, item)));
  return made.map(({ id }) => id);
}

const versionRow = (tx: Tx, id: string, itemId: string, number: number, content: ItemContent) => ({
  id, item_id: itemId, number, content_hash: itemHash(content), difficulty: content.difficulty, body: JSON.stringify(content.body),
  key: JSON.stringify(content.key), explanation: content.explanation, created_at: tx.now,
});

/** What an item is before a change, as far as the change depends on it. */
export interface ItemHead {
  id: string;
  bankId: string;
  code: string;
  lesson: string;
  type: ItemType;
  retiredAt: number | null;
  versionId: string;
  version: number;
  hash: string;
}

const HeadRow = z.object({
  id: z.string(), bank_id: z.string(), code: z.string(), lesson_slug: z.string(), type: ItemType, retired_at: z.number().nullable(),
  version_id: z.string(), number: z.number(), content_hash: z.string(),
}).transform((row): ItemHead => ({
  id: row.id, bankId: row.bank_id, code: row.code, lesson: row.lesson_slug, type: row.type, retiredAt: row.retired_at,
  versionId: row.version_id, version: row.number, hash: row.content_hash,
}));
const HEAD = `SELECT i.id, i.bank_id, i.code, i.lesson_slug, i.type, i.retired_at, v.id AS version_id, v.number, v.content_hash
  FROM items i JOIN item_versions v ON v.id = i.current_version_id`;

export const findHead = (from: Reader, itemId: string): Promise<ItemHead | null> => maybeOne(from, HeadRow, `${HEAD} WHERE i.id = $itemId`, { itemId });
export const headsOfBank = (from: Reader, bankId: string): Promise<ItemHead[]> => rows(from, HeadRow, `${HEAD} WHERE i.bank_id = $bankId`, { bankId });

/**
 * Adds a version and makes it the current one, if the version that it replaces still is.
 * @returns the new version's id, or null when somebody was faster
 */
export async function insertVersion(tx: Tx, head: ItemHead, lesson: string, content: ItemContent): Promise<string | null> {
  const versionId = newId();
  const moved = await execute(tx, `UPDATE items SET current_version_id = $versionId, lesson_slug = $lesson, type = $type, retired_at = NULL
    WHERE id = $id AND current_version_id = $old`, { versionId, lesson, type: content.body.type, id: head.id, old: head.versionId });
  if (moved === 0) return null;
  await insert(tx, 'item_versions', [versionRow(tx, versionId, head.id, head.version + 1, content)]);
  return versionId;
}

/** Takes items out of drawing, or puts them back. @returns how many changed */
export async function setRetired(tx: Tx, ids: string[], retired: boolean): Promise<number> {
  if (ids.length === 0) return 0;
  const { list, params } = places(ids);
  return execute(tx, `UPDATE items SET retired_at = CASE WHEN $retired = 1 THEN CAST($now AS BIGINT) ELSE NULL END
    WHERE id IN (${list}) AND (CASE WHEN retired_at IS NULL THEN 0 ELSE 1 END) <> $retired`, { ...params, now: tx.now, retired: retired ? 1 : 0 });
}

const PoolRow = z.object({ id: z.string(), item_id: z.string(), lesson_slug: z.string(), body: json(ItemBody), key: json(ItemKey) });

/** Every item of a bank that may be drawn, in its current version. */
export async function poolOf(from: Reader, bankId: string): Promise<(PoolItem & { itemId: string })[]> {
  const found = await rows(from, PoolRow, `SELECT v.id, i.id AS item_id, i.lesson_slug, v.body, v.key
    FROM items i JOIN item_versions v ON v.id = i.current_version_id WHERE i.bank_id = $bankId AND i.retired_at IS NULL`, { bankId });
  return found.map((row) => ({ id: row.id, itemId: row.item_id, lesson: row.lesson_slug, type: row.body.type, body: row.body, key: row.key }));
}

/** The items to which any of these versions belong: an item changed since is still the same item. */
export async function itemsOfVersions(from: Reader, versionIds: string[]): Promise<Set<string>> {
  if (versionIds.length === 0) return new Set();
  const { list, params } = places(versionIds);
  const found = await rows(from, z.object({ item_id: z.string() }), `SELECT item_id FROM item_versions WHERE id IN (${list})`, params);
  return new Set(found.map((row) => row.item_id));
}

/** Changes whenever what may be drawn from the bank changes: an item added, changed, retired or put back. */
export async function bankStamp(from: Reader, bankId: string): Promise<string> {
  const Row = z.object({ items: z.number(), retired: z.number(), newest: z.string().nullable(), last: z.number().nullable() });
  const row = await one(from, Row, `SELECT COUNT(*) AS items, COUNT(retired_at) AS retired, MAX(current_version_id) AS newest, MAX(retired_at) AS last
    FROM items WHERE bank_id = $bankId`, { bankId });
  return [row.items, row.retired, row.newest, row.last].join(' ');
}

/** How many items may be drawn, by lesson and type. */
export async function bankCounts(from: Reader, bankId: string): Promise<ItemCount[]> {
  const Row = z.object({ lesson_slug: z.string(), type: ItemType, n: z.number() });
  const found = await rows(from, Row, `SELECT lesson_slug, type, COUNT(*) AS n FROM items
    WHERE bank_id = $bankId AND retired_at IS NULL GROUP BY lesson_slug, type`, { bankId });
  return found.map((row) => ({ lesson: row.lesson_slug, type: row.type, count: row.n }));
}

/** What candidates may see of these item versions: no key, no explanation. */
export async function itemsForPaper(from: Reader, versionIds: readonly string[]): Promise<Map<string, { type: ItemType; body: ItemBody }>> {
  const found = await versionsOf(from, versionIds);
  return new Map([...found].map(([id, { body }]) => [id, { type: body.type, body }]));
}

/** Keys and explanations of these item versions: for marking, and for authors. */
export async function keysForPaper(from: Reader, versionIds: readonly string[]): Promise<Map<string, { type: ItemType; key: ItemKey; explanation: string }>> {
  const found = await versionsOf(from, versionIds);
  return new Map([...found].map(([id, { body, key, explanation }]) => [id, { type: body.type, key, explanation }]));
}

const LessonRow = z.object({ id: z.string(), lesson_slug: z.string() });

/** The lessons that these item versions belong to: for telling candidates where points were lost. */
export async function lessonsForPaper(from: Reader, versionIds: readonly string[]): Promise<Map<string, string>> {
  if (versionIds.length === 0) return new Map();
  const { list, params } = places([...versionIds]);
  const found = await rows(from, LessonRow, `SELECT v.id, i.lesson_slug FROM item_versions v JOIN items i ON i.id = v.item_id
    WHERE v.id IN (${list})`, params);
  return new Map(found.map(({ id, lesson_slug }) => [id, lesson_slug]));
}

/** The number of items ever made in a bank, retired ones too. */
export async function countItems(from: Reader, bankId: string): Promise<number> {
  return (await one(from, z.object({ n: z.number() }), 'SELECT COUNT(*) AS n FROM items WHERE bank_id = $bankId', { bankId })).n;
}
