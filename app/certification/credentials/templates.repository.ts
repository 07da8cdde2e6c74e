import { z } from 'zod';
import { execute, insert, json, maybeOne, rows, type Reader, type Tx } from '~/db';
import { newId } from '~/kernel/id';
import type { Snapshot } from '../credential';
import { TemplateContent } from './template';

const TemplateRow = z.object({ id: z.string(), name: z.string(), programme_id: z.string().nullable(), programme_zh: z.string().nullable(), programme_en: z.string().nullable(), made_at: z.number() });
export type Template = z.infer<typeof TemplateRow>;

const TEMPLATE = `SELECT t.id, t.name, t.programme_id, t.made_at,
  (SELECT v.title_zh FROM programme_versions v WHERE v.programme_id = t.programme_id ORDER BY v.number DESC LIMIT 1) AS programme_zh,
  (SELECT v.title_en FROM programme_versions v WHERE v.programme_id = t.programme_id ORDER BY v.number DESC LIMIT 1) AS programme_en FROM credential_templates t`;

export const allTemplates = (from: Reader): Promise<Template[]> => rows(from, TemplateRow, `${TEMPLATE} ORDER BY t.made_at, t.id`);
export const findTemplate = (from: Reader, id: string): Promise<Template | null> => maybeOne(from, TemplateRow, `${TEMPLATE} WHERE t.id = $id`, { id });

const VersionRow = z.object({
  id: z.string(), template_id: z.string(), number: z.number(), state: z.enum(['draft', 'published', 'retired']), content: json(TemplateContent),
  made_at: z.number(), published_at: z.number().nullable(), version: z.number(),
});
export type TemplateVersion = z.infer<typeof VersionRow>;

const VERSION = 'SELECT id, template_id, number, state, content, made_at, published_at, version FROM credential_template_versions';

/** The versions of a template, the newest first. */
export const templateVersions = (from: Reader, templateId: string): Promise<TemplateVersion[]> =>
  rows(from, VersionRow, `${VERSION} WHERE template_id = $templateId ORDER BY number DESC`, { templateId });

const ForRow = z.object({ id: z.string(), name: z.string(), number: z.number(), content: json(TemplateContent) });

/** What credentials of a programme are printed under from now on: its own template, else one for all; null: the program's own. */
export async function templateFor(from: Reader, programmeId: string): Promise<Snapshot['template']> {
  const found = await maybeOne(from, ForRow, `SELECT v.id, t.name, v.number, v.content FROM credential_template_versions v
    JOIN credential_templates t ON t.id = v.template_id WHERE v.state = 'published' AND (t.programme_id = $programmeId OR t.programme_id IS NULL)
    ORDER BY CASE WHEN t.programme_id IS NULL THEN 1 ELSE 0 END, v.published_at DESC, v.id LIMIT 1`, { programmeId });
  return found && { versionId: found.id, name: found.name, number: found.number, content: found.content };
}

export async function insertTemplate(tx: Tx, template: { name: string; programmeId: string | null; by: string }): Promise<string> {
  const id = newId();
  await insert(tx, 'credential_templates', [{ id, name: template.name, programme_id: template.programmeId, made_at: tx.now, made_by: template.by }]);
  return id;
}

export const insertTemplateVersion = (tx: Tx, version: { templateId: string; number: number; content: TemplateContent; by: string }): Promise<number> =>
  insert(tx, 'credential_template_versions', [{
    id: newId(), template_id: version.templateId, number: version.number, state: 'draft', content: JSON.stringify(version.content), made_at: tx.now, made_by: version.by,
  }], 'ON CONFLICT DO NOTHING');

/** @returns 0 when it is no draft any more, or somebody changed it since `version` */
export const saveDraft = (tx: Tx, id: string, version: number, content: TemplateContent): Promise<number> =>
  execute(tx, `UPDATE credential_template_versions SET content = $content, version = version + 1 WHERE id = $id AND version = $version AND state = 'draft'`,
    { id, version, content: JSON.stringify(content) });

export const retirePublished = (tx: Tx, templateId: string): Promise<number> =>
  execute(tx, `UPDATE credential_template_versions SET state = 'retired', version = version + 1 WHERE template_id = $templateId AND state = 'published'`, { templateId });

export const setPublished = (tx: Tx, id: string, version: number, by: string): Promise<number> =>
  execute(tx, `UPDATE credential_template_versions SET state = 'published', published_at = $now, published_by = $by, version = version + 1
    WHERE id = $id AND version = $version AND state = 'draft'`, { id, version, by, now: tx.now });

export const keepEmblem = (tx: Tx, sha256: string, png: Buffer): Promise<number> =>
  insert(tx, 'credential_emblems', [{ sha256, png: png.toString('base64'), added_at: tx.now }], 'ON CONFLICT (sha256) DO NOTHING');

/** An emblem's PNG in base64; null when it was never kept. */
export const findEmblem = async (from: Reader, sha256: string): Promise<string | null> =>
  (await maybeOne(from, z.object({ png: z.string() }), 'SELECT png FROM credential_emblems WHERE sha256 = $sha256', { sha256 }))?.png ?? null;
