import { z } from 'zod';
import { execute, insert, json, maybeOne, type Reader, type Tx } from '~/db';
import { CATEGORIES, type Category } from '../category';

export const LANGS = ['both', 'zh', 'en'] as const;

const PreferencesRow = z.object({
  channels: json(z.array(z.string())).nullable(), digest_hour: z.number().nullable(), lang: z.enum(LANGS), off: json(z.array(z.enum(CATEGORIES))), version: z.number(),
}).transform(({ digest_hour: digestHour, ...row }) => ({ ...row, digestHour }));

/** How somebody wants to be told; `null`: as the house has it. */
export interface Preferences {
  /** Ids of channels. */
  channels: string[] | null;
  digestHour: number | null;
  lang: (typeof LANGS)[number];
  /** What they have switched off. */
  off: Category[];
}

/** What somebody has set, with its version; 0: nothing yet. */
export async function preferencesOf(from: Reader, personId: string): Promise<Preferences & { version: number }> {
  const kept = await maybeOne(from, PreferencesRow, 'SELECT channels, digest_hour, lang, off, version FROM notice_preferences WHERE person_id = $personId', { personId });
  return kept ?? { channels: null, digestHour: null, lang: 'both', off: [], version: 0 };
}

/** @returns 0 when they were changed after `version` */
export async function putPreferences(tx: Tx, personId: string, version: number, { channels, digestHour, lang, off }: Preferences): Promise<number> {
  const row = { channels: channels && JSON.stringify(channels), digest_hour: digestHour, lang, off: JSON.stringify(off), changed_at: tx.now };
  if (version === 0) return insert(tx, 'notice_preferences', [{ person_id: personId, ...row }], 'ON CONFLICT (person_id) DO NOTHING');
  return execute(tx, `UPDATE notice_preferences SET channels = $channels, digest_hour = $digest_hour, lang = $lang, off = $off, changed_at = $changed_at, version = version + 1
    WHERE person_id = $personId AND version = $version`, { ...row, personId, version });
}
