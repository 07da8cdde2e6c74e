import { z } from 'zod';
import { fillBlueprint, type Blueprint, type ItemBody, type ItemKey, type ItemType } from '~/courses';
import { err, ok, type Result } from '~/kernel/result';
import { shuffled, type Random } from './random';

/** One item on a candidate's paper, as stored: nothing is shuffled again after this. */
export const PaperEntry = z.object({
  /** Id of the item version. */
  item: z.string(),
  points: z.number(),
  /** Letters of the options as shown; for a match, what stands left. Empty for true-false and short. */
  order: z.array(z.string()),
  /** For a match, the letters of what stands right, as shown. */
  rightOrder: z.array(z.string()).optional(),
  /** The section of the exam it stands in, counted from 0; absent: there is only one. */
  section: z.number().int().min(0).optional(),
});
export type PaperEntry = z.infer<typeof PaperEntry>;

/** An item that may be drawn. */
export interface PoolItem {
  /** Id of the item version. */
  id: string;
  lesson: string;
  type: ItemType;
  body: ItemBody;
  key: ItemKey;
}

/** Lines of the blueprint that stand together, as many as they are; together they are all lines. */
export type PaperSections = readonly { lines: number }[];

/**
 * Draws a paper: every line of the blueprint gets its items, none twice. Items not in `avoid` come first,
 * so that a second attempt differs as far as the bank allows. Lines of one type stand together, in the
 * blueprint's order, their items mixed, but never with those of another section. The same pool, in any order,
 * and the same chance give the same paper.
 * @param sections empty: the paper is not divided
 */
export function drawFrom(
  pool: readonly PoolItem[], blueprint: Blueprint, random: Random, avoid: ReadonlySet<string> = new Set(), sections: PaperSections = [],
): Result<PaperEntry[]> {
  const mixed = shuffled([...pool].sort((a, b) => (a.id < b.id ? -1 : 1)), random);
  const fresh = mixed.filter((item) => !avoid.has(item.id));
  const candidates = [...fresh, ...mixed.filter((item) => avoid.has(item.id))];
  const placed = candidates.map(({ lesson, type }) => ({ lesson, type }));
  const filled = fillBlueprint(blueprint, placed, fresh.length);
  const drawn = blueprint.map((line, i) => ({ line, items: (filled[i] ?? []).flatMap((at) => candidates[at] ?? []) }));
  const short = drawn.findIndex(({ line, items }) => items.length < line.count);
  const shortLine = drawn[short];
  if (shortLine) return err('itembank.too-small', { line: short + 1, asked: shortLine.line.count, available: shortLine.items.length });
  const ofLine = sections.flatMap(({ lines }, section) => Array<number>(lines).fill(section));
  // Lines that a shortened division forgot stand in its last section.
  const sectionOf = (line: number): number | null => ofLine[line] ?? (sections.length > 0 ? sections.length - 1 : null);
  return ok(inGroups(drawn.map((one, i) => ({ ...one, section: sectionOf(i) }))).flatMap((group) => shuffled(group, random)).map(({ item, points, section }) =>
    ({ item: item.id, points, ...orderOf(item, random), ...(section !== null && { section }) })));
}

interface Drawn { item: PoolItem; points: number; section: number | null }

/** What stands together: neighbouring lines of one type in one section. */
function inGroups(drawn: { line: Blueprint[number]; section: number | null; items: PoolItem[] }[]): Drawn[][] {
  const groups: { type: ItemType; section: number | null; items: Drawn[] }[] = [];
  for (const { line, section, items } of drawn) {
    const last = groups.at(-1);
    const more = items.map((item) => ({ item, points: line.points, section }));
    if (last?.type === line.type && last.section === section) last.items.push(...more);
    else groups.push({ type: line.type, section, items: more });
  }
  return groups.map((group) => group.items);
}

function orderOf({ body, key }: PoolItem, random: Random): Pick<PaperEntry, 'order' | 'rightOrder'> {
  switch (body.type) {
    case 'true-false': case 'short': return { order: [] };
    case 'single': case 'multiple': return { order: shuffled(Object.keys(body.options), random) };
    case 'order': return { order: notTheKey(shuffled(Object.keys(body.options), random), key) };
    case 'match': return { order: shuffled(Object.keys(body.left), random), rightOrder: shuffled(Object.keys(body.right), random) };
  }
}

/** Steps shown in the right order would give the key away: then the first goes to the end. */
function notTheKey(order: string[], key: ItemKey): string[] {
  const given = Array.isArray(key) && key.every((letter, i) => letter === order[i]);
  return given ? [...order.slice(1), ...order.slice(0, 1)] : order;
}
