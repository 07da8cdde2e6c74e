import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { brokenLines } from '~/pdf';

const broken = (text: string, width: number) => brokenLines(text, width, (line) => [...line].length);

describe('a text on paper', () => {
  it.each([
    { text: '请核对号码和姓名。', width: 8, lines: ['请核对号码和姓', '名。'] },
    { text: '合格线60分，可以再考', width: 6, lines: ['合格线60', '分，可以再考'] },
    { text: '上岗日（周一）', width: 4, lines: ['上岗日', '（周一）'] },
    { text: 'Exam failed twice', width: 11, lines: ['Exam failed', 'twice'] },
    { text: 'abcdefgh', width: 3, lines: ['abc', 'def', 'gh'] },
    { text: '𠮷川丽', width: 2, lines: ['𠮷川', '丽'] },
    { text: '', width: 5, lines: [] },
  ])('is broken as one would: $text', ({ text, width, lines }) => {
    expect(broken(text, width)).toEqual(lines);
  });

  it('loses nothing but spaces, whatever it holds', () => {
    fc.assert(fc.property(fc.string({ unit: 'grapheme' }), fc.integer({ min: 1, max: 20 }), (text, width) => {
      const lines = broken(text, width);
      expect(lines.join('').replace(/\s/gu, '')).toBe(text.replace(/\s/gu, ''));
      for (const line of lines) expect([...line].length).toBeLessThanOrEqual(width);
    }));
  });
});
