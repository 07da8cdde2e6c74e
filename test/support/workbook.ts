import { unzipSync } from 'fflate';

/** The parts of a workbook as text, by their paths. */
export const partsOf = (file: Buffer): Record<string, string> =>
  Object.fromEntries(Object.entries(unzipSync(file)).map(([path, content]) => [path, new TextDecoder().decode(content)]));

const NAMED: Record<string, string> = { '&lt;': '<', '&gt;': '>', '&amp;': '&', '&quot;': '"' };
const plain = (xml: string): string =>
  xml.replace(/&(?:lt|gt|amp|quot);/g, (name) => NAMED[name] ?? name).replace(/_x([0-9A-Fa-f]{4})_/g, (_, code: string) => String.fromCharCode(parseInt(code, 16)));

export type ReadCell = string | number | Date | null;

/** The cells of a sheet, row by row, as a spreadsheet shows them; what is not there is null. */
export function cellsOf(file: Buffer, sheet = 1): ReadCell[][] {
  const xml = partsOf(file)[`xl/worksheets/sheet${sheet}.xml`] ?? '';
  return [...xml.matchAll(/<row r="\d+">(.*?)<\/row>/gs)].map(([, row = '']) => {
    const cells: ReadCell[] = [];
    for (const [, name = '', , style = '', text, value = ''] of row.matchAll(/<c r="([A-Z]+)\d+"( s="(\d)")?(?: t="inlineStr"><is><t xml:space="preserve">(.*?)<\/t><\/is><\/c>|><v>(.*?)<\/v><\/c>)/gs)) {
      const at = [...name].reduce((n, letter) => n * 26 + letter.charCodeAt(0) - 64, 0) - 1;
      while (cells.length < at) cells.push(null);
      cells[at] = text !== undefined ? plain(text) : style === '2' ? new Date(Date.UTC(1899, 11, 30) + Number(value) * 86_400_000) : Number(value);
    }
    return cells;
  });
}
