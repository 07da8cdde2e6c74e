import { strToU8, Zip, ZipDeflate, ZipPassThrough } from 'fflate';
import { safeCell } from './csv';

/** Text, a figure to reckon with, a day, or nothing. */
export type SheetCell = string | number | { date: string } | null;

export interface XlsxSheet {
  /** As shown on its tab. */
  name: string;
  /** Widths are in characters. */
  columns: { title: string; width: number }[];
  /** Some rows at a time, however many there are in all. */
  rows: AsyncIterable<SheetCell[][]> | Iterable<SheetCell[][]>;
}

/** A sheet holds a few more; what comes after goes on in another one. */
const ROWS_A_SHEET = 1_000_000;

/**
 * An Excel workbook, piece by piece, so that lists of any length are written without holding them. Header rows stay in sight
 * and have filters; texts are texts: what looks like a formula is disarmed, numbers keep their leading noughts.
 */
export async function* xlsxPieces(sheets: readonly XlsxSheet[]): AsyncGenerator<Uint8Array> {
  let ready: Uint8Array[] = [];
  const zip = new Zip((error, piece) => {
    if (error) throw error;
    ready.push(piece);
  });
  const take = () => {
    const taken = ready;
    ready = [];
    return taken;
  };
  const names: string[] = [];
  for (const sheet of sheets) {
    let body: ZipDeflate | null = null;
    for await (const { text, part } of sheetXml(sheet)) {
      if (part === 'begins') {
        names.push(tabName(sheet.name, names));
        body = new ZipDeflate(`xl/worksheets/sheet${names.length}.xml`, { level: 6 });
        zip.add(body);
      }
      body?.push(strToU8(text), part === 'ends');
      yield* take();
    }
  }
  for (const [name, content] of partsFor(names)) {
    const part = new ZipPassThrough(name);
    zip.add(part);
    part.push(strToU8(content), true);
  }
  zip.end();
  yield* take();
}


interface Part {
  text: string;
  part: 'begins' | 'goes on' | 'ends';
}

async function* sheetXml({ columns, rows }: XlsxSheet): AsyncGenerator<Part> {
  yield { text: beginning(columns), part: 'begins' };
  let line = 1;
  for await (const some of rows) {
    if (line > ROWS_A_SHEET) {
      yield { text: ending(columns, line), part: 'ends' };
      yield { text: beginning(columns), part: 'begins' };
      line = 1;
    }
    let text = '';
    for (const row of some) text += rowXml(row, line += 1, 2);
    yield { text, part: 'goes on' };
  }
  yield { text: ending(columns, line), part: 'ends' };
}

const beginning = (columns: XlsxSheet['columns']): string =>
  `${HEAD}<worksheet xmlns="${MAIN}"><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>`
  + `<cols>${columns.map(({ width }, i) => `<col min="${i + 1}" max="${i + 1}" width="${width}" customWidth="1"/>`).join('')}</cols>`
  + `<sheetData>${rowXml(columns.map(({ title }) => title), 1, 1)}`;

const ending = (columns: XlsxSheet['columns'], lines: number): string => `</sheetData><autoFilter ref="A1:${nameOf(columns.length - 1)}${lines}"/></worksheet>`;

const rowXml = (cells: SheetCell[], line: number, style: number): string =>
  `<row r="${line}">${cells.map((cell, i) => cellXml(cell, `${nameOf(i)}${line}`, style)).join('')}</row>`;

function cellXml(cell: SheetCell, at: string, style: number): string {
  if (cell === null || cell === '') return '';
  if (typeof cell === 'number') return Number.isFinite(cell) ? `<c r="${at}"><v>${cell}</v></c>` : '';
  if (typeof cell === 'object') {
    const serial = serialOf(cell.date);
    return serial === null ? cellXml(cell.date, at, style) : `<c r="${at}" s="3"><v>${serial}</v></c>`;
  }
  return `<c r="${at}" s="${style}" t="inlineStr"><is><t xml:space="preserve">${escaped(safeCell(cell))}</t></is></c>`;
}

/** How spreadsheets count days; null for days that they cannot count. */
function serialOf(date: string): number | null {
  const at = Date.parse(`${date}T00:00:00Z`);
  const serial = (at - Date.UTC(1899, 11, 30)) / 86_400_000;
  return serial >= 61 ? serial : null;
}

/** The name of a column, counted from 0: A, B, … Z, AA. */
export const nameOf = (column: number): string => (column < 26 ? '' : nameOf(Math.floor(column / 26) - 1)) + String.fromCharCode(65 + (column % 26));

/** Characters that XML cannot hold are left out; what only looks like one written as a number is marked; a cell holds 32,767. */
const escaped = (text: string): string => text.slice(0, 32_000)
  .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, '')
  .replace(/_(?=x[0-9A-F]{4}_)/gi, '_x005F_')
  .replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;').replace(/\r/g, '&#13;');

/** A tab's name has at most 31 characters, none of these among them, and is like no other. */
function tabName(name: string, others: readonly string[]): string {
  const plain = name.replace(/[[\]:*?/\\]/g, ' ');
  for (let n = 1; ; n += 1) {
    const tail = n === 1 ? '' : ` ${n}`;
    const made = plain.slice(0, 31 - tail.length) + tail;
    if (!others.includes(made)) return made;
  }
}

const HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>';
const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006';
const TYPE = 'application/vnd.openxmlformats-officedocument.spreadsheetml';
const relations = (list: string): string => `${HEAD}<Relationships xmlns="${PACKAGE}/relationships">${list}</Relationships>`;
const relation = (id: string, type: string, target: string): string => `<Relationship Id="${id}" Type="${OFFICE}/${type}" Target="${target}"/>`;

/** Everything but the cells. */
const partsFor = (names: readonly string[]): [string, string][] => [
  ['[Content_Types].xml', `${HEAD}<Types xmlns="${PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>`
    + `<Override PartName="/xl/workbook.xml" ContentType="${TYPE}.sheet.main+xml"/>${names.map((_, i) => `<Override PartName="/xl/worksheets/sheet${i + 1}.xml" ContentType="${TYPE}.worksheet+xml"/>`).join('')}`
    + `<Override PartName="/xl/styles.xml" ContentType="${TYPE}.styles+xml"/></Types>`],
  ['_rels/.rels', relations(relation('rId1', 'officeDocument', 'xl/workbook.xml'))],
  ['xl/workbook.xml', `${HEAD}<workbook xmlns="${MAIN}" xmlns:r="${OFFICE}"><sheets>${names.map((name, i) => `<sheet name="${escaped(name)}" sheetId="${i + 1}" r:id="rId${i + 1}"/>`).join('')}</sheets></workbook>`],
  ['xl/_rels/workbook.xml.rels', relations(`${names.map((_, i) => relation(`rId${i + 1}`, 'worksheet', `worksheets/sheet${i + 1}.xml`)).join('')}${relation(`rId${names.length + 1}`, 'styles', 'styles.xml')}`)],
  ['xl/styles.xml', STYLES],
];

/** 1 is the header, 2 is text, so that a number typed over one stays as typed, 3 is a day. */
const STYLES = `${HEAD}<styleSheet xmlns="${MAIN}"><numFmts count="1"><numFmt numFmtId="176" formatCode="yyyy\\-mm\\-dd"/></numFmts>`
  + '<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts>'
  + '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
  + '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="4"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
  + '<xf numFmtId="49" fontId="1" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyFont="1"/><xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
  + '<xf numFmtId="176" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/></cellXfs></styleSheet>';
