import { inTransaction, reader } from '~/db';
import { config, publicUrl } from '~/kernel/config';
import { findPerson } from '~/people';
import { textFor, type Lang } from '~/text';
import { wordNotice } from '~/text/notice';
import type { Channel, Message } from './channel';
import { mailChannel } from './mail';
import { findNotice, type Notice } from './notices.repository';
import { claimSending, recordSending, type SendResult } from './send-log.repository';

const channels = (): Channel[] => [mailChannel()].flatMap((channel) => channel ?? []);

/**
 * Sends a notice on every channel that reaches the person, each at most once: the sending is claimed before
 * and recorded after. What a channel refused is tried again with the job; what a crash left open is not, for
 * the notice stands in the product anyway.
 */
export async function deliver(noticeId: string): Promise<void> {
  const notice = await findNotice(reader(), noticeId);
  const person = notice && await findPerson(reader(), notice.personId);
  if (!person) return;
  for (const channel of channels()) {
    const to = channel.addressOf(person);
    if (to !== null) await sendOnce(channel, messageFor(notice, person.name, to));
  }
}

async function sendOnce(channel: Channel, message: Message): Promise<void> {
  const text = `${message.subject}\n\n${message.text}`;
  if (!await inTransaction((tx) => claimSending(tx, message.noticeId, channel.name, text))) return;
  const { result, error } = await outcomeOf(channel, message);
  await inTransaction((tx) => recordSending(tx, message.noticeId, channel.name, result));
  // Refused: the job fails, is shown as failing, and tries again.
  if (error) throw error;
}

async function outcomeOf(channel: Channel, message: Message): Promise<{ result: SendResult; error?: Error }> {
  try {
    return { result: await channel.send(message) };
  } catch (thrown) {
    const error = thrown instanceof Error ? thrown : new Error(String(thrown));
    return { result: `failed: ${error.message}`, error };
  }
}

/** Chinese first, English below: nobody has told us which of them a person reads. */
function messageFor(notice: Notice, name: string, to: string): Message {
  const zh = worded(notice, name, 'zh');
  const en = worded(notice, name, 'en');
  return { noticeId: notice.id, to, subject: `${zh.title} / ${en.title}`, text: `${zh.text}\n\n----\n\n${en.text}\n` };
}

/** Where a notice leads. */
function pathOf(content: Notice['content']): string {
  if (content.kind === 'credential') return `/credentials/${content.params.number}`;
  if ('bookingId' in content.params) return `/bookings/${content.params.bookingId}`;
  if ('attemptId' in content.params) return `/attempts/${content.params.attemptId}/receipt`;
  return 'findingId' in content.params ? `/my/findings/${content.params.findingId}` : '/home';
}

function worded({ content }: Notice, name: string, lang: Lang): { title: string; text: string } {
  const text = textFor(lang, config().TIME_ZONE);
  const { title, text: body } = wordNotice(text, content);
  const address = `${publicUrl()}${pathOf(content)}`;
  return {
    title,
    text: [
      text.t('notices.mail-greeting', { name }), body, text.t('notices.mail-link', { address }), text.t('notices.mail-automatic'),
    ].join('\n\n'),
  };
}
