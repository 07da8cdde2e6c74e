import { textFor, type Lang, type Text } from '~/text';
import { fillIn, inLanguage, wordNotice, type Wording } from '~/text/notice';
import { isAbove, type NoticeContent } from '../notice';
import type { Notice } from '../notices.repository';

/** Where a notice leads, seen from the address of the deployment. */
export function pathOf({ id, content }: Pick<Notice, 'id' | 'content'>): string {
  const { kind, params } = content;
  if (isAbove(kind) || kind === 'weekly') return `/notices/${id}`;
  if (kind === 'security') return '/account';
  if ('page' in params) return params.page;
  if ('reasonCode' in params) return `/credentials/${params.successor || params.number}`;
  if (kind === 'credential') return `/credentials/${params.number}`;
  if ('bookingId' in params) return `/bookings/${params.bookingId}`;
  if ('attemptId' in params) return `/attempts/${params.attemptId}/receipt`;
  return 'findingId' in params ? `/my/findings/${params.findingId}` : '/home';
}

export interface Frame {
  /** Greeting and closing line. */
  letter: Wording;
  /** Subject and first line of a digest of several notices. */
  digest: Wording;
}

export interface ToCompose {
  notices: readonly Pick<Notice, 'id' | 'content' | 'wording'>[];
  name: string;
  lang: 'zh' | 'en' | 'both';
  frame: Frame;
  publicUrl: string;
  zone: string;
}

export interface Composed {
  subject: string;
  text: string;
  /** Where the person goes on. */
  link: string;
}

/** A message of one notice or of several. Chinese first, English below, unless the person reads one of them. */
export function compose(given: ToCompose): Composed {
  const [first] = given.notices;
  const link = `${given.publicUrl}${given.notices.length === 1 && first ? pathOf(first) : '/notices'}`;
  const parts = (given.lang === 'both' ? ['zh', 'en'] as const : [given.lang]).map((lang) => inOne(given, lang));
  return { subject: parts.map(({ subject }) => subject).join(' / '), text: `${parts.map(({ text }) => text).join('\n\n----\n\n')}\n`, link };
}

function inOne({ notices, name, frame, publicUrl, zone }: ToCompose, lang: Lang): { subject: string; text: string } {
  const text = textFor(lang, zone);
  const letter = inLanguage(frame.letter, lang);
  const worded = notices.map((notice) => ({ ...wordNotice(text, notice.content, notice.wording && inLanguage(notice.wording, lang)), address: `${publicUrl}${pathOf(notice)}` }));
  const [first] = worded;
  const values = { name, count: notices.length, first: first?.title ?? '' };
  const digest = inLanguage(frame.digest, lang);
  const isOne = worded.length === 1;
  return {
    subject: isOne ? values.first : fillIn(digest.title, values),
    text: [
      fillIn(letter.title, values),
      ...(isOne ? [] : [fillIn(digest.text, values)]),
      ...worded.map((one, i) => paragraph(one, isOne ? null : i + 1, text)),
      fillIn(letter.text, values),
    ].join('\n\n'),
  };
}

function paragraph({ title, text: body, address }: { title: string; text: string; address: string }, number: number | null, { t }: Text): string {
  const link = t('notices.mail-link', { address });
  return number === null ? `${body}\n\n${link}` : `${number}. ${title}\n${body}\n${link}`;
}

/** What fits where little fits. */
export const shortened = ({ subject, link }: Composed): string => `${subject} ${link}`;

/** The same for a slip of paper, on which nobody can press a link. */
export function composeSlip({ notices, zone }: Pick<ToCompose, 'notices' | 'zone'>, lang: Lang): string {
  const text = textFor(lang, zone);
  return notices.map(({ content, wording }) => {
    const { title, text: body } = wordNotice(text, content, wording && inLanguage(wording, lang));
    return `${title}\n${body}`;
  }).join('\n\n');
}

/** What must still hold for a notice to be worth sending: that the assignment is live, due then, and still open. */
export const restsOn = ({ kind, params }: NoticeContent): { assignmentId: string; dueOn: string; untilDone: boolean } | null =>
  (kind === 'assigned' || kind === 'replanned' || kind === 'reminder' ? { assignmentId: params.assignmentId, dueOn: params.dueOn, untilDone: kind === 'reminder' } : null);
