import { stringify } from 'csv-stringify/sync';

/** What a spreadsheet takes for the beginning of a formula, in whatever width it is written. */
const FORMULA = /^[=+\-@\t\r＝＋－＠]/;

/**
 * A text as it may stand in a cell of any file that leaves the program: what a spreadsheet would run as a formula begins with
 * an apostrophe, which makes it text. The one place for it; `plainText` is the way back.
 */
export const safeCell = (text: string): string => (FORMULA.test(text) ? `'${text}` : text);

/** What a cell said before `safeCell`, for files that come back. */
export const plainText = (cell: string): string => (cell.startsWith("'") && FORMULA.test(cell.slice(1)) ? cell.slice(1) : cell);

const OPTIONS = { record_delimiter: 'windows' } as const;

/** A csv file for spreadsheets: byte order mark (without one they take UTF-8 for something else), CRLF, no formulas. */
export const csvFile = (header: string[], rows: string[][]): string => stringify([header, ...rows].map((row) => row.map(safeCell)), { ...OPTIONS, bom: true });

/** The same piece by piece, for lists of any length. */
export async function* csvPieces(header: string[], rows: AsyncIterable<string[][]> | Iterable<string[][]>): AsyncGenerator<string> {
  yield csvFile(header, []);
  for await (const some of rows) yield stringify(some.map((row) => row.map(safeCell)), OPTIONS);
}
