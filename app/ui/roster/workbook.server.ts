import { Readable } from 'node:stream';
import { createReadableStreamFromReadable } from '@remix-run/node';
import { xlsxPieces, type XlsxSheet } from '~/kernel/xlsx';

/** A workbook as an answer, sent piece by piece as it is written. */
export const workbookAnswer = (sheet: XlsxSheet, fileName: string): Response =>
  new Response(createReadableStreamFromReadable(Readable.from(xlsxPieces([sheet]))), {
    headers: {
      'Content-Type': 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', 'Content-Disposition': `attachment; filename="${fileName}"`, 'Cache-Control': 'no-store',
    },
  });
