import { createHash } from 'node:crypto';
import type { PlainDate } from '~/kernel/calendar';
import type { Problem } from '~/kernel/result';
import { headerReader, readDay } from '~/people';

/** The columns of an import of the past, in the order in which they are asked for. */
export const PAST_FIELDS = ['number', 'name', 'kind', 'code', 'title', 'issuer', 'on', 'validUntil', 'hours'] as const;
export type PastField = (typeof PAST_FIELDS)[number];
/** One row as typed; an empty text is an absent value. */
export type PastRow = Record<PastField, string>;

export const MAX_PAST_ROWS = 5000;

/** Names by which a column is known: width, case, spaces and punctuation do not matter. The first two are shown. */
const HEADERS: Record<PastField, readonly string[]> = {
  number: ['报考号或工号', 'number', '工号', '报考号', 'staff number', 'recruitment number', '编号'],
  name: ['姓名', 'name'],
  kind: ['类别', 'kind', '种类', 'type'],
  code: ['代码', 'code', '材料代码', '系列代码'],
  title: ['名称', 'title', '证书名称', '培训名称', '活动名称'],
  issuer: ['发证单位', 'issuer', '主办单位', '举办单位', 'issued by', 'organiser'],
  on: ['日期', 'date', '发证日期', '培训日期', 'issued on'],
  validUntil: ['有效期至', 'valid until', '有效期'],
  hours: ['学时', 'hours', '学时数'],
};
export const MUST: readonly PastField[] = ['number', 'name', 'kind', 'code', 'title', 'issuer', 'on'];

/** The headers of an empty file to begin with. */
export const pastHeaders = (lang: 'zh' | 'en'): string[] => PAST_FIELDS.map((field) => HEADERS[field][lang === 'zh' ? 0 : 1] ?? field);

export const fieldOfHeader = headerReader(HEADERS);

const KINDS: Record<string, 'external' | 'event'> = {
  证书: 'external', 证明: 'external', certificate: 'external', external: 'external',
  培训: 'event', 集中培训: 'event', 培训活动: 'event', classroom: 'event', event: 'event',
};

/** Evidence of a kind: a certificate from elsewhere, or attendance at a classroom event. */
export const kindOf = (typed: string): 'external' | 'event' | null => KINDS[typed.normalize('NFKC').toLowerCase().trim()] ?? null;

/** Hours in hundredths; null when they are none. */
export function readHours(typed: string): number | null {
  const text = typed.normalize('NFKC').trim();
  if (!/^\d{1,4}(?:\.\d{1,2})?$/.test(text)) return null;
  const hundredths = Math.round(Number(text) * 100);
  return hundredths > 0 ? hundredths : null;
}

/** What is wrong in one cell. `row` counts from 0. */
export interface PastProblem {
  row: number;
  field: PastField;
  problem: Problem;
}

const LONGEST: Record<PastField, number> = { number: 40, name: 60, kind: 20, code: 80, title: 120, issuer: 120, on: 20, validUntil: 20, hours: 8 };

/** A row in its one spelling. */
export const tidyPastRow = (typed: Partial<Record<PastField, string>>): PastRow =>
  Object.fromEntries(PAST_FIELDS.map((field) => [field, (typed[field] ?? '').normalize('NFC').trim().replace(/\s+/g, ' ')])) as PastRow;

export const isEmptyPastRow = (row: PastRow): boolean => PAST_FIELDS.every((field) => row[field] === '');

/** What can be said about the rows without asking the database. `codes`: the known ones, by kind. */
export const checkPastRows = (rows: readonly PastRow[], today: PlainDate, codes: Record<'external' | 'event', ReadonlySet<string>>): PastProblem[] =>
  rows.flatMap((row, i) => PAST_FIELDS.flatMap((field) => {
    const problem = checkCell(field, row, today, codes);
    return problem ? [{ row: i, field, problem }] : [];
  }));

function checkCell(field: PastField, row: PastRow, today: PlainDate, codes: Record<'external' | 'event', ReadonlySet<string>>): Problem | null {
  const value = row[field];
  if (value === '') return MUST.includes(field) ? { code: 'field.required' } : null;
  if (value.length > LONGEST[field]) return { code: 'field.too-long', params: { max: LONGEST[field] } };
  const on = readDay(row.on);
  switch (field) {
    case 'kind': return kindOf(value) ? null : { code: 'past.kind' };
    case 'code': {
      const kind = kindOf(row.kind);
      return kind && !codes[kind].has(value) ? { code: 'past.code-unknown' } : null;
    }
    case 'on': return on === null ? { code: 'field.date' } : on > today ? { code: 'records.date-future' } : null;
    case 'validUntil': {
      const until = readDay(value);
      return until === null ? { code: 'field.date' } : on !== null && until < on ? { code: 'records.dates-order' } : null;
    }
    case 'hours': return readHours(value) === null ? { code: 'field.number' } : null;
    default: return null;
  }
}

export interface PastEntry {
  kind: 'external' | 'event';
  code: string;
  title: string;
  issuer: string;
  on: PlainDate;
  validUntil: PlainDate | null;
  hundredths: number | null;
}

/** What a row that passed its checks says. */
export function pastEntry(cells: Partial<Record<string, string>>): PastEntry {
  const row = tidyPastRow(cells);
  return {
    kind: kindOf(row.kind) ?? 'external', code: row.code, title: row.title, issuer: row.issuer, on: readDay(row.on) ?? '', validUntil: row.validUntil === '' ? null : readDay(row.validUntil),
    hundredths: row.hours === '' ? null : readHours(row.hours),
  };
}

/** By which the same fact about the same person is known again, however its row is typed. */
export const contentHash = (personId: string, { kind, code, on }: PastEntry): string =>
  createHash('sha256').update(JSON.stringify([personId, kind, code, on])).digest('hex');
