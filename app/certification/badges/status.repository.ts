import { randomInt } from 'node:crypto';
import { z } from 'zod';
import { execute, insert, maybeOne, one, rows, type Reader, type Tx } from '~/db';
import { newId } from '~/kernel/id';
import type { StatusPlace } from './badge';

/** Long enough that an address says little about whose badge is asked about, as the specification wants it. */
export const LIST_LENGTH = 131_072;
/** Fuller than this, drawing a free place would take many tries. */
const FULL = 100_000;

const Place = z.object({ list: z.number(), position: z.number() });

/** The place of a credential in the lists of this key; null when it has none that still counts. */
export const placeOf = (from: Reader, credentialId: string, keyId: string): Promise<StatusPlace | null> =>
  maybeOne(from, Place, `SELECT e.list, e.position FROM status_entries e JOIN status_lists l ON l.number = e.list
    WHERE e.credential_id = $credentialId AND e.ended_at IS NULL AND l.key_id = $keyId ORDER BY e.made_at LIMIT 1`, { credentialId, keyId });

/** Draws a place that nobody ever had. */
export async function givePlace(tx: Tx, credentialId: string, keyId: string): Promise<StatusPlace> {
  const list = await listWithRoom(tx, keyId);
  for (;;) {
    const position = randomInt(LIST_LENGTH);
    const row = { id: newId(), credential_id: credentialId, list, position, made_at: tx.now };
    if (await insert(tx, 'status_entries', [row], 'ON CONFLICT (list, position) DO NOTHING') > 0) return { list, position };
  }
}

const Numbered = z.object({ number: z.number() });

/** Counts one more place in a list of this key, a new list when there is none with room. */
async function listWithRoom(tx: Tx, keyId: string): Promise<number> {
  const counted = await maybeOne(tx, Numbered, `UPDATE status_lists SET used = used + 1
    WHERE number = (SELECT MAX(number) FROM status_lists WHERE key_id = $keyId) AND used < $full RETURNING number`, { keyId, full: FULL });
  if (counted) return counted.number;
  await execute(tx, `INSERT INTO status_lists (number, key_id, used, made_at)
    SELECT COALESCE(MAX(number), 0) + 1, CAST($keyId AS TEXT), 0, CAST($now AS BIGINT) FROM status_lists WHERE 1 = 1 ON CONFLICT (number) DO NOTHING`, { keyId, now: tx.now });
  return listWithRoom(tx, keyId);
}

const ListRow = z.object({ number: z.number(), key_id: z.string() });

export const findList = (from: Reader, number: number): Promise<z.infer<typeof ListRow> | null> =>
  maybeOne(from, ListRow, 'SELECT number, key_id FROM status_lists WHERE number = $number', { number });

const Withdrawn = z.object({ position: z.number(), ended_at: z.number().nullable() });

/** The places whose badges count no longer: their credential is not valid now, or it was not when a list was published. */
export const withdrawnPlaces = (from: Reader, list: number): Promise<z.infer<typeof Withdrawn>[]> =>
  rows(from, Withdrawn, `SELECT e.position, e.ended_at FROM status_entries e JOIN credentials c ON c.id = e.credential_id
    WHERE e.list = $list AND (e.ended_at IS NOT NULL OR c.state <> 'valid') ORDER BY e.position`, { list });

/** What is going to be published as withdrawn stays so: revocation has no way back in a status list. */
export const endPlaces = (tx: Tx, list: number): Promise<number> =>
  execute(tx, `UPDATE status_entries SET ended_at = $now WHERE list = $list AND ended_at IS NULL
    AND credential_id IN (SELECT id FROM credentials WHERE state <> 'valid')`, { list, now: tx.now });

const Held = z.object({ credential_id: z.string(), ended_at: z.number().nullable() });

/** Whose place it is; null when it was never given. */
export const holderOfPlace = (from: Reader, { list, position }: StatusPlace): Promise<z.infer<typeof Held> | null> =>
  maybeOne(from, Held, 'SELECT credential_id, ended_at FROM status_entries WHERE list = $list AND position = $position', { list, position });

const Version = z.object({ id: z.string() });

/** The version of the programme that a credential is about. */
export const programmeVersionOf = (from: Reader, assignmentId: string): Promise<z.infer<typeof Version>> =>
  one(from, Version, 'SELECT programme_version_id AS id FROM assignments WHERE id = $assignmentId', { assignmentId });
