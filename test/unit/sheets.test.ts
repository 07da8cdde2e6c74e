import fc from 'fast-check';
import { strToU8, zipSync } from 'fflate';
import { readSheet } from 'read-excel-file/node';
import { describe, expect, it } from 'vitest';
import { csvFile, csvPieces, plainText, safeCell } from '~/kernel/csv';
import { ProblemError } from '~/kernel/result';
import { xlsxPieces, type SheetCell } from '~/kernel/xlsx';
import { findHeader, headerReader, openSheets, readDay, type Line } from '~/people';
import { isDde } from '~/people/sheet/cells';
import { showsDay } from '~/people/sheet/workbook';
import { aWorkbook, inlineCell } from '../support/workbooks';

const LIMITS = { packed: 10 * 1024 * 1024, unpacked: 50 * 1024 * 1024 };

/** The lines of the first sheet, or the code of what is wrong. */
async function read(content: Buffer, limits = LIMITS): Promise<Line[] | string> {
  const opened = await openSheets(content, limits);
  if (!opened.ok) return opened.error.code;
  const lines: Line[] = [];
  try {
    for await (const line of opened.value[0]?.lines() ?? []) lines.push(line);
  } catch (error) {
    if (error instanceof ProblemError) return error.problem.code;
    throw error;
  }
  return lines;
}

/** A workbook as the program writes it. */
async function written(rows: SheetCell[][], titles = ['x']): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  for await (const piece of xlsxPieces([{ name: '名单', columns: titles.map((title) => ({ title, width: 12 })), rows: [rows] }])) pieces.push(piece);
  return Buffer.concat(pieces);
}

const rows = async (content: Buffer): Promise<string[][] | string> => {
  const found = await read(content);
  return typeof found === 'string' ? found : found.map(({ cells }) => cells);
};

const utf16 = (text: string, big: boolean, mark: boolean): Buffer => {
  const content = Buffer.from((mark ? '\uFEFF' : '') + text, 'utf16le');
  return big ? content.swap16() : content;
};
/** 姓名,单位 / 王小明,市局 in GB 18030. */
const GB = Buffer.from('d0d5c3fb2cb5a5cebb0d0acdf5d0a1c3f72ccad0bed60d0a', 'hex');

describe('a csv file', () => {
  const text = '姓名,单位\r\n王小明,市局\r\n';
  it.each([
    ['UTF-8', Buffer.from(text)], ['UTF-8 with its mark', Buffer.from(`\uFEFF${text}`)], ['GB 18030', GB],
    ['UTF-16 little-endian', utf16(text, false, true)], ['UTF-16 big-endian', utf16(text, true, true)],
    ['UTF-16 without its mark', utf16(text, false, false)], ['UTF-16 big-endian without its mark', utf16(text, true, false)],
    ['semicolons', Buffer.from(text.replaceAll(',', ';'))], ['tabs', Buffer.from(text.replaceAll(',', '\t'))], ['bars', Buffer.from(text.replaceAll(',', '|'))],
    ['a line that says what parts its cells', Buffer.from(`sep=;\r\n${text.replaceAll(',', ';')}`)],
  ])('is read with %s', async (_, content) => {
    expect(await rows(content)).toEqual([['姓名', '单位'], ['王小明', '市局']]);
  });

  it('keeps quoted delimiters and line breaks, and knows the line in the file', async () => {
    expect(await read(Buffer.from('a;b\n"1;2\n3";x\n\ny;z\n'))).toEqual([{ line: 1, cells: ['a', 'b'] }, { line: 3, cells: ['1;2\n3', 'x'] }, { line: 5, cells: ['y', 'z'] }]);
  });

  it('is parted by what most lines are parted by, whatever a title above holds', async () => {
    expect(await rows(Buffer.from('某局,2026年,人员\na\tb\tc\n1\t2\t3\n4\t5\t6\n'))).toEqual([['某局,2026年,人员'], ['a', 'b', 'c'], ['1', '2', '3'], ['4', '5', '6']]);
  });

  it('gives back leading noughts that a spreadsheet protected', async () => {
    expect(await rows(Buffer.from('a,b\n"=""0012""",\'=1+1\n'))).toEqual([['a', 'b'], ['0012', '=1+1']]);
  });

  it.each([
    ['a formula that starts a program', "a,b\n=cmd|'/c calc'!A0,x", 'sheet.dde'], ['a quotation mark without its other', 'a,b\n"x,y', 'csv.malformed'],
    ['a web page under the name of a spreadsheet', '<html><table><tr><td>姓名</td></tr></table></html>', 'sheet.xls'], ['an XML of 2003', '<?xml version="1.0"?><Workbook/>', 'sheet.xls'],
  ])('is refused with %s', async (_, content, code) => {
    expect(await read(Buffer.from(content))).toBe(code);
  });

  it.each(['utf8', 'utf16le'] as const)('reads back every table in %s', async (encoding) => {
    const cell = fc.string({ maxLength: 12, unit: fc.constantFrom(...'王小明李娜ab1,;|\t"\n =+-@. '.split('')) }).map((text) => text.trim());
    await fc.assert(fc.asyncProperty(fc.array(fc.tuple(fc.constant('x'), cell, cell), { minLength: 1, maxLength: 8 }), async (table) => {
      const file = csvFile(['姓名', '单位', '岗位'], table.map((row) => [...row]));
      const content = encoding === 'utf8' ? Buffer.from(file) : Buffer.from(file, 'utf16le');
      const found = await rows(content);
      expect(found).toEqual([['姓名', '单位', '岗位'], ...table.map((row) => [...row])]);
    }), { numRuns: 60, examples: [[[["x", ",", ";;"]]], [[["x", ";", ";;"]]]] });
  });
});

describe('an Excel workbook', () => {
  it('is read with shared and inline strings, several formats in one cell, dates by style and gaps', async () => {
    const found = await read(aWorkbook({
      shared: '<si><t>姓名</t></si><si><r><t>王</t></r><r><rPr/><t xml:space="preserve">小明 </t></r><rPh sb="0" eb="1"><t>ワン</t></rPh></si>',
      rows: `<row r="2"><c r="A2" t="s"><v>0</v></c><c r="C2" t="inlineStr"><is><t>上岗日期</t></is></c></row>
        <row r="4"><c r="A4" t="s"><v>1</v></c><c r="C4" s="1"><v>46204</v></c><c r="D4" s="2"><v>46204.5</v></c><c r="E4"><v>46204</v></c><c r="F4" t="str"><f>A1&amp;B1</f><v>&#x20BB7;田</v></c><c r="G4" t="b"><v>1</v></c></row>`,
    }));
    expect(found).toEqual([
      { line: 2, cells: ['姓名', '', '上岗日期'] },
      { line: 4, cells: ['王小明 ', '', '2026-07-01', '2026-07-01', '46204', '𠮷田', 'TRUE'] },
    ]);
  });

  it('is read when its elements have a prefix and its cells no address', async () => {
    expect(await rows(aWorkbook({ prefix: 'x', rows: '<row><c t="inlineStr"><is><t>a</t></is></c><c><v>1</v></c></row><row><c><v>2</v></c></row>' }))).toEqual([['a', '1'], ['2']]);
  });

  it('counts days from 1904 when it says so, and writes long figures out', async () => {
    expect(await rows(aWorkbook({ workbookPr: '<workbookPr date1904="1"/>', rows: '<row><c s="2"><v>44742</v></c><c><v>1.3812345678E10</v></c><c><v>4.3010219900307E17</v></c></row>' })))
      .toEqual([['2026-07-01', '13812345678', '4.3010219900307E17']]);
  });

  it('shows only sheets that are shown', async () => {
    const opened = await openSheets(aWorkbook({ rows: '', sheets: '<sheet name="a" sheetId="1" state="hidden" r:id="rId1"/><sheet name="b" sheetId="2" r:id="rId4"/>', more: { 'xl/worksheets/sheet2.xml': '<worksheet><sheetData/></worksheet>' } }), LIMITS);
    expect(opened.ok && opened.value.map(({ name }) => name)).toEqual(['b']);
  });

  const withRelation = (type: string) => aWorkbook({ rows: '', more: { 'xl/worksheets/_rels/sheet1.xml.rels': `<Relationships><Relationship Id="r" Type="http://x/relationships/${type}" Target="http://elsewhere" TargetMode="External"/></Relationships>` } });
  it.each([
    ['macros', aWorkbook({ rows: '', more: { 'xl/vbaProject.bin': 'x' } }), 'sheet.macros'],
    ['the content type of macros', aWorkbook({ rows: '', more: { '[Content_Types].xml': '<Types><Override PartName="/xl/workbook.xml" ContentType="application/vnd.ms-excel.sheet.macroEnabled.main+xml"/></Types>' } }), 'sheet.macros'],
    ['controls', aWorkbook({ rows: '', more: { 'xl/activeX/activeX1.xml': 'x' } }), 'sheet.macros'],
    ['links to other workbooks', aWorkbook({ rows: '', more: { 'xl/externalLinks/externalLink1.xml': '<x/>' } }), 'sheet.external'],
    ['data from elsewhere', aWorkbook({ rows: '', more: { 'xl/connections.xml': '<x/>' } }), 'sheet.external'],
    ['a template from elsewhere', withRelation('attachedTemplate'), 'sheet.external'],
    ['a formula that starts a program', aWorkbook({ rows: "<row><c><f>cmd|'/c calc'!A0</f><v>1</v></c></row>" }), 'sheet.dde'],
    ['broken XML', aWorkbook({ rows: '<row><c><v>1</c></row>' }), 'sheet.unreadable'],
    ['no workbook in it', Buffer.from(zipSync({ 'a.txt': strToU8('x') })), 'sheet.unreadable'],
    ['a binary workbook', Buffer.from(zipSync({ 'xl/workbook.bin': strToU8('x') })), 'sheet.xls'],
    ['a password', Buffer.concat([Buffer.from('d0cf11e0a1b11ae1', 'hex'), Buffer.from('EncryptedPackage', 'utf16le')]), 'sheet.encrypted'],
  ])('is refused with %s', async (_, content, code) => {
    expect(await read(content)).toBe(code);
  });

  it('is taken with links to click on', async () => {
    expect(await read(withRelation('hyperlink'))).toEqual([]);
  });

  it('is refused when hundreds of times as much would come of it, though that were not too much', async () => {
    const bomb = aWorkbook({ rows: '', more: { 'xl/worksheets/sheet1.xml': new Uint8Array(40 * 1024 * 1024) } });
    expect(await read(bomb)).toBe('sheet.bomb');
  });

  it('is refused when it would unpack to gigabytes, whatever it says of itself', async () => {
    const bomb = aWorkbook({ rows: '', more: { 'xl/worksheets/sheet1.xml': new Uint8Array(60 * 1024 * 1024) } });
    expect(bomb.length).toBeLessThan(100_000);
    expect(await read(bomb)).toBe('sheet.too-large');
  });

  it('does not follow the entities of a document type', async () => {
    const lol = `<!DOCTYPE x [<!ENTITY a "${'l'.repeat(100)}"><!ENTITY b "&a;&a;&a;">]><worksheet><sheetData><row>${inlineCell('&b;')}</row></sheetData></worksheet>`;
    expect(await rows(aWorkbook({ rows: '', more: { 'xl/worksheets/sheet1.xml': lol } }))).toEqual([['&b;']]);
  });

  it('reads back what the program writes', async () => {
    const file = await written([['王<小>&"明"', '=1+1'], ['𠮷田', '007'], ['', 12.5], ['_x0041_', { date: '2026-07-01' }]], ['姓名', '备注']);
    expect(await rows(file)).toEqual([['姓名', '备注'], ['王<小>&"明"', '=1+1'], ['𠮷田', '007'], ['', '12.5'], ['_x0041_', '2026-07-01']]);
  });
});

describe('a cell that leaves the program', () => {
  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', '＝1', '＋1'])('is disarmed: %j', async (cell) => {
    expect(safeCell(cell)).toBe(`'${cell}`);
    expect(csvFile(['x'], [[cell]])).toContain(`'${cell}`);
    let pieces = '';
    for await (const piece of csvPieces(['x'], [[[cell]]])) pieces += piece;
    expect(pieces).toContain(`'${cell}`);
    const sheet = await written([[cell]]);
    const found = await read(sheet);
    // A spreadsheet shows it with its apostrophe; brought back, it is what it was.
    expect(found).toMatchObject([{ cells: ['x'] }, { cells: [cell] }]);
  });

  it('comes back as it was, and other texts are left alone', () => {
    fc.assert(fc.property(fc.string(), (text) => {
      if (text.startsWith("'")) return;
      expect(plainText(safeCell(text))).toBe(text);
      expect(/^[=+\-@\t\r]/.test(safeCell(text))).toBe(false);
    }));
  });
});

describe('dates', () => {
  it.each([
    ['2026-07-01', '2026-07-01'], ['2026年7月1日', '2026-07-01'], ['2026/7/1', '2026-07-01'], ['20260701', '2026-07-01'], ['2026.7.1', '2026-07-01'], ['46204', '2026-07-01'], ['２０２６年７月１日', '2026-07-01'],
    ['2026-07-01 00:00:00', '2026-07-01'], ['2026 年 7 月 1 日', '2026-07-01'], ['2026-02-30', null], ['7/1/2026', null], ['1/7/2026', null], ['46204.5', null], ['', null], ['soon', null], ['2026-07', null],
  ])('%j is %j', (typed, day) => {
    expect(readDay(typed)).toBe(day);
  });

  it.each([['yyyy"年"m"月"d"日";@', true], ['m/d/yy', true], ['[$-804]yyyy/m/d', true], ['h:mm:ss', false], ['0.00', false], ['"day" 0', false], ['[Red]0', false], ['@', false]])('a format %j shows a day: %s', (format, day) => {
    expect(showsDay(format)).toBe(day);
  });
});

describe('the header row', () => {
  const fieldOf = headerReader({ name: ['姓名', 'name'], unit: ['单位', 'unit'], post: ['岗位'] });
  const line = (n: number, ...cells: string[]): Line => ({ line: n, cells });

  it('is found below titles, by its letters alone', () => {
    const header = line(4, '序号', ' 姓 名（必填）', '单位:', '岗位*');
    expect(findHeader([line(1, '某市机关工作人员花名册'), line(2, '填报单位：市局', '姓名'), header, line(5, '1', '王小明', '市局', '科员')], fieldOf, 2)).toBe(header);
  });

  it('is not found where nothing names columns', () => {
    expect(findHeader([line(1, 'a', 'b')], fieldOf, 2)).toBeNull();
  });
});

describe('a DDE formula', () => {
  it.each([["=cmd|'/c calc'!A0", true], ["cmd|'/c calc'!A1", true], ["+DDE|'x'!y", true], ['=A1+B1', false], ['=IF(A1|B1,1,2)', false], ["='a b'!A1", false]])('%j: %s', (formula, is) => {
    expect(isDde(formula)).toBe(is);
  });
});

describe('a workbook that the program writes', () => {
  const file = async (sheets: Parameters<typeof xlsxPieces>[0]) => {
    const pieces: Uint8Array[] = [];
    for await (const piece of xlsxPieces(sheets)) pieces.push(piece);
    return Buffer.concat(pieces);
  };

  it('is read by another program as it was written: texts, figures, days and nothing', async () => {
    const made = await written([['沈若溪', 87.5, { date: '2026-12-01' }], ['007', null, { date: '1899-01-01' }], ['a & <b>\n"c"', 0, null], ['a\u0000b\ud800c', null, null]], ['姓名', '成绩', '日期']);
    expect(await readSheet(made)).toEqual([
      ['姓名', '成绩', '日期'], ['沈若溪', 87.5, new Date('2026-12-01T00:00:00Z')], ['007', null, '1899-01-01'], ['a & <b>\n"c"', 0, null], ['abc', null, null],
    ]);
  });

  it('goes on in another sheet after a million rows, and names its sheets as Excel permits', async () => {
    const thousand = Array.from({ length: 1000 }, (): SheetCell[] => [1]);
    function* many() { for (let i = 0; i <= 1000; i += 1) yield i < 1000 ? thousand : [[2]]; }
    const made = await file([{ name: `上岗资格/2026[1]:${'很长'.repeat(20)}`, columns: [{ title: 'n', width: 3 }], rows: many() }]);
    const opened = await openSheets(made, LIMITS);
    expect(opened.ok && opened.value.map(({ name }) => name)).toEqual([`上岗资格 2026 1  ${'很长'.repeat(9)}`, `上岗资格 2026 1  ${'很长'.repeat(8)} 2`]);
    if (!opened.ok) return;
    const second: Line[] = [];
    for await (const line of opened.value[1]?.lines() ?? []) second.push(line);
    expect(second.map(({ cells }) => cells)).toEqual([['n'], ['2']]);
  });
});
