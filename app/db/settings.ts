import { z } from 'zod';
import { maybeOne, type Reader } from './query';
import { insert, type Tx } from './transaction';

const Row = z.object({ value: z.string() });

/** A setting of the deployment that administrators change, or null. */
export async function findSetting(from: Reader, name: string): Promise<string | null> {
  return (await maybeOne(from, Row, 'SELECT value FROM settings WHERE name = $name', { name }))?.value ?? null;
}

export async function saveSetting(tx: Tx, name: string, value: string): Promise<void> {
  await insert(tx, 'settings', [{ name, value, changed_at: tx.now }],
    'ON CONFLICT (name) DO UPDATE SET value = excluded.value, changed_at = excluded.changed_at');
}
