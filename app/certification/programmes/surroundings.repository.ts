import { z } from 'zod';
import { rows, type Reader } from '~/db';
import type { PlainDate } from '~/kernel/calendar';

const Id = z.object({ id: z.string() });
const Asked = z.object({ programme_id: z.string(), asks: z.string().nullable() });

/**
 * Programmes that somebody can be assigned, now or from a day to come, and the programmes whose credentials their
 * latest version asks for.
 */
export async function programmesInUse(from: Reader): Promise<Map<string, string[]>> {
  const found = await rows(from, Asked, `SELECT v.programme_id, r.programme_id AS asks FROM programme_versions v
    LEFT JOIN requirements r ON r.programme_version_id = v.id AND r.kind = 'credential'
    WHERE v.state = 'published' AND NOT EXISTS (SELECT 1 FROM programme_versions later
      WHERE later.programme_id = v.programme_id AND later.state = 'published' AND later.number > v.number)`);
  const programmes = new Map<string, string[]>();
  for (const { programme_id: id, asks } of found) programmes.set(id, [...(programmes.get(id) ?? []), ...(asks === null ? [] : [asks])]);
  return programmes;
}

const idsOf = async (from: Reader, table: 'courses' | 'organisations' | 'intakes'): Promise<Set<string>> =>
  new Set((await rows(from, Id, `SELECT id FROM ${table}`)).map(({ id }) => id));

export const courseIds = (from: Reader): Promise<Set<string>> => idsOf(from, 'courses');
export const organisationIds = (from: Reader): Promise<Set<string>> => idsOf(from, 'organisations');
export const intakeIds = (from: Reader): Promise<Set<string>> => idsOf(from, 'intakes');

const Named = z.object({ id: z.string(), title_zh: z.string(), title_en: z.string() });

/** Programmes by the titles of their latest version, for choosing from. */
export const programmeTitles = (from: Reader): Promise<z.infer<typeof Named>[]> =>
  rows(from, Named, `SELECT p.id, v.title_zh, v.title_en FROM programmes p JOIN programme_versions v ON v.programme_id = p.id
    WHERE NOT EXISTS (SELECT 1 FROM programme_versions later WHERE later.programme_id = p.id AND later.number > v.number) ORDER BY p.slug`);

const CourseTitle = z.object({ id: z.string(), title_zh: z.string(), title_en: z.string() });

/** Courses by the titles of their latest version. */
export const courseTitles = (from: Reader): Promise<z.infer<typeof CourseTitle>[]> =>
  rows(from, CourseTitle, `SELECT c.id, v.title_zh, v.title_en FROM courses c JOIN course_versions v ON v.course_id = c.id
    WHERE NOT EXISTS (SELECT 1 FROM course_versions later WHERE later.course_id = c.id AND later.number > v.number) ORDER BY c.slug`);

const IntakeName = z.object({ id: z.string(), name: z.string(), start_of_duty: z.string() });

/** Intakes, the latest start first. */
export const intakeNames = (from: Reader): Promise<{ id: string; name: string; start_of_duty: PlainDate }[]> =>
  rows(from, IntakeName, 'SELECT id, name, start_of_duty FROM intakes ORDER BY start_of_duty DESC, name LIMIT 500');

/** Every version that somebody may have been assigned. */
export const assignableVersionIds = async (from: Reader): Promise<string[]> =>
  (await rows(from, Id, `SELECT id FROM programme_versions WHERE state <> 'draft'`)).map(({ id }) => id);
