import PDFDocument from 'pdfkit';
import { collected, FONTS, missingCharacters, MissingCharactersError } from '~/pdf';
import type { Instant } from '~/kernel/clock';
import { textFor } from '~/text';
import type { Snapshot } from '../credential';
import { drawFrame, drawHead, drawStatement, drawFacts, drawFoot } from './layout';

export interface CredentialToDraw {
  snapshot: Snapshot;
  issuedAt: Instant;
}

/**
 * The credential as a PDF/A-2b file of one page, made from its snapshot alone: the same snapshot gives the
 * same bytes, whenever it is rendered.
 * @throws MissingCharactersError when a character cannot be printed
 */
export function drawCredential({ snapshot, issuedAt }: CredentialToDraw): PDFKit.PDFDocument {
  const missing = missingCharacters(textsOf(snapshot).join(''));
  if (missing.length > 0) throw new MissingCharactersError(missing);
  const zh = textFor('zh');
  const doc = new PDFDocument({
    size: 'A4', margin: 0, font: FONTS.regular, lang: 'zh-CN', pdfVersion: '1.7', subset: 'PDF/A-2b',
    info: {
      Title: `${zh.t('certification.pdf-title')} ${snapshot.number}`, Author: snapshot.issuer, CreationDate: new Date(issuedAt),
      ModDate: new Date(issuedAt),
    },
  });
  drawFrame(doc);
  drawHead(doc, snapshot);
  drawStatement(doc, snapshot);
  drawFacts(doc, snapshot);
  drawFoot(doc, snapshot);
  doc.end();
  return doc;
}

/** The same as one piece. */
export const renderCredential = async (snapshot: Snapshot, issuedAt: Instant): Promise<Buffer> =>
  collected(drawCredential({ snapshot, issuedAt }));

function textsOf({ requirements, ...rest }: Snapshot): string[] {
  const own = Object.values(rest).filter((value) => typeof value === 'string');
  return [...own, ...requirements.flatMap(({ titleZh, titleEn }) => [titleZh, titleEn])];
}
