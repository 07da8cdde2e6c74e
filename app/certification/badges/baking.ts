/** Badges inside pictures, as Open Badges 3.0 bakes them: what is seen and what is signed travel as one file. */
import { crc32, inflateSync } from 'node:zlib';

const PNG = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const KEYWORD = 'openbadgecredential';

/** A credential longer than this was made by nobody's badge program. */
export const MAX_CREDENTIAL_BYTES = 512 * 1024;

export const isPng = (file: Buffer): boolean => file.subarray(0, PNG.length).equals(PNG);

interface Chunk {
  type: string;
  content: Buffer;
  /** With length and checksum, as it stands in the file. */
  whole: Buffer;
}

/** The chunks of a PNG, up to its end or to where it is broken off. */
function* chunksOf(png: Buffer): Generator<Chunk> {
  for (let at = PNG.length; at + 12 <= png.length; ) {
    const end = at + 12 + png.readUInt32BE(at);
    if (end > png.length) return;
    yield { type: png.toString('latin1', at + 4, at + 8), content: png.subarray(at + 8, end - 4), whole: png.subarray(at, end) };
    at = end;
  }
}

function chunk(type: string, content: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(type, 'latin1'), content]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(content.length);
  sum.writeUInt32BE(crc32(named));
  return Buffer.concat([length, named, sum]);
}

const isBadge = ({ type, content }: Chunk): boolean =>
  (type === 'iTXt' || type === 'tEXt') && content.toString('latin1', 0, KEYWORD.length + 1) === `${KEYWORD}\0`;

/** The picture with the credential in it; one that was there before is replaced. */
export function bakePng(png: Buffer, credential: string): Buffer {
  const [head, ...rest] = [...chunksOf(png)].filter((one) => !isBadge(one));
  if (!isPng(png) || head?.type !== 'IHDR') throw new Error('not a PNG');
  // Keyword, not compressed, no language, no translated keyword.
  const baked = chunk('iTXt', Buffer.from(`${KEYWORD}\0\0\0\0\0${credential}`, 'utf8'));
  return Buffer.concat([PNG, head.whole, baked, ...rest.map((one) => one.whole)]);
}

/** The credential in a picture; null when there is none that can be read. */
export function unbakePng(png: Buffer): string | null {
  const found = [...chunksOf(png)].filter(isBadge);
  const [only] = found;
  // Two of them, and two programs could see two different badges in one file.
  if (!only || found.length > 1) return null;
  const rest = only.content.subarray(KEYWORD.length + 1);
  if (only.type === 'tEXt') return rest.toString('latin1');
  const compressed = rest[0] === 1;
  const language = rest.indexOf(0, 2);
  const translated = language < 0 ? -1 : rest.indexOf(0, language + 1);
  if (translated < 0) return null;
  const text = rest.subarray(translated + 1);
  return compressed ? inflated(text) : text.toString('utf8');
}

function inflated(text: Buffer): string | null {
  try {
    return inflateSync(text, { maxOutputLength: MAX_CREDENTIAL_BYTES }).toString('utf8');
  } catch {
    return null;
  }
}

const NAMESPACE = 'https://purl.imsglobal.org/ob/v3p0';

/** The drawing with the credential right after its opening tag. */
export function bakeSvg(svg: string, credential: string): string {
  // In JSON the escape means the same, and the section does not end early.
  const text = credential.replaceAll(']]>', ']]\\u003e');
  return svg.replace(/<svg\b[^>]*>/, (open) =>
    `${open.slice(0, -1)} xmlns:openbadges="${NAMESPACE}">\n<openbadges:credential><![CDATA[\n${text}\n]]></openbadges:credential>`);
}

const BAKED_SVG = /<([\w-]+):credential\b[^>]*>\s*(?:<!\[CDATA\[([\s\S]*?)\]\]>|([^<]*))\s*<\/\1:credential>/g;

/** The credential in a drawing; null when there is none that can be read. The drawing itself is never interpreted. */
export function unbakeSvg(svg: string): string | null {
  const found = [...svg.matchAll(BAKED_SVG)];
  const [only] = found;
  if (!only || found.length > 1) return null;
  const text = only[2] ?? unescaped(only[3] ?? '');
  return text.trim() === '' ? null : text.trim();
}

const ENTITIES: Record<string, string> = { '&lt;': '<', '&gt;': '>', '&quot;': '"', '&apos;': "'", '&#34;': '"', '&#39;': "'", '&amp;': '&' };

const unescaped = (text: string): string => text.replace(/&(?:lt|gt|quot|apos|#34|#39|amp);/g, (entity) => ENTITIES[entity] ?? entity);
