import { plainText } from '~/kernel/csv';
import { serialDay } from './day';
import type { Line } from './line';
import { gatherText, type Workbook } from './workbook';
import type { XmlEvents } from './xml';

/** Columns beyond this one are not read: no table of people is so wide. */
const MOST_COLUMNS = 256;
/** A cell longer than this is cut: nobody's name is. */
const LONGEST_CELL = 4000;

/** A formula that starts another program: `cmd|'/c calc'!A0`. */
export const isDde = (formula: string): boolean => /^[\s=+\-@]*[\w.'" ]+\|.*!/.test(formula);

export class DdeFound extends Error {}

/** Gathers the lines of a sheet from its XML. @returns what to listen to, and how to take the lines that are complete */
export function lineGatherer(book: Pick<Workbook, 'shared' | 'isDay' | 'since1904'>): { events: XmlEvents; take(): Line[] } {
  let lines: Line[] = [];
  let current: Line | null = null;
  let [row, column, type, style] = [0, 0, 'n', 0];
  let [value, formula] = ['', ''];
  let reading: 'v' | 'f' | null = null;
  const inline = gatherText();

  const open: XmlEvents['open'] = (name, attributes) => {
    if (name === 'row') {
      row = Number(attributes['r'] ?? row + 1);
      current = { line: row, cells: [] };
      column = 0;
    } else if (name === 'c') {
      column = attributes['r'] ? columnOf(attributes['r']) : column + 1;
      [type, style, value, formula] = [attributes['t'] ?? 'n', Number(attributes['s'] ?? 0), '', ''];
    } else if (name === 'v' || name === 'f') reading = name;
    else inline.open(name);
  };
  const text: XmlEvents['text'] = (part) => {
    if (reading === 'v') value += part;
    else if (reading === 'f') formula += part;
    else inline.text(part);
  };
  const close: XmlEvents['close'] = (name) => {
    if (name === 'v' || name === 'f') reading = null;
    else if (name === 'c') endCell();
    else if (name === 'row' && current) {
      lines.push(current);
      current = null;
    } else inline.close(name);
  };
  const endCell = (): void => {
    if (isDde(formula)) throw new DdeFound();
    const said = type === 'inlineStr' ? inline.take() : value;
    if (!current || column > MOST_COLUMNS || said === '') return;
    while (current.cells.length < column - 1) current.cells.push('');
    current.cells[column - 1] = cellText(said, type, book.isDay[style] ?? false, book).slice(0, LONGEST_CELL);
  };
  return {
    events: { open, text, close },
    take: () => {
      const complete = lines;
      lines = [];
      return complete;
    },
  };
}

/** The column of a cell's address: A is 1, AA is 27. */
function columnOf(address: string): number {
  let column = 0;
  for (let i = 0; i < address.length; i += 1) {
    const letter = address.charCodeAt(i) - 64;
    if (letter < 1 || letter > 26) break;
    column = column * 26 + letter;
  }
  return column;
}

/** A cell as somebody would type it. */
function cellText(value: string, type: string, isDay: boolean, book: Pick<Workbook, 'shared' | 'since1904'>): string {
  switch (type) {
    case 's': return plainText(book.shared[Number(value)] ?? '');
    case 'b': return value === '1' ? 'TRUE' : 'FALSE';
    case 'n': return isDay && Number(value) >= 1 ? serialDay(Number(value), book.since1904) : figure(value);
    // An ISO day, perhaps with a time behind it.
    case 'd': return value.slice(0, 10);
    default: return plainText(value);
  }
}

/** Whole numbers without exponent as far as they are exact: 1.3812345678E10 is a telephone number. */
function figure(value: string): string {
  if (!/[eE.]/.test(value)) return value;
  const number = Number(value);
  return Number.isSafeInteger(number) ? String(number) : value;
}
