import { err, ok, ProblemError, type Result } from '~/kernel/result';
import { DdeFound, isDde, lineGatherer } from './cells';
import { csvLines } from './delimited';
import type { Line } from './line';
import { textStart } from './text';
import { forbidden, readWorkbook, type Workbook } from './workbook';
import { readXml } from './xml';
import { openZip, ZipBomb, ZipTooLarge, type Zip } from './zip';

/** A table in a file: its name as shown (none in csv), and its lines from the first on, as often as they are asked for. */
export interface Sheet {
  name: string;
  /** @throws ProblemError when something in it cannot be read or is not taken */
  lines(): AsyncGenerator<Line>;
}

export interface SheetLimits {
  /** The largest file, in bytes, and the largest it may become when unpacked. */
  packed: number;
  unpacked: number;
}

const MB = 1024 * 1024;
const OLE = Buffer.from('d0cf11e0a1b11ae1', 'hex');
/** The name that stands in an old container when what it holds is a new workbook behind a password. */
const ENCRYPTED = Buffer.from('EncryptedPackage', 'utf16le');

/**
 * Opens a spreadsheet by its content and not by its name: xlsx without macros and links to elsewhere, or csv in whatever
 * encoding. Nothing of it is read into memory but the texts that its cells share.
 */
export async function openSheets(content: Buffer, limits: SheetLimits): Promise<Result<Sheet[]>> {
  if (content.length > limits.packed) return err('sheet.too-large', { max: limits.packed / MB }, 'file');
  if (content.subarray(0, 8).equals(OLE)) return err(content.includes(ENCRYPTED) ? 'sheet.encrypted' : 'sheet.xls', undefined, 'file');
  return content.subarray(0, 2).toString('latin1') === 'PK' ? openXlsx(content, limits.unpacked) : openCsv(content);
}

async function openXlsx(content: Buffer, unpacked: number): Promise<Result<Sheet[]>> {
  try {
    const zip = await openZip(content, unpacked);
    if (zip.has('xl/workbook.bin') || zip.has('content.xml')) return err('sheet.xls', undefined, 'file');
    const against = await forbidden(zip);
    if (against) return err(against, undefined, 'file');
    const book = await readWorkbook(zip);
    return book.sheets.length > 0 ? ok(book.sheets.map(({ name, part }) => ({ name, lines: () => xlsxLines(zip, book, part) }))) : err('csv.empty', undefined, 'file');
  } catch (error) {
    if (error instanceof ZipBomb) return err('sheet.bomb', undefined, 'file');
    return error instanceof ZipTooLarge ? err('sheet.too-large', { max: unpacked / MB }, 'file') : err('sheet.unreadable', undefined, 'file');
  }
}

async function* xlsxLines(zip: Zip, book: Workbook, part: string): AsyncGenerator<Line> {
  const { events, take } = lineGatherer(book);
  try {
    yield* readXml(zip.pieces(part), events, take);
  } catch (error) {
    throw new ProblemError({ code: error instanceof DdeFound ? 'sheet.dde' : 'sheet.unreadable', field: 'file' });
  }
}

function openCsv(content: Buffer): Result<Sheet[]> {
  if (content.length === 0) return err('csv.empty', undefined, 'file');
  const start = textStart(content, 4096);
  if (start.includes('\0')) return err('sheet.unreadable', undefined, 'file');
  if (/^\uFEFF?\s*[[{]/.test(start)) return err('sheet.unreadable', undefined, 'file');
  // Many systems offer web pages and old XML under the name .xls.
  if (/^\uFEFF?\s*<(?:!doctype|html|table|head|meta|\?xml)/i.test(start)) return err('sheet.xls', undefined, 'file');
  return ok([{ name: '', lines: () => withoutDde(csvLines(content)) }]);
}

async function* withoutDde(lines: AsyncGenerator<Line>): AsyncGenerator<Line> {
  for await (const line of lines) {
    if (line.cells.some((cell) => cell.startsWith('=') && isDde(cell))) throw new ProblemError({ code: 'sheet.dde', field: 'file' });
    yield line;
  }
}
