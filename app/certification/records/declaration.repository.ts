import { z } from 'zod';
import { insert, maybeOne, type Reader, type Tx } from '~/db';
import type { Lang } from '~/text';
import type { DeclarationText } from './declaration';

const Row = z.object({
  id: z.string(), person_id: z.string(), code: z.string(), title_zh: z.string(), title_en: z.string(), text_zh: z.string(), text_en: z.string(),
  text_hash: z.string(), lang: z.enum(['zh', 'en']), signed_name: z.string(), signed_at: z.number(),
}).transform((row) => ({
  id: row.id, personId: row.person_id, code: row.code, titleZh: row.title_zh, titleEn: row.title_en, textZh: row.text_zh, textEn: row.text_en,
  textHash: row.text_hash, lang: row.lang, signedName: row.signed_name, signedAt: row.signed_at,
}));
export type Declaration = z.output<typeof Row>;

export const findDeclaration = (from: Reader, assignmentId: string, requirementCode: string): Promise<Declaration | null> =>
  maybeOne(from, Row, `SELECT id, person_id, code, title_zh, title_en, text_zh, text_en, text_hash, lang, signed_name, signed_at
    FROM declarations WHERE assignment_id = $assignmentId AND requirement_code = $requirementCode`, { assignmentId, requirementCode });

export interface NewDeclaration extends DeclarationText {
  id: string;
  personId: string;
  assignmentId: string;
  requirementCode: string;
  textHash: string;
  lang: Lang;
  signedName: string;
  signedBy: string;
}

/** @returns false when it was signed already */
export async function insertDeclaration(tx: Tx, one: NewDeclaration): Promise<boolean> {
  const added = await insert(tx, 'declarations', [{
    id: one.id, person_id: one.personId, assignment_id: one.assignmentId, requirement_code: one.requirementCode, code: one.code,
    title_zh: one.titleZh, title_en: one.titleEn, text_zh: one.textZh, text_en: one.textEn, text_hash: one.textHash, lang: one.lang,
    signed_name: one.signedName, signed_at: tx.now, signed_by: one.signedBy,
  }], 'ON CONFLICT (assignment_id, requirement_code) DO NOTHING');
  return added > 0;
}
