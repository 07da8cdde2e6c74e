import { FONTS } from '~/pdf';

type Document = PDFKit.PDFDocument;

export const SEAL_RED = '#c8102e';
const RADIUS = 56;

interface Seal {
  x: number;
  y: number;
  /** Along the upper rim. */
  issuer: string;
  /** Straight, under the star. */
  purpose: string;
}

/** The round seal: rim, five-pointed star, issuer along the rim, purpose below. `x`, `y` is its centre. */
export function drawSeal(doc: Document, { x, y, issuer, purpose }: Seal): void {
  doc.save().fillColor(SEAL_RED).strokeColor(SEAL_RED).opacity(0.88);
  doc.lineWidth(2.6).circle(x, y, RADIUS).stroke();
  star(doc, x, y, 17);
  rimText(doc, x, y, issuer);
  doc.font(FONTS.bold).fontSize(9.5);
  doc.text(purpose, x - RADIUS, y + 25, { width: 2 * RADIUS, align: 'center', lineBreak: false });
  doc.restore();
}

function star(doc: Document, x: number, y: number, radius: number): void {
  // The inner corners of a regular pentagram lie at this share of the radius.
  const inner = radius * 0.381966;
  const corners = Array.from({ length: 10 }, (_, i): [number, number] => {
    const r = i % 2 === 0 ? radius : inner;
    const angle = (i * Math.PI) / 5 - Math.PI / 2;
    return [x + r * Math.cos(angle), y + r * Math.sin(angle)];
  });
  doc.polygon(...corners).fill();
}

/** Characters stand upright on the arc, spread evenly; long names are set smaller and wider around. */
function rimText(doc: Document, x: number, y: number, text: string): void {
  const characters = [...text];
  const sweep = Math.min(250, 26 * (characters.length - 1));
  const step = characters.length > 1 ? sweep / (characters.length - 1) : 0;
  const size = Math.min(14.5, Math.max(7, step * 0.62));
  doc.font(FONTS.bold).fontSize(characters.length > 1 ? size : 14.5);
  characters.forEach((character, i) => {
    doc.save().rotate(-sweep / 2 + i * step, { origin: [x, y] });
    doc.text(character, x - size, y - RADIUS + 5, { width: 2 * size, align: 'center', lineBreak: false });
    doc.restore();
  });
}
