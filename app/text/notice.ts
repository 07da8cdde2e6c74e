import type { Text, TextKey } from './index';
import { wordCredentialReason } from './credential-reason';
import { wordParam } from './reason';

type NoticeKey = TextKey extends infer K ? (K extends `notices.${infer Kind}.title` ? Kind : never) : never;

export interface NoticeToWord {
  kind: 'assigned' | 'replanned' | 'reminder' | 'credential' | 'finding-proposed' | 'finding-upheld' | 'finding-dismissed' | 'finding-appeal-upheld' | 'finding-appeal-dismissed'
    | 'credential-suspended' | 'credential-reinstated' | 'credential-revoked' | 'credential-corrected'
    | 'late-decided' | 'late-replaced' | 'result-corrected' | 'result-corrected-pass' | 'result-corrected-fail'
    | 'place-booked' | 'place-promoted' | 'place-moved' | 'place-changed' | 'wait-changed' | 'place-cancelled' | 'place-taken' | 'excuse-approved' | 'excuse-refused';
  params: Record<string, string | number>;
}

export interface WordedNotice {
  title: string;
  text: string;
}

/** A notice in the reader's language. */
export function wordNotice(text: Text, { kind, params }: NoticeToWord): WordedNotice {
  const days = Number(params['days'] ?? 0);
  const key = kind === 'reminder' ? reminderKey(days) : kind;
  const worded: Record<string, string | number> = Object.fromEntries(
    Object.entries(params).map(([name, value]) => [name, wordParam(text, name, value)]),
  );
  worded['programme'] = params[text.lang === 'zh' ? 'programmeZh' : 'programmeEn'] ?? '';
  worded['exam'] = params[text.lang === 'zh' ? 'examZh' : 'examEn'] ?? '';
  worded['days'] = Math.abs(days);
  if ('reasonCode' in params) worded['why'] = wordCredentialReason(text, String(params['reasonCode']));
  if ('seat' in params) worded['where'] = params['seat'] === 0 ? text.t('notices.place-remote') : text.t('notices.place-where', worded);
  return { title: text.t(`notices.${key}.title`, worded), text: text.t(`notices.${key}.text`, worded) };
}

function reminderKey(days: number): NoticeKey {
  if (days === 0) return 'reminder-due';
  if (days === 1) return 'reminder-tomorrow';
  return days > 0 ? 'reminder-before' : 'reminder-overdue';
}
