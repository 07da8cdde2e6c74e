import PDFDocument from 'pdfkit';
import { FONTS, printable } from '~/pdf';
import type { Report, ReportSection } from '../report';

type Document = PDFKit.PDFDocument;

const PAGE = { width: 841.89, height: 595.28 };
const MARGIN = 36;
const WIDTH = PAGE.width - 2 * MARGIN;
const BOTTOM = PAGE.height - 48;
const INK = '#1c2322';
const QUIET = '#5c6664';
const RULE = '#9aa5a3';
const SIZE = 8.5;

/**
 * A report on landscape A4: head, then each section with its table, whose head is repeated on each page. The pages
 * are counted first, so that each can say how many there are and be sent on before the next is drawn.
 */
export function drawReport(report: Report): Document {
  const pages = draw(new PDFDocument({ autoFirstPage: false, font: FONTS.regular, margin: 0 }), report, 0);
  const doc = new PDFDocument({
    autoFirstPage: false, font: FONTS.regular, margin: 0, lang: 'zh-CN', pdfVersion: '1.7',
    info: { Title: `${report.head.title} ${report.head.code}`, Author: report.head.organisation },
  });
  draw(doc, report, pages);
  doc.end();
  return doc;
}

/** @returns how many pages it took */
function draw(doc: Document, report: Report, total: number): number {
  const paper = new Paper(doc, report, total);
  drawHead(paper, report);
  for (const section of report.sections) drawSection(paper, section);
  drawSignatures(paper, report.signatures);
  return paper.pages;
}

/** Pages with a footer each, and where the next line goes. */
class Paper {
  pages = 0;
  y = 0;

  constructor(readonly doc: Document, private readonly report: Report, private readonly total: number) {
    this.next();
  }

  next(): void {
    this.doc.addPage({ size: [PAGE.width, PAGE.height], margin: 0 });
    this.pages += 1;
    const { head, madeAt } = this.report;
    this.text(`${head.title} · ${head.code} · ${madeAt} · ${this.pages} / ${this.total}`, { x: MARGIN, y: PAGE.height - 34, width: WIDTH, size: 7.5, colour: QUIET, align: 'right' });
    this.y = MARGIN;
  }

  /** Makes sure that so much room is left. @returns whether a new page was begun */
  need(height: number): boolean {
    if (this.y + height <= BOTTOM) return false;
    this.next();
    return true;
  }

  text(text: string, { x, y, width, size = SIZE, colour = INK, bold = false, align = 'left' }: { x: number; y: number; width: number; size?: number; colour?: string; bold?: boolean; align?: 'left' | 'right' | 'center' }): void {
    // Counting pages, nothing is drawn: laying text out is what costs.
    if (this.total === 0) return;
    this.doc.font(bold ? FONTS.bold : FONTS.regular).fontSize(size).fillColor(colour).text(printable(text), x, y, { width, align, lineGap: 1 });
  }

  height(text: string, width: number, size = SIZE): number {
    const line = this.doc.font(FONTS.regular).fontSize(size).currentLineHeight(true) + 1;
    if (atMostWide(text) * size <= width) return line;
    return this.doc.heightOfString(printable(text), { width, lineGap: 1 });
  }

  line(y: number, weight = 0.5): void {
    this.doc.lineWidth(weight).strokeColor(RULE).moveTo(MARGIN, y).lineTo(MARGIN + WIDTH, y).stroke();
  }
}

/** No more than so many ems: what surely fits on one line need not be laid out to know it. */
const atMostWide = (text: string): number => [...text].reduce((sum, character) => sum + (character < '\u2e80' ? 0.75 : 1), 0);

function drawHead(paper: Paper, { head }: Report): void {
  paper.text(head.title, { x: MARGIN, y: paper.y, width: WIDTH, size: 18, bold: true, align: 'center' });
  paper.y += 30;
  const lines = [`${head.exam} · ${head.when}`, `${head.organisation} · ${head.code} · ${head.invigilators}`, head.closed];
  for (const line of lines) {
    paper.text(line, { x: MARGIN, y: paper.y, width: WIDTH, size: 9.5, align: 'center' });
    paper.y += paper.height(line, WIDTH, 9.5) + 2;
  }
  paper.line(paper.y + 2, 1.2);
  paper.y += 12;
}

function drawSection(paper: Paper, section: ReportSection): void {
  const untouched = paper.y < 130;
  if (section.ownPage && !untouched) paper.next();
  paper.need(70);
  paper.text(section.title, { x: MARGIN, y: paper.y, width: WIDTH, size: 12, bold: true });
  paper.y += 18;
  for (const line of section.lines) {
    paper.text(line, { x: MARGIN, y: paper.y, width: WIDTH, size: 9 });
    paper.y += paper.height(line, WIDTH, 9) + 2;
  }
  if (section.rows.length === 0) {
    paper.text(section.empty, { x: MARGIN, y: paper.y, width: WIDTH, size: 9, colour: QUIET });
    paper.y += 20;
    return;
  }
  drawTable(paper, section);
  paper.y += 14;
}

function drawTable(paper: Paper, { columns, rows }: ReportSection): void {
  const unit = WIDTH / columns.reduce((sum, { width }) => sum + width, 0);
  const cells = columns.map((column, i) => ({
    ...column, x: MARGIN + unit * columns.slice(0, i).reduce((sum, { width }) => sum + width, 0), width: unit * column.width - 6,
  }));
  const head = (): void => {
    paper.y += 4;
    for (const { title, x, width, align } of cells) paper.text(title, { x, y: paper.y, width, size: 8, colour: QUIET, align });
    paper.y += Math.max(...cells.map(({ title, width }) => paper.height(title, width, 8))) + 3;
    paper.line(paper.y, 0.9);
    paper.y += 3;
  };
  head();
  for (const row of rows) {
    const height = Math.max(...cells.map(({ width }, i) => paper.height(row[i] ?? '', width))) + 5;
    if (paper.need(height)) head();
    for (const [i, { x, width, align }] of cells.entries()) paper.text(row[i] ?? '', { x, y: paper.y, width, align });
    paper.y += height;
    paper.line(paper.y - 2, 0.3);
  }
}

function drawSignatures(paper: Paper, signatures: readonly string[]): void {
  if (signatures.length === 0) return;
  paper.need(70);
  paper.y += 30;
  const width = WIDTH / signatures.length;
  for (const [i, label] of signatures.entries()) {
    const x = MARGIN + i * width;
    paper.doc.lineWidth(0.6).strokeColor(INK).moveTo(x, paper.y).lineTo(x + width - 24, paper.y).stroke();
    paper.text(label, { x, y: paper.y + 4, width: width - 24, size: 9 });
  }
  paper.y += 24;
}
