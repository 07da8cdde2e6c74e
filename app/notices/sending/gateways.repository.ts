import { z } from 'zod';
import { execute, Flag, flag, insert, maybeOne, rows, type By, type Reader, type Tx } from '~/db';
import type { Instant } from '~/kernel/clock';
import { newId } from '~/kernel/id';
import { decrypt, encrypt } from '~/kernel/secrets';
import { ADDRESSED_BY, GATEWAY_KINDS, type Gateway } from './gateway';
import { SEND_RESULTS, type SendResult } from './send-log.repository';

const GatewayRow = z.object({
  id: z.string(), name: z.string(), kind: z.enum(GATEWAY_KINDS), url: z.string(), secret: z.string(), body: z.string(), addressed_by: z.enum(ADDRESSED_BY),
  knows_repeats: Flag, active: Flag, version: z.number(), made_at: z.number(),
}).transform(({ addressed_by: addressedBy, knows_repeats: knowsRepeats, made_at: madeAt, secret, ...row }): KeptGateway =>
  ({ ...row, addressedBy, knowsRepeats, madeAt, secret: decrypt(secret) }));
export interface KeptGateway extends Gateway {
  active: boolean;
  version: number;
  madeAt: number;
}
const COLUMNS = 'id, name, kind, url, secret, body, addressed_by, knows_repeats, active, version, made_at';

export const allGateways = (from: Reader): Promise<KeptGateway[]> => rows(from, GatewayRow, `SELECT ${COLUMNS} FROM notice_channels ORDER BY kind, name`);

/** Those in use, messengers before text messages, which cost money. */
export const gatewaysInUse = (from: Reader): Promise<KeptGateway[]> =>
  rows(from, GatewayRow, `SELECT ${COLUMNS} FROM notice_channels WHERE active = 1 ORDER BY kind, name`);

export const findGateway = (from: Reader, id: string): Promise<KeptGateway | null> =>
  maybeOne(from, GatewayRow, `SELECT ${COLUMNS} FROM notice_channels WHERE id = $id`, { id });

export type GatewayFields = Omit<Gateway, 'id'> & { active: boolean };

const columnsOf = ({ name, kind, url, secret, body, addressedBy, knowsRepeats, active }: GatewayFields) => ({
  name, kind, url, secret: encrypt(secret), body, addressed_by: addressedBy, knows_repeats: flag(knowsRepeats), active: flag(active),
});

/** @returns the id; null when the name is taken */
export async function insertGateway(tx: Tx, fields: GatewayFields, by: By): Promise<string | null> {
  const id = newId();
  const made = await insert(tx, 'notice_channels', [{ id, ...columnsOf(fields), made_at: tx.now, made_by: by }], 'ON CONFLICT (name) DO NOTHING');
  return made > 0 ? id : null;
}

/** @returns 0 when somebody changed it after `version` */
export const updateGateway = (tx: Tx, id: string, version: number, fields: GatewayFields): Promise<number> =>
  execute(tx, `UPDATE notice_channels SET name = $name, kind = $kind, url = $url, secret = $secret, body = $body, addressed_by = $addressed_by,
    knows_repeats = $knows_repeats, active = $active, version = version + 1 WHERE id = $id AND version = $version`, { id, version, ...columnsOf(fields) });

const IdRow = z.object({ id: z.string() });

/** Whether another gateway has the name. */
export const isNameTaken = async (from: Reader, name: string, except: string): Promise<boolean> =>
  (await maybeOne(from, IdRow, 'SELECT id FROM notice_channels WHERE name = $name AND id <> $except', { name, except })) !== null;

const ResultRow = z.object({ result: z.enum(SEND_RESULTS), n: z.number() }).transform(({ result, n }) => ({ result, count: n }));

/** What became of the messages of a gateway since an instant. */
export const resultsOfGateway = (from: Reader, id: string, since: Instant): Promise<{ result: SendResult; count: number }[]> =>
  rows(from, ResultRow, 'SELECT result, COUNT(*) AS n FROM send_log WHERE channel = $id AND claimed_at >= $since GROUP BY result ORDER BY n DESC, result', { id, since });

const FailureRow = z.object({ at: z.number(), detail: z.string() });

/** The last message that a gateway did not take, and why. */
export const lastFailureOf = (from: Reader, id: string, since: Instant): Promise<z.infer<typeof FailureRow> | null> =>
  maybeOne(from, FailureRow, `SELECT claimed_at AS at, detail FROM send_log WHERE channel = $id AND claimed_at >= $since AND result IN ('failed', 'refused') ORDER BY claimed_at DESC, id DESC LIMIT 1`, { id, since });
