import { z } from 'zod';
import { insert, json, maybeOne, rows, type Reader, type Tx } from '~/db';
import type { PlainDate } from '~/kernel/calendar';
import { newId } from '~/kernel/id';
import type { Requirement } from './clearance';

/** To whose appointments a programme applies. */
export const AppliesTo = z.object({ kinds: z.array(z.enum(['recruit', 'staff', 'leader'])) });

const VersionRow = z.object({
  id: z.string(), programme_id: z.string(), number: z.number(), title_zh: z.string(), title_en: z.string(),
  due_working_days: z.number(), applies_to: json(AppliesTo), effective_on: z.string(),
});
export type ProgrammeVersion = z.infer<typeof VersionRow>;

const COLUMNS = 'id, programme_id, number, title_zh, title_en, due_working_days, applies_to, effective_on';

/** The version of each programme that is in effect on `today`. */
export const currentVersions = (from: Reader, today: PlainDate): Promise<ProgrammeVersion[]> =>
  rows(from, VersionRow, `SELECT ${COLUMNS} FROM programme_versions v
    WHERE effective_on <= $today AND NOT EXISTS (SELECT 1 FROM programme_versions later
      WHERE later.programme_id = v.programme_id AND later.effective_on <= $today AND later.number > v.number)
    ORDER BY programme_id`, { today });

export const findVersion = (from: Reader, id: string): Promise<ProgrammeVersion | null> =>
  maybeOne(from, VersionRow, `SELECT ${COLUMNS} FROM programme_versions WHERE id = $id`, { id });

const RequirementRow = z.object({
  code: z.string(), kind: z.enum(['course', 'exam']), course_id: z.string().nullable(), exam_id: z.string().nullable(),
});

/** The requirements of a version in their order. */
export async function requirementsOf(from: Reader, versionId: string): Promise<Requirement[]> {
  const found = await rows(from, RequirementRow, `SELECT code, kind, course_id, exam_id FROM requirements
    WHERE programme_version_id = $versionId ORDER BY position`, { versionId });
  return found.map(({ code, kind, course_id, exam_id }) => {
    const targetId = kind === 'course' ? course_id : exam_id;
    if (targetId === null) throw new Error(`requirement ${code} of version ${versionId} names nothing`);
    return { code, kind, targetId };
  });
}

export interface NewProgramme {
  slug: string;
  titleZh: string;
  titleEn: string;
  dueWorkingDays: number;
  appliesTo: z.infer<typeof AppliesTo>;
  effectiveOn: PlainDate;
  requirements: Requirement[];
}

/** @returns the id of version 1, or null when there is a programme with that slug already */
export async function insertProgramme(tx: Tx, programme: NewProgramme): Promise<string | null> {
  const programmeId = newId();
  const added = await insert(tx, 'programmes', [{ id: programmeId, slug: programme.slug, created_at: tx.now }],
    'ON CONFLICT (slug) DO NOTHING');
  if (added === 0) return null;
  const versionId = newId();
  await insert(tx, 'programme_versions', [{
    id: versionId, programme_id: programmeId, number: 1, title_zh: programme.titleZh, title_en: programme.titleEn,
    gate: 'before-start-of-duty', due_working_days: programme.dueWorkingDays, applies_to: JSON.stringify(programme.appliesTo),
    effective_on: programme.effectiveOn, created_at: tx.now,
  }]);
  await insert(tx, 'requirements', programme.requirements.map(({ code, kind, targetId }, position) => ({
    id: newId(), programme_version_id: versionId, code, position, kind,
    course_id: kind === 'course' ? targetId : null, exam_id: kind === 'exam' ? targetId : null,
  })));
  return versionId;
}
