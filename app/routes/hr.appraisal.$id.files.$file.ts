import { Readable } from 'node:stream';
import { createReadableStreamFromReadable, type LoaderFunctionArgs } from '@remix-run/node';
import { reader } from '~/db';
import { signedIn } from '~/identity';
import { csvPieces } from '~/kernel/csv';
import { ProblemError } from '~/kernel/result';
import { xlsxPieces } from '~/kernel/xlsx';
import { appraisalJson, everybodyWithFigures, MEDIA_TYPE, noteExport, openAppraisal } from '~/reports';
import { textFor } from '~/text';
import { langOf } from '~/text/lang';
import { peopleSheet, unitsSheet, type FigureSheet } from '~/ui/reports/figure-sheets.server';

/** The figures as files: `people.xlsx`, `people.csv`, `units.xlsx`, `units.csv`, `all.json`; that they were taken is an event in the ledger. */
export async function loader({ request, params }: LoaderFunctionArgs) {
  const actor = await signedIn(request);
  const seen = await openAppraisal(actor, params['id'] ?? '');
  const file = params['file'] ?? '';
  const [of = '', format = ''] = file.split('.');
  if (seen.appraisal.state !== 'frozen') throw new ProblemError({ code: 'appraisal.running' });
  if ((of === 'people' || of === 'all') && seen.peoplePath === null) throw new ProblemError({ code: 'access.denied' });
  const text = textFor(langOf(request));
  if (file === 'all.json') {
    await noteExport(actor, seen.appraisal.id, 'people', 'json');
    return answer(appraisalJson(seen), 'application/json; charset=utf-8', file);
  }
  if ((of !== 'people' && of !== 'units') || (format !== 'csv' && format !== 'xlsx')) throw new ProblemError({ code: 'not-found' });
  await noteExport(actor, seen.appraisal.id, of, format);
  const sheet = of === 'units' ? unitsSheet(text, seen) : peopleSheet(text, seen, everybodyWithFigures(reader(), seen.appraisal.id, seen.peoplePath ?? ''));
  return answer(piecesOf(sheet, format), MEDIA_TYPE[format], file);
}

const piecesOf = (sheet: FigureSheet, format: 'csv' | 'xlsx'): AsyncGenerator<string | Uint8Array> =>
  (format === 'xlsx' ? xlsxPieces([sheet]) : csvPieces(sheet.columns.map(({ title }) => title), asTexts(sheet.rows)));

async function* asTexts(rows: FigureSheet['rows']): AsyncGenerator<string[][]> {
  for await (const some of rows) yield some.map((row) => row.map((cell) => (cell === null ? '' : String(cell))));
}

const answer = (pieces: AsyncGenerator<string | Uint8Array>, type: string, file: string): Response =>
  new Response(createReadableStreamFromReadable(Readable.from(pieces)), {
    headers: { 'Content-Type': type, 'Content-Disposition': `attachment; filename="appraisal-${file}"`, 'X-Content-Type-Options': 'nosniff', 'Cache-Control': 'private, no-store' },
  });
