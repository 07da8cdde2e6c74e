import path from 'node:path';
import type { ErrorCode } from '~/kernel/errors';
import { readWhole } from './xml';
import type { Zip } from './zip';

/** A sheet of a workbook: its name as shown, and which part of the zip holds it. */
export interface SheetPart {
  name: string;
  part: string;
}

export interface Workbook {
  sheets: SheetPart[];
  /** Whether its serial dates count from 1904. */
  since1904: boolean;
  /** The texts that cells refer to by number. */
  shared: string[];
  /** By the number of a cell's style: whether it shows a day. */
  isDay: boolean[];
}

const FORBIDDEN: readonly (readonly [RegExp, ErrorCode])[] = [
  [/vbaProject|vbaData|macrosheets|activeX|ctrlProps|customUI/i, 'sheet.macros'],
  [/externalLinks|embeddings|xl\/connections\.xml|queryTables|oleObject|webExtensions/i, 'sheet.external'],
];

/** Why a workbook with these parts is not taken; null when nothing stands against it. */
export async function forbidden(zip: Zip): Promise<ErrorCode | null> {
  for (const [pattern, code] of FORBIDDEN) if (zip.names.some((name) => pattern.test(name))) return code;
  let found: ErrorCode | null = null;
  await readWhole(zip.pieces('[Content_Types].xml'), {
    open: (_, { ContentType = '' }) => { if (/macroEnabled|vbaProject/i.test(ContentType)) found = 'sheet.macros'; },
  });
  for (const name of zip.names.filter((one) => one.endsWith('.rels'))) {
    await readWhole(zip.pieces(name), {
      // Links to click on, as in a column of mail addresses, fetch nothing.
      open: (_, { TargetMode = '', Type = '' }) => { if (TargetMode === 'External' && !Type.endsWith('/hyperlink')) found ??= 'sheet.external'; },
    });
  }
  return found;
}

const WORKBOOK = /\/officeDocument$/;

/** Everything that is needed before cells can be read. @throws Error when it is no workbook */
export async function readWorkbook(zip: Zip): Promise<Workbook> {
  const root = [...(await relationsOf(zip, '')).values()].find(({ type }) => WORKBOOK.test(type))?.part ?? 'xl/workbook.xml';
  const relations = await relationsOf(zip, root);
  const sheets: SheetPart[] = [];
  let since1904 = false;
  await readWhole(zip.pieces(root), {
    open: (name, attributes) => {
      if (name === 'workbookPr') since1904 = attributes['date1904'] === '1' || attributes['date1904'] === 'true';
      const part = name === 'sheet' ? relations.get(attributes['id'] ?? '')?.part : undefined;
      if (part && (attributes['state'] ?? 'visible') === 'visible' && zip.has(part)) sheets.push({ name: attributes['name'] ?? '', part });
    },
  });
  const partOf = (type: string) => [...relations.values()].find((one) => one.type.endsWith(type))?.part;
  return { sheets, since1904, shared: await sharedTexts(zip, partOf('/sharedStrings')), isDay: await dayStyles(zip, partOf('/styles')) };
}

async function relationsOf(zip: Zip, part: string): Promise<Map<string, { type: string; part: string }>> {
  const folder = path.posix.dirname(part);
  const file = path.posix.join(folder, '_rels', `${path.posix.basename(part)}.rels`);
  const found = new Map<string, { type: string; part: string }>();
  if (!zip.has(file)) return found;
  await readWhole(zip.pieces(file), {
    open: (name, { Id = '', Type = '', Target = '' }) => {
      if (name === 'Relationship') found.set(Id, { type: Type, part: Target.startsWith('/') ? Target.slice(1) : path.posix.join(folder, Target) });
    },
  });
  return found;
}

/** So much text in all: more fits in no sheet that is read here, and all of it stays in memory. */
const MOST_SHARED = 128 * 1024 * 1024;

async function sharedTexts(zip: Zip, part: string | undefined): Promise<string[]> {
  const texts: string[] = [];
  if (!part || !zip.has(part)) return texts;
  const gather = gatherText();
  let length = 0;
  await readWhole(zip.pieces(part), {
    open: (name) => gather.open(name),
    text: (value) => gather.text(value),
    close: (name) => {
      gather.close(name);
      if (name !== 'si') return;
      const text = gather.take();
      length += text.length;
      if (length > MOST_SHARED) throw new Error('too much text');
      texts.push(text);
    },
  });
  return texts;
}

/** Gathers the `<t>` of a string that may have several formats; how it is pronounced (`<rPh>`) is left out. */
export function gatherText() {
  let parts = '';
  let [inText, inPhonetic] = [false, false];
  return {
    open: (name: string) => { if (name === 'rPh') inPhonetic = true; else if (name === 't') inText = !inPhonetic; },
    text: (value: string) => { if (inText) parts += value; },
    close: (name: string) => { if (name === 'rPh') inPhonetic = false; else if (name === 't') inText = false; },
    take: () => {
      const whole = parts;
      parts = '';
      // Characters that XML cannot hold are written _x000D_.
      return whole.includes('_x') ? whole.replace(/_x([0-9A-F]{4})_/gi, (_, hex: string) => String.fromCharCode(parseInt(hex, 16))) : whole;
    },
  };
}

/** Formats that every program knows by number and that show a day, the Chinese ones included. */
const DAY_FORMATS = new Set([14, 15, 16, 17, 22, ...range(27, 31), 36, ...range(50, 54), 57, 58]);

function range(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, i) => first + i);
}

/** Whether a format shows a day: it has a year or a day in it, outside of what is quoted. */
export const showsDay = (format: string): boolean => /[yd]/i.test(format.replace(/"[^"]*"|\\.|\[[^\]]*\]|_.|\*./g, ''));

async function dayStyles(zip: Zip, part: string | undefined): Promise<boolean[]> {
  const [own, styles] = [new Map<string, boolean>(), [] as boolean[]];
  if (!part || !zip.has(part)) return styles;
  let inCells = false;
  await readWhole(zip.pieces(part), {
    open: (name, { numFmtId = '0', formatCode = '' }) => {
      if (name === 'numFmt') own.set(numFmtId, showsDay(formatCode));
      if (name === 'cellXfs') inCells = true;
      if (name === 'xf' && inCells) styles.push(own.get(numFmtId) ?? DAY_FORMATS.has(Number(numFmtId)));
    },
    close: (name) => { if (name === 'cellXfs') inCells = false; },
  });
  return styles;
}
