import { describe, expect, it } from 'vitest';
import { csvFile } from '~/kernel/csv';

describe('a csv file', () => {
  it('begins with a byte order mark and has Windows line ends, so that spreadsheets read Chinese', () => {
    expect(csvFile(['姓名', '岗位'], [['王小明', '科员']])).toBe('\uFEFF姓名,岗位\r\n王小明,科员\r\n');
  });

  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1'])('disarms %j, which a spreadsheet would run', (cell) => {
    expect(csvFile(['x'], [[cell]])).toContain(`'${cell}`);
  });

  it('quotes commas, quotation marks and line breaks', () => {
    expect(csvFile(['x'], [['a,"b"\nc']])).toBe('\uFEFFx\r\n"a,""b""\nc"\r\n');
  });
});
