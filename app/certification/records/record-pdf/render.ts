import PDFDocument from 'pdfkit';
import { A4, FONTS, Paper, printable, QUIET, type Style } from '~/pdf';
import type { RecordSheets } from './sheets';

type Document = PDFKit.PDFDocument;

const SIZE = 8.5;

/** A record on A4: head, then each section with its table, whose head is repeated on each page. */
export function drawRecord(sheets: RecordSheets): Document {
  const doc = new PDFDocument({
    autoFirstPage: false, font: FONTS.regular, margin: 0, lang: 'zh-CN', pdfVersion: '1.7', info: { Title: sheets.title, Author: sheets.subtitle },
  });
  const paper = new RecordPaper(doc, printable(sheets.footer));
  paper.line(printable(sheets.title), { size: 20, bold: true, align: 'center' });
  paper.line(printable(sheets.subtitle), { size: 11, align: 'center' });
  paper.ruleBelow(1.2);
  for (const fact of sheets.facts) paper.line(printable(fact), { size: 9.5 });
  for (const section of sheets.sections) drawSection(paper, section);
  doc.end();
  return doc;
}

/** Pages with a footer each, written line by line. */
class RecordPaper extends Paper {
  private pages = 0;

  constructor(doc: Document, private readonly footer: string) {
    super(doc, SIZE);
    this.next();
  }

  override next(): void {
    super.next();
    this.pages += 1;
    this.put(`${this.footer} · ${this.pages}`, A4.margin, A4.height - 38, A4.inner, { size: 7.5, colour: QUIET, align: 'right' });
  }

  /** Makes sure that so much room is left. @returns whether a new page was begun */
  need(height: number): boolean {
    if (this.y + height <= A4.bottom) return false;
    this.next();
    return true;
  }

  line(text: string, style: Style = {}): void {
    const height = this.height(text, A4.inner, style.size);
    this.need(height);
    this.put(text, A4.margin, this.y, A4.inner, style);
    this.y += height + 2;
  }

  ruleBelow(weight: number): void {
    this.rule(this.y + 3, weight);
    this.y += 8;
  }
}

function drawSection(paper: RecordPaper, { title, empty, columns, rows }: RecordSheets['sections'][number]): void {
  paper.need(64);
  paper.y += 10;
  paper.line(title, { size: 12, bold: true });
  if (rows.length === 0) return paper.line(empty, { size: 9, colour: QUIET });
  const unit = A4.inner / columns.reduce((sum, { width }) => sum + width, 0);
  let x = A4.margin;
  const cells = columns.map((column) => {
    const cell = { ...column, x, width: unit * column.width - 6 };
    x += unit * column.width;
    return cell;
  });
  const head = (): void => {
    for (const cell of cells) paper.put(cell.title, cell.x, paper.y, cell.width, { size: 8, colour: QUIET });
    paper.y += 13;
    paper.ruleBelow(0.8);
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
