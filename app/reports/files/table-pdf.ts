import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import PDFDocument from 'pdfkit';
import { brokenLines, FONTS, printable } from '~/pdf';
import type { FileColumn, FileSheet } from './sheet';

type Document = PDFKit.PDFDocument;

/** A table to be drawn: plain data, for it travels to a thread, and the file that holds its lines as JSON. */
export interface TableToDraw extends FileSheet {
  lines: string;
}

const PAGE = { width: 841.89, height: 595.28 };
const MARGIN = 34;
const WIDTH = PAGE.width - 2 * MARGIN;
const BOTTOM = PAGE.height - 46;
const SIZE = 8;
const LINE = 11.5;
const GAP = 5;
const INK = '#1c2322';
const QUIET = '#5c6664';
const RULE = '#c9d0ce';
/** What is longer ends in an ellipsis; the other formats have it whole. */
const MOST_LINES = 3;

/** A table on landscape A4, its head on each page, drawn page by page while its lines are read. */
export function drawTable(table: TableToDraw): Readable {
  const doc = new PDFDocument({ autoFirstPage: false, font: FONTS.regular, margin: 0, lang: 'zh-CN', pdfVersion: '1.7', info: { Title: table.title } });
  draw(doc, table).catch((error: unknown) => doc.destroy(error instanceof Error ? error : new Error(String(error))));
  return doc;
}

async function draw(doc: Document, table: TableToDraw): Promise<void> {
  const cells = placed(table.columns);
  const head = linesIn(cells, table.columns.map(({ title }) => title));
  const pages = await pagesOf(table, cells, head);
  const paper = new Paper(doc, table, cells, head, pages);
  for await (const line of linesOf(table.lines)) paper.row(linesIn(cells, line));
  doc.end();
}

interface PlacedColumn {
  x: number;
  width: number;
  align: 'left' | 'right';
}

/** Columns share the page as wide as they are in characters, so that none is too narrow to be read. */
function placed(columns: readonly FileColumn[]): PlacedColumn[] {
  const least = 34;
  const rest = WIDTH - least * columns.length;
  const all = columns.reduce((sum, { width }) => sum + width, 0);
  let x = MARGIN;
  return columns.map(({ width, numeric }): PlacedColumn => {
    const own = least + Math.max(0, rest) * (width / all);
    const column: PlacedColumn = { x, width: own - GAP, align: numeric ? 'right' : 'left' };
    x += own;
    return column;
  });
}

async function* linesOf(file: string): AsyncGenerator<string[]> {
  for await (const line of createInterface({ input: createReadStream(file, 'utf8'), crlfDelay: Infinity })) {
    if (line !== '') yield JSON.parse(line) as string[];
  }
}

/** Reckoned from the widths of characters: laying out every text twice would take as long as drawing. */
async function pagesOf({ lines, about }: TableToDraw, cells: readonly PlacedColumn[], head: string[][]): Promise<number> {
  let pages = 1;
  let y = topOf(1, about) + heightOf(head);
  for await (const line of linesOf(lines)) {
    const height = heightOf(linesIn(cells, line));
    if (y + height > BOTTOM) {
      pages += 1;
      y = topOf(pages, about) + heightOf(head);
    }
    y += height;
  }
  return pages;
}

const topOf = (page: number, about: readonly string[]): number => (page === 1 ? MARGIN + 34 + about.length * 13 + 8 : MARGIN);
const heightOf = (texts: readonly string[][]): number => Math.max(1, ...texts.map((one) => one.length)) * LINE + 5;

/** Each cell's text in lines that fit its column. */
const linesIn = (cells: readonly PlacedColumn[], texts: readonly string[]): string[][] => cells.map(({ width }, i) => wrapped(texts[i] ?? '', width / SIZE));

/** How wide a character is at most, in ems. */
const emsOf = (character: string): number => (character >= '\u2e80' ? 1 : character >= 'A' && character <= 'Z' ? 0.75 : 0.6);

function wrapped(text: string, ems: number): string[] {
  const lines = brokenLines(text.replace(/\s+/g, ' '), ems, (line) => [...line].reduce((sum, character) => sum + emsOf(character), 0));
  const last = lines[MOST_LINES - 1] ?? '';
  return lines.length <= MOST_LINES ? lines : [...lines.slice(0, MOST_LINES - 1), `${[...last].slice(0, -1).join('')}…`];
}

class Paper {
  private page = 0;
  private y = 0;

  constructor(
    private readonly doc: Document, private readonly table: TableToDraw, private readonly cells: readonly PlacedColumn[], private readonly head: string[][], private readonly pages: number,
  ) {
    this.next();
  }

  row(texts: string[][]): void {
    const height = heightOf(texts);
    if (this.y + height > BOTTOM) this.next();
    this.line(texts, INK);
    this.y += height;
    this.rule(this.y - 2.5, 0.3);
  }

  private next(): void {
    this.doc.addPage({ size: [PAGE.width, PAGE.height], margin: 0 });
    this.page += 1;
    if (this.page === 1) this.title();
    this.y = topOf(this.page, this.table.about);
    this.line(this.head, QUIET);
    this.y += heightOf(this.head);
    this.rule(this.y - 3, 0.9);
    this.put(`${this.table.title} · ${this.page} / ${this.pages}`, MARGIN, PAGE.height - 32, WIDTH, { size: 7.5, colour: QUIET, align: 'right' });
  }

  private title(): void {
    this.doc.font(FONTS.bold).fontSize(18).fillColor(INK).text(printable(this.table.title), MARGIN, MARGIN, { width: WIDTH, align: 'center', lineBreak: false });
    for (const [i, line] of this.table.about.entries()) this.put(line, MARGIN, MARGIN + 30 + i * 13, WIDTH, { size: 9, colour: QUIET, align: 'center' });
  }

  private line(texts: string[][], colour: string): void {
    for (const [i, { x, width, align }] of this.cells.entries()) {
      for (const [n, text] of (texts[i] ?? []).entries()) this.put(text, x, this.y + n * LINE, width, { size: SIZE, colour, align });
    }
  }

  private put(text: string, x: number, y: number, width: number, { size, colour, align }: { size: number; colour: string; align: 'left' | 'right' | 'center' }): void {
    const shown = printable(text);
    const doc = this.doc.font(FONTS.regular).fontSize(size).fillColor(colour);
    const left = align === 'left' ? x : align === 'right' ? x + width - doc.widthOfString(shown) : x + (width - doc.widthOfString(shown)) / 2;
    doc.text(shown, left, y, { lineBreak: false });
  }

  private rule(y: number, weight: number): void {
    this.doc.lineWidth(weight).strokeColor(RULE).moveTo(MARGIN, y).lineTo(MARGIN + WIDTH, y).stroke();
  }
}
