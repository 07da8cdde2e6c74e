/** All wording, by key, in both languages; usable from jobs and pages alike. */
import { createInstance } from 'i18next';
import type { Instant } from '~/kernel/clock';
import { hasOwn } from '~/kernel/own';
import type { Problem } from '~/kernel/result';
import { identity } from './identity';
import { people } from './people';
import { admin } from './admin';
import { api } from './api';
import { applications } from './applications';
import { answers } from './answers';
import { appraisal } from './appraisal';
import { badge } from './badge';
import { certification } from './certification';
import { consoleText } from './console';
import { corrections } from './corrections';
import { courses } from './courses';
import { integrity } from './integrity';
import { itembank } from './itembank';
import { credential } from './credential';
import { credentials } from './credentials';
import { gateways } from './gateways';
import { home } from './home';
import { houseWords } from './house';
import { hiring } from './hiring';
import { hoursText } from './hours';
import { hr } from './hr';
import { errors } from './errors';
import { desk } from './desk';
import { examSettings } from './exam-settings';
import { exams } from './exams';
import { formatDate, formatDateTime, formatDuration } from './format';
import { ledger } from './ledger';
import { marking } from './marking';
import { notices } from './notices';
import { overview } from './overview';
import { player } from './player';
import { preferences } from './preferences';
import { programmes } from './programmes';
import { records } from './records';
import { reports } from './reports';
import { roster } from './roster';
import { seb } from './seb';
import { sending } from './sending';
import { slips } from './slips';
import { shell } from './shell';
import { sittings } from './sittings';
import { start } from './start';
import { starts } from './starts';
import { time } from './time';
import { ui } from './ui';
import { directories } from './directories';
import { units } from './units';
import { validity } from './validity';
import { webhooks } from './webhooks';
import { words } from './words';

const zh = { ...webhooks.zh, ...applications.zh, ...api.zh, ...roster.zh, ...overview.zh, ...reports.zh, ...appraisal.zh, ...hiring.zh, ...validity.zh, ...directories.zh, ...units.zh, ...hoursText.zh, ...badge.zh, ...records.zh, ...corrections.zh, ...answers.zh, ...examSettings.zh, ...ui.zh, ...sittings.zh, ...seb.zh, ...integrity.zh, ...consoleText.zh, ...shell.zh, ...start.zh, ...starts.zh, ...errors.zh, ...admin.zh, ...people.zh, ...identity.zh, ...certification.zh, ...hr.zh, ...desk.zh, ...home.zh, ...credential.zh, ...credentials.zh, ...notices.zh, ...sending.zh, ...gateways.zh, ...slips.zh, ...houseWords.zh, ...preferences.zh, ...words.zh, ...player.zh, ...programmes.zh, ...exams.zh, ...marking.zh, ...courses.zh, ...itembank.zh, ...time.zh, ...ledger.zh };
const en: Record<keyof typeof zh, string> = { ...webhooks.en, ...applications.en, ...api.en, ...roster.en, ...overview.en, ...reports.en, ...appraisal.en, ...hiring.en, ...validity.en, ...directories.en, ...units.en, ...hoursText.en, ...badge.en, ...records.en, ...corrections.en, ...answers.en, ...examSettings.en, ...ui.en, ...sittings.en, ...seb.en, ...integrity.en, ...consoleText.en, ...shell.en, ...start.en, ...starts.en, ...errors.en, ...admin.en, ...people.en, ...identity.en, ...certification.en, ...hr.en, ...desk.en, ...home.en, ...credential.en, ...credentials.en, ...notices.en, ...sending.en, ...gateways.en, ...slips.en, ...houseWords.en, ...preferences.en, ...words.en, ...player.en, ...programmes.en, ...exams.en, ...marking.en, ...courses.en, ...itembank.en, ...time.en, ...ledger.en };

export type Lang = 'zh' | 'en';
/** Everything that has words, and the words as they are written, with their placeholders. */
export const TEXT_KEYS = Object.keys(zh) as readonly (keyof typeof zh)[];
export const writtenText = (lang: Lang, key: keyof typeof zh): string => (lang === 'zh' ? zh : en)[key];
export type TextKey = keyof typeof zh;
export type TextParams = Record<string, string | number>;

export interface Text {
  lang: Lang;
  t: (key: TextKey, params?: TextParams) => string;
  /** Whether there are words under this key, for keys made from what the database holds. */
  has: (key: string) => key is TextKey;
  /** The sentence for a problem: what happened and what to do. */
  problem: (problem: Problem) => string;
  /** 2026年7月1日（周三） */
  date: (date: string) => string;
  /** 2026年7月1日（周三）09:30, in the deployment's zone. */
  dateTime: (at: Instant) => string;
  /** 45 分钟, 1 小时 30 分钟 */
  duration: (minutes: number) => string;
}

const i18n = createInstance();
void i18n.init({
  lng: 'zh',
  fallbackLng: false,
  keySeparator: false,
  nsSeparator: false,
  initAsync: false,
  resources: { zh: { translation: zh }, en: { translation: en } },
  interpolation: { escapeValue: false },
});

/** Wording in one language; `zone` is the deployment's time zone. */
export function textFor(lang: Lang, zone = 'Asia/Shanghai'): Text {
  const fixed = i18n.getFixedT(lang);
  const t = (key: TextKey, params: TextParams = {}): string => fixed(key, params);
  return {
    lang,
    t,
    has: (key): key is TextKey => hasOwn(zh, key),
    problem: (problem) => t(`error.${problem.code}`, problem.params),
    date: (date) => formatDate(date, lang),
    dateTime: (at) => formatDateTime(at, lang, zone),
    duration: (minutes) => formatDuration(minutes, lang),
  };
}

export const isLang = (value: unknown): value is Lang => value === 'zh' || value === 'en';
