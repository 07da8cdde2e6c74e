import type { Reader } from '~/db';
import type { Instant } from '~/kernel/clock';
import { beginFile } from '~/kernel/files';
import { ProblemError } from '~/kernel/result';
import type { Text } from '~/text';
import { groupPlan, Tally, type Summary } from '../groups';
import type { Format } from '../report';
import { namesAsked } from '../choices.repository';
import { reportRows, type Prepared } from '../rows/rows.service';
import type { FileCell } from '../words';
import { aboutLines } from './about';
import { filePieces } from './pieces.service';
import { groupCells, groupColumns, listCells, listColumns, type FileSheet } from './sheet';

export interface ReportToWrite {
  prepared: Prepared;
  format: Format;
  text: Text;
  title: string;
  madeAt: Instant;
  /** Where the file is stored. */
  key: string;
  /** Told how many appointments were looked at; rejects to stop. */
  onProgress?: (posts: number) => Promise<void>;
}

export interface WrittenReport {
  lines: number;
  bytes: number;
  summary: Summary;
}

/** Paper for so many lines; drawing more takes minutes, and nobody reads them. */
export const MOST_ON_PAPER = 20_000;

/**
 * Writes a report to a stored file while its lines are read, so that one of any length needs the memory of some hundred
 * lines. Nobody sees the file before it is whole.
 */
export async function writeReport(from: Reader, what: ReportToWrite): Promise<WrittenReport> {
  const { prepared, text, format, key } = what;
  const tally = new Tally(groupPlan(prepared.query, prepared.units, prepared.root));
  const names = new Map(prepared.units.map(({ id, name }) => [id, name]));
  const named = await namesAsked(from, prepared.query);
  const sheetOf = (columns: FileSheet['columns']): FileSheet => (
    { title: what.title, about: aboutLines(text, prepared, what.madeAt, { intake: named.intake, target: named.target?.[text.lang] ?? null }), aboutTitle: text.t('reports.about'), columns });
  const bytes = prepared.query.layout === 'people'
    ? await store(key, filePieces(format, sheetOf(listColumns(text, prepared.query)), listLines(from, what, tally), key))
    : await store(key, await groupPieces(from, what, tally, sheetOf, names));
  return { lines: tally.lines, bytes, summary: tally.summary(!prepared.detail) };
}

async function* listLines(from: Reader, { prepared, text, format, onProgress }: ReportToWrite, tally: Tally): AsyncGenerator<FileCell[][]> {
  const cellsOf = listCells(text, prepared.query);
  let looked = 0;
  for await (const { posts, rows } of reportRows(from, prepared)) {
    for (const row of rows) tally.add(row);
    if (format === 'pdf' && tally.lines > MOST_ON_PAPER) throw new ProblemError({ code: 'report.too-long-for-paper', params: { lines: `>${MOST_ON_PAPER}`, most: MOST_ON_PAPER } });
    yield rows.map(cellsOf);
    await onProgress?.(looked += posts);
  }
}

/** Numbers are known once everything was counted. */
async function groupPieces(
  from: Reader, { prepared, text, format, key, onProgress }: ReportToWrite, tally: Tally, sheetOf: (columns: FileSheet['columns']) => FileSheet, names: ReadonlyMap<string, string>,
) {
  let looked = 0;
  for await (const { posts, rows } of reportRows(from, prepared)) {
    for (const row of rows) tally.add(row);
    await onProgress?.(looked += posts);
  }
  const { kind, groupBy } = prepared.query;
  const summary = tally.summary(!prepared.detail);
  return filePieces(format, sheetOf(groupColumns(text, kind, groupBy, summary)), once(groupCells(text, kind, groupBy, summary, names)), key);
}

async function* once(lines: FileCell[][]): AsyncGenerator<FileCell[][]> {
  yield lines;
}

/** @returns its bytes */
async function store(key: string, pieces: AsyncIterable<string | Uint8Array>): Promise<number> {
  const file = await beginFile(key);
  try {
    for await (const piece of pieces) await file.write(piece);
    return await file.keep();
  } catch (error) {
    await file.drop();
    throw error;
  }
}
