import PDFDocument from 'pdfkit';
import { collected, FONTS, missingCharacters, MissingCharactersError } from '~/pdf';
import type { Instant } from '~/kernel/clock';
import { lookOf, type Snapshot } from '../credential';
import { textsOfTemplate } from '../credentials/template';
import { drawFacts, drawFoot, drawFrame, drawHead, drawStatement } from './layout';
import { sheetOf, type Sheet } from './look';

export interface CredentialToDraw {
  snapshot: Snapshot;
  issuedAt: Instant;
  /** The emblem's PNG in base64, when the snapshot's template names one. */
  emblem?: string | null;
}

/**
 * The credential as a PDF/A-2b file of one page, made from its snapshot alone: the same snapshot gives the
 * same bytes, whenever it is rendered.
 * @throws MissingCharactersError when a character cannot be printed
 */
export function drawCredential({ snapshot, issuedAt, emblem = null }: CredentialToDraw): PDFKit.PDFDocument {
  const missing = missingCharacters(printedTexts(snapshot).join(''));
  if (missing.length > 0) throw new MissingCharactersError(missing);
  const look = lookOf(snapshot);
  const doc = new PDFDocument({
    size: 'A4', layout: look.orientation, margin: 0, font: FONTS.regular, lang: 'zh-CN', pdfVersion: '1.7', subset: 'PDF/A-2b',
    info: { Title: `${look.titleZh} ${snapshot.number}`, Author: snapshot.issuer, CreationDate: new Date(issuedAt), ModDate: new Date(issuedAt) },
  });
  drawSheet(sheetOf(doc, snapshot, emblem));
  doc.end();
  return doc;
}

/** Everything on the page, in the order in which it is read. */
export function drawSheet(sheet: Sheet): void {
  drawFrame(sheet);
  if (sheet.look.orientation === 'landscape') drawAcross(sheet);
  else drawUpright(sheet);
}

/** Below this the foot would leave the frame. */
const LOWEST_FOOT = 684;

function drawUpright(sheet: Sheet): void {
  const { doc, full } = sheet;
  drawHead(sheet, 98);
  drawStatement(sheet, full, 202);
  doc.y += 20;
  drawFacts(sheet, full, LOWEST_FOOT);
  // Long names of organisations push it down a little; below the frame it never gets.
  drawFoot(sheet, full, Math.min(Math.max(652, doc.y + 10), LOWEST_FOOT), 790);
}

/** Two columns: what is stated, with the seal below; what it rests on beside it. */
function drawAcross(sheet: Sheet): void {
  const { doc, full } = sheet;
  const gap = 34;
  const statementColumn = { left: full.left, width: (full.width - gap) * 0.6 };
  const factsColumn = { left: statementColumn.left + statementColumn.width + gap, width: (full.width - gap) * 0.4 };
  drawHead(sheet, 72);
  drawStatement(sheet, statementColumn, 170);
  doc.y = 176;
  drawFacts(sheet, factsColumn, 545);
  drawFoot(sheet, statementColumn, 425, 543);
}

/** The same as one piece. */
export const renderCredential = async (snapshot: Snapshot, issuedAt: Instant, emblem: string | null = null): Promise<Buffer> =>
  collected(drawCredential({ snapshot, issuedAt, emblem }));

function printedTexts(snapshot: Snapshot): string[] {
  const { requirements, template: _, ...rest } = snapshot;
  const own = Object.values(rest).filter((value) => typeof value === 'string');
  return [...own, ...requirements.flatMap(({ titleZh, titleEn }) => [titleZh, titleEn]), ...textsOfTemplate(lookOf(snapshot))];
}
