import { textFor, type Text, type TextKey } from '~/text';
import type { LifeRecord } from '../record';

export interface Column {
  title: string;
  /** Its share of the width. */
  width: number;
  align?: 'left' | 'right';
}

/** What is printed: plain data, for it travels to a thread. */
export interface RecordSheets {
  title: string;
  subtitle: string;
  facts: string[];
  footer: string;
  sections: { title: string; empty: string; columns: Column[]; rows: string[][] }[];
}

/** A record as the tables of a paper, in Chinese. */
export function recordSheets(record: LifeRecord): RecordSheets {
  const text = textFor('zh', record.zone);
  const { t } = text;
  return {
    title: t('records.record'), subtitle: record.issuer.name,
    facts: [
      `${t('records.person')}：${record.person.name}`,
      ...record.person.numbers.map(({ kind, value }) => `${t(`identity.number.${kind}`)}：${value}`),
      t('records.pdf-made', { at: text.dateTime(Date.parse(record.madeAt)) }),
      t('records.pdf-note'),
    ],
    footer: `${t('records.record')} · ${record.person.name} · ${text.dateTime(Date.parse(record.madeAt))}`,
    sections: sectionsOf(record, text).map(({ key, columns, rows }) => ({
      title: t(`records.section.${key}`), empty: t('records.record-none'), columns: columns.map(([title, width]) => ({ title: t(title), width })), rows,
    })),
  };
}

interface SectionRows {
  key: 'appointments' | 'courses' | 'exams' | 'credentials' | 'hours' | 'clearances' | 'waivers' | 'starts' | 'external' | 'declarations' | 'events';
  columns: [TextKey, number][];
  rows: string[][];
}

/** The sections of a record with their cells worded in one language: for the paper and for the page. */
export function sectionsOf(record: LifeRecord, { t, has, date, lang, dateTime }: Text): SectionRows[] {
  const day = (at: string | null): string => (at === null ? '' : dateTime(Date.parse(at)));
  const plain = (on: string | null, otherwise: TextKey): string => (on === null ? t(otherwise) : date(on));
  const worded = (prefix: string, code: string): string => { const key = `${prefix}.${code}`; return has(key) ? t(key) : code; };
  return [
    {
      key: 'appointments', columns: [['records.col.organisation', 12], ['records.col.post', 10], ['records.col.from', 8], ['records.col.until', 8]],
      rows: record.appointments.map((one) => [one.organisation, [one.post, one.rank].filter(Boolean).join(' · '), date(one.from), plain(one.until, 'records.open-end')]),
    },
    {
      key: 'clearances', columns: [['records.col.programme', 12], ['records.col.from', 8], ['records.col.until', 8], ['records.col.basis', 8]],
      rows: record.clearances.flatMap((one) => (one.periods.length === 0 ? [[one.programme[lang], '', '', t('records.record-none')]]
        : one.periods.map((period) => [one.programme[lang], date(period.from), plain(period.until, 'records.no-end'), worded('records.basis', period.basis)]))),
    },
    {
      key: 'credentials', columns: [['records.col.number', 9], ['records.col.programme', 11], ['records.col.on', 9], ['records.col.until', 8], ['records.col.state', 5]],
      rows: record.credentials.map((one) => [one.number, one.programme[lang], day(one.issuedAt), plain(one.validUntil, 'records.no-end'), worded('records.credential', one.state)]),
    },
    {
      key: 'courses', columns: [['records.col.course', 14], ['records.col.enrolled', 9], ['records.col.lessons', 5], ['records.col.completed', 9]],
      rows: record.courses.map((one) => [one.title[lang], day(one.enrolledAt), String(one.lessons.length), day(one.completedAt)]),
    },
    {
      key: 'exams', columns: [['records.col.exam', 12], ['records.col.attempt', 3], ['records.col.on', 9], ['records.col.result', 7], ['records.col.released', 9]],
      rows: record.exams.map((one) => [one.title[lang], String(one.attempt), day(one.startedAt), resultText(one, t), day(one.result?.releasedAt ?? null)]),
    },
    {
      key: 'hours', columns: [['records.col.year', 6], ['records.col.hours', 6]],
      rows: record.hours.map((one) => [String(one.year), String(one.hundredths / 100)]),
    },
    {
      key: 'events', columns: [['records.col.title', 12], ['records.col.from', 8], ['records.col.until', 8], ['records.col.hours', 4], ['records.col.state', 5]],
      rows: record.events.map((one) => [one.title, date(one.from), date(one.until), String((one.hundredths - one.leaveHundredths) / 100), worded('records.attended', one.state)]),
    },
    {
      key: 'external', columns: [['records.col.title', 11], ['records.col.issuer', 10], ['records.col.on', 8], ['records.col.until', 8], ['records.col.state', 5]],
      rows: record.external.map((one) => [one.title, one.issuer, date(one.issuedOn), plain(one.validUntil, 'records.no-end'), worded('records.state', one.state)]),
    },
    {
      key: 'declarations', columns: [['records.col.title', 11], ['records.col.signed', 10], ['records.col.hash', 14]],
      rows: record.declarations.map((one) => [one.title[lang], `${one.signedName} · ${day(one.signedAt)}`, one.textHash.slice(0, 16)]),
    },
    {
      key: 'waivers', columns: [['records.col.programme', 9], ['records.col.state', 4], ['records.col.from', 7], ['records.col.until', 7], ['records.col.reason', 10], ['records.col.conditions', 8]],
      rows: record.waivers.map((one) => [one.programme[lang], worded('records.waiver', one.state), date(one.from), date(one.until), one.reason, one.conditions]),
    },
    {
      key: 'starts', columns: [['records.col.organisation', 12], ['records.col.on', 8], ['records.col.basis', 9], ['records.col.state', 6]],
      rows: record.starts.map((one) => [one.organisation, date(one.on), worded('records.basis', one.basis), worded('records.start', one.state)]),
    },
  ];
}

function resultText({ state, result }: LifeRecord['exams'][number], t: Text['t']): string {
  if (state === 'void') return t('records.attempt-void');
  if (!result) return t('records.not-released');
  return t(result.passed ? 'records.passed' : 'records.failed', { percent: Math.round(result.percent * 100) / 100 });
}
