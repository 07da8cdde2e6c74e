import qrcode from 'qrcode';

type Document = PDFKit.PDFDocument;

/** Draws a QR code as squares, sharp at any size, with the quiet zone that readers need around it. */
export function drawQr(doc: Document, text: string, x: number, y: number, size: number): void {
  const { modules } = qrcode.create(text, { errorCorrectionLevel: 'M' });
  const quiet = 4;
  const unit = size / (modules.size + 2 * quiet);
  doc.save().rect(x, y, size, size).fill('#ffffff').fillColor('#000000');
  for (let row = 0; row < modules.size; row += 1) {
    for (const { from, length } of runs(modules, row)) {
      doc.rect(x + (quiet + from) * unit, y + (quiet + row) * unit, length * unit, unit);
    }
  }
  doc.fill().restore();
}

/** Neighbouring dark modules as one bar: thin gaps between them would show when printed. */
function runs(modules: qrcode.BitMatrix, row: number): { from: number; length: number }[] {
  const found: { from: number; length: number }[] = [];
  let from = -1;
  for (let column = 0; column <= modules.size; column += 1) {
    const dark = column < modules.size && modules.get(row, column) !== 0;
    if (dark && from < 0) from = column;
    if (!dark && from >= 0) {
      found.push({ from, length: column - from });
      from = -1;
    }
  }
  return found;
}
