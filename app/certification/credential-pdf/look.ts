import { PALETTES, type TemplateContent } from '../credentials/template';
import { lookOf, type Snapshot } from '../credential';

type Document = PDFKit.PDFDocument;

export const INK = '#1c2322';
export const QUIET = '#5c6664';

/** Where a block of text stands on the page. */
export interface Column {
  left: number;
  width: number;
}

/** A credential on its way to paper: what it says, how it looks, and where things stand. */
export interface Sheet {
  doc: Document;
  snapshot: Snapshot;
  look: TemplateContent;
  accent: string;
  rule: string;
  /** The emblem's PNG in base64. */
  emblem: string | null;
  page: { width: number; height: number };
  /** The whole width between the margins. */
  full: Column;
}

const A4 = [595.28, 841.89] as const;
const MARGIN = 84;
const MARGIN_ACROSS = 76;

export function sheetOf(doc: Document, snapshot: Snapshot, emblem: string | null): Sheet {
  const look = lookOf(snapshot);
  const across = look.orientation === 'landscape';
  const page = across ? { width: A4[1], height: A4[0] } : { width: A4[0], height: A4[1] };
  const left = across ? MARGIN_ACROSS : MARGIN;
  const { accent, rule } = PALETTES[look.palette];
  return { doc, snapshot, look, accent, rule, emblem, page, full: { left, width: page.width - 2 * left } };
}
