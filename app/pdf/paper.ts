import { FONTS } from './fonts';

type Document = PDFKit.PDFDocument;

export const INK = '#1c2322';
export const QUIET = '#5c6664';
const RULE = '#9aa5a3';

/** A4 upright, in points, with what lies between its margins. */
export const A4 = { width: 595.28, height: 841.89, margin: 42, inner: 595.28 - 2 * 42, bottom: 841.89 - 54 } as const;

export interface Style {
  size?: number;
  bold?: boolean;
  colour?: string;
  align?: 'left' | 'center' | 'right';
}

/** Pages of A4 and where the next line goes. */
export class Paper {
  y: number = A4.margin;

  /** @param size of text of which nothing else is said, in points */
  constructor(readonly doc: Document, private readonly size: number) {}

  next(): void {
    this.doc.addPage({ size: [A4.width, A4.height], margin: 0 });
    this.y = A4.margin;
  }

  /** @returns how high the text became */
  put(text: string, x: number, y: number, width: number, { size = this.size, bold = false, colour = INK, align = 'left' }: Style = {}): number {
    this.doc.font(bold ? FONTS.bold : FONTS.regular).fontSize(size).fillColor(colour).text(text, x, y, { width, align, lineGap: 1 });
    return this.doc.y - y;
  }

  height(text: string, width: number, size = this.size): number {
    return this.doc.font(FONTS.regular).fontSize(size).heightOfString(text === '' ? ' ' : text, { width, lineGap: 1 });
  }

  rule(y: number, weight: number): void {
    this.doc.lineWidth(weight).strokeColor(RULE).moveTo(A4.margin, y).lineTo(A4.margin + A4.inner, y).stroke();
  }
}
