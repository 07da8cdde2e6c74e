import { z } from 'zod';
import { execute, insert, inTransaction, maybeOne, type Reader, type Tx } from '~/db';
import type { Instant } from '~/kernel/clock';
import { decrypt, encrypt } from '~/kernel/secrets';

/** A request that was given a key: whose it is, and which. */
export interface Keyed {
  applicationId: string;
  key: string;
}

const Row = z.object({ request_hash: z.string(), claimed_at: z.number(), status: z.number().nullable(), answer: z.string().nullable() })
  .transform((row) => ({ hash: row.request_hash, claimedAt: row.claimed_at, answered: row.status === null || row.answer === null ? null : { status: row.status, body: JSON.parse(decrypt(row.answer)) as unknown } }));

export const findKept = (from: Reader, { applicationId, key }: Keyed) =>
  maybeOne(from, Row, 'SELECT request_hash, claimed_at, status, answer FROM idempotent_requests WHERE application_id = $applicationId AND key = $key', { applicationId, key });

/** @returns whether it is the first under its key */
export async function claim(tx: Tx, { applicationId, key }: Keyed, hash: string): Promise<boolean> {
  return await insert(tx, 'idempotent_requests', [{ application_id: applicationId, key, request_hash: hash, claimed_at: tx.now }], 'ON CONFLICT (application_id, key) DO NOTHING') > 0;
}

/** Takes over what somebody claimed and never finished. */
export const takeOver = (tx: Tx, { applicationId, key }: Keyed, claimedAt: Instant): Promise<number> =>
  execute(tx, 'UPDATE idempotent_requests SET claimed_at = $now WHERE application_id = $applicationId AND key = $key AND claimed_at = $claimedAt AND status IS NULL', { applicationId, key, claimedAt, now: tx.now });

/** Keeps the answer, unless somebody has taken the request over. It holds what only the application may read. */
export const keepAnswer = (tx: Tx, { applicationId, key }: Keyed, claimedAt: Instant, { status, body }: { status: number; body: unknown }): Promise<number> =>
  execute(tx, 'UPDATE idempotent_requests SET status = $status, answer = $answer WHERE application_id = $applicationId AND key = $key AND claimed_at = $claimedAt AND status IS NULL',
    { applicationId, key, claimedAt, status, answer: encrypt(JSON.stringify(body)) });

/** Gives a key free again under which nothing was done. */
export const giveUp = (tx: Tx, { applicationId, key }: Keyed, claimedAt: Instant): Promise<number> =>
  execute(tx, 'DELETE FROM idempotent_requests WHERE application_id = $applicationId AND key = $key AND claimed_at = $claimedAt AND status IS NULL', { applicationId, key, claimedAt });

export const forgetKey = (tx: Tx, { applicationId, key }: Keyed, before: Instant): Promise<number> =>
  execute(tx, 'DELETE FROM idempotent_requests WHERE application_id = $applicationId AND key = $key AND claimed_at < $before', { applicationId, key, before });

export const forgetKeys = (before: Instant): Promise<number> =>
  inTransaction((tx) => execute(tx, 'DELETE FROM idempotent_requests WHERE claimed_at < $before', { before }));
