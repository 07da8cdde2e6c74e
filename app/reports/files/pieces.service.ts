import { csvPieces } from '~/kernel/csv';
import { beginFile } from '~/kernel/files';
import { xlsxPieces } from '~/kernel/xlsx';
import { rendererAside } from '~/pdf';
import type { Format } from '../report';
import type { FileCell } from '../words';
import type { FileSheet } from './sheet';
import { drawTable } from './table-pdf';

type Lines = AsyncIterable<FileCell[][]>;

/** A table as a file, piece by piece: no more of it is in memory than what is being written. */
export function filePieces(format: Format, sheet: FileSheet, lines: Lines, key: string): AsyncGenerator<string | Uint8Array> {
  switch (format) {
    case 'csv': return csvPieces(sheet.columns.map(({ title }) => title), asTexts(lines));
    case 'xlsx': return xlsxPieces([{ name: sheet.title, columns: sheet.columns, rows: lines }, aboutSheet(sheet)]);
    case 'pdf': return pdfPieces(sheet, lines, key);
  }
}

export const MEDIA_TYPE: Record<Format, string> = {
  csv: 'text/csv; charset=utf-8', xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', pdf: 'application/pdf',
};

const asText = (cell: FileCell): string => (cell === null ? '' : typeof cell === 'object' ? cell.date : String(cell));

async function* asTexts(lines: Lines): AsyncGenerator<string[][]> {
  for await (const some of lines) yield some.map((line) => line.map(asText));
}

/** What the table is about stands on a sheet of its own, so that the table can be sorted and counted. */
const aboutSheet = ({ title, about, aboutTitle }: FileSheet) =>
  ({ name: aboutTitle, columns: [{ title, width: 80 }], rows: [about.map((line) => [line])] });

const render = rendererAside('table-thread.js', drawTable);

/** The lines lie in a file of their own until the paper is drawn: it must be known how many pages there will be. */
async function* pdfPieces(sheet: FileSheet, lines: Lines, key: string): AsyncGenerator<Uint8Array> {
  const spool = await beginFile(`${key}.lines`);
  try {
    for await (const some of asTexts(lines)) {
      if (some.length > 0) await spool.write(`${some.map((line) => JSON.stringify(line)).join('\n')}\n`);
    }
    for await (const part of render({ ...sheet, lines: spool.path })) yield part as Uint8Array;
  } finally {
    await spool.drop();
  }
}
