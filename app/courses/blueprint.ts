import { z } from 'zod';
import { ItemType } from './item';

/** One line: how many items of a type from which lessons, and what each is worth. */
export const BlueprintLine = z.strictObject({
  lessons: z.array(z.string().min(1)).min(1, 'name at least one lesson'),
  type: ItemType,
  count: z.number().int().min(1).max(200),
  points: z.number().positive().max(100),
});
export type BlueprintLine = z.infer<typeof BlueprintLine>;

/** What a paper is made of (组卷蓝图). */
export const Blueprint = z.array(BlueprintLine).min(1, 'a blueprint needs at least one line');
export type Blueprint = z.infer<typeof Blueprint>;

export const blueprintItems = (blueprint: Blueprint): number => blueprint.reduce((sum, line) => sum + line.count, 0);

/** Points of the whole paper. Rounded to thousandths, so that 0.1 + 0.2 is 0.3. */
export const blueprintPoints = (blueprint: Blueprint): number =>
  Math.round(blueprint.reduce((sum, line) => sum + line.count * line.points, 0) * 1000) / 1000;

/** What a line asks of an item. */
export interface Placed {
  lesson: string;
  type: ItemType;
}

const fits = (line: BlueprintLine, item: Placed): boolean => line.type === item.type && line.lessons.includes(item.lesson);

/**
 * Gives every line its items, none twice: a matching of places and items, so that lines which share
 * lessons never take each other's last item while another would have done.
 * @param candidates in the order in which they are preferred; when `preferred` of them are given, as many
 *   of those as possible are taken before any other
 * @returns per line the indices of its candidates; fewer than asked for where the blueprint cannot be met
 */
export function fillBlueprint(blueprint: Blueprint, candidates: readonly Placed[], preferred = candidates.length): number[][] {
  const places = blueprint.flatMap((line, i) => Array.from({ length: line.count }, () => i));
  const choices = blueprint.map((line) => candidates.flatMap((item, i) => (fits(line, item) ? [i] : [])));
  const holder = new Map<number, number>();

  /** Finds a candidate for the place, moving others to another candidate where that frees one. */
  const seat = (place: number, limit: number, tried: Set<number>): boolean => {
    for (const candidate of choices[places[place] ?? -1] ?? []) {
      if (candidate >= limit || tried.has(candidate)) continue;
      tried.add(candidate);
      const other = holder.get(candidate);
      if (other === undefined || seat(other, limit, tried)) {
        holder.set(candidate, place);
        return true;
      }
    }
    return false;
  };

  const seated = new Set<number>();
  for (const limit of new Set([preferred, candidates.length])) {
    places.forEach((_, place) => {
      if (!seated.has(place) && seat(place, limit, new Set())) seated.add(place);
    });
  }
  const filled: number[][] = blueprint.map(() => []);
  for (const [candidate, place] of holder) filled[places[place] ?? -1]?.push(candidate);
  return filled;
}

/** How many items there are for a lesson and type. */
export interface ItemCount extends Placed {
  count: number;
}

/** A line that cannot be met. */
export interface BlueprintShortage {
  /** Index of the line. */
  line: number;
  asked: number;
  /** Items of the type in the lessons. May be enough by itself: then other lines need them too. */
  available: number;
  filled: number;
}

/** Items that a line may draw from, before other lines took theirs. */
export const availableFor = (line: BlueprintLine, counts: readonly ItemCount[]): number =>
  counts.reduce((sum, place) => sum + (fits(line, place) ? place.count : 0), 0);

/** The lines of a blueprint that a bank with these counts cannot meet; empty when a paper can be drawn. */
export function checkBlueprint(counts: readonly ItemCount[], blueprint: Blueprint): BlueprintShortage[] {
  const most = blueprintItems(blueprint);
  const candidates = counts.flatMap((place) => Array.from({ length: Math.min(place.count, most) }, (): Placed => place));
  return fillBlueprint(blueprint, candidates).flatMap((items, i) => {
    const line = blueprint[i];
    if (!line || items.length >= line.count) return [];
    return [{ line: i, asked: line.count, available: availableFor(line, counts), filled: items.length }];
  });
}
