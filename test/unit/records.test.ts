import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { isAttended } from '~/certification/records/attendance';
import { isOwnName, textHash } from '~/certification/records/declaration';
import { fileTypeOf } from '~/certification/records/file-type';
import { canonical } from '~/certification/records/record';
import { base58Bytes } from '~/certification/records/record-key';
import { checkPastRows, contentHash, fieldOfHeader, pastEntry, readHours, tidyPastRow } from '~/certification/records/past/rows';
import { PLACES } from '~/certification/records/merge/places';
import { readDay } from '~/people';
import { TEXT_KEYS } from '~/text';

const CODES = { external: new Set(['cert-a']), event: new Set(['series-a']) };
const aRow = (given: Partial<Record<string, string>> = {}) =>
  tidyPastRow({ number: 'T1', name: '王小明', kind: '证书', code: 'cert-a', title: '证书甲', issuer: '省厅', on: '2019-05-01', ...given });

describe('a row of the past', () => {
  it.each([
    { name: 'a good one has no fault', row: {}, faults: [] },
    { name: 'what is missing is named beside its cell', row: { name: '', issuer: '' }, faults: ['name field.required', 'issuer field.required'] },
    { name: 'a kind that is neither is refused', row: { kind: '奖状' }, faults: ['kind past.kind'] },
    { name: 'a code of the other kind is unknown', row: { kind: '培训' }, faults: ['code past.code-unknown'] },
    { name: 'a date that does not exist is refused', row: { on: '2019-02-30' }, faults: ['on field.date'] },
    { name: 'a date to come is refused', row: { on: '2027-01-01' }, faults: ['on records.date-future'] },
    { name: 'it cannot run out before it was issued', row: { validUntil: '2018-01-01' }, faults: ['validUntil records.dates-order'] },
    { name: 'hours are a positive number', row: { hours: '-3' }, faults: ['hours field.number'] },
  ])('$name', ({ row, faults }) => {
    expect(checkPastRows([aRow(row)], '2026-11-30', CODES).map(({ field, problem }) => `${field} ${problem.code}`)).toEqual(faults);
  });

  it.each([
    ['2019-5-1', '2019-05-01'], ['2019/05/01', '2019-05-01'], ['2019年5月1日', '2019-05-01'], ['２０１９．５．１', '2019-05-01'], ['20190501', '2019-05-01'], ['43586', '2019-05-01'],
    ['1/5/2019', null], ['', null], ['2019-13-01', null],
  ])('reads the day %s as %s', (typed, day) => {
    expect(readDay(typed)).toBe(day);
  });

  it('knows columns in either language, however they are spelled', () => {
    expect(['报考号或工号', ' 姓 名 ', 'Issued By', 'valid_until', '备注'].map(fieldOfHeader)).toEqual(['number', 'name', 'issuer', 'validUntil', null]);
  });

  it('is the same fact however it is typed, and another one on another day', () => {
    const hash = (given: Record<string, string>) => contentHash('p', pastEntry(aRow(given)));
    expect(hash({ on: '2019年5月1日', title: '甲' })).toBe(hash({}));
    expect(hash({ on: '2019-05-02' })).not.toBe(hash({}));
  });

  it('keeps hours to the hundredth', () => {
    expect(['7.5', '0.25', '12', '0', '1.234', 'abc'].map(readHours)).toEqual([750, 25, 1200, null, null, null]);
  });
});

describe('a scan', () => {
  it('is what its first bytes say', () => {
    expect(fileTypeOf(Buffer.from('%PDF-1.7 …'))).toBe('application/pdf');
    expect(fileTypeOf(Buffer.from('89504e470d0a1a0a00', 'hex'))).toBe('image/png');
    expect(fileTypeOf(Buffer.from('ffd8ffe0', 'hex'))).toBe('image/jpeg');
    expect(fileTypeOf(Buffer.from('<svg onload="alert(1)">'))).toBeNull();
    expect(fileTypeOf(Buffer.from('<html>%PDF-1.7'))).toBeNull();
  });
});

describe('a declaration', () => {
  it('is signed with the own name, whatever its spaces, width and dots', () => {
    expect([['王小明', '王 小明'], ['阿依古丽·买买提', '阿依古丽•买买提'], ['Ａnna Li', 'anna li']].map(([a = '', b = '']) => isOwnName(a, b))).toEqual([true, true, true]);
    expect([isOwnName('王小', '王小明'), isOwnName('', '')]).toEqual([false, false]);
  });

  it('has another hash when one character of either language changes', () => {
    const text = { code: 'a', titleZh: '题', titleEn: 'T', textZh: '文', textEn: 'x' };
    expect(new Set([text, { ...text, textEn: 'y' }, { ...text, titleZh: '題' }, { ...text, textZh: '文x', textEn: '' }].map(textHash)).size).toBe(4);
  });
});

describe('attendance', () => {
  it('holds when at most a seventh was missed', () => {
    expect(isAttended({ state: 'attended', leave: 100, total: 700 })).toBe(true);
    expect(isAttended({ state: 'left-early', leave: 101, total: 700 })).toBe(false);
    expect(isAttended({ state: 'absent', leave: 0, total: 700 })).toBe(false);
  });
});

describe('a record in its one spelling', () => {
  it('is the same text for the same facts in any order, and reads back as they were', () => {
    fc.assert(fc.property(fc.jsonValue(), (value) => {
      const turned = (one: unknown): unknown => (Array.isArray(one) ? one.map(turned)
        : one !== null && typeof one === 'object' ? Object.fromEntries(Object.entries(one).reverse().map(([key, inner]) => [key, turned(inner)])) : one);
      expect(canonical(turned(value))).toBe(canonical(value));
      expect(canonical(JSON.parse(canonical(value)))).toBe(canonical(value));
    }), { numRuns: 100 });
  });
});

describe('a key in base58', () => {
  it('has the bytes that the alphabet says, zeros in front too', () => {
    expect(base58Bytes('z12').toString('hex')).toBe('0001');
    expect(base58Bytes('z2NEpo7TZRRrLZSi2U').toString()).toBe('Hello World!');
    expect(() => base58Bytes('z0')).toThrow('base58');
  });
});

describe('what merging moves', () => {
  it.each(PLACES.map(({ table }) => table))('has words for %s, which stand in the preview', (table) => {
    expect(TEXT_KEYS).toContain(`records.place.${table}`);
  });
});
