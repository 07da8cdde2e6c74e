import PDFDocument from 'pdfkit';
import { FONTS } from '~/pdf';
import type { Snapshot } from '../credential';
import { sheetOf } from './look';
import { drawSheet } from './render';

/** What pdfkit has inside and its types do not show: where drawing becomes operators, and text its pieces. */
interface Inside {
  addContent(operator: string): unknown;
  _fragment(text: string, x: number, y: number, options: Piece): void;
  opacity(value: number): unknown;
  _font: { ascender: number };
  _fontSize: number;
}

interface Piece {
  align?: string;
  width?: number;
  lineWidth?: number;
  textWidth?: number;
  characterSpacing?: number;
}

/**
 * The same page as an SVG, for looking at while it is designed: everything stands where it will be printed, only the
 * typeface is the reader's own. What draws the PDF draws this, so that the two cannot differ.
 */
export function credentialAsSvg(snapshot: Snapshot, emblem: string | null): string {
  const doc = new PDFDocument({ size: 'A4', margin: 0, layout: snapshot.template?.content.orientation ?? 'portrait', font: FONTS.regular });
  const recorder = new Recorder();
  const sheet = sheetOf(doc, snapshot, emblem);
  listen(doc, recorder);
  drawSheet(sheet);
  const { width, height } = sheet.page;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="'Noto Serif SC','Source Han Serif SC',SimSun,STSong,serif">${recorder.out.join('')}</svg>`;
}

function listen(doc: PDFKit.PDFDocument, recorder: Recorder): void {
  const inside = doc as unknown as Inside;
  let isBold = false;
  const font = doc.font.bind(doc);
  Object.assign(doc, {
    addContent: (operator: string) => { recorder.operator(operator); return doc; },
    opacity: (value: number) => { recorder.state.opacity = value; return doc; },
    font: (file: string) => { isBold = file === FONTS.bold; return font(file); },
    image: (png: Buffer, x: number, y: number, { fit }: { fit: [number, number] }) => { recorder.picture(png, x, y, fit); return doc; },
    _fragment: (text: string, x: number, y: number, options: Piece) => {
      const width = doc.widthOfString(text, { characterSpacing: options.characterSpacing ?? 0 });
      const left = x + offset(options, width);
      recorder.text(text, { x: left, y: y + (inside._font.ascender / 1000) * inside._fontSize, size: inside._fontSize, width, isBold });
    },
  });
}

/** How far a piece of text is moved within its line. */
function offset({ align = 'left', width, lineWidth = 0, textWidth = 0 }: Piece, measured: number): number {
  if (width === undefined || align === 'left') return 0;
  return align === 'right' ? lineWidth - measured : (lineWidth - textWidth) / 2;
}

const ESCAPES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escaped = (text: string): string => text.replace(/[&<>"]/g, (one) => ESCAPES[one] ?? one);
const short = (value: number): number => Math.round(value * 100) / 100;
const colour = (parts: string[]): string => `rgb(${parts.map((part) => Math.round(Number(part) * 255)).join(',')})`;

interface State {
  fill: string;
  stroke: string;
  width: number;
  opacity: number;
  /** Groups that were opened since the state was saved. */
  groups: number;
}

/** Follows the operators of a page and says the same in SVG. */
class Recorder {
  readonly out: string[] = [];
  state: State = { fill: '#000', stroke: '#000', width: 1, opacity: 1, groups: 0 };
  private readonly saved: State[] = [];
  private path = '';

  operator(line: string): void {
    const parts = line.trim().split(/\s+/);
    const name = parts.pop() ?? '';
    if (name in PATHS) this.path += PATHS[name]?.(parts) ?? '';
    else if (name === 'S') this.paint('none', this.state.stroke);
    else if (name === 'f') this.paint(this.state.fill, 'none');
    else this.setState(name, parts);
  }

  private setState(name: string, parts: string[]): void {
    const { state } = this;
    if (name === 'q') {
      this.saved.push(state);
      this.state = { ...state, groups: 0 };
    } else if (name === 'Q') {
      this.out.push('</g>'.repeat(state.groups));
      this.state = this.saved.pop() ?? state;
    } else if (name === 'cm') {
      this.out.push(`<g transform="matrix(${parts.join(' ')})">`);
      state.groups += 1;
    } else if (name === 'w') state.width = Number(parts[0]);
    else if (name === 'scn') state.fill = colour(parts);
    else if (name === 'SCN') state.stroke = colour(parts);
  }

  private paint(fill: string, stroke: string): void {
    const { width, opacity } = this.state;
    this.out.push(`<path d="${this.path}" fill="${fill}" stroke="${stroke}" stroke-width="${width}" opacity="${opacity}"/>`);
    this.path = '';
  }

  text(text: string, { x, y, size, width, isBold }: { x: number; y: number; size: number; width: number; isBold: boolean }): void {
    const length = text.trim().length > 1 ? ` textLength="${short(width)}"` : '';
    this.out.push(`<text x="${short(x)}" y="${short(y)}" font-size="${size}" fill="${this.state.fill}" opacity="${this.state.opacity}"${isBold ? ' font-weight="700"' : ''}${length}>${escaped(text)}</text>`);
  }

  picture(png: Buffer, x: number, y: number, [width, height]: [number, number]): void {
    this.out.push(`<image x="${x}" y="${y}" width="${width}" height="${height}" preserveAspectRatio="xMinYMin" href="data:image/png;base64,${png.toString('base64')}"/>`);
  }
}

const PATHS: Record<string, (parts: string[]) => string> = {
  m: (parts) => `M${parts.join(' ')}`,
  l: (parts) => `L${parts.join(' ')}`,
  c: (parts) => `C${parts.join(' ')}`,
  h: () => 'Z',
  re: ([x = '0', y = '0', width = '0', height = '0']) => `M${x} ${y}h${width}v${height}h${-Number(width)}Z`,
};
