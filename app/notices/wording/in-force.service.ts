import type { Reader, Tx } from '~/db';
import { shippedWording, type NoticeKey, type Wording } from '~/text/notice';
import { insertTemplateVersion, templatesInForce, type Template } from './templates.repository';

const isSame = (a: Wording, b: Wording): boolean =>
  a.titleZh === b.titleZh && a.textZh === b.textZh && a.titleEn === b.titleEn && a.textEn === b.textEn;

/**
 * The words in force by key. The program's own words become a version when they are first used, and again when a newer
 * program words them otherwise, so that every notice can be read for ever as it was worded.
 */
export async function wordsInForce(tx: Tx, keys: readonly NoticeKey[]): Promise<Map<NoticeKey, Template>> {
  const wanted = [...new Set(keys)];
  const known = await templatesInForce(tx, wanted);
  const missing = wanted.filter((key) => {
    const template = known.get(key);
    return !template || (template.origin === 'shipped' && !isSame(template.wording, shippedWording(key)));
  });
  if (missing.length === 0) return known;
  for (const key of missing) {
    await insertTemplateVersion(tx, { key, number: (known.get(key)?.number ?? 0) + 1, origin: 'shipped', wording: shippedWording(key), by: 'system:notices' });
  }
  return templatesInForce(tx, wanted);
}

/** The words in force of one key, for what is kept word for word when it is sent. */
export async function wordingInForce(from: Reader, key: NoticeKey): Promise<Wording> {
  const template = (await templatesInForce(from, [key])).get(key);
  return template?.origin === 'own' ? template.wording : shippedWording(key);
}
