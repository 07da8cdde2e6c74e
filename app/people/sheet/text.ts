/** How the bytes of a text file are to be read. */
export type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'gb18030';

const CHUNK = 64 * 1024;
/** So much of a file without a mark shows whether every other byte is empty. */
const LOOKED_AT = 4096;

/** UTF-8 or UTF-16 by their marks or by what the bytes look like; else GB 18030, which Chinese spreadsheets write. */
export function encodingOf(content: Uint8Array): Encoding {
  if (content[0] === 0xff && content[1] === 0xfe) return 'utf-16le';
  if (content[0] === 0xfe && content[1] === 0xff) return 'utf-16be';
  if (content[0] === 0xef && content[1] === 0xbb && content[2] === 0xbf) return 'utf-8';
  return unmarkedUtf16(content.subarray(0, LOOKED_AT)) ?? (isUtf8(content) ? 'utf-8' : 'gb18030');
}

/** Line ends, digits and commas have an empty byte in UTF-16; in a file of some lines there are many of them, all on one side. */
function unmarkedUtf16(start: Uint8Array): Encoding | null {
  const empty = [0, 0];
  for (let i = 0; i < start.length; i += 1) if (start[i] === 0) empty[i % 2] = (empty[i % 2] ?? 0) + 1;
  const [even = 0, odd = 0] = empty;
  const enough = start.length / 20;
  if (odd > enough && even === 0) return 'utf-16le';
  return even > enough && odd === 0 ? 'utf-16be' : null;
}

function isUtf8(content: Uint8Array): boolean {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  try {
    for (let at = 0; at < content.length; at += CHUNK) decoder.decode(content.subarray(at, at + CHUNK), { stream: true });
    decoder.decode();
    return true;
  } catch {
    return false;
  }
}

/** The text of a file, piece by piece; without its mark. */
export function* textPieces(content: Uint8Array, encoding: Encoding = encodingOf(content)): Generator<string, undefined> {
  const decoder = new TextDecoder(encoding);
  for (let at = 0; at < content.length; at += CHUNK) {
    const piece = decoder.decode(content.subarray(at, at + CHUNK), { stream: true });
    if (piece !== '') yield piece;
  }
  const rest = decoder.decode();
  if (rest !== '') yield rest;
}

/** The file's text at once, for small files. */
export const decodeText = (content: Uint8Array): string => [...textPieces(content)].join('');

/** The first characters of a file. */
export const textStart = (content: Uint8Array, length: number): string => textPieces(content.subarray(0, length), encodingOf(content)).next().value ?? '';
