import { z } from 'zod';
import { rows, type Reader } from './query';
import { insert } from './insert';
import type { Tx } from './transaction';

export async function saveSetting(tx: Tx, name: string, value: string): Promise<void> {
  await insert(tx, 'settings', [{ name, value, changed_at: tx.now }],
    'ON CONFLICT (name) DO UPDATE SET value = excluded.value, changed_at = excluded.changed_at');
}

const NamedRow = z.object({ name: z.string(), value: z.string() });

/** Settings whose name begins with `prefix` (which has no LIKE wildcard in it). */
export const settingsLike = (from: Reader, prefix: string): Promise<{ name: string; value: string }[]> =>
  rows(from, NamedRow, `SELECT name, value FROM settings WHERE name LIKE $prefix || '%' ORDER BY name`, { prefix });
