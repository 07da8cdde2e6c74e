import { readSheet } from 'read-excel-file/universal';
import { fromBuffer, type Entry, type ZipFile } from 'yauzl';
import { err, ok, type Result } from '~/kernel/result';
import { csvRecords, decodeCsv } from '~/people';
import { fieldOfHeader, isEmptyPastRow, MAX_PAST_ROWS, MUST, pastHeaders, PAST_FIELDS, tidyPastRow, type PastRow } from './rows';

/** The largest file, in bytes, packed and unpacked: a small zip can hold gigabytes. */
export const MAX_SHEET = 2 * 1024 * 1024;
const MAX_UNPACKED = 40 * 1024 * 1024;

export interface PastSheet {
  rows: PastRow[];
  /** The line of the file in which each row stands, counted from 1. */
  lines: number[];
  /** Columns that were not understood and are not used. */
  unused: string[];
}

/** Reads a spreadsheet, by its content and not by its name: xlsx without macros, or csv in whatever encoding. */
export async function readPastSheet(content: Buffer): Promise<Result<PastSheet>> {
  if (content.length > MAX_SHEET) return err('past.too-large', { max: MAX_SHEET / 1024 / 1024 }, 'file');
  if (content.subarray(0, 8).equals(Buffer.from('d0cf11e0a1b11ae1', 'hex'))) return err('past.xls', undefined, 'file');
  const lines = content.subarray(0, 2).toString('latin1') === 'PK' ? await xlsxLines(content) : csvLines(content);
  return lines.ok ? sheetOf(lines.value) : lines;
}

interface Line {
  line: number;
  cells: string[];
}

async function xlsxLines(content: Buffer): Promise<Result<Line[]>> {
  const inside = await namesInZip(content);
  if (!inside.ok) return inside;
  if (inside.value.some((name) => /vbaProject|macrosheets|externalLinks|activeX/i.test(name))) return err('past.macros', undefined, 'file');
  try {
    const found = await readSheet(new Uint8Array(content).buffer);
    return ok(found.map((row, i) => ({ line: i + 1, cells: row.map(cellText) })));
  } catch {
    return err('past.not-a-sheet', undefined, 'file');
  }
}

/** A cell as people would type it; dates come as midnight in UTC. */
function cellText(cell: unknown): string {
  if (cell instanceof Date) return Number.isNaN(cell.getTime()) ? '' : cell.toISOString().slice(0, 10);
  return typeof cell === 'string' || typeof cell === 'number' || typeof cell === 'boolean' ? String(cell) : '';
}

/** Names of the files in a zip, every one of them unpacked to see that it is not larger than it says. */
async function namesInZip(content: Buffer): Promise<Result<string[]>> {
  try {
    const zip = await opened(content);
    const names: string[] = [];
    let left = MAX_UNPACKED;
    for await (const entry of entriesOf(zip)) {
      names.push(entry.fileName);
      left -= entry.uncompressedSize;
      if (left < 0) return err('past.too-large', { max: MAX_UNPACKED / 1024 / 1024 }, 'file');
      await sizeHolds(zip, entry);
    }
    return ok(names);
  } catch {
    return err('past.not-a-sheet', undefined, 'file');
  }
}

const opened = (content: Buffer): Promise<ZipFile> => new Promise((resolve, reject) => {
  fromBuffer(content, { lazyEntries: true, validateEntrySizes: true }, (error, zip) => (error ? reject(error) : resolve(zip)));
});

async function* entriesOf(zip: ZipFile): AsyncGenerator<Entry> {
  for (;;) {
    const entry = await new Promise<Entry | null>((resolve, reject) => {
      const clear = () => zip.removeAllListeners();
      zip.once('entry', (one: Entry) => { clear(); resolve(one); });
      zip.once('end', () => { clear(); resolve(null); });
      zip.once('error', (error: Error) => { clear(); reject(error); });
      zip.readEntry();
    });
    if (entry === null) return;
    yield entry;
  }
}

const sizeHolds = (zip: ZipFile, entry: Entry): Promise<void> => new Promise((resolve, reject) => {
  zip.openReadStream(entry, (error, stream) => {
    if (error) return reject(error);
    stream.on('error', reject).on('end', () => resolve()).resume();
  });
});

function csvLines(content: Buffer): Result<Line[]> {
  const text = decodeCsv(content);
  if (text.includes('\0')) return err('past.not-a-sheet', undefined, 'file');
  const records = csvRecords(text);
  return records.ok ? ok(records.value.map(({ record, line }) => ({ cells: record, line }))) : records;
}

/** The header row is the first that holds most of the columns: titles above it are common. */
function sheetOf(lines: Line[]): Result<PastSheet> {
  const filled = lines.filter(({ cells }) => cells.some((cell) => cell.trim() !== ''));
  const at = filled.slice(0, 10).findIndex(({ cells }) => new Set(cells.map(fieldOfHeader)).size > MUST.length / 2);
  const header = filled[at] ?? filled[0];
  if (!header) return err('csv.empty', undefined, 'file');
  const columns = header.cells.map(fieldOfHeader);
  const missing = MUST.find((field) => !columns.includes(field));
  if (missing) return err('csv.column-missing', { column: pastHeaders('zh')[PAST_FIELDS.indexOf(missing)] ?? missing }, 'file');
  const twice = columns.find((field, i) => field !== null && columns.indexOf(field) !== i);
  if (twice) return err('csv.column-twice', { column: header.cells[columns.lastIndexOf(twice)] ?? twice }, 'file');
  const read = filled.slice(Math.max(at, 0) + 1).map(({ line, cells }) => ({
    line, row: tidyPastRow(Object.fromEntries(columns.flatMap((field, i) => (field ? [[field, (cells[i] ?? '').slice(0, 500)]] : [])))),
  })).filter(({ row }) => !isEmptyPastRow(row));
  if (read.length === 0) return err('csv.empty', undefined, 'file');
  if (read.length > MAX_PAST_ROWS) return err('csv.too-many-rows', { max: MAX_PAST_ROWS }, 'file');
  return ok({ rows: read.map(({ row }) => row), lines: read.map(({ line }) => line), unused: header.cells.filter((title, i) => columns[i] === null && title.trim() !== '') });
}
