import PDFDocument from 'pdfkit';
import { FONTS, printable } from '~/pdf';
import type { RecordSheets } from './sheets';

type Document = PDFKit.PDFDocument;

const PAGE = { width: 595.28, height: 841.89 };
const MARGIN = 42;
const WIDTH = PAGE.width - 2 * MARGIN;
const BOTTOM = PAGE.height - 54;
const INK = '#1c2322';
const QUIET = '#5c6664';
const RULE = '#9aa5a3';
const SIZE = 8.5;

/** A record on A4: head, then each section with its table, whose head is repeated on each page. */
export function drawRecord(sheets: RecordSheets): Document {
  const doc = new PDFDocument({
    autoFirstPage: false, font: FONTS.regular, margin: 0, lang: 'zh-CN', pdfVersion: '1.7', info: { Title: sheets.title, Author: sheets.subtitle },
  });
  const paper = new Paper(doc, printable(sheets.footer));
  paper.line(printable(sheets.title), { size: 20, bold: true, align: 'center' });
  paper.line(printable(sheets.subtitle), { size: 11, align: 'center' });
  paper.rule(1.2);
  for (const fact of sheets.facts) paper.line(printable(fact), { size: 9.5 });
  for (const section of sheets.sections) drawSection(paper, section);
  doc.end();
  return doc;
}

interface Style {
  size?: number;
  bold?: boolean;
  colour?: string;
  align?: 'left' | 'center' | 'right';
}

/** Pages with a footer each, and where the next line goes. */
class Paper {
  pages = 0;
  y = 0;

  constructor(readonly doc: Document, private readonly footer: string) {
    this.next();
  }

  next(): void {
    this.doc.addPage({ size: [PAGE.width, PAGE.height], margin: 0 });
    this.pages += 1;
    this.put(`${this.footer} · ${this.pages}`, MARGIN, PAGE.height - 38, WIDTH, { size: 7.5, colour: QUIET, align: 'right' });
    this.y = MARGIN;
  }

  /** Makes sure that so much room is left. @returns whether a new page was begun */
  need(height: number): boolean {
    if (this.y + height <= BOTTOM) return false;
    this.next();
    return true;
  }

  put(text: string, x: number, y: number, width: number, { size = SIZE, bold = false, colour = INK, align = 'left' }: Style = {}): void {
    this.doc.font(bold ? FONTS.bold : FONTS.regular).fontSize(size).fillColor(colour).text(text, x, y, { width, align, lineGap: 1 });
  }

  height(text: string, width: number, size = SIZE): number {
    return this.doc.font(FONTS.regular).fontSize(size).heightOfString(text === '' ? ' ' : text, { width, lineGap: 1 });
  }

  line(text: string, style: Style = {}): void {
    const height = this.height(text, WIDTH, style.size);
    this.need(height);
    this.put(text, MARGIN, this.y, WIDTH, style);
    this.y += height + 2;
  }

  rule(weight: number): void {
    this.doc.lineWidth(weight).strokeColor(RULE).moveTo(MARGIN, this.y + 3).lineTo(MARGIN + WIDTH, this.y + 3).stroke();
    this.y += 8;
  }
}

function drawSection(paper: Paper, { title, empty, columns, rows }: RecordSheets['sections'][number]): void {
  paper.need(64);
  paper.y += 10;
  paper.line(title, { size: 12, bold: true });
  if (rows.length === 0) return paper.line(empty, { size: 9, colour: QUIET });
  const unit = WIDTH / columns.reduce((sum, { width }) => sum + width, 0);
  let x = MARGIN;
  const cells = columns.map((column) => {
    const cell = { ...column, x, width: unit * column.width - 6 };
    x += unit * column.width;
    return cell;
  });
  const head = (): void => {
    for (const cell of cells) paper.put(cell.title, cell.x, paper.y, cell.width, { size: 8, colour: QUIET });
    paper.y += 13;
    paper.rule(0.8);
  };
  head();
  for (const row of rows) {
    const texts = row.map(printable);
    const height = Math.max(...cells.map((cell, i) => paper.height(texts[i] ?? '', cell.width))) + 5;
    if (paper.need(height)) head();
    for (const [i, cell] of cells.entries()) paper.put(texts[i] ?? '', cell.x, paper.y, cell.width);
    paper.y += height;
  }
}
