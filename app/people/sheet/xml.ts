import { Parser } from 'saxen';

/** What happens in an XML text. Names come without their prefix, for programs choose those as they like. */
export interface XmlEvents {
  open?(name: string, attributes: Record<string, string>): void;
  close?(name: string): void;
  text?(value: string): void;
}

const localName = (name: string): string => name.slice(name.indexOf(':') + 1);

/**
 * Reads XML piece by piece. Document types and their entities are not followed, so nothing can be blown up by them or fetched.
 * `after` is called after each piece, for what was gathered meanwhile. @throws Error when it is not well-formed
 */
export async function* readXml<T>(pieces: AsyncIterable<Buffer>, events: XmlEvents, after: () => T[]): AsyncGenerator<T> {
  const parser = parserFor(events);
  let decoder: TextDecoder | null = null;
  for await (const piece of pieces) {
    decoder ??= new TextDecoder(piece[0] === 0xff || piece[1] === 0 ? 'utf-16le' : piece[0] === 0xfe || piece[0] === 0 ? 'utf-16be' : 'utf-8');
    parser.write(decoder.decode(piece, { stream: true }));
    yield* after();
  }
  parser.end();
  yield* after();
}

function parserFor({ open, close, text }: XmlEvents): Parser {
  const parser = new Parser();
  parser.on('error', (error) => { throw error; });
  parser.on('openTag', (name, attributes) => { if (open) open(localName(name), plainAttributes(attributes())); });
  parser.on('closeTag', (name) => close?.(localName(name)));
  parser.on('text', (value) => text?.(withoutEntities(value)));
  parser.on('cdata', (value) => text?.(value));
  return parser;
}

function plainAttributes(given: Record<string, string>): Record<string, string> {
  const plain: Record<string, string> = {};
  for (const name of Object.keys(given)) plain[name.startsWith('xmlns') ? name : localName(name)] = withoutEntities(given[name] ?? '');
  return plain;
}

const NAMED: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** The five names and the numbers that XML itself knows; rare surnames have numbers above 65,535. */
const withoutEntities = (text: string): string => (text.includes('&')
  ? text.replace(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|(\w+));/gi, (whole, decimal?: string, hex?: string, name?: string) =>
    (name ? NAMED[name] ?? whole : characterOf(Number(decimal ?? `0x${hex ?? ''}`)) ?? whole))
  : text);

const characterOf = (code: number): string | null => (code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : null);

/** Reads a small part of a file through to its end. */
export async function readWhole(pieces: AsyncIterable<Buffer>, events: XmlEvents): Promise<void> {
  const through = readXml<never>(pieces, events, () => []);
  while (!(await through.next()).done);
}
