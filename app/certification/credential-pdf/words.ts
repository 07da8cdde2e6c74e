import { textFor } from '~/text';
import { cutOff } from '~/text/reason';
import { prints, type Snapshot } from '../credential';

const zh = textFor('zh');
const en = textFor('en');
const textIn = (lang: 'zh' | 'en') => (lang === 'zh' ? zh : en);

type Printed = Snapshot['requirements'][number];

type Key = Parameters<typeof zh.t>[0];
export const inZh = (key: Key): string => zh.t(key);
export const inEn = (key: Key): string => en.t(key);

/** In both languages, as labels are printed. */
export const both = (key: Key): string => `${zh.t(key)} ${en.t(key)}`;

/** Without the weekday, as papers write it. */
export function paperDate(date: string, lang: 'zh' | 'en'): string {
  const [year = 0, month = 1, day = 1] = date.split('-').map(Number);
  if (lang === 'zh') return `${year}年${month}月${day}日`;
  return new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeZone: 'UTC' }).format(Date.UTC(year, month - 1, day));
}

/** Who has met what. */
export function statement(snapshot: Snapshot, lang: 'zh' | 'en'): string {
  const { t } = textIn(lang);
  const { recruitmentNumber, organisation, programmeVersion: version } = snapshot;
  const programme = lang === 'zh' ? snapshot.programmeZh : snapshot.programmeEn;
  const about = { name: snapshot.name, organisation, post: snapshot.post, version, programme };
  const isNumbered = recruitmentNumber !== null && prints(snapshot, 'recruitment-number');
  if (!prints(snapshot, 'post')) {
    return isNumbered ? t('certification.pdf-statement-no-post', { ...about, number: recruitmentNumber }) : t('certification.pdf-statement-bare', about);
  }
  return isNumbered ? t('certification.pdf-statement', { ...about, number: recruitmentNumber }) : t('certification.pdf-statement-unnumbered', about);
}

const PERMISSIONS = {
  'before-start-of-duty': 'certification.pdf-permission', 'before-confirmation': 'certification.pdf-permission-confirmation', 'none': 'certification.pdf-permission-none',
} as const;

/** What the credential opens. */
export const permission = ({ gate, mayStartOn }: Snapshot, lang: 'zh' | 'en'): string =>
  textIn(lang).t(PERMISSIONS[gate], { date: paperDate(mayStartOn, lang) });

const FIRST_DAYS = {
  'before-start-of-duty': 'certification.pdf-may-start', 'before-confirmation': 'certification.pdf-may-confirm', 'none': 'certification.pdf-valid-from',
} as const;

/** How its first day is called. */
export const firstDayLabel = ({ gate }: Snapshot): string => both(FIRST_DAYS[gate]);

/** Why it takes the place of another credential. */
export const replacingLabel = ({ replacing }: Snapshot): string =>
  both(replacing === 'revoked' ? 'certification.pdf-replaces' : replacing === 'renewed' ? 'certification.pdf-follows' : 'certification.pdf-corrects');

export function requirementText({ kind, titleZh, titleEn, percent, cutScore, minutes, hundredths }: Printed, lang: 'zh' | 'en'): string {
  const { t } = textIn(lang);
  const title = lang === 'zh' ? titleZh : titleEn;
  switch (kind) {
    case 'exam': return t('certification.pdf-exam', { title, percent: cutOff(percent ?? 0), cutScore: cutScore ?? 0 });
    case 'course': return minutes === null ? t('certification.pdf-course-only', { title }) : t('certification.pdf-course', { title, minutes });
    case 'hours': return t('certification.pdf-hours', { hours: cutOff((hundredths ?? 0) / 100) });
    default: return t(`certification.pdf-${kind}`, { title });
  }
}
