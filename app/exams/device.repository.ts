import { z } from 'zod';
import { execute, insert, maybeOne, type Reader, type Tx } from '~/db';
import type { Instant } from '~/kernel/clock';

const Permit = z.object({ id: z.string(), granted_by: z.string(), reason: z.string(), expires_at: z.number() })
  .transform((row) => ({ id: row.id, grantedBy: row.granted_by, reason: row.reason, expiresAt: row.expires_at }));
export type DevicePermit = z.infer<typeof Permit>;

/** The permit with which another device may take over at `now`, or null. */
export const openPermit = (from: Reader, attemptId: string, now: Instant): Promise<DevicePermit | null> =>
  maybeOne(from, Permit, `SELECT id, granted_by, reason, expires_at FROM device_permits
    WHERE attempt_id = $attemptId AND used_at IS NULL AND expires_at > $now ORDER BY granted_at DESC LIMIT 1`, { attemptId, now });

export const insertPermit = (tx: Tx, permit: { id: string; attemptId: string; by: string; reason: string; expiresAt: Instant }): Promise<number> =>
  insert(tx, 'device_permits', [{
    id: permit.id, attempt_id: permit.attemptId, granted_by: permit.by, reason: permit.reason, granted_at: tx.now, expires_at: permit.expiresAt,
  }]);

/** A permit serves once: 0 rows when it was used or ran out meanwhile. */
export const usePermit = (tx: Tx, permitId: string): Promise<number> =>
  execute(tx, 'UPDATE device_permits SET used_at = $now WHERE id = $permitId AND used_at IS NULL AND expires_at > $now', { permitId, now: tx.now });

/** No contact yet: the new device's first save ends the silence, which is evidence of time lost. */
const Contact = z.object({ previous_contact_at: z.number().nullable() });

/**
 * Makes `device` the one that writes; pages of the one before learn of it.
 * @returns the contact before, or null when the attempt does not run any more
 */
export const bindDevice = async (tx: Tx, attemptId: string, device: string): Promise<{ previousAt: Instant | null } | null> => {
  const bound = await maybeOne(tx, Contact, `UPDATE attempts SET device = $device, device_at = $now, previous_contact_at = last_contact_at,
      last_contact_at = $now, signal_at = $now, version = version + 1
    WHERE id = $attemptId AND state = 'in-progress' RETURNING previous_contact_at`, { attemptId, device, now: tx.now });
  return bound && { previousAt: bound.previous_contact_at };
};
