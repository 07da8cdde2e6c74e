import qrcode from 'qrcode';

export interface QrPath {
  /** Modules along one side, the quiet zone included. */
  size: number;
  /** An SVG path in units of one module. */
  d: string;
}

const QUIET = 4;

/** A QR code as one SVG path: pages may hold no inline styles or images from elsewhere. */
export function qrPath(text: string): QrPath {
  const { modules } = qrcode.create(text, { errorCorrectionLevel: 'M' });
  let d = '';
  for (let row = 0; row < modules.size; row += 1) {
    for (let column = 0; column < modules.size; column += 1) {
      if (modules.get(row, column) !== 0) d += `M${column + QUIET} ${row + QUIET}h1v1h-1z`;
    }
  }
  return { size: modules.size + 2 * QUIET, d };
}
