import { z } from 'zod';
import { ItemBody, ItemKey, ItemType } from '~/courses';
import { containing, json, maybeOne, one, rows, type Reader } from '~/db';
import type { Instant } from '~/kernel/clock';

type ItemState = 'in-use' | 'retired';

/** What an author searches items by. */
export interface ItemFilter {
  bankId?: string;
  /** Words of the stem or the options, or the item's code. */
  search?: string;
  lesson?: string;
  type?: ItemType;
  difficulty?: number;
  /** Only those that may be drawn, or only those that were taken out; default both. */
  state?: ItemState;
}

interface ItemRow {
  id: string;
  code: string;
  bankId: string;
  bankTitle: string;
  lesson: string;
  type: ItemType;
  difficulty: number;
  stem: string;
  version: number;
  state: ItemState;
}

const FROM = `FROM items i JOIN item_versions v ON v.id = i.current_version_id JOIN item_banks b ON b.id = i.bank_id
  WHERE ($bankId = '' OR i.bank_id = $bankId) AND ($lesson = '' OR i.lesson_slug = $lesson) AND ($type = '' OR i.type = $type)
    AND ($difficulty = 0 OR v.difficulty = $difficulty) AND ($state = '' OR $state = CASE WHEN i.retired_at IS NULL THEN 'in-use' ELSE 'retired' END)
    AND lower(i.code || ' ' || v.body) LIKE $search ESCAPE '!'`;

const bound = (filter: ItemFilter) => ({
  bankId: filter.bankId ?? '', lesson: filter.lesson ?? '', type: filter.type ?? '', difficulty: filter.difficulty ?? 0,
  state: filter.state ?? '', search: containing(filter.search ?? ''),
});

const ListRow = z.object({
  id: z.string(), code: z.string(), bank_id: z.string(), bank_title: z.string(), lesson_slug: z.string(), type: ItemType,
  difficulty: z.number(), body: json(ItemBody), number: z.number(), retired_at: z.number().nullable(),
});

/** Items that the filter lets through, by code. */
export async function itemList(from: Reader, filter: ItemFilter, page: { limit: number; offset: number }): Promise<ItemRow[]> {
  const found = await rows(from, ListRow, `SELECT i.id, i.code, i.bank_id, b.title AS bank_title, i.lesson_slug, i.type, v.difficulty, v.body, v.number, i.retired_at
    ${FROM} ORDER BY b.origin, i.code LIMIT $limit OFFSET $offset`, { ...bound(filter), ...page });
  return found.map((row) => ({
    id: row.id, code: row.code, bankId: row.bank_id, bankTitle: row.bank_title, lesson: row.lesson_slug, type: row.type,
    difficulty: row.difficulty, stem: row.body.stem, version: row.number, state: row.retired_at === null ? 'in-use' : 'retired',
  }));
}

export async function countItemList(from: Reader, filter: ItemFilter): Promise<number> {
  return (await one(from, z.object({ n: z.number() }), `SELECT COUNT(*) AS n ${FROM}`, bound(filter))).n;
}

/** Lessons that have items, for filters. */
export async function itemLessons(from: Reader): Promise<string[]> {
  const found = await rows(from, z.object({ lesson_slug: z.string() }), 'SELECT DISTINCT lesson_slug FROM items ORDER BY lesson_slug');
  return found.map((row) => row.lesson_slug);
}

/** An item with its key, as its author sees it. */
export interface AuthoredItem {
  id: string;
  code: string;
  bankId: string;
  lesson: string;
  type: ItemType;
  retiredAt: Instant | null;
  version: number;
  /** When the version was made. */
  changedAt: Instant;
  difficulty: number;
  body: ItemBody;
  key: ItemKey;
  explanation: string;
}

const FullRow = z.object({
  id: z.string(), code: z.string(), bank_id: z.string(), lesson_slug: z.string(), type: ItemType, retired_at: z.number().nullable(),
  number: z.number(), created_at: z.number(), difficulty: z.number(), body: json(ItemBody), key: json(ItemKey), explanation: z.string(),
});

/** An item in one of its versions (default: the current one), or null. */
export async function findItem(from: Reader, id: string, version = 0): Promise<AuthoredItem | null> {
  const row = await maybeOne(from, FullRow, `SELECT i.id, i.code, i.bank_id, i.lesson_slug, i.type, i.retired_at, v.number, v.created_at,
      v.difficulty, v.body, v.key, v.explanation
    FROM items i JOIN item_versions v ON v.item_id = i.id
    WHERE i.id = $id AND ((v.id = i.current_version_id AND $version = 0) OR v.number = $version)`, { id, version });
  return row && {
    id: row.id, code: row.code, bankId: row.bank_id, lesson: row.lesson_slug, type: row.body.type, retiredAt: row.retired_at,
    version: row.number, changedAt: row.created_at, difficulty: row.difficulty, body: row.body, key: row.key, explanation: row.explanation,
  };
}

const VersionRow = z.object({ number: z.number(), created_at: z.number() });

/** The versions of an item, latest first. */
export const itemVersions = (from: Reader, id: string): Promise<z.infer<typeof VersionRow>[]> =>
  rows(from, VersionRow, 'SELECT number, created_at FROM item_versions WHERE item_id = $id ORDER BY number DESC', { id });

/** The id of a version of an item, under which papers and marks name it; null when there is none. */
export const versionIdOf = async (from: Reader, itemId: string, number: number): Promise<string | null> =>
  (await maybeOne(from, z.object({ id: z.string() }), 'SELECT id FROM item_versions WHERE item_id = $itemId AND number = $number', { itemId, number }))?.id ?? null;
