/** What a badge looks like: a list of filled and stroked paths, from which the drawing and the picture are made alike. */
import { openSync, type Font } from 'fontkit';
import { FONTS } from '~/pdf';

/** What is seen. The holder is not: the picture of a programme is the same for everybody. */
export interface Picture {
  title: string;
  programmeZh: string;
  programmeEn: string;
  issuer: string;
}

export interface Shape {
  d: string;
  fill: string | null;
  stroke: string | null;
  width: number;
}

export const SIZE = 600;
const MIDDLE = SIZE / 2;
const INK = '#1c2322';
const QUIET = '#5c6664';
const ACCENT = '#0c5a63';
const PAPER = '#fffefb';
const SEAL = '#c8102e';

/** Letters as outlines, so that it looks alike where the font is not at hand. */
export function shapesOf({ title, programmeZh, programmeEn, issuer }: Picture): Shape[] {
  const pen = new Pen();
  return [
    filled(circle(MIDDLE, MIDDLE, 292), PAPER),
    stroked(circle(MIDDLE, MIDDLE, 288), ACCENT, 8),
    stroked(circle(MIDDLE, MIDDLE, 274), ACCENT, 2),
    ...pen.lines(title, { font: 'bold', y: 122, size: 40, width: 330, most: 1, colour: ACCENT }),
    filled(rule(MIDDLE - 60, 146, 120), ACCENT),
    ...pen.lines(programmeZh, { font: 'bold', y: 236, size: 40, width: 470, most: 2, colour: INK }),
    ...pen.lines(programmeEn, { font: 'regular', y: 314, size: 22, width: 480, most: 2, colour: QUIET }),
    ...seal(MIDDLE, 416, 62),
    ...pen.lines(issuer, { font: 'bold', y: 520, size: 22, width: 300, most: 1, colour: INK }),
  ];
}

interface Line {
  font: keyof typeof FONTS;
  /** The baseline in the middle of the lines. */
  y: number;
  size: number;
  width: number;
  /** At most so many lines; what is longer is set smaller. */
  most: number;
  colour: string;
}

class Pen {
  private readonly fonts = new Map<string, Font>();

  private font(name: keyof typeof FONTS): Font {
    const known = this.fonts.get(name);
    if (known) return known;
    const opened = openSync(FONTS[name]);
    if (!('layout' in opened)) throw new Error('the font is a collection');
    this.fonts.set(name, opened);
    return opened;
  }

  /** Centred lines. */
  lines(text: string, { font, y, size, width, most, colour }: Line): Shape[] {
    for (let smaller = size; ; smaller *= 0.92) {
      const broken = this.broken(text, font, smaller, width);
      if (broken.length > most && smaller > 9) continue;
      return broken.slice(0, most).map((line, i) => filled(this.outline(line, font, smaller, y + (i - (Math.min(broken.length, most) - 1) / 2) * smaller * 1.3), colour));
    }
  }

  /** Chinese breaks after any character, English between words. */
  private broken(text: string, font: keyof typeof FONTS, size: number, width: number): string[] {
    const lines = [''];
    for (const part of text.match(/[\p{L}\p{N}\p{P}](?:(?<![\p{Script=Han}\p{P}])(?![\p{Script=Han}])[\p{L}\p{N}\p{P}])*|\s+|./gsu) ?? []) {
      const last = lines.length - 1;
      const longer = `${lines[last] ?? ''}${part}`;
      if (this.widthOf(longer.trim(), font, size) <= width || lines[last] === '') lines[last] = longer;
      else lines.push(part.trimStart());
    }
    return lines.map((line) => line.trim()).filter(Boolean);
  }

  private widthOf(text: string, name: keyof typeof FONTS, size: number): number {
    const font = this.font(name);
    return (font.layout(text).advanceWidth / font.unitsPerEm) * size;
  }

  private outline(text: string, name: keyof typeof FONTS, size: number, y: number): string {
    const font = this.font(name);
    const scale = size / font.unitsPerEm;
    const run = font.layout(text);
    let x = MIDDLE - (run.advanceWidth * scale) / 2;
    return run.glyphs.map((glyph, i) => {
      const placed = glyph.path.scale(scale, -scale).translate(x, y).toSVG();
      x += (run.positions[i]?.xAdvance ?? 0) * scale;
      return placed;
    }).join('');
  }
}

const round = (n: number): number => Math.round(n * 10) / 10;

function seal(x: number, y: number, radius: number): Shape[] {
  // The inner corners of a regular pentagram lie at this share of the radius.
  const [outer, inner] = [radius * 0.62, radius * 0.62 * 0.381966];
  const corners = Array.from({ length: 10 }, (_, i) => {
    const [r, angle] = [i % 2 === 0 ? outer : inner, (i * Math.PI) / 5 - Math.PI / 2];
    return `${round(x + r * Math.cos(angle))} ${round(y + r * Math.sin(angle))}`;
  });
  return [stroked(circle(x, y, radius), SEAL, 4), filled(`M${corners.join('L')}Z`, SEAL)];
}

const circle = (x: number, y: number, r: number): string => `M${x - r} ${y}A${r} ${r} 0 1 1 ${x + r} ${y}A${r} ${r} 0 1 1 ${x - r} ${y}Z`;
const rule = (x: number, y: number, width: number): string => `M${x} ${y}h${width}v2h${-width}Z`;
const filled = (d: string, fill: string): Shape => ({ d, fill, stroke: null, width: 0 });
const stroked = (d: string, stroke: string, width: number): Shape => ({ d, fill: null, stroke, width });
