import type { PlainDate } from '~/kernel/calendar';
import { err, ok, type Result } from '~/kernel/result';
import { findHeader, headerReader, isBlank, readDay, type Line } from '~/people';

/** The columns of a list that is brought, in the order in which they are asked for. */
export const TYPED_FIELDS = ['number', 'nationalNumber', 'name', 'on'] as const;
type TypedField = (typeof TYPED_FIELDS)[number];

/** Names by which a column is known; the first two are shown. */
const HEADERS: Record<TypedField, readonly string[]> = {
  number: ['报考号或工号', 'number', '报考号', '工号', '编号', '准考证号', '报名号', '职工号', 'recruitment number', 'staff number', 'no'],
  nationalNumber: ['身份证号', 'national number', '身份证号码', '公民身份号码', '身份证', '证件号码', 'identity number', 'id number'],
  name: ['姓名', 'name', '人员姓名', 'full name'],
  on: ['上岗日期', 'start of duty', '拟上岗日期', '上岗日', '到岗日期', '报到日期', 'start date', 'start', 'starts on'],
};

export const typedHeaders = (lang: 'zh' | 'en'): string[] => TYPED_FIELDS.map((field) => HEADERS[field][lang === 'zh' ? 0 : 1] ?? field);

const fieldOf = headerReader(HEADERS);

export const MOST_ROWS = 5000;
const LONGEST = { number: 40, name: 60 } as const;

/** One row as brought. */
export interface TypedRow {
  line: number;
  number: string;
  name: string;
  /** The person's own day; null: the one in the register. */
  on: PlainDate | null;
}

export interface TypedList {
  rows: TypedRow[];
  /** Columns that were not understood and are not used. */
  unused: string[];
}

/** The people of a table: a header row somewhere among the first lines, a number and a name each, perhaps a day. */
export function typedList(lines: readonly Line[]): Result<TypedList> {
  const filled = lines.filter((line) => !isBlank(line));
  const header = findHeader(filled, fieldOf, 2) ?? filled[0];
  if (!header) return err('csv.empty', undefined, 'file');
  const columns = header.cells.map(fieldOf);
  const missing = !columns.includes('name') ? 'name' : columns.includes('number') || columns.includes('nationalNumber') ? null : 'number';
  if (missing) return err('csv.column-missing', { column: HEADERS[missing][0] ?? missing }, 'file');
  const rows: TypedRow[] = [];
  for (const line of filled.slice(filled.indexOf(header) + 1)) {
    const read = typedRow(line, (field) => columns.flatMap((known, i) => (known === field && (line.cells[i] ?? '').trim() !== '' ? [(line.cells[i] ?? '').trim()] : []))[0] ?? '');
    if (!read.ok) return read;
    if (read.value) rows.push(read.value);
    if (rows.length > MOST_ROWS) return err('csv.too-many-rows', { max: MOST_ROWS }, 'file');
  }
  if (rows.length === 0) return err('csv.empty', undefined, 'file');
  return ok({ rows, unused: header.cells.filter((title, i) => columns[i] === null && title.trim() !== '') });
}

/** A row without a number and a name is none; one with half of them is wrong, for nothing could be said about it. */
function typedRow({ line }: Line, cell: (field: TypedField) => string): Result<TypedRow | null> {
  const number = cell('number') || cell('nationalNumber');
  const [name, typedOn] = [cell('name').normalize('NFC'), cell('on')];
  if (number === '' && name === '') return ok(null);
  if (number === '' || number.length > LONGEST.number) return err('hiring.row-number', { line }, 'file');
  if (name === '' || name.length > LONGEST.name) return err('hiring.row-name', { line }, 'file');
  const on = typedOn === '' ? null : readDay(typedOn);
  return typedOn !== '' && on === null ? err('hiring.row-day', { line, value: typedOn.slice(0, 20) }, 'file') : ok({ line, number, name, on });
}
