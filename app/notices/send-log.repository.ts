import { z } from 'zod';
import { execute, insert, maybeOne, type Reader, type Tx } from '~/db';
import type { Instant } from '~/kernel/clock';
import { newId } from '~/kernel/id';

/** `sending` until the channel has answered; `uncertain` when a crash left open whether it had accepted. */
export type SendResult = 'sending' | 'sent' | 'uncertain' | `failed: ${string}`;

/**
 * Claims the one sending of a notice on a channel.
 * @returns false when it was sent, is being sent, or may have been sent
 */
export async function claimSending(tx: Tx, noticeId: string, channel: string, text: string): Promise<boolean> {
  const first = await insert(tx, 'send_log', [{ id: newId(), notice_id: noticeId, channel, sent_at: tx.now, text, result: 'sending' }],
    'ON CONFLICT (notice_id, channel) DO NOTHING');
  if (first > 0) return true;
  return (await execute(tx, `UPDATE send_log SET result = 'sending', sent_at = $now, text = $text
    WHERE notice_id = $noticeId AND channel = $channel AND result LIKE 'failed:%'`, { noticeId, channel, text, now: tx.now })) > 0;
}

export const recordSending = (tx: Tx, noticeId: string, channel: string, result: SendResult): Promise<number> =>
  execute(tx, `UPDATE send_log SET result = $result, sent_at = $now WHERE notice_id = $noticeId AND channel = $channel`,
    { noticeId, channel, result: result.slice(0, 500), now: tx.now });

/** A sending that nobody has finished since `before` was cut off by a crash. */
export const markUncertain = (tx: Tx, before: Instant): Promise<number> =>
  execute(tx, `UPDATE send_log SET result = 'uncertain' WHERE result = 'sending' AND sent_at < $before`, { before });

const SentRow = z.object({ channel: z.string(), sent_at: z.number(), text: z.string(), result: z.string() });

export const sendingOf = (from: Reader, noticeId: string, channel: string) =>
  maybeOne(from, SentRow, 'SELECT channel, sent_at, text, result FROM send_log WHERE notice_id = $noticeId AND channel = $channel', { noticeId, channel });
