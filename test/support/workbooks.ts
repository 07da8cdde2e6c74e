import { strToU8, zipSync } from 'fflate';

const HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>';
const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';

export interface WorkbookParts {
  /** The inside of `<sheetData>`, as other programs write it. */
  rows: string;
  shared?: string;
  /** The inside of `<styleSheet>`. */
  styles?: string;
  workbookPr?: string;
  /** The name before each element, as some programs put one. */
  prefix?: string;
  /** More parts, or others in their place. */
  more?: Record<string, string | Uint8Array>;
  sheets?: string;
}

const DAY_STYLES = '<numFmts count="1"><numFmt numFmtId="176" formatCode="yyyy&quot;年&quot;m&quot;月&quot;d&quot;日&quot;;@"/></numFmts>'
  + '<cellStyleXfs count="1"><xf numFmtId="14"/></cellStyleXfs><cellXfs count="4"><xf numFmtId="0"/><xf numFmtId="176"/><xf numFmtId="14"/><xf numFmtId="49"/></cellXfs>';

/** A workbook as other programs write it, part by part. Styles: 0 plain, 1 a Chinese date, 2 a date, 3 text. */
export function aWorkbook({ rows, shared, styles = DAY_STYLES, workbookPr = '', prefix = '', more = {}, sheets }: WorkbookParts): Buffer {
  const prefixed = (xml: string) => (prefix ? xml.replace(/<(\/?)(?=[a-zA-Z])/g, `<$1${prefix}:`) : xml);
  const ns = prefix ? `xmlns:${prefix}="${MAIN}"` : `xmlns="${MAIN}"`;
  const relation = (id: string, type: string, target: string) => `<Relationship Id="${id}" Type="${OFFICE}/${type}" Target="${target}"/>`;
  const parts: Record<string, string | Uint8Array> = {
    '[Content_Types].xml': `${HEAD}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/></Types>`,
    '_rels/.rels': `${HEAD}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">${relation('rId1', 'officeDocument', 'xl/workbook.xml')}</Relationships>`,
    'xl/workbook.xml': `${HEAD}${prefixed(`<workbook ${ns} xmlns:r="${OFFICE}">${workbookPr}<sheets>${sheets ?? '<sheet name="花名册" sheetId="1" r:id="rId1"/>'}</sheets></workbook>`)}`,
    'xl/_rels/workbook.xml.rels': `${HEAD}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">${relation('rId1', 'worksheet', '/xl/worksheets/sheet1.xml')}${relation('rId2', 'styles', 'styles.xml')}${relation('rId3', 'sharedStrings', 'sharedStrings.xml')}${relation('rId4', 'worksheet', 'worksheets/sheet2.xml')}</Relationships>`,
    'xl/styles.xml': `${HEAD}<styleSheet xmlns="${MAIN}">${styles}</styleSheet>`,
    'xl/worksheets/sheet1.xml': `${HEAD}${prefixed(`<worksheet ${ns}><sheetData>${rows}</sheetData></worksheet>`)}`,
    ...(shared !== undefined && { 'xl/sharedStrings.xml': `${HEAD}<sst xmlns="${MAIN}">${shared}</sst>` }),
    ...more,
  };
  return Buffer.from(zipSync(Object.fromEntries(Object.entries(parts).map(([name, content]) => [name, typeof content === 'string' ? strToU8(content) : content]))));
}

/** A cell with text in it. */
export const inlineCell = (text: string, at = ''): string => `<c${at && ` r="${at}"`} t="inlineStr"><is><t>${text}</t></is></c>`;
