import { Readable } from 'node:stream';
import { shapesOf, SIZE, type Picture, type Shape } from './picture';

export interface ToDraw {
  picture: Picture;
  as: 'png' | 'svg';
}

/** The badge as a drawing or as a picture. */
export function drawBadge({ picture, as }: ToDraw): Readable {
  return Readable.from(parts(shapesOf(picture), { picture, as }));
}

async function* parts(shapes: Shape[], { picture, as }: ToDraw): AsyncGenerator<Buffer> {
  yield as === 'png' ? await painted(shapes) : Buffer.from(written(shapes, picture), 'utf8');
}

/** The canvas is a library of the machine (30 MB): loaded only where something is painted. */
async function painted(shapes: Shape[]): Promise<Buffer> {
  const { createCanvas, Path2D } = await import('@napi-rs/canvas');
  const canvas = createCanvas(SIZE, SIZE);
  const ground = canvas.getContext('2d');
  for (const { d, fill, stroke, width } of shapes) {
    const path = new Path2D(d);
    if (fill !== null) {
      ground.fillStyle = fill;
      ground.fill(path);
    }
    if (stroke !== null) {
      ground.strokeStyle = stroke;
      ground.lineWidth = width;
      ground.stroke(path);
    }
  }
  return canvas.toBuffer('image/png');
}

function written(shapes: Shape[], { programmeZh, programmeEn }: Picture): string {
  const paths = shapes.map(({ d, fill, stroke, width }) =>
    `<path d="${d}" fill="${fill ?? 'none'}"${stroke === null ? '' : ` stroke="${stroke}" stroke-width="${width}"`}/>`);
  return `<?xml version="1.0" encoding="UTF-8"?>
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${SIZE} ${SIZE}" width="${SIZE}" height="${SIZE}" role="img">
<title>${escaped(`${programmeZh} ${programmeEn}`)}</title>
${paths.join('\n')}
</svg>
`;
}

const escaped = (text: string): string => text.replace(/[<>&]/g, (character) => `&#${character.charCodeAt(0)};`);
