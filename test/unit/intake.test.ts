import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { checkCharacter, checkRows, csvHeaders, decodeText, isEmptyRow, maskNationalNumber, readIntakeCsv, readNationalNumber, tidyRow, type IntakeField } from '~/people';
import { testSecrets } from '../support/databases';

beforeAll(testSecrets);

describe('a citizen identity number', () => {
  // The two worked examples in GB 11643-1999 itself.
  it.each([{ digits: '11010519491231002', check: 'X' }, { digits: '44052418800101001', check: '4' }])('$digits has the check character $check', ({ digits, check }) => {
    expect(checkCharacter(digits)).toBe(check);
    expect(readNationalNumber(`${digits}${check}`)).toEqual({ ok: true, value: `${digits}${check}` });
  });

  it('is read in lower case and full width', () => {
    expect(readNationalNumber(' １１０１０５１９４９１２３１００２x ')).toEqual({ ok: true, value: '11010519491231002X' });
  });

  it.each([
    { number: '110105491231002', code: 'national-number.form', name: 'fifteen digits' },
    { number: '01010519491231002X', code: 'national-number.form', name: 'a region that begins with 0' },
    { number: '11010519490231002X', code: 'national-number.birth-date', name: 'born on 31 February' },
    { number: '110105194912310021', code: 'national-number.check-digit', name: 'a wrong check digit' },
    { number: '11010519491231020X', code: 'national-number.check-digit', name: 'two digits in the wrong order' },
  ])('is refused with its own sentence: $name', ({ number, code }) => {
    expect(readNationalNumber(number)).toEqual({ ok: false, error: { code } });
  });

  it('shows any single mistyped digit', () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: 16 }), fc.integer({ min: 1, max: 9 }), (place, shift) => {
      const right = '11010519491231002';
      const digit = (Number(right[place]) + shift) % 10;
      const wrong = `${right.slice(0, place)}${digit}${right.slice(place + 1)}`;
      expect(checkCharacter(wrong)).not.toBe('X');
    }));
  });

  it('is masked without the date of birth', () => {
    expect(maskNationalNumber('11010519491231002X')).toBe('110***********002X');
  });
});

const row = (given: Partial<Record<IntakeField, string>> = {}) =>
  tidyRow({ name: '王小明', recruitmentNumber: 'BJ2026-0001', post: '科员', ...given });

describe('a row of an intake', () => {
  it('is good with name, number and post', () => {
    expect(checkRows([row()])).toEqual([]);
  });

  it('is empty when nothing but spaces was typed', () => {
    expect(isEmptyRow(tidyRow({ name: ' 　', post: '\t' }))).toBe(true);
    expect(isEmptyRow(row())).toBe(false);
  });

  it('is folded to one spelling', () => {
    expect(row({ name: '  欧阳　 修文 ', recruitmentNumber: 'ＢＪ２０２６ - ０００１', email: ' Li @example.cn', phone: '138 1234 5678' }))
      .toMatchObject({ name: '欧阳 修文', recruitmentNumber: 'BJ2026-0001', email: 'Li@example.cn', phone: '138 1234 5678' });
  });

  it.each([
    { given: { name: '' }, field: 'name', code: 'field.required', name: 'no name' },
    { given: { recruitmentNumber: '' }, field: 'recruitmentNumber', code: 'field.required', name: 'no number' },
    { given: { post: '' }, field: 'post', code: 'field.required', name: 'no post' },
    { given: { recruitmentNumber: '=1+1' }, field: 'recruitmentNumber', code: 'person.number-form', name: 'a formula instead of a number' },
    { given: { name: '王'.repeat(61) }, field: 'name', code: 'field.too-long', name: 'an endless name' },
    { given: { email: 'li.example.cn' }, field: 'email', code: 'field.email', name: 'an address without @' },
    { given: { phone: '无' }, field: 'phone', code: 'field.invalid', name: 'a word for a phone number' },
    { given: { nationalNumber: '110105194912310021' }, field: 'nationalNumber', code: 'national-number.check-digit', name: 'a wrong check digit' },
  ])('names the cell and what is wrong: $name', ({ given, field, code }) => {
    expect(checkRows([row(), row({ recruitmentNumber: 'BJ2026-0002', ...given })])).toMatchObject([{ row: 1, field, problem: { code } }]);
  });

  it('names the earlier row with the same number, in whatever case', () => {
    expect(checkRows([row(), row({ recruitmentNumber: 'X9' }), row({ recruitmentNumber: 'bj2026-0001' })]))
      .toEqual([{ row: 2, field: 'recruitmentNumber', problem: { code: 'intake.number-twice', params: { row: 1 } } }]);
  });
});

describe('an intake file', () => {
  const read = (text: string) => readIntakeCsv(text);

  it('may have Chinese or English headers in any order, with columns that are not used', () => {
    const chinese = read('岗位,备注,姓名,报考号\n科员,新,王小明,A-1\n');
    expect(chinese).toMatchObject({ ok: true, value: { rows: [{ name: '王小明', recruitmentNumber: 'A-1', post: '科员' }], lines: [2], unused: ['备注'] } });
    const english = read('Name;Recruitment number;Post;E-mail\nWang;A-1;Clerk;w@x.cn');
    expect(english).toMatchObject({ ok: true, value: { rows: [{ name: 'Wang', email: 'w@x.cn' }], unused: [] } });
  });

  it.each(['zh', 'en'] as const)('can be made from the headers that we show (%s)', (lang) => {
    const values: Record<number, string> = { 0: '王小明', 1: 'A-1', 3: '科员' };
    const text = `${csvHeaders(lang).join(',')}\n${csvHeaders(lang).map((_, i) => values[i] ?? '').join(',')}`;
    expect(read(text)).toMatchObject({ ok: true, value: { rows: [row({ recruitmentNumber: 'A-1' })], unused: [] } });
  });

  it('is read in UTF-8 with or without a byte order mark, and as Chinese spreadsheets save it', () => {
    const text = '姓名,报考号,岗位\n王小明,A-1,科员';
    expect(read(decodeText(Buffer.from(text)))).toMatchObject({ ok: true });
    expect(read(decodeText(Buffer.from(`\uFEFF${text}`)))).toMatchObject({ ok: true });
    const gbk = Buffer.from('d0d5c3fb2cb1a8bfbcbac52cb8dacebb0acdf5d0a1c3f72c412d312cbfc6d4b1', 'hex');
    expect(read(decodeText(gbk))).toMatchObject({ ok: true, value: { rows: [{ name: '王小明', post: '科员' }] } });
  });

  it('keeps the line of each row, past empty lines and quoted line breaks', () => {
    const file = read('姓名,报考号,岗位\n\n王,A-1,"科员\n（综合）"\n,,\n李,A-2,科员\n');
    expect(file).toMatchObject({ ok: true, value: { lines: [4, 6], rows: [{ post: '科员 （综合）' }, { name: '李' }] } });
  });

  it.each([
    { text: '', code: 'csv.empty', name: 'nothing' },
    { text: '姓名,报考号,岗位\n', code: 'csv.empty', name: 'only headers' },
    { text: '姓名,报考号,岗位\n,,\n', code: 'csv.empty', name: 'only empty rows' },
    { text: '姓名,岗位\n王,科员', code: 'csv.column-missing', name: 'no numbers' },
    { text: '王,A-1,科员\n李,A-2,科员', code: 'csv.column-missing', name: 'no headers' },
    { text: '姓名,报考号,岗位,职位\n王,A-1,科员,科员', code: 'csv.column-twice', name: 'a column twice' },
    { text: '姓名,报考号,岗位\n"王,A-1,科员', code: 'csv.malformed', name: 'a quotation mark that never closes' },
    { text: `姓名,报考号,岗位\n${'王,A-1,科员\n'.repeat(2001)}`, code: 'csv.too-many-rows', name: 'more rows than one intake holds' },
  ])('is refused with its own sentence: $name', ({ text, code }) => {
    expect(read(text)).toMatchObject({ ok: false, error: { code, field: 'file' } });
  });

  it('never throws, whatever is in it', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      const file = read(decodeText(bytes));
      expect(typeof file.ok).toBe('boolean');
    }));
  });
});
