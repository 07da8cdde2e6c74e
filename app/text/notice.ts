import { TEXT_KEYS, writtenText, type Text, type TextKey } from './index';
import { wordCredentialReason } from './credential-reason';
import { wordParam } from './reason';

/** What a notice is worded by: its kind, or a variant of it. */
export type NoticeKey = TextKey extends infer K ? (K extends `notices.${infer Kind}.title` ? Kind : never) : never;

export interface NoticeToWord {
  kind: 'assigned' | 'replanned' | 'reminder' | 'credential' | 'finding-proposed' | 'finding-upheld' | 'finding-dismissed' | 'finding-appeal-upheld' | 'finding-appeal-dismissed'
    | 'credential-suspended' | 'credential-reinstated' | 'credential-revoked' | 'credential-corrected'
    | 'late-decided' | 'late-replaced' | 'result-corrected' | 'result-corrected-pass' | 'result-corrected-fail'
    | 'place-booked' | 'place-promoted' | 'place-moved' | 'place-changed' | 'wait-changed' | 'place-cancelled' | 'place-taken' | 'excuse-approved' | 'excuse-refused'
    | 'waiver-asked' | 'waiver-granted' | 'waiver-refused' | 'waiver-revoked' | 'waiver-ends' | 'waiver-to-decide' | 'waiver-decided-granted' | 'waiver-decided-refused' | 'waiver-decided-revoked'
    | 'extension-granted' | 'extension-refused' | 'extension-to-decide' | 'extension-decided-granted' | 'extension-decided-refused' | 'clearance-ends' | 'clearance-lost'
    | 'start-recorded' | 'start-emergency' | 'start-cancelled' | 'start-to-confirm' | 'start-decided-confirmed' | 'start-decided-refused' | 'team-emergency'
    | 'escalation' | 'team-lost' | 'team-ends' | 'weekly' | 'report-ready' | 'security';
  params: Record<string, string | number>;
}

export interface WordedNotice {
  title: string;
  text: string;
}

/** Words in both languages, with placeholders. */
export interface Wording {
  titleZh: string;
  textZh: string;
  titleEn: string;
  textEn: string;
}

/** Everything that can be worded anew, in the order in which it is listed. */
export const NOTICE_KEYS: readonly NoticeKey[] = TEXT_KEYS.flatMap((key) => (isTitle(key) ? [key.slice('notices.'.length, -'.title'.length) as NoticeKey] : []));

function isTitle(key: string): key is `notices.${NoticeKey}.title` {
  return /^notices\.[^.]+\.title$/.test(key);
}

/** The program's own words. */
export const shippedWording = (key: NoticeKey): Wording => ({
  titleZh: writtenText('zh', `notices.${key}.title`), textZh: writtenText('zh', `notices.${key}.text`),
  titleEn: writtenText('en', `notices.${key}.title`), textEn: writtenText('en', `notices.${key}.text`),
});

export const inLanguage = (wording: Wording, lang: 'zh' | 'en'): WordedNotice =>
  (lang === 'zh' ? { title: wording.titleZh, text: wording.textZh } : { title: wording.titleEn, text: wording.textEn });

/** A notice in the reader's language, by the program's own words or by `own` ones with the same placeholders. */
export function wordNotice(text: Text, notice: NoticeToWord, own?: WordedNotice | null): WordedNotice {
  const values = noticeValues(text, notice);
  if (own) return { title: fillIn(own.title, values), text: fillIn(own.text, values) };
  const key = noticeKey(notice);
  return { title: text.t(`notices.${key}.title`, values), text: text.t(`notices.${key}.text`, values) };
}

/** Puts values into words; a placeholder without a value stays empty. */
export const fillIn = (words: string, values: Record<string, string | number>): string =>
  words.replace(PLACEHOLDER, (_, name: string) => String(values[name] ?? ''));

export const PLACEHOLDER = /\{\{\s*([A-Za-z]\w*)\s*\}\}/g;

/** What the placeholders of a notice stand for, in the reader's language. */
export function noticeValues(text: Text, { kind, params }: NoticeToWord): Record<string, string | number> {
  const days = Number(params['days'] ?? 0);
  const worded: Record<string, string | number> = Object.fromEntries(
    Object.entries(params).map(([name, value]) => [name, wordParam(text, name, value)]),
  );
  const named = (name: string) => params[`${name}${text.lang === 'zh' ? 'Zh' : 'En'}`];
  worded['programme'] = named('programme') ?? '';
  worded['exam'] = named('exam') ?? '';
  worded['days'] = Math.abs(days);
  if ('conditions' in params) worded['conditions'] = params['conditions'] || text.t('notices.no-conditions');
  if (kind === 'reminder') worded['open'] = named('open') || text.t('notices.open-everything');
  if ('onDay' in params) worded['onDay'] = text.date(String(params['onDay']));
  if ('reasonCode' in params) worded['why'] = wordCredentialReason(text, String(params['reasonCode']));
  if ('seat' in params) worded['where'] = params['seat'] === 0 ? text.t('notices.place-remote') : text.t('notices.place-where', worded);
  return worded;
}

/** Which words a notice is told by. */
export function noticeKey({ kind, params }: NoticeToWord): NoticeKey {
  if (kind === 'reminder') return reminderKey(Number(params['days'] ?? 0));
  if (kind !== 'security') return kind;
  const what = params['what'];
  return what === 'password-reset' || what === 'calendar-renewed' ? `security-${what}` : 'security-password-changed';
}

function reminderKey(days: number): NoticeKey {
  if (days === 0) return 'reminder-due';
  if (days === 1) return 'reminder-tomorrow';
  return days > 0 ? 'reminder-before' : 'reminder-overdue';
}
