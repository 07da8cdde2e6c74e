import PDFDocument from 'pdfkit';
import { drawQr, FONTS, printable } from '~/pdf';
import type { StatementSheet } from './sheet';

type Document = PDFKit.PDFDocument;

const PAGE = { width: 595.28, height: 841.89 };
const MARGIN = 42;
const WIDTH = PAGE.width - 2 * MARGIN;
const BOTTOM = PAGE.height - 54;
const QR = 88;
const SIZE = 8;
const LINE = 11;
const INK = '#1c2322';
const QUIET = '#5c6664';
const RULE = '#9aa5a3';

/** The paper: head with the code to scan, the people with their answers, and what proves it. The signed document is attached. */
export function drawStatement(sheet: StatementSheet): Document {
  const made = new Date(sheet.made);
  const doc = new PDFDocument({
    autoFirstPage: false, font: FONTS.regular, margin: 0, lang: 'zh-CN', pdfVersion: '1.7', bufferPages: true,
    info: { Title: `${sheet.title} ${sheet.footer}`, Author: sheet.issuer, CreationDate: made, ModDate: made },
  });
  doc.file(Buffer.from(sheet.attached, 'utf8'), { name: 'hiring-list.json', type: 'application/json', creationDate: made, modifiedDate: made });
  const paper = new Paper(doc);
  drawHead(paper, sheet);
  drawRows(paper, sheet);
  drawProof(paper, sheet);
  paper.foot(printable(sheet.footer));
  doc.end();
  return doc;
}

interface Style {
  size?: number;
  bold?: boolean;
  colour?: string;
  align?: 'left' | 'center' | 'right';
}

class Paper {
  y = MARGIN;

  constructor(readonly doc: Document) {
    this.next();
  }

  next(): void {
    this.doc.addPage({ size: [PAGE.width, PAGE.height], margin: 0 });
    this.y = MARGIN;
  }

  put(text: string, x: number, y: number, width: number, { size = SIZE, bold = false, colour = INK, align = 'left' }: Style = {}): number {
    this.doc.font(bold ? FONTS.bold : FONTS.regular).fontSize(size).fillColor(colour).text(text, x, y, { width, align, lineGap: 1 });
    return this.doc.y - y;
  }

  height(text: string, width: number, size: number): number {
    return this.doc.font(FONTS.regular).fontSize(size).heightOfString(text === '' ? ' ' : text, { width, lineGap: 1 });
  }

  rule(y: number, weight: number): void {
    this.doc.lineWidth(weight).strokeColor(RULE).moveTo(MARGIN, y).lineTo(MARGIN + WIDTH, y).stroke();
  }

  /** On every page, once it is known how many there are. */
  foot(text: string): void {
    const { start, count } = this.doc.bufferedPageRange();
    for (let page = 0; page < count; page += 1) {
      this.doc.switchToPage(start + page);
      this.put(`${text} · ${page + 1} / ${count}`, MARGIN, PAGE.height - 36, WIDTH, { size: 7, colour: QUIET, align: 'right' });
    }
  }
}

function drawHead(paper: Paper, { title, issuer, facts, note, checkAddress }: StatementSheet): void {
  paper.put(title, MARGIN, paper.y, WIDTH, { size: 20, bold: true, align: 'center' });
  paper.y += 30;
  paper.put(printable(issuer), MARGIN, paper.y, WIDTH, { size: 11, align: 'center' });
  paper.y += 22;
  paper.rule(paper.y, 1.2);
  paper.y += 10;
  const top = paper.y;
  drawQr(paper.doc, checkAddress, MARGIN + WIDTH - QR, top - 4, QR);
  for (const [term, value] of facts) {
    paper.put(term, MARGIN, paper.y, 86, { size: 9, colour: QUIET });
    paper.y += paper.put(printable(value), MARGIN + 90, paper.y, WIDTH - QR - 110, { size: 9.5 }) + 3;
  }
  paper.y = Math.max(paper.y, top + QR) + 4;
  paper.y += paper.put(printable(note), MARGIN, paper.y, WIDTH, { size: 8.5, colour: QUIET }) + 10;
}

function drawRows(paper: Paper, { columns, rows }: StatementSheet): void {
  const unit = WIDTH / columns.reduce((sum, { width }) => sum + width, 0);
  let x = MARGIN;
  const cells = columns.map(({ title, width }) => {
    const cell = { title, x, width: unit * width - 6 };
    x += unit * width;
    return cell;
  });
  const head = (): void => {
    for (const cell of cells) paper.put(cell.title, cell.x, paper.y, cell.width, { colour: QUIET });
    paper.y += 13;
    paper.rule(paper.y, 0.9);
    paper.y += 4;
  };
  head();
  for (const row of rows) {
    const texts = row.map((text, i) => linesOf(printable(text), paper, cells[i]?.width ?? 0));
    const height = Math.max(1, ...texts.map((lines) => lines.length)) * LINE + 5;
    if (paper.y + height > BOTTOM) {
      paper.next();
      head();
    }
    for (const [i, lines] of texts.entries()) {
      for (const [n, line] of lines.entries()) {
        paper.doc.font(FONTS.regular).fontSize(SIZE).fillColor(INK).text(line, cells[i]?.x ?? MARGIN, paper.y + n * LINE, { lineBreak: false });
      }
    }
    paper.y += height;
    paper.rule(paper.y - 3, 0.3);
  }
}

/** A cell's text in lines that fit: Chinese breaks between any two characters, words and figures stay whole where they can. */
function linesOf(text: string, { doc }: Paper, width: number): string[] {
  doc.font(FONTS.regular).fontSize(SIZE);
  return text.split('\n').flatMap((paragraph) => {
    const lines: string[] = [];
    let line = '';
    for (const piece of paragraph.match(/[\w./-]+|\s|./gu) ?? []) {
      if (line !== '' && doc.widthOfString(line + piece) > width) {
        lines.push(line);
        line = '';
      }
      line += line === '' ? piece.trimStart() : piece;
    }
    return line === '' ? lines : [...lines, line];
  });
}

function drawProof(paper: Paper, { proof }: StatementSheet): void {
  const height = proof.reduce((sum, text) => sum + paper.height(text, WIDTH, 8) + 3, 0);
  if (paper.y + height + 12 > BOTTOM) paper.next();
  paper.y += 8;
  for (const text of proof) paper.y += paper.put(text, MARGIN, paper.y, WIDTH, { size: 8, colour: QUIET }) + 3;
}
