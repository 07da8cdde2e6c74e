import { z } from 'zod';
import { rows, type Reader } from '~/db';
import type { Instant } from '~/kernel/clock';

const EntryRow = z.object({
  id: z.string(), minutes: z.number(), at: z.number(), title_zh: z.string(), title_en: z.string(), slug: z.string(),
  audience: z.enum(['recruits', 'leaders', 'residents']),
});

export interface HourEntry {
  id: string;
  minutes: number;
  at: Instant;
  title: { zh: string; en: string };
  courseSlug: string;
  audience: 'recruits' | 'leaders' | 'residents';
}

export interface Hours {
  year: number;
  minutes: number;
  entries: HourEntry[];
}

/** A person's learning hours of a year (by the deployment's zone), the latest entry first. */
export async function hoursOf(from: Reader, personId: string, year: number): Promise<Hours> {
  const found = await rows(from, EntryRow, `SELECT h.id, h.minutes, h.at, v.title_zh, v.title_en, c.slug, c.audience
    FROM hour_entries h JOIN completions d ON d.id = h.completion_id JOIN course_versions v ON v.id = d.course_version_id
    JOIN courses c ON c.id = d.course_id
    WHERE h.person_id = $personId AND h.year = $year ORDER BY h.at DESC, h.id`, { personId, year });
  const entries = found.map(({ title_zh: zh, title_en: en, slug: courseSlug, ...rest }) => ({ ...rest, title: { zh, en }, courseSlug }));
  return { year, minutes: entries.reduce((sum, entry) => sum + entry.minutes, 0), entries };
}

const YearRow = z.object({ year: z.number(), minutes: z.number() });

/** The years in which somebody has entries, with their sums, the latest first. */
export const hourYears = (from: Reader, personId: string): Promise<z.infer<typeof YearRow>[]> =>
  rows(from, YearRow, `SELECT year, SUM(minutes) AS minutes FROM hour_entries WHERE person_id = $personId
    GROUP BY year ORDER BY year DESC`, { personId });
