import type { Instant } from '~/kernel/clock';

type Lang = 'zh' | 'en';
const LOCALE = { zh: 'zh-CN', en: 'en-GB' } as const;

/** `YYYY-MM-DD` as 2026年7月1日（周三） or Wed, 1 July 2026. */
export function formatDate(date: string, lang: Lang): string {
  return dayText(new Date(`${date}T00:00:00Z`), lang, 'UTC');
}

/** An instant in `zone`, to the minute. */
export function formatDateTime(at: Instant, lang: Lang, zone: string): string {
  const moment = new Date(at);
  const time = new Intl.DateTimeFormat(LOCALE[lang], { hour: '2-digit', minute: '2-digit', hourCycle: 'h23', timeZone: zone }).format(moment);
  return lang === 'zh' ? `${dayText(moment, lang, zone)}${time}` : `${dayText(moment, lang, zone)}, ${time}`;
}

function dayText(moment: Date, lang: Lang, timeZone: string): string {
  if (lang === 'en') {
    return new Intl.DateTimeFormat(LOCALE.en, { weekday: 'short', day: 'numeric', month: 'long', year: 'numeric', timeZone }).format(moment);
  }
  const day = new Intl.DateTimeFormat(LOCALE.zh, { year: 'numeric', month: 'long', day: 'numeric', timeZone }).format(moment);
  const weekday = new Intl.DateTimeFormat(LOCALE.zh, { weekday: 'short', timeZone }).format(moment);
  return `${day}（${weekday}）`;
}

/** Minutes as hours and minutes. */
export function formatDuration(minutes: number, lang: Lang): string {
  const hours = Math.floor(minutes / 60);
  const rest = minutes % 60;
  const parts = lang === 'zh'
    ? [hours && `${hours} 小时`, (rest || !hours) && `${rest} 分钟`]
    : [hours && `${hours} h`, (rest || !hours) && `${rest} min`];
  return parts.filter(Boolean).join(' ');
}
