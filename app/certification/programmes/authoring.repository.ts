import { z } from 'zod';
import { containing, execute, insert, json, maybeOne, one, rows, type Reader, type Tx } from '~/db';
import type { PlainDate } from '~/kernel/calendar';
import { newId } from '~/kernel/id';
import { insertRequirements, requirementsOf } from '../programme.repository';
import { DueRule, GATES, Tree, Validity, type Gate, type Requirement } from '../requirement';
import { AppliesTo } from './applies-to';

export const VERSION_STATES = ['draft', 'published', 'withdrawn'] as const;
export type VersionState = (typeof VERSION_STATES)[number];

const VersionRow = z.object({
  id: z.string(), programme_id: z.string(), slug: z.string(), number: z.number(), state: z.enum(VERSION_STATES), title_zh: z.string(), title_en: z.string(),
  gate: z.enum(GATES), due_rule: json(DueRule), applies_to: json(AppliesTo), tree: json(Tree), validity: json(Validity), effective_on: z.string(), note: z.string(),
  created_at: z.number(), created_by: z.string(), published_at: z.number().nullable(), published_by: z.string().nullable(), applied_at: z.number().nullable(), version: z.number(),
}).transform((row) => ({
  id: row.id, programmeId: row.programme_id, slug: row.slug, number: row.number, state: row.state, title: { zh: row.title_zh, en: row.title_en }, gate: row.gate,
  due: row.due_rule, appliesTo: row.applies_to, tree: row.tree, validity: row.validity, effectiveOn: row.effective_on, note: row.note,
  createdAt: row.created_at, createdBy: row.created_by, publishedAt: row.published_at, publishedBy: row.published_by, appliedAt: row.applied_at, version: row.version,
}));
export type VersionFields = z.infer<typeof VersionRow>;
/** A version with its requirements: all that it rules. */
export type WrittenVersion = VersionFields & { requirements: Requirement[] };

const SELECT = `SELECT v.id, v.programme_id, p.slug, v.number, v.state, v.title_zh, v.title_en, v.gate, v.due_rule, v.applies_to, v.tree, v.validity, v.effective_on,
  v.note, v.created_at, v.created_by, v.published_at, v.published_by, v.applied_at, v.version FROM programme_versions v JOIN programmes p ON p.id = v.programme_id`;

export async function findWritten(from: Reader, id: string): Promise<WrittenVersion | null> {
  const row = await maybeOne(from, VersionRow, `${SELECT} WHERE v.id = $id`, { id });
  return row && { ...row, requirements: await requirementsOf(from, id) };
}

/** The versions of a programme, the latest first. */
export const versionsOf = (from: Reader, programmeId: string): Promise<VersionFields[]> =>
  rows(from, VersionRow, `${SELECT} WHERE v.programme_id = $programmeId ORDER BY v.number DESC`, { programmeId });

/** Published versions whose job has not ended although they are in effect. */
export const toApply = async (from: Reader, today: PlainDate): Promise<VersionFields[]> =>
  rows(from, VersionRow, `${SELECT} WHERE v.state = 'published' AND v.applied_at IS NULL AND v.effective_on <= $today ORDER BY v.id`, { today });

/** Versions that people are assigned, whether or not new ones still are. */
export const inUse = async (from: Reader): Promise<VersionFields[]> =>
  rows(from, VersionRow, `${SELECT} WHERE v.state <> 'draft' ORDER BY v.id`);

const ListedRow = z.object({
  id: z.string(), slug: z.string(), title_zh: z.string(), title_en: z.string(), gate: z.enum(GATES), state: z.enum(VERSION_STATES), number: z.number(),
  effective_on: z.string(), drafts: z.number(), in_force: z.number().nullable(), assigned: z.number(), cleared: z.number(),
});
export type ListedProgramme = z.infer<typeof ListedRow>;

/** All programmes by their latest version, with how many are assigned and cleared. */
export function listProgrammes(from: Reader, { search = '', today }: { search?: string | undefined; today: PlainDate }): Promise<ListedProgramme[]> {
  return rows(from, ListedRow, `SELECT p.id, p.slug, v.title_zh, v.title_en, v.gate, v.state, v.number, v.effective_on,
      (SELECT COUNT(*) FROM programme_versions d WHERE d.programme_id = p.id AND d.state = 'draft') AS drafts,
      (SELECT MAX(f.number) FROM programme_versions f WHERE f.programme_id = p.id AND f.state = 'published' AND f.effective_on <= $today) AS in_force,
      (SELECT COUNT(DISTINCT a.appointment_id) FROM assignments a JOIN programme_versions w ON w.id = a.programme_version_id WHERE w.programme_id = p.id AND a.ended_at IS NULL) AS assigned,
      (SELECT COUNT(DISTINCT a.appointment_id) FROM assignments a JOIN programme_versions w ON w.id = a.programme_version_id JOIN clearances c ON c.assignment_id = a.id
        WHERE w.programme_id = p.id AND a.ended_at IS NULL AND c.status <> 'not-cleared') AS cleared
    FROM programmes p JOIN programme_versions v ON v.programme_id = p.id
    WHERE NOT EXISTS (SELECT 1 FROM programme_versions later WHERE later.programme_id = p.id AND later.number > v.number)
      AND (lower(v.title_zh) LIKE $search ESCAPE '!' OR lower(v.title_en) LIKE $search ESCAPE '!' OR p.slug LIKE $search ESCAPE '!')
    ORDER BY v.title_zh, p.slug`, { today, search: containing(search) });
}

const Counts = z.object({ assigned: z.number(), cleared: z.number().nullable() });

/** How many are assigned this version, and how many of them are cleared or waived. */
export const countsOf = (from: Reader, versionId: string): Promise<z.infer<typeof Counts>> =>
  one(from, Counts, `SELECT COUNT(*) AS assigned, SUM(CASE WHEN c.status <> 'not-cleared' THEN 1 ELSE 0 END) AS cleared
    FROM assignments a LEFT JOIN clearances c ON c.assignment_id = a.id WHERE a.programme_version_id = $versionId AND a.ended_at IS NULL`, { versionId });

/** @returns the programme's id, or null when the short name is taken */
export async function insertEmptyProgramme(tx: Tx, slug: string): Promise<string | null> {
  const id = newId();
  return await insert(tx, 'programmes', [{ id, slug, created_at: tx.now }], 'ON CONFLICT (slug) DO NOTHING') > 0 ? id : null;
}

export interface Ruling {
  title: { zh: string; en: string };
  gate: Gate;
  due: DueRule;
  appliesTo: AppliesTo;
  tree: Tree;
  validity: Validity;
  note: string;
}

const columnsOf = (ruling: Ruling) => ({
  title_zh: ruling.title.zh, title_en: ruling.title.en, gate: ruling.gate, due_rule: JSON.stringify(ruling.due), applies_to: JSON.stringify(ruling.appliesTo),
  tree: JSON.stringify(ruling.tree), validity: JSON.stringify(ruling.validity), note: ruling.note,
});

/** @returns the draft's id, or null when somebody drafted that number at the same time */
export async function insertDraft(tx: Tx, programmeId: string, number: number, draft: Ruling & { requirements: Requirement[]; today: PlainDate; by: string }): Promise<string | null> {
  const id = newId();
  const added = await insert(tx, 'programme_versions', [{
    id, programme_id: programmeId, number, state: 'draft', ...columnsOf(draft), effective_on: draft.today, created_at: tx.now, created_by: draft.by,
  }], 'ON CONFLICT (programme_id, number) DO NOTHING');
  if (added === 0) return null;
  if (draft.requirements.length > 0) await insertRequirements(tx, id, draft.requirements);
  return id;
}

/** Zero rows: it is no draft, or somebody changed it after `version`. */
export const updateDraft = (tx: Tx, id: string, version: number, ruling: Ruling): Promise<number> => {
  const columns = columnsOf(ruling);
  return execute(tx, `UPDATE programme_versions SET ${Object.keys(columns).map((name) => `${name} = $${name}`).join(', ')}, version = version + 1
    WHERE id = $id AND version = $version AND state = 'draft'`, { id, version, ...columns });
};

/** The requirements of a draft anew, in their order. */
export async function replaceRequirements(tx: Tx, versionId: string, requirements: Requirement[]): Promise<void> {
  await execute(tx, 'DELETE FROM requirements WHERE programme_version_id = $versionId', { versionId });
  if (requirements.length > 0) await insertRequirements(tx, versionId, requirements);
}

/** Makes a draft vanish that nobody was ever assigned. */
export async function deleteDraft(tx: Tx, id: string, version: number): Promise<boolean> {
  // Locks it, so that it cannot be published meanwhile.
  if (await execute(tx, `UPDATE programme_versions SET version = version + 1 WHERE id = $id AND version = $version AND state = 'draft'`, { id, version }) === 0) return false;
  await execute(tx, 'DELETE FROM requirements WHERE programme_version_id = $id', { id });
  await execute(tx, 'DELETE FROM programme_versions WHERE id = $id', { id });
  // A programme that never had another version never was.
  await execute(tx, 'DELETE FROM programmes WHERE NOT EXISTS (SELECT 1 FROM programme_versions v WHERE v.programme_id = programmes.id)');
  return true;
}

export const markPublished = (tx: Tx, id: string, version: number, given: { effectiveOn: PlainDate; by: string }): Promise<number> =>
  execute(tx, `UPDATE programme_versions SET state = 'published', effective_on = $effectiveOn, published_at = $now, published_by = $by, version = version + 1
    WHERE id = $id AND version = $version AND state = 'draft'`, { id, version, now: tx.now, ...given });

export const markWithdrawn = (tx: Tx, id: string, version: number): Promise<number> =>
  execute(tx, `UPDATE programme_versions SET state = 'withdrawn', version = version + 1 WHERE id = $id AND version = $version AND state = 'published'`, { id, version });

export const markApplied = (tx: Tx, id: string): Promise<number> =>
  execute(tx, 'UPDATE programme_versions SET applied_at = $now WHERE id = $id AND applied_at IS NULL', { id, now: tx.now });

const EventRow = z.object({ kind: z.string(), at: z.number(), by: z.string(), body: json(z.record(z.string(), z.unknown())) });
export type ProgrammeEvent = z.infer<typeof EventRow>;

/** What happened to a programme and its versions, the latest first. */
export const historyOfProgramme = (from: Reader, programmeId: string): Promise<ProgrammeEvent[]> =>
  rows(from, EventRow, `SELECT kind, at, by, body FROM ledger_events WHERE (subject_kind = 'programme' AND subject_id = $programmeId)
      OR (subject_kind = 'programme-version' AND subject_id IN (SELECT id FROM programme_versions WHERE programme_id = $programmeId))
    ORDER BY recorded_at DESC, id DESC LIMIT 200`, { programmeId });
