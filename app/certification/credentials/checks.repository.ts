import { z } from 'zod';
import { insert, rows, type Reader, type Tx } from '~/db';
import type { PlainDate } from '~/kernel/calendar';

export const CHECK_WAYS = ['number', 'code', 'name', 'qr', 'file'] as const;
export type CheckWay = (typeof CHECK_WAYS)[number];

const CheckRow = z.object({ day: z.string(), how: z.enum(CHECK_WAYS), network: z.enum(['internal', 'public']), times: z.number(), first_at: z.number(), last_at: z.number() });
export type LoggedCheck = z.infer<typeof CheckRow>;

const LIMIT = 100;

/** Who checked a credential in which way, the latest first. */
export const checksOf = (from: Reader, credentialId: string): Promise<LoggedCheck[]> =>
  rows(from, CheckRow, `SELECT day, how, network, times, first_at, last_at FROM credential_checks WHERE credential_id = $credentialId
    ORDER BY last_at DESC LIMIT $limit`, { credentialId, limit: LIMIT });

/** Counts a check. Floods make one row a day grow, never the table. */
export const logCheck = (tx: Tx, check: { credentialId: string; day: PlainDate; how: CheckWay; network: LoggedCheck['network'] }): Promise<number> =>
  insert(tx, 'credential_checks', [{
    credential_id: check.credentialId, day: check.day, how: check.how, network: check.network, times: 1, first_at: tx.now, last_at: tx.now,
  }], `ON CONFLICT (credential_id, day, how, network) DO UPDATE SET times = credential_checks.times + 1, last_at = excluded.last_at`);
