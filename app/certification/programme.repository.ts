import { z } from 'zod';
import { insert, json, maybeOne, places, rows, type By, type Reader, type Tx } from '~/db';
import type { PlainDate } from '~/kernel/calendar';
import { newId } from '~/kernel/id';
import { AppliesTo } from './programmes/applies-to';
import { DueRule, GATES, REQUIREMENT_KINDS, RequirementParams, Tree, Validity, type Gate, type Requirement } from './requirement';

const VersionRow = z.object({
  id: z.string(), programme_id: z.string(), number: z.number(), title_zh: z.string(), title_en: z.string(),
  state: z.enum(['draft', 'published', 'withdrawn']), gate: z.enum(GATES), due_rule: json(DueRule), applies_to: json(AppliesTo), tree: json(Tree),
  validity: json(Validity), effective_on: z.string(),
});
export type ProgrammeVersion = z.infer<typeof VersionRow>;

const COLUMNS = 'id, programme_id, number, title_zh, title_en, state, gate, due_rule, applies_to, tree, validity, effective_on';

/** The version of each programme that is in effect on `today`. */
export const currentVersions = (from: Reader, today: PlainDate): Promise<ProgrammeVersion[]> =>
  rows(from, VersionRow, `SELECT ${COLUMNS} FROM programme_versions v
    WHERE state = 'published' AND effective_on <= $today AND NOT EXISTS (SELECT 1 FROM programme_versions later
      WHERE later.programme_id = v.programme_id AND later.state = 'published' AND later.effective_on <= $today AND later.number > v.number)
    ORDER BY programme_id`, { today });

export const findVersion = (from: Reader, id: string): Promise<ProgrammeVersion | null> =>
  maybeOne(from, VersionRow, `SELECT ${COLUMNS} FROM programme_versions WHERE id = $id`, { id });

/** Versions by their ids. */
export async function versionsOfAll(from: Reader, ids: string[]): Promise<Map<string, ProgrammeVersion>> {
  if (ids.length === 0) return new Map();
  const { list, params } = places(ids);
  const found = await rows(from, VersionRow, `SELECT ${COLUMNS} FROM programme_versions WHERE id IN (${list})`, params);
  return new Map(found.map((version) => [version.id, version]));
}

const TitleRow = z.object({ zh: z.string(), en: z.string() });

/** What a programme is called in its newest published version. */
export const findProgrammeTitle = (from: Reader, programmeId: string): Promise<z.infer<typeof TitleRow> | null> =>
  maybeOne(from, TitleRow, `SELECT title_zh AS zh, title_en AS en FROM programme_versions
    WHERE programme_id = $programmeId AND state = 'published' ORDER BY number DESC LIMIT 1`, { programmeId });

const RequirementRow = z.object({
  version_id: z.string(), code: z.string(), kind: z.enum(REQUIREMENT_KINDS), target_id: z.string().nullable(), params: json(RequirementParams),
});

/** The requirements of a version in their order. */
export const requirementsOf = async (from: Reader, versionId: string): Promise<Requirement[]> =>
  (await requirementsOfAll(from, [versionId])).get(versionId) ?? [];

/** The requirements of several versions, each in their order. */
export async function requirementsOfAll(from: Reader, versionIds: string[]): Promise<Map<string, Requirement[]>> {
  const found = new Map<string, Requirement[]>(versionIds.map((id) => [id, []]));
  if (versionIds.length === 0) return found;
  const { list, params } = places(versionIds);
  const all = await rows(from, RequirementRow, `SELECT programme_version_id AS version_id, code, kind,
      COALESCE(course_id, exam_id, programme_id, target) AS target_id, params FROM requirements
    WHERE programme_version_id IN (${list}) ORDER BY programme_version_id, position`, params);
  for (const { version_id, code, kind, target_id: targetId, params: more } of all) {
    if (targetId === null) throw new Error(`requirement ${code} of version ${version_id} names nothing`);
    found.get(version_id)?.push({ code, kind, targetId, ...(Object.keys(more).length > 0 && { params: more }) });
  }
  return found;
}

export interface NewProgramme {
  slug: string;
  titleZh: string;
  titleEn: string;
  gate?: Gate;
  dueRule: DueRule;
  appliesTo: AppliesTo;
  /** Default: all requirements. */
  tree?: Tree;
  /** Default: for ever. */
  validity?: Validity;
  effectiveOn: PlainDate;
  requirements: Requirement[];
  by: By;
}

/** @returns the id of version 1, or null when there is a programme with that slug already */
export async function insertProgramme(tx: Tx, programme: NewProgramme): Promise<string | null> {
  const programmeId = newId();
  const added = await insert(tx, 'programmes', [{ id: programmeId, slug: programme.slug, created_at: tx.now }],
    'ON CONFLICT (slug) DO NOTHING');
  if (added === 0) return null;
  const versionId = newId();
  await insert(tx, 'programme_versions', [{
    id: versionId, programme_id: programmeId, number: 1, state: 'published', title_zh: programme.titleZh, title_en: programme.titleEn,
    gate: programme.gate ?? 'before-start-of-duty', due_rule: JSON.stringify(programme.dueRule), applies_to: JSON.stringify(programme.appliesTo),
    tree: JSON.stringify(programme.tree ?? { kind: 'all' }), validity: JSON.stringify(programme.validity ?? { kind: 'for-ever' }),
    effective_on: programme.effectiveOn, created_at: tx.now, created_by: programme.by, published_at: tx.now, published_by: programme.by,
    applied_at: tx.now,
  }]);
  await insertRequirements(tx, versionId, programme.requirements);
  return versionId;
}

/** The requirements of a new version, in their order. */
export const insertRequirements = (tx: Tx, versionId: string, requirements: Requirement[]): Promise<number> =>
  insert(tx, 'requirements', requirements.map(({ code, kind, targetId, params = {} }, position) => ({
    id: newId(), programme_version_id: versionId, code, position, kind,
    course_id: kind === 'course' ? targetId : null, exam_id: kind === 'exam' ? targetId : null, programme_id: kind === 'credential' ? targetId : null,
    target: kind === 'course' || kind === 'exam' || kind === 'credential' ? null : targetId, params: JSON.stringify(params),
  })));
