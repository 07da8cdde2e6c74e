import { createHash } from 'node:crypto';
import { decryptBytes, encryptBytes } from '~/kernel/secrets';
import { putFile, readFile } from '~/kernel/files';
import { err, ok, ProblemError, type Result } from '~/kernel/result';
import { findHeader, isBlank, openSheets, type Line, type Sheet, type SheetLimits } from '~/people';
import { fieldOfHeader, guessMapping, LEAST_COLUMNS, signatureOf, type RosterField } from './fields';

const MB = 1024 * 1024;
/** The largest file that a page takes. */
export const MAX_ROSTER = 48 * MB;
/** What a folder may bring is larger: nobody waits for it. */
const LIMITS: SheetLimits = { packed: 512 * MB, unpacked: 2048 * MB };

/** So many lines of each sheet are looked at to find the header. */
const LOOKED_AT = 60;

/** Where a roster's table begins, and what its columns seem to be. */
export interface Found {
  sheet: string;
  headerLine: number;
  headers: string[];
  signature: string;
  guessed: (RosterField | null)[];
  below: Line[];
}

export const hashOf = (content: Buffer): string => createHash('sha256').update(content).digest('hex');

/** Keeps the file until the roster is through; encrypted, for identity numbers are in it. */
export async function keepFile(id: string, content: Buffer): Promise<string> {
  const key = `rosters/${id}.bin`;
  await putFile(key, encryptBytes(content));
  return key;
}

export const openFile = async (key: string): Promise<Result<Sheet[]>> => openSheets(decryptBytes(await readFile(key)), LIMITS);

/** Looks for the table: in the first sheet that has a header row, else at the top of the first that has anything. */
export async function lookAt(content: Buffer): Promise<Result<Found>> {
  const opened = await openSheets(content, LIMITS);
  if (!opened.ok) return opened;
  try {
    let top: { sheet: Sheet; lines: Line[] } | null = null;
    for (const sheet of opened.value) {
      const lines = await firstLines(sheet);
      const header = findHeader(lines, fieldOfHeader, LEAST_COLUMNS);
      if (header) return ok(foundAt(sheet, lines, header));
      if (top === null && lines.length > 0) top = { sheet, lines };
    }
    const [first] = top?.lines ?? [];
    return top && first ? ok(foundAt(top.sheet, top.lines, first)) : err('csv.empty', undefined, 'file');
  } catch (error) {
    if (error instanceof ProblemError) return { ok: false, error: error.problem };
    throw error;
  }
}

async function firstLines(sheet: Sheet): Promise<Line[]> {
  const lines: Line[] = [];
  for await (const line of sheet.lines()) {
    if (!isBlank(line)) lines.push(line);
    if (lines.length >= LOOKED_AT) break;
  }
  return lines;
}

function foundAt(sheet: Sheet, lines: readonly Line[], header: Line): Found {
  const below = lines.slice(lines.indexOf(header) + 1);
  const width = Math.max(header.cells.length, ...below.map(({ cells }) => cells.length));
  const headers = Array.from({ length: width }, (_, i) => (header.cells[i] ?? '').replace(/\s+/g, ' ').trim().slice(0, 80));
  return { sheet: sheet.name, headerLine: header.line, headers, signature: signatureOf(headers), guessed: guessMapping(headers, below), below };
}

/** The lines below the header, without blank ones and without the header said again, as on the pages of a printed list. */
export async function* bodyOf(sheets: readonly Sheet[], name: string, headerLine: number): AsyncGenerator<Line> {
  const sheet = sheets.find((one) => one.name === name) ?? sheets[0];
  let header = '';
  for await (const line of sheet?.lines() ?? []) {
    const text = line.cells.join('\u0000');
    if (line.line === headerLine) header = text;
    else if (line.line > headerLine && !isBlank(line) && text !== header) yield line;
  }
}
