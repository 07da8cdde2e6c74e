import { stringify } from 'csv-stringify/sync';

/**
 * A csv file for spreadsheets: byte order mark (without one they take UTF-8 for something else), CRLF, and
 * cells that would be run as a formula begin with an apostrophe.
 */
export const csvFile = (header: string[], rows: string[][]): string =>
  stringify([header, ...rows], { bom: true, record_delimiter: 'windows', escape_formulas: true });
