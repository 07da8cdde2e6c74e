import { z } from 'zod';
import { insert, maybeOne, places, rows, type By, type Reader, type Tx } from '~/db';
import { newId } from '~/kernel/id';
import type { NoticeKey, Wording } from '~/text/notice';

const TemplateRow = z.object({
  id: z.string(), template_key: z.string(), number: z.number(), origin: z.enum(['shipped', 'own']),
  title_zh: z.string(), text_zh: z.string(), title_en: z.string(), text_en: z.string(), made_at: z.number(), made_by: z.string(),
}).transform((row) => ({
  id: row.id, key: row.template_key as NoticeKey, number: row.number, origin: row.origin, madeAt: row.made_at, madeBy: row.made_by,
  wording: { titleZh: row.title_zh, textZh: row.text_zh, titleEn: row.title_en, textEn: row.text_en } satisfies Wording,
}));
/** One version of the words of a notice; never changed. */
export type Template = z.infer<typeof TemplateRow>;

const COLUMNS = 't.id, t.template_key, t.number, t.origin, t.title_zh, t.text_zh, t.title_en, t.text_en, t.made_at, t.made_by';

/** The versions in force, by key; a key that was never used has none. */
export async function templatesInForce(from: Reader, keys: readonly NoticeKey[]): Promise<Map<NoticeKey, Template>> {
  if (keys.length === 0) return new Map();
  const { list, params } = places([...keys]);
  const found = await rows(from, TemplateRow, `SELECT ${COLUMNS} FROM notice_templates t WHERE t.template_key IN (${list})
    AND t.number = (SELECT MAX(o.number) FROM notice_templates o WHERE o.template_key = t.template_key)`, params);
  return new Map(found.map((one) => [one.key, one]));
}

/** All versions of one key, the newest first. */
export const versionsOfTemplate = (from: Reader, key: NoticeKey): Promise<Template[]> =>
  rows(from, TemplateRow, `SELECT ${COLUMNS} FROM notice_templates t WHERE t.template_key = $key ORDER BY t.number DESC`, { key });

export const findTemplateVersion = (from: Reader, key: NoticeKey, number: number): Promise<Template | null> =>
  maybeOne(from, TemplateRow, `SELECT ${COLUMNS} FROM notice_templates t WHERE t.template_key = $key AND t.number = $number`, { key, number });

/** @returns false when somebody made that version first */
export async function insertTemplateVersion(tx: Tx, given: { key: NoticeKey; number: number; origin: Template['origin']; wording: Wording; by: By }): Promise<boolean> {
  const { key, number, origin, by, wording: { titleZh, textZh, titleEn, textEn } } = given;
  return await insert(tx, 'notice_templates', [{
    id: newId(), template_key: key, number, origin, title_zh: titleZh, text_zh: textZh, title_en: titleEn, text_en: textEn, made_at: tx.now, made_by: by,
  }], 'ON CONFLICT (template_key, number) DO NOTHING') > 0;
}
