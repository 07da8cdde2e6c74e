import { inflateSync } from 'node:zlib';

export const MAX_EMBLEM = 500 * 1024;
const MAX_SIDE = 2000;
const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
/** Channels by colour type: grey, colour, palette, grey and colour with transparency. */
const CHANNELS: Record<number, number> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };

/**
 * Reads a PNG as far as is needed to know that it can be drawn: sizes within bounds, and as many bytes of picture as its
 * head promises, so that no small file unpacks into a huge one later. Null when it is no such picture.
 */
export function readEmblem(png: Buffer): { width: number; height: number } | null {
  if (png.length < 45 || !png.subarray(0, 8).equals(SIGNATURE) || png.toString('latin1', 12, 16) !== 'IHDR') return null;
  const [width, height] = [png.readUInt32BE(16), png.readUInt32BE(20)];
  const channels = CHANNELS[png[25] ?? 99];
  const [depth, interlaced] = [png[24], png[28]];
  if (channels === undefined || depth !== 8 || interlaced !== 0) return null;
  if (width < 1 || height < 1 || width > MAX_SIDE || height > MAX_SIDE) return null;
  const bytes = height * (1 + width * channels);
  const parts = dataOf(png);
  return parts !== null && unpacksTo(parts, bytes) ? { width, height } : null;
}

/** The picture's packed bytes; null when a chunk goes beyond the end of the file. */
function dataOf(png: Buffer): Buffer | null {
  const parts: Buffer[] = [];
  for (let at = 8; at + 12 <= png.length;) {
    const length = png.readUInt32BE(at);
    const kind = png.toString('latin1', at + 4, at + 8);
    if (at + 12 + length > png.length) return null;
    if (kind === 'IDAT') parts.push(png.subarray(at + 8, at + 8 + length));
    if (kind === 'IEND') return Buffer.concat(parts);
    at += 12 + length;
  }
  return null;
}

function unpacksTo(packed: Buffer, bytes: number): boolean {
  try {
    return inflateSync(packed, { maxOutputLength: bytes }).length === bytes;
  } catch {
    return false;
  }
}
