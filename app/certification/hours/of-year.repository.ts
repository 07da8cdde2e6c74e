import { z } from 'zod';
import { rows, type Reader } from '~/db';
import type { Instant } from '~/kernel/clock';

const EntryRow = z.object({
  id: z.string(), minutes: z.number().nullable(), hundredths: z.number(), at: z.number(), title_zh: z.string(), title_en: z.string(), slug: z.string().nullable(),
});

export interface HourEntry {
  id: string;
  minutes: number;
  /** What counts, in hundredths of an hour. */
  hundredths: number;
  at: Instant;
  title: { zh: string; en: string };
  /** Null when it was not a course of ours. */
  courseSlug: string | null;
}

export interface Hours {
  year: number;
  minutes: number;
  hundredths: number;
  entries: HourEntry[];
}

/** A person's learning hours of a year (by the deployment's zone), the latest entry first. */
export async function hoursOf(from: Reader, personId: string, year: number): Promise<Hours> {
  const found = await rows(from, EntryRow, `SELECT h.id, h.minutes, h.hundredths, h.at, h.title_zh, h.title_en, c.slug
    FROM hour_entries h LEFT JOIN completions d ON h.kind = 'online-course' AND d.id = h.ref LEFT JOIN courses c ON c.id = d.course_id
    WHERE h.person_id = $personId AND h.year = $year AND h.status = 'counted' ORDER BY h.at DESC, h.id`, { personId, year });
  const entries = found.map(({ title_zh: zh, title_en: en, slug: courseSlug, minutes, ...rest }) => ({ ...rest, minutes: minutes ?? 0, title: { zh, en }, courseSlug }));
  const sum = (of: (entry: HourEntry) => number) => entries.reduce((all, entry) => all + of(entry), 0);
  return { year, minutes: sum((entry) => entry.minutes), hundredths: sum((entry) => entry.hundredths), entries };
}
