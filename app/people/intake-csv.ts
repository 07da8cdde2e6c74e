import { err, ok, type Result } from '~/kernel/result';
import { INTAKE_FIELDS, isEmptyRow, MAX_INTAKE_ROWS, tidyRow, type IntakeField, type IntakeRow } from './intake-rows';
import { csvRecords } from './sheet/delimited';
import { headerReader } from './sheet/header';

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

const fieldOf = headerReader(HEADERS);

/** The headers of an empty file to begin with. */
export const csvHeaders = (lang: 'zh' | 'en'): string[] => INTAKE_FIELDS.map((field) => HEADERS[field][lang === 'zh' ? 0 : 1] ?? field);

export interface IntakeFile {
  rows: IntakeRow[];
  /** The line of the file in which each row begins, counted from 1. */
  lines: number[];
  /** Columns that were not understood and are not used. */
  unused: string[];
}

/** Reads an intake's csv: a header row in Chinese or English, columns in any order, any of the usual marks between them. */
export function readIntakeCsv(text: string): Result<IntakeFile> {
  const records = csvRecords(text);
  if (!records.ok) return records;
  const [header, ...body] = records.value;
  if (!header) return err('csv.empty', undefined, 'file');
  const columns = header.record.map((title) => fieldOf(title));
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
