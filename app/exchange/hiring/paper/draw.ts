import PDFDocument from 'pdfkit';
import { A4, brokenLines, drawQr, FONTS, INK, Paper, printable, QUIET } from '~/pdf';
import type { StatementSheet } from './sheet';

type Document = PDFKit.PDFDocument;

const QR = 88;
const SIZE = 8;
const LINE = 11;

/** The paper: head with the code to scan, the people with their answers, and what proves it. The signed document is attached. */
export function drawStatement(sheet: StatementSheet): Document {
  const made = new Date(sheet.made);
  const doc = new PDFDocument({
    autoFirstPage: false, font: FONTS.regular, margin: 0, lang: 'zh-CN', pdfVersion: '1.7', bufferPages: true,
    info: { Title: `${sheet.title} ${sheet.footer}`, Author: sheet.issuer, CreationDate: made, ModDate: made },
  });
  doc.file(Buffer.from(sheet.attached, 'utf8'), { name: 'hiring-list.json', type: 'application/json', creationDate: made, modifiedDate: made });
  const paper = new Paper(doc, SIZE);
  paper.next();
  drawHead(paper, sheet);
  drawRows(paper, sheet);
  drawProof(paper, sheet);
  drawFeet(paper, printable(sheet.footer));
  doc.end();
  return doc;
}

/** On every page, once it is known how many there are. */
function drawFeet(paper: Paper, text: string): void {
  const { start, count } = paper.doc.bufferedPageRange();
  for (let page = 0; page < count; page += 1) {
    paper.doc.switchToPage(start + page);
    paper.put(`${text} · ${page + 1} / ${count}`, A4.margin, A4.height - 36, A4.inner, { size: 7, colour: QUIET, align: 'right' });
  }
}

function drawHead(paper: Paper, { title, issuer, facts, note, checkAddress }: StatementSheet): void {
  paper.put(title, A4.margin, paper.y, A4.inner, { size: 20, bold: true, align: 'center' });
  paper.y += 30;
  paper.put(printable(issuer), A4.margin, paper.y, A4.inner, { size: 11, align: 'center' });
  paper.y += 22;
  paper.rule(paper.y, 1.2);
  paper.y += 10;
  const top = paper.y;
  drawQr(paper.doc, checkAddress, A4.margin + A4.inner - QR, top - 4, QR);
  for (const [term, value] of facts) {
    paper.put(term, A4.margin, paper.y, 86, { size: 9, colour: QUIET });
    paper.y += paper.put(printable(value), A4.margin + 90, paper.y, A4.inner - QR - 110, { size: 9.5 }) + 3;
  }
  paper.y = Math.max(paper.y, top + QR) + 4;
  paper.y += paper.put(printable(note), A4.margin, paper.y, A4.inner, { size: 8.5, colour: QUIET }) + 10;
}

function drawRows(paper: Paper, { columns, rows }: StatementSheet): void {
  const unit = A4.inner / columns.reduce((sum, { width }) => sum + width, 0);
  let x = A4.margin;
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
    if (paper.y + height > A4.bottom) {
      paper.next();
      head();
    }
    for (const [i, lines] of texts.entries()) {
      for (const [n, line] of lines.entries()) {
        paper.doc.font(FONTS.regular).fontSize(SIZE).fillColor(INK).text(line, cells[i]?.x ?? A4.margin, paper.y + n * LINE, { lineBreak: false });
      }
    }
    paper.y += height;
    paper.rule(paper.y - 3, 0.3);
  }
}

/** A cell's text in lines that fit. */
function linesOf(text: string, { doc }: Paper, width: number): string[] {
  doc.font(FONTS.regular).fontSize(SIZE);
  return text.split('\n').flatMap((paragraph) => brokenLines(paragraph, width, (line) => doc.widthOfString(line)));
}

function drawProof(paper: Paper, { proof }: StatementSheet): void {
  const height = proof.reduce((sum, text) => sum + paper.height(text, A4.inner, 8) + 3, 0);
  if (paper.y + height + 12 > A4.bottom) paper.next();
  paper.y += 8;
  for (const text of proof) paper.y += paper.put(text, A4.margin, paper.y, A4.inner, { size: 8, colour: QUIET }) + 3;
}
