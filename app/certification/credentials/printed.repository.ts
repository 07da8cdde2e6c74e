import { z } from 'zod';
import { json, maybeOne, one, rows, type Reader } from '~/db';
import { REQUIREMENT_KINDS, RequirementParams } from '../requirement';

const HolderRow = z.object({ name: z.string(), recruitment_number: z.string().nullable(), organisation: z.string(), organisation_path: z.string(), post: z.string() });
export type Holder = z.infer<typeof HolderRow>;

/** What is printed about the holder of an assignment. */
export const holderOf = (from: Reader, assignmentId: string): Promise<Holder> =>
  one(from, HolderRow, `SELECT p.name, i.value AS recruitment_number, o.name AS organisation, o.path AS organisation_path, ap.post
    FROM assignments a JOIN persons p ON p.id = a.person_id JOIN appointments ap ON ap.id = a.appointment_id
    JOIN organisations o ON o.id = ap.organisation_id
    LEFT JOIN identifiers i ON i.person_id = p.id AND i.kind = 'recruitment'
    WHERE a.id = $assignmentId ORDER BY i.id LIMIT 1`, { assignmentId });

const TitleRow = z.object({
  code: z.string(), kind: z.enum(REQUIREMENT_KINDS), params: json(RequirementParams), title_zh: z.string().nullable(), title_en: z.string().nullable(), minutes: z.number().nullable(),
});
export type PrintedTitle = z.infer<typeof TitleRow>;

/**
 * The titles under which the requirements of a programme version are printed: of the course version that was
 * completed, of the exam, of the programme whose credential is held; else what the requirement itself says.
 */
export const printedTitles = (from: Reader, versionId: string, personId: string): Promise<PrintedTitle[]> =>
  rows(from, TitleRow, `SELECT r.code, r.kind, r.params, d.minutes, COALESCE(v.title_zh, e.title_zh, p.title_zh, n.title_zh) AS title_zh,
      COALESCE(v.title_en, e.title_en, p.title_en, n.title_en) AS title_en
    FROM requirements r LEFT JOIN exams e ON e.id = r.exam_id
    LEFT JOIN completions d ON d.course_id = r.course_id AND d.person_id = $personId LEFT JOIN course_versions v ON v.id = d.course_version_id
    LEFT JOIN course_versions n ON n.course_id = r.course_id AND n.number = (SELECT MAX(m.number) FROM course_versions m WHERE m.course_id = r.course_id)
    LEFT JOIN programme_versions p ON p.programme_id = r.programme_id AND p.number = (
      SELECT MAX(q.number) FROM programme_versions q WHERE q.programme_id = r.programme_id AND q.state <> 'draft')
    WHERE r.programme_version_id = $versionId`, { versionId, personId });

const VersionRow = z.object({ title_zh: z.string(), title_en: z.string(), number: z.number(), gate: z.enum(['before-start-of-duty', 'before-confirmation', 'none']), programme_id: z.string() });

/** What is printed about the programme. */
export const printedProgramme = (from: Reader, versionId: string): Promise<z.infer<typeof VersionRow> | null> =>
  maybeOne(from, VersionRow, 'SELECT title_zh, title_en, number, gate, programme_id FROM programme_versions WHERE id = $versionId', { versionId });

const ChoiceRow = z.object({ id: z.string(), zh: z.string(), en: z.string() });

/** The programmes that were published, by their newest title. */
export const programmeChoices = (from: Reader): Promise<z.infer<typeof ChoiceRow>[]> =>
  rows(from, ChoiceRow, `SELECT v.programme_id AS id, v.title_zh AS zh, v.title_en AS en FROM programme_versions v
    WHERE v.number = (SELECT MAX(m.number) FROM programme_versions m WHERE m.programme_id = v.programme_id AND m.state <> 'draft') ORDER BY v.title_zh, v.programme_id`);
