import { err, ok, ProblemError, type Result } from '~/kernel/result';
import { findHeader, isBlank, openSheets, type Line, type Sheet } from '~/people';
import { fieldOfHeader, isEmptyPastRow, MAX_PAST_ROWS, MUST, pastHeaders, PAST_FIELDS, tidyPastRow, type PastRow } from './rows';

/** The largest file, in bytes, packed and unpacked. */
export const MAX_SHEET = 2 * 1024 * 1024;
const MAX_UNPACKED = 40 * 1024 * 1024;

export interface PastSheet {
  rows: PastRow[];
  /** The line of the file in which each row stands, counted from 1. */
  lines: number[];
  /** Columns that were not understood and are not used. */
  unused: string[];
}

/** Reads a spreadsheet of the past, from its first sheet. */
export async function readPastSheet(content: Buffer): Promise<Result<PastSheet>> {
  const opened = await openSheets(content, { packed: MAX_SHEET, unpacked: MAX_UNPACKED });
  if (!opened.ok) return opened;
  const [first] = opened.value;
  const lines = first ? await filledLines(first) : ok([]);
  return lines.ok ? sheetOf(lines.value) : lines;
}

async function filledLines(sheet: Sheet): Promise<Result<Line[]>> {
  const filled: Line[] = [];
  try {
    for await (const line of sheet.lines()) {
      if (!isBlank(line)) filled.push(line);
      // Some lines above the header, and one to know that there are more.
      if (filled.length > MAX_PAST_ROWS + 30) return err('csv.too-many-rows', { max: MAX_PAST_ROWS }, 'file');
    }
    return ok(filled);
  } catch (error) {
    if (error instanceof ProblemError) return { ok: false, error: error.problem };
    throw error;
  }
}

/** The header row is the one of the first that names most columns: titles above it are common. */
function sheetOf(filled: Line[]): Result<PastSheet> {
  const header = findHeader(filled, fieldOfHeader, 2) ?? filled[0];
  if (!header) return err('csv.empty', undefined, 'file');
  const columns = header.cells.map(fieldOfHeader);
  const missing = MUST.find((field) => !columns.includes(field));
  if (missing) return err('csv.column-missing', { column: pastHeaders('zh')[PAST_FIELDS.indexOf(missing)] ?? missing }, 'file');
  const twice = columns.find((field, i) => field !== null && columns.indexOf(field) !== i);
  if (twice) return err('csv.column-twice', { column: header.cells[columns.lastIndexOf(twice)] ?? twice }, 'file');
  const read = filled.slice(filled.indexOf(header) + 1).map(({ line, cells }) => ({
    line, row: tidyPastRow(Object.fromEntries(columns.flatMap((field, i) => (field ? [[field, (cells[i] ?? '').slice(0, 500)]] : [])))),
  })).filter(({ row }) => !isEmptyPastRow(row));
  if (read.length === 0) return err('csv.empty', undefined, 'file');
  if (read.length > MAX_PAST_ROWS) return err('csv.too-many-rows', { max: MAX_PAST_ROWS }, 'file');
  return ok({ rows: read.map(({ row }) => row), lines: read.map(({ line }) => line), unused: header.cells.filter((title, i) => columns[i] === null && title.trim() !== '') });
}
