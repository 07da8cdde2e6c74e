import { z } from 'zod';
import { maybeOne, rows, type Reader } from '~/db';
import { within } from '~/people';
import type { ReportKind, ReportQuery } from './report';
import type { Title } from './rows/row';

/** Something that a report can be narrowed to, with its title. */
export interface Choice {
  id: string;
  title: Title;
}

const Row = z.object({ id: z.string(), title_zh: z.string(), title_en: z.string() }).transform((row): Choice => ({ id: row.id, title: { zh: row.title_zh, en: row.title_en } }));

const NEWEST_COURSE = 'SELECT MAX(n.number) FROM course_versions n WHERE n.course_id = c.id';
const NEWEST_PROGRAMME = `SELECT MAX(n.number) FROM programme_versions n WHERE n.programme_id = p.id AND n.state <> 'draft'`;

const TARGETS: Record<'clearance' | 'completion' | 'results' | 'overdue', string> = {
  completion: `SELECT c.id, v.title_zh, v.title_en FROM courses c JOIN course_versions v ON v.course_id = c.id AND v.number = (${NEWEST_COURSE})`,
  results: 'SELECT x.id, x.title_zh, x.title_en FROM exams x WHERE x.practice_of IS NULL',
  clearance: `SELECT p.id, v.title_zh, v.title_en FROM programmes p JOIN programme_versions v ON v.programme_id = p.id AND v.number = (${NEWEST_PROGRAMME})`,
  overdue: `SELECT p.id, v.title_zh, v.title_en FROM programmes p JOIN programme_versions v ON v.programme_id = p.id AND v.number = (${NEWEST_PROGRAMME})`,
};

/** The courses, exams or programmes that a report of this kind can be narrowed to. */
export const targetChoices = async (from: Reader, kind: ReportKind): Promise<Choice[]> =>
  (kind === 'hours' ? [] : rows(from, Row, `SELECT * FROM (${TARGETS[kind]}) t ORDER BY title_zh, id LIMIT 500`));

const IntakeRow = z.object({ name: z.string() });

/** What the ids in a query are called. */
export async function namesAsked(from: Reader, { kind, intakeId, targetId }: ReportQuery): Promise<{ intake: string | null; target: Title | null }> {
  const intake = intakeId === undefined ? null : await maybeOne(from, IntakeRow, 'SELECT name FROM intakes WHERE id = $intakeId', { intakeId });
  if (targetId === undefined) return { intake: intake?.name ?? null, target: null };
  const target = kind === 'hours' ? null : await maybeOne(from, Row, `SELECT * FROM (${TARGETS[kind]}) t WHERE id = $targetId`, { targetId });
  return { intake: intake?.name ?? null, target: target?.title ?? { zh: targetId, en: targetId } };
}

const IntakeChoice = z.object({ id: z.string(), name: z.string() });

/** Intakes of people in these subtrees, the latest start first. */
export async function intakeChoices(from: Reader, paths: readonly string[]): Promise<{ id: string; name: string }[]> {
  const { sql, params } = within('o.path', paths);
  return rows(from, IntakeChoice, `SELECT n.id, n.name FROM intakes n WHERE EXISTS (
    SELECT 1 FROM appointments a JOIN organisations o ON o.id = a.organisation_id WHERE a.intake_id = n.id AND ${sql}) ORDER BY n.start_of_duty DESC, n.name LIMIT 300`, params);
}

const RankRow = z.object({ rank: z.string() });

/** The ranks that are written in appointments of these subtrees. */
export async function rankChoices(from: Reader, paths: readonly string[]): Promise<string[]> {
  const { sql, params } = within('o.path', paths);
  return (await rows(from, RankRow, `SELECT DISTINCT TRIM(a.rank) AS rank FROM appointments a JOIN organisations o ON o.id = a.organisation_id
    WHERE a.rank IS NOT NULL AND TRIM(a.rank) <> '' AND ${sql} ORDER BY 1 LIMIT 200`, params)).map(({ rank }) => rank);
}
