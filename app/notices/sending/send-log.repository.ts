import { z } from 'zod';
import { execute, insert, maybeOne, rows, type Reader, type Tx } from '~/db';
import type { PlainDate } from '~/kernel/calendar';
import type { Instant } from '~/kernel/clock';
import { newId } from '~/kernel/id';
import { PAPER } from './channel';

/**
 * `sending` until the channel has answered; `uncertain` when a crash left open whether it had accepted; `failed` is tried
 * again; `refused` and `bounced` are not; `to-print` waits for somebody to hand the slip over.
 */
export const SEND_RESULTS = ['sending', 'sent', 'uncertain', 'failed', 'refused', 'bounced', 'to-print', 'handed-over'] as const;
export type SendResult = (typeof SEND_RESULTS)[number];

export interface Sending {
  dispatchId: string;
  channel: string;
  /** Masked: the log is read by others than the person. */
  address: string;
  text: string;
}

/**
 * Claims the one sending of a dispatch on a channel.
 * @param again whether one that was cut off may be handed over once more, because the other side knows repeats
 * @returns false when it was sent, is being sent, or may have been sent
 */
export async function claimSending(tx: Tx, { dispatchId, channel, address, text }: Sending, again = false): Promise<boolean> {
  const first = await insert(tx, 'send_log', [{
    id: newId(), dispatch_id: dispatchId, channel, address, text, attempts: 1, claimed_at: tx.now, result: 'sending',
  }], 'ON CONFLICT (dispatch_id, channel) DO NOTHING');
  if (first > 0) return true;
  return (await execute(tx, `UPDATE send_log SET result = 'sending', claimed_at = $now, ended_at = NULL, text = $text, address = $address, attempts = attempts + 1, detail = ''
    WHERE dispatch_id = $dispatchId AND channel = $channel AND (result = 'failed' OR (result = 'uncertain' AND $again = 1))`,
  { dispatchId, channel, address, text, now: tx.now, again: again ? 1 : 0 })) > 0;
}

export const recordSending = (tx: Tx, { dispatchId, channel }: Pick<Sending, 'dispatchId' | 'channel'>, result: SendResult, detail = ''): Promise<number> =>
  execute(tx, 'UPDATE send_log SET result = $result, detail = $detail, ended_at = $now WHERE dispatch_id = $dispatchId AND channel = $channel',
    { dispatchId, channel, result, detail: detail.slice(0, 500), now: tx.now });

/** Lays a slip ready to be printed. */
export const insertSlip = (tx: Tx, dispatchId: string, text: string): Promise<number> =>
  insert(tx, 'send_log', [{ id: newId(), dispatch_id: dispatchId, channel: PAPER, address: '', text, attempts: 0, claimed_at: tx.now, result: 'to-print' }],
    'ON CONFLICT (dispatch_id, channel) DO NOTHING');

/** Marks a slip as handed over; one that somebody else has marked stays as it is. */
export const setHandedOver = (tx: Tx, dispatchId: string, given: { on: PlainDate; by: string }): Promise<number> =>
  execute(tx, `UPDATE send_log SET result = 'handed-over', handed_on = $on, handed_by = $by, ended_at = $now
    WHERE dispatch_id = $dispatchId AND channel = '${PAPER}' AND result = 'to-print'`, { dispatchId, ...given, now: tx.now });

/** A mail that had been accepted came back. */
export const setBounced = (tx: Tx, dispatchId: string, channel: string, detail: string): Promise<number> =>
  execute(tx, `UPDATE send_log SET result = 'bounced', detail = $detail, ended_at = $now
    WHERE dispatch_id = $dispatchId AND channel = $channel AND result IN ('sending', 'sent', 'uncertain')`, { dispatchId, channel, detail: detail.slice(0, 500), now: tx.now });

/** A sending that nobody has finished since `before` was cut off by a crash. */
export const markUncertain = (tx: Tx, before: Instant): Promise<number> =>
  execute(tx, `UPDATE send_log SET result = 'uncertain', ended_at = $now WHERE result = 'sending' AND claimed_at < $before`, { before, now: tx.now });

const SentRow = z.object({
  dispatch_id: z.string(), channel: z.string(), address: z.string(), text: z.string(), attempts: z.number(), claimed_at: z.number(), ended_at: z.number().nullable(),
  result: z.enum(SEND_RESULTS), detail: z.string(), handed_on: z.string().nullable(), handed_by: z.string().nullable(),
}).transform(({ dispatch_id: dispatchId, claimed_at: claimedAt, ended_at: endedAt, handed_on: handedOn, handed_by: handedBy, ...row }) =>
  ({ ...row, dispatchId, claimedAt, endedAt, handedOn, handedBy }));
export type Sent = z.infer<typeof SentRow>;
const COLUMNS = 'dispatch_id, channel, address, text, attempts, claimed_at, ended_at, result, detail, handed_on, handed_by';

/** What became of a dispatch, channel by channel. */
export const sendingsOf = (from: Reader, dispatchId: string): Promise<Sent[]> =>
  rows(from, SentRow, `SELECT ${COLUMNS} FROM send_log WHERE dispatch_id = $dispatchId ORDER BY claimed_at, id`, { dispatchId });

export const sendingOf = (from: Reader, dispatchId: string, channel: string): Promise<Sent | null> =>
  maybeOne(from, SentRow, `SELECT ${COLUMNS} FROM send_log WHERE dispatch_id = $dispatchId AND channel = $channel`, { dispatchId, channel });
