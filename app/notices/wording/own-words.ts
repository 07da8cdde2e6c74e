import { textFor, type Lang } from '~/text';
import { fillIn, inLanguage, noticeValues, PLACEHOLDER, wordNotice, type NoticeKey, type WordedNotice, type Wording } from '~/text/notice';
import { err, ok, type Result } from '~/kernel/result';
import { sampleOf } from './samples';

/** What may stand in the frame of a message: the greeting, and the subject of a digest. */
const FRAME = { name: '林知夏', count: 3, first: { zh: '还有 7 天到期：“岗前培训”', en: 'Due in 7 days: “Training before the start”' } } as const;

/** The values of a sample by the names of their placeholders, as they would be read. */
export function sampleValues(key: NoticeKey, lang: Lang, zone: string): Record<string, string | number> {
  const sample = sampleOf(key);
  if (!sample) return { name: FRAME.name, count: FRAME.count, first: FRAME.first[lang] };
  const has = (name: string): boolean => name in sample.params;
  const lacking = [...(has('examZh') ? [] : ['exam']), ...(has('programmeZh') ? [] : ['programme']), ...(has('days') ? [] : ['days'])];
  // What only the program needs is offered to nobody.
  return Object.fromEntries(Object.entries(noticeValues(textFor(lang, zone), sample)).filter(([name]) => !lacking.includes(name) && !/(?:Zh|En|Id)$|^(?:page|what|reasonCode)$/.test(name)));
}

/** Words with the values of a sample in place. */
export function previewOf(key: NoticeKey, wording: Wording, lang: Lang, zone: string): WordedNotice {
  const own = inLanguage(wording, lang);
  const sample = sampleOf(key);
  if (sample) return wordNotice(textFor(lang, zone), sample, own);
  const values = sampleValues(key, lang, zone);
  return { title: fillIn(own.title, values), text: fillIn(own.text, values) };
}

const FIELDS = ['titleZh', 'textZh', 'titleEn', 'textEn'] as const satisfies readonly (keyof Wording)[];

/** Whether every placeholder in the words is one that this notice has a value for; otherwise which is not, beside its field. */
export function checkWords(key: NoticeKey, wording: Wording): Result<null> {
  const known = Object.keys(sampleValues(key, 'zh', 'UTC'));
  for (const field of FIELDS) {
    const unknown = [...wording[field].matchAll(PLACEHOLDER)].map(([, name = '']) => name).find((name) => !known.includes(name));
    if (unknown !== undefined) return err('notice.placeholder', { name: unknown, known: known.map((name) => `{{${name}}}`).join(' ') }, field);
    if (/\{\{|\}\}/.test(wording[field].replace(PLACEHOLDER, ''))) return err('notice.placeholder-form', undefined, field);
  }
  return ok(null);
}
