import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nameInitials, nameKey, readSought } from '~/people';

describe('the first letters of a name', () => {
  it.each([
    { name: '王小明', initials: 'wxm' },
    { name: '单立春', initials: 'slc' },
    { name: '欧阳若溪', initials: 'oyrx' },
    { name: 'Wang Xiao Ming', initials: 'wxm' },
    { name: '阿依古丽·买买提', initials: 'ayglmmt' },
    { name: '吕律', initials: 'll' },
  ])('are $initials for $name', ({ name, initials }) => expect(nameInitials(name)).toBe(initials));

  it('are as many as a name in characters has syllables, and begin as it sounds', () => {
    fc.assert(fc.property(fc.array(fc.constantFrom(...'王李单曾欧阳若溪晓明国华行长乐'), { minLength: 1, maxLength: 6 }), (characters) => {
      const name = characters.join('');
      expect(nameInitials(name)).toHaveLength(characters.length);
      expect(nameKey(name).startsWith(nameInitials(name).slice(0, 1))).toBe(true);
    }));
  });
});

describe('what was typed to find a person', () => {
  it('is looked for as a name, as it sounds, by first letters and as a number', () => {
    expect(readSought(' ＷＸＭ ')).toEqual({ name: 'wxm', sounds: 'wxm', initials: 'wxm', number: 'wxm' });
    expect(readSought('王 小')).toMatchObject({ name: '王小', sounds: 'wangxiao', initials: null });
  });

  it.each(['', '  ', 'w', '%', '·', '1'])('is too little: “%s”', (typed) => expect(readSought(typed)).toBeNull());

  it('may be a single character', () => expect(readSought('王')).toMatchObject({ sounds: 'wang' }));
});
