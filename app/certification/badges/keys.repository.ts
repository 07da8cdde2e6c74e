import { z } from 'zod';
import { execute, insert, maybeOne, rows, type Reader, type Tx } from '~/db';
import { newId } from '~/kernel/id';

const KeyRow = z.object({
  id: z.string(), public_key: z.string(), sealed: z.string().nullable(), state: z.enum(['active', 'retired', 'leaked']), made_at: z.number(), ended_at: z.number().nullable(),
});
export type KeyRecord = z.infer<typeof KeyRow>;

const SELECT = 'SELECT id, public_key, sealed, state, made_at, ended_at FROM signing_keys';

export const activeKey = (from: Reader): Promise<KeyRecord | null> => maybeOne(from, KeyRow, `${SELECT} WHERE state = 'active'`);

export const findKey = (from: Reader, id: string): Promise<KeyRecord | null> => maybeOne(from, KeyRow, `${SELECT} WHERE id = $id`, { id });

export const keyByPublic = (from: Reader, publicKey: string): Promise<KeyRecord | null> => maybeOne(from, KeyRow, `${SELECT} WHERE public_key = $publicKey`, { publicKey });

/** The one that signs now, then the others, the newest first. */
export const allKeys = (from: Reader): Promise<KeyRecord[]> => rows(from, KeyRow, `${SELECT} ORDER BY CASE state WHEN 'active' THEN 0 ELSE 1 END, made_at DESC, id DESC`);

/** @returns false when another process was faster: there is one active key at most */
export const insertActive = async (tx: Tx, key: { publicKey: string; sealed: string }): Promise<boolean> =>
  (await insert(tx, 'signing_keys', [{ id: newId(), public_key: key.publicKey, sealed: key.sealed, state: 'active', made_at: tx.now }],
    `ON CONFLICT (state) WHERE state = 'active' DO NOTHING`)) > 0;

export const retire = (tx: Tx, id: string): Promise<number> =>
  execute(tx, `UPDATE signing_keys SET state = 'retired', ended_at = $now WHERE id = $id AND state = 'active'`, { id, now: tx.now });

/** The private half stays: the status lists of what the key has signed go on being signed with it, to say that all of it is withdrawn. */
export const markLeaked = (tx: Tx, id: string): Promise<number> =>
  execute(tx, `UPDATE signing_keys SET state = 'leaked', ended_at = $now WHERE id = $id AND state <> 'leaked'`, { id, now: tx.now });

/** The organisation in whose name everything is issued. */
export const rootName = async (from: Reader): Promise<string | null> =>
  (await maybeOne(from, z.object({ name: z.string() }), 'SELECT name FROM organisations WHERE parent_id IS NULL ORDER BY path LIMIT 1'))?.name ?? null;
