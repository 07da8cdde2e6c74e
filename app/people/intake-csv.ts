import { CsvError, parse } from 'csv-parse/sync';
import { z } from 'zod';
import { err, ok, type Result } from '~/kernel/result';
import { INTAKE_FIELDS, isEmptyRow, MAX_INTAKE_ROWS, tidyRow, type IntakeField, type IntakeRow } from './intake-rows';

/** The largest file, in bytes. */
export const MAX_CSV = 1024 * 1024;

/** Names by which a column is known: width, case, spaces and punctuation do not matter. The first is shown. */
const HEADERS: Record<IntakeField, readonly string[]> = {
  name: ['姓名', 'name', 'full name'],
  recruitmentNumber: ['报考号', 'recruitment number', '准考证号', '报名号', 'number'],
  organisationCode: ['单位代码', 'organisation code', 'organization code', '用人单位代码', 'unit code'],
  post: ['岗位', 'post', '职位', '岗位名称', '职位名称', 'position'],
  rank: ['职级', 'rank', '级别'],
  email: ['邮箱', 'email', '电子邮箱', '电子邮件', 'mail'],
  phone: ['手机', 'phone', '手机号', '手机号码', '联系电话', '电话', 'mobile'],
  nationalNumber: ['身份证号', 'national number', '身份证号码', '公民身份号码', '身份证', 'identity number'],
};
const MUST: readonly IntakeField[] = ['name', 'recruitmentNumber', 'post'];

const foldHeader = (text: string): string => text.normalize('NFKC').toLowerCase().replace(/[\s_().*:：-]/g, '');
const FIELD_BY_HEADER = new Map(INTAKE_FIELDS.flatMap((field) => HEADERS[field].map((header) => [foldHeader(header), field] as const)));

/** The headers of an empty file to begin with. */
export const csvHeaders = (lang: 'zh' | 'en'): string[] => INTAKE_FIELDS.map((field) => HEADERS[field][lang === 'zh' ? 0 : 1] ?? field);

/** The file's text: UTF-8 with or without byte order mark, else GB 18030, which Chinese spreadsheets write. */
export function decodeCsv(content: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(content);
  } catch {
    return new TextDecoder('gb18030').decode(content);
  }
}

export interface IntakeFile {
  rows: IntakeRow[];
  /** The line of the file in which each row begins, counted from 1. */
  lines: number[];
  /** Columns that were not understood and are not used. */
  unused: string[];
}

const Records = z.array(z.object({ record: z.array(z.string()), info: z.object({ lines: z.number() }) })
  .transform(({ record, info }) => ({ record, line: info.lines })));

/** Reads an intake's csv: a header row in Chinese or English, columns in any order, comma, semicolon or tab between them. */
export function readIntakeCsv(text: string): Result<IntakeFile> {
  const records = csvRecords(text);
  if (!records.ok) return records;
  const [header, ...body] = records.value;
  if (!header) return err('csv.empty', undefined, 'file');
  const columns = header.record.map((title) => FIELD_BY_HEADER.get(foldHeader(title)) ?? null);
  const known = checkColumns(header.record, columns);
  if (!known.ok) return known;
  const read = body.map(({ record, line }) => ({ line, row: tidyRow(Object.fromEntries(columns.flatMap((field, i) => (field ? [[field, record[i] ?? '']] : [])))) }));
  const filled = read.filter(({ row }) => !isEmptyRow(row));
  if (filled.length === 0) return err('csv.empty', undefined, 'file');
  if (filled.length > MAX_INTAKE_ROWS) return err('csv.too-many-rows', { max: MAX_INTAKE_ROWS }, 'file');
  const unused = header.record.filter((title, i) => columns[i] === null && title.trim() !== '');
  return ok({ rows: filled.map(({ row }) => row), lines: filled.map(({ line }) => line), unused });
}

function checkColumns(titles: string[], columns: (IntakeField | null)[]): Result<null> {
  const twice = columns.find((field, i) => field !== null && columns.indexOf(field) !== i);
  if (twice) return err('csv.column-twice', { column: titles[columns.lastIndexOf(twice)] ?? twice }, 'file');
  const missing = MUST.find((field) => !columns.includes(field));
  if (missing) return err('csv.column-missing', { column: HEADERS[missing][0] ?? missing }, 'file');
  return ok(null);
}

/** The records of a csv text with their lines; the delimiter is the one that parts the first line most. */
export function csvRecords(text: string): Result<{ record: string[]; line: number }[]> {
  const firstLine = text.slice(0, 2000).split(/\r?\n/, 1)[0] ?? '';
  const count = (mark: string) => firstLine.split(mark).length;
  const delimiter = [',', '\t', ';'].reduce((best, mark) => (count(mark) > count(best) ? mark : best));
  try {
    const parsed: unknown = parse(text, { bom: true, delimiter, info: true, relax_column_count: true, skip_empty_lines: true, trim: true });
    return ok(Records.parse(parsed));
  } catch (error) {
    if (error instanceof CsvError) return err('csv.malformed', { line: Number(error['lines'] ?? 1) }, 'file');
    throw error;
  }
}
