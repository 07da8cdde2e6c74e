import { namesOf } from '~/audit';
import { reader } from '~/db';
import type { NoticeProof, Sent } from '~/notices';
import type { Text } from '~/text';
import { inLanguage, wordNotice } from '~/text/notice';
import type { ShownProof, ShownSending } from './proof';

/** A channel as it is called: mail and paper by our words, gateways by the name that they were given. */
export const channelName = (channel: string, names: Record<string, string>, { t }: Text): string =>
  (channel === 'e-mail' || channel === 'paper' ? t(`sending.channel.${channel}`) : names[channel] ?? t('sending.channel-gone'));

/** A proof for the page, in the reader's language. */
export async function shownProof({ notice, dispatch, sendings, channels }: NoticeProof, text: Text): Promise<ShownProof & { title: string; text: string }> {
  const by = await namesOf(reader(), sendings.flatMap(({ handedBy }) => (handedBy === null ? [] : [handedBy])));
  return {
    createdAt: notice.createdAt, readAt: notice.readAt, droppedAt: notice.droppedAt, urgency: notice.urgency,
    outcome: dispatch?.outcome ?? null, isDispatched: dispatch !== null,
    sendings: sendings.map((sent) => shownSending(sent, channelName(sent.channel, channels, text), by)),
    ...wordNotice(text, notice.content, notice.wording && inLanguage(notice.wording, text.lang)),
  };
}

const shownSending = ({ dispatchId: _, handedBy, ...sent }: Sent, channel: string, by: Map<string, string>): ShownSending =>
  ({ ...sent, channelName: channel, handedBy: handedBy === null ? null : by.get(handedBy) ?? '' });
