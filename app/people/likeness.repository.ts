import { z } from 'zod';
import { among, inChunks, insert, rows, saveSetting, settingsLike, type Reader, type Tx } from '~/db';
import type { PlainDate } from '~/kernel/calendar';
import { decrypt } from '~/kernel/secrets';
import { bornHash, birthDateIn, nameInitials, nameKey } from './likeness';

export interface Likeness {
  personId: string;
  name: string;
  /** Null: not known. */
  birthDate: PlainDate | null;
}

/** Notes by what people are recognised; what was known of their birth stays known. */
export const saveLikeness = (tx: Tx, people: readonly Likeness[]): Promise<number> =>
  insert(tx, 'person_likeness', people.map(({ personId, name, birthDate }) => ({
    person_id: personId, name_key: nameKey(name), initials: nameInitials(name), born_hash: birthDate === null ? null : bornHash(name, birthDate),
  })), 'ON CONFLICT (person_id) DO UPDATE SET name_key = excluded.name_key, initials = excluded.initials, born_hash = COALESCE(excluded.born_hash, person_likeness.born_hash)');

const AlikeRow = z.object({ person_id: z.string(), key: z.string() });

/** People born on the same day whose names sound alike, by `bornHash`. */
export const bornAlike = (from: Reader, hashes: readonly string[]): Promise<z.infer<typeof AlikeRow>[]> => inChunks(hashes, (some) => {
  const { list, params } = among(from, 'hashes', some);
  return rows(from, AlikeRow, `SELECT person_id, born_hash AS key FROM person_likeness WHERE born_hash IN (${list})`, params);
});

const PlacedRow = AlikeRow.extend({ organisation_id: z.string() });

/** People whose names sound alike and who serve in one of these organisations. */
export async function servingAlike(from: Reader, keys: readonly string[], organisationIds: readonly string[]): Promise<z.infer<typeof PlacedRow>[]> {
  if (organisationIds.length === 0) return [];
  const organisations = among(from, 'organisations', organisationIds);
  return inChunks(keys, (some) => {
    const { list, params } = among(from, 'keys', some);
    return rows(from, PlacedRow, `SELECT DISTINCT l.person_id, l.name_key AS key, a.organisation_id FROM person_likeness l JOIN appointments a ON a.person_id = l.person_id
      WHERE l.name_key IN (${list}) AND a.ended_on IS NULL AND a.organisation_id IN (${organisations.list})`, { ...params, ...organisations.params });
  });
}

const PersonRow = z.object({ id: z.string(), name: z.string(), encrypted: z.string().nullable() });
const CURSOR = 'likeness.initials-until';

/** How far the people who were registered before likenesses were noted have been gone through; null: from the beginning. */
const cursorOf = async (from: Reader): Promise<string> => (await settingsLike(from, CURSOR))[0]?.value ?? '';

/** Goes through some more people whose likeness was never noted. @returns whether there may be more */
export async function noteSomeLikenesses(tx: Tx, limit: number): Promise<boolean> {
  const after = await cursorOf(tx);
  const found = await rows(tx, PersonRow, `SELECT p.id, p.name, (SELECT MAX(i.encrypted) FROM identifiers i WHERE i.person_id = p.id AND i.kind = 'national') AS encrypted
    FROM persons p WHERE p.id > $after ORDER BY p.id LIMIT $limit`, { after, limit });
  const last = found.at(-1);
  if (!last) return false;
  await saveLikeness(tx, found.map(({ id, name, encrypted }) => ({ personId: id, name, birthDate: encrypted === null ? null : birthDateIn(decrypt(encrypted)) })));
  await saveSetting(tx, CURSOR, last.id);
  return found.length === limit;
}
