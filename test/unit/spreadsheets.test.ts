import { describe, expect, it } from 'vitest';
import { readPastSheet } from '~/certification/records/past/sheet.service';
import { XLSX, XLSX_LYING, XLSX_MACRO } from '../support/spreadsheets';

const HEAD = '报考号或工号,姓名,类别,代码,名称,发证单位,日期,学时';
const LINE = 'T1,王小明,证书,cert-a,普通话,省语委,2019-05-01,12';
/** 报考号或工号,姓名 … in GB 18030, as Chinese spreadsheets save csv. */
const GB = Buffer.from('b1a8bfbcbac5bbf2b9a4bac52cd0d5c3fb2cc0e0b1f02cb4fac2eb2cc3fbb3c62cb7a2d6a4b5a5cebb2cc8d5c6da0d0a54312ccdf5d0a1c3f72cd6a4cae92c636572742d612cc6d5cda8bbb02ccaa1d3efceaf2c323031392d30352d30310d0a', 'hex');

const codeOf = async (content: Buffer): Promise<string> => {
  const read = await readPastSheet(content);
  return read.ok ? 'ok' : read.error.code;
};

describe('a spreadsheet of the past', () => {
  it('is read from xlsx: the header row is found below a title, dates are dates', async () => {
    const read = await readPastSheet(XLSX);
    expect(read.ok && read.value).toMatchObject({ lines: [3], rows: [{ number: 'T1', name: '王小明', code: 'cert-a', on: '2019-05-01', hours: '12', validUntil: '' }] });
  });

  it.each([
    ['commas', Buffer.from(`${HEAD}\r\n${LINE}`)], ['a byte order mark', Buffer.from(`\ufeff${HEAD}\r\n${LINE}`)],
    ['semicolons', Buffer.from(`${HEAD}\n${LINE}`.replaceAll(',', ';'))], ['tabs', Buffer.from(`${HEAD}\n${LINE}`.replaceAll(',', '\t'))], ['GB 18030', GB],
  ])('is read from csv with %s', async (_, content) => {
    const read = await readPastSheet(content);
    expect(read.ok && read.value).toMatchObject({ lines: [2], rows: [{ number: 'T1', name: '王小明', issuer: '省语委', on: '2019-05-01' }] });
  });

  it.each([
    ['an old .xls', Buffer.from('d0cf11e0a1b11ae1000000', 'hex'), 'sheet.xls'],
    ['one with macros', XLSX_MACRO, 'sheet.macros'],
    ['a zip that lies about its size', XLSX_LYING, 'sheet.unreadable'],
    ['a zip that is none', Buffer.from('PK\u0003\u0004 nothing'), 'sheet.unreadable'],
    ['an empty file', Buffer.from(''), 'csv.empty'],
    ['one without a column that must be there', Buffer.from('姓名,类别\n王,证书'), 'csv.column-missing'],
    ['one with a column twice', Buffer.from(`${HEAD},工号\n${LINE},T2`), 'csv.column-twice'],
    ['something binary', Buffer.from([0, 1, 2, 3, 0, 0]), 'sheet.unreadable'],
    ['a file that is too large', Buffer.alloc(2 * 1024 * 1024 + 1, 0x61), 'sheet.too-large'],
  ])('is refused: %s', async (_, content, code) => {
    expect(await codeOf(content)).toBe(code);
  });
});
