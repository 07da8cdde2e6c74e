import { z } from 'zod';
import { json, maybeOne, reader } from '~/db';
import { itemsForPaper, PaperEntry } from '~/itembank';
import type { ItemShape } from './response-check';

/** What a paper asks, by item: enough to judge whether a value can be a response. */
export type PaperShape = ReadonlyMap<string, ItemShape & { /** The section it belongs to; null in a paper that is not divided. */ section: number | null }>;

/** Papers never change once drawn, so what was read once stays right; the oldest make room for new ones. */
const KEPT = 5000;
const kept = new Map<string, Promise<PaperShape | null>>();

/** The shape of an attempt's paper, or null when there is no such attempt. One read per attempt and process. */
export function paperShape(attemptId: string): Promise<PaperShape | null> {
  const known = kept.get(attemptId);
  if (known) return known;
  const reading = read(attemptId);
  remember(attemptId, reading);
  // Neither a failure nor an absence is worth remembering.
  reading.then((shape) => shape ?? kept.delete(attemptId), () => kept.delete(attemptId));
  return reading;
}

function remember(attemptId: string, reading: Promise<PaperShape | null>): void {
  kept.set(attemptId, reading);
  const [oldest] = kept.keys();
  if (kept.size > KEPT && oldest !== undefined) kept.delete(oldest);
}

const Row = z.object({ entries: json(z.array(PaperEntry)) });

async function read(attemptId: string): Promise<PaperShape | null> {
  const row = await maybeOne(reader(), Row, `SELECT p.entries FROM attempts a JOIN papers p ON p.id = a.paper_id
    WHERE a.id = $attemptId`, { attemptId });
  if (!row) return null;
  const items = await itemsForPaper(reader(), row.entries.map((entry) => entry.item));
  return new Map(row.entries.flatMap((entry): [string, ItemShape & { section: number | null }][] => {
    const item = items.get(entry.item);
    if (!item) return [];
    return [[entry.item, { type: item.type, letters: entry.rightOrder ?? entry.order, lefts: entry.rightOrder ? entry.order : [], section: entry.section ?? null }]];
  }));
}
