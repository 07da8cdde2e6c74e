import { Readable } from 'node:stream';
import { CsvError, parse, type Options } from 'csv-parse';
import { parse as parseAtOnce } from 'csv-parse/sync';
import { z } from 'zod';
import { plainText } from '~/kernel/csv';
import { err, ok, ProblemError, type Problem, type Result } from '~/kernel/result';
import type { Line } from './line';
import { textPieces, textStart } from './text';

const DELIMITERS = [',', '\t', ';', '|'] as const;
/** So much of a text is looked at to find what parts its cells. */
const LOOKED_AT = 16 * 1024;
const LINES_LOOKED_AT = 20;
/** Spreadsheets write this line to say what parts the cells. */
const SAID = /^\uFEFF?"?sep=(.)"?\r?\n/i;

/** What parts the cells: what the file says itself, else the mark that the first lines hold most regularly. */
function delimiterOf(start: string): { delimiter: string; from: number } {
  const said = SAID.exec(start);
  if (said?.[1]) return { delimiter: said[1], from: 2 };
  const lines = withoutQuoted(start.slice(0, LOOKED_AT)).split(/\r\n|\n|\r/).filter((line) => line.trim() !== '').slice(0, LINES_LOOKED_AT);
  const found = DELIMITERS.map((mark) => ({ mark, ...regularity(lines.map((line) => line.split(mark).length - 1)) }));
  const best = found.sort((a, b) => b.lines - a.lines || b.times - a.times)[0];
  return { delimiter: best?.mark ?? ',', from: 1 };
}

/** How many lines hold a mark equally often, and how often: the lines of a table agree, a title above it or words in cells do not. */
function regularity(counts: readonly number[]): { lines: number; times: number } {
  const lines = new Map<number, number>();
  for (const count of counts) if (count > 0) lines.set(count, (lines.get(count) ?? 0) + 1);
  const [most] = [...lines].sort(([a, m], [b, n]) => n - m || b - a);
  return { lines: most?.[1] ?? 0, times: most?.[0] ?? 0 };
}

const withoutQuoted = (text: string): string => text.replace(/"(?:[^"]|"")*"/g, '');

const Parsed = z.object({ record: z.array(z.string()), info: z.object({ lines: z.number() }) });

const optionsFor = (start: string): Options => {
  const { delimiter, from } = delimiterOf(start);
  return { bom: true, delimiter, from_line: from, info: true, relax_column_count: true, skip_empty_lines: true, trim: true, max_record_size: 1024 * 1024 };
};

function lineOf(parsed: unknown): Line {
  const { record, info } = Parsed.parse(parsed);
  return { line: info.lines, cells: record.map(cellText) };
}

/** `="0012"` is how spreadsheets keep leading noughts in csv; an apostrophe is what disarmed a formula when the file was written. */
const cellText = (cell: string): string => plainText(/^="([^"]*)"$/.exec(cell)?.[1] ?? cell);

const problemOf = (error: unknown): Problem | null => (error instanceof CsvError ? { code: 'csv.malformed', params: { line: Number(error['lines'] ?? 1) }, field: 'file' } : null);

/** The lines of a csv text with their numbers in the file, for small files. */
export function csvRecords(text: string): Result<{ record: string[]; line: number }[]> {
  try {
    const parsed: unknown[] = parseAtOnce(text, optionsFor(text));
    return ok(parsed.map(lineOf).map(({ line, cells }) => ({ record: cells, line })));
  } catch (error) {
    const problem = problemOf(error);
    if (problem) return err(problem.code, problem.params, problem.field);
    throw error;
  }
}

/** The lines of a csv file of any size, in any of the encodings. @throws ProblemError */
export async function* csvLines(content: Buffer): AsyncGenerator<Line> {
  const parser = Readable.from(textPieces(content)).pipe(parse(optionsFor(textStart(content, LOOKED_AT * 2))));
  try {
    for await (const parsed of parser) yield lineOf(parsed);
  } catch (error) {
    const problem = problemOf(error);
    throw problem ? new ProblemError(problem) : error;
  }
}
