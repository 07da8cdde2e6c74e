import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ITEM_TYPES, type ItemKey, type ItemType } from '~/courses';
import { foldAnswer, scoreItem, type ResponseValue } from '~/itembank';

describe('scoring an item', () => {
  it.each<{ name: string; type: ItemType; key: ItemKey; response: ResponseValue; score: number }>([
    { name: 'the right option counts', type: 'single', key: 'b', response: 'b', score: 1 },
    { name: 'another option does not', type: 'single', key: 'b', response: 'a', score: 0 },
    { name: 'all right options count, in any order', type: 'multiple', key: ['a', 'c'], response: ['c', 'a'], score: 1 },
    { name: 'one right option of two does not count', type: 'multiple', key: ['a', 'c'], response: ['a'], score: 0 },
    { name: 'a wrong one too many takes all', type: 'multiple', key: ['a', 'c'], response: ['a', 'b', 'c'], score: 0 },
    { name: 'false where false is right counts', type: 'true-false', key: false, response: false, score: 1 },
    { name: 'the word false is no answer', type: 'true-false', key: false, response: 'false', score: 0 },
    { name: 'the right order counts', type: 'order', key: ['c', 'a', 'b'], response: ['c', 'a', 'b'], score: 1 },
    { name: 'two steps exchanged do not count', type: 'order', key: ['c', 'a', 'b'], response: ['a', 'c', 'b'], score: 0 },
    { name: 'an order with a place left empty does not count', type: 'order', key: ['c', 'a', 'b'], response: ['c', 'a', ''], score: 0 },
    { name: 'all pairs count', type: 'match', key: { 1: 'b', 2: 'a' }, response: { 2: 'a', 1: 'b' }, score: 1 },
    { name: 'one pair of two does not count', type: 'match', key: { 1: 'b', 2: 'a' }, response: { 1: 'b' }, score: 0 },
    { name: 'a pair with something unknown does not count', type: 'match', key: { 1: 'b' }, response: { 1: 'b', 9: 'a' }, score: 0 },
    { name: 'an accepted answer counts, wide characters and punctuation or not', type: 'short', key: ['7个工作日', '七个工作日'], response: ' ７ 个工作日。', score: 1 },
    { name: 'letter case does not matter', type: 'short', key: ['VPN'], response: 'vpn', score: 1 },
    { name: 'quotation marks do not matter', type: 'short', key: ['一次性告知'], response: '“一次性告知”', score: 1 },
    { name: 'another answer does not count', type: 'short', key: ['行政复议'], response: '行政诉讼', score: 0 },
    { name: 'punctuation alone does not count', type: 'short', key: ['行政复议'], response: '……', score: 0 },
    { name: 'a decimal point is part of the number', type: 'short', key: ['3.5'], response: '35', score: 0 },
    { name: 'a minus is part of the number', type: 'short', key: ['-5'], response: '5', score: 0 },
    { name: 'a hyphen between words is punctuation', type: 'short', key: ['e-mail'], response: 'Email', score: 1 },
  ])('$name', ({ type, key, response, score }) => {
    expect(scoreItem(type, key, response)).toBe(score);
  });

  it('gives nothing for a cleared response, whatever the type', () => {
    const keys: Record<ItemType, ItemKey> = { single: 'a', multiple: ['a', 'b'], 'true-false': true, order: ['b', 'a', 'c'], match: { 1: 'a' }, short: ['x'] };
    for (const type of ITEM_TYPES) expect(scoreItem(type, keys[type], null)).toBe(0);
  });

  it('takes a key of another form for a defect', () => {
    expect(() => scoreItem('single', ['a'], 'a')).toThrow('not of the form');
  });

  const letters = fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'), { minLength: 2 });

  it('gives 0 or 1 for any response at all', () => {
    const response = fc.oneof(fc.constant(null), fc.boolean(), fc.string(), fc.array(fc.string()), fc.dictionary(fc.string(), fc.string()));
    const item = fc.constantFrom<[ItemType, ItemKey]>(['single', 'a'], ['multiple', ['a', 'b']], ['true-false', true], ['order', ['b', 'a']], ['match', { 1: 'a' }], ['short', ['x']]);
    fc.assert(fc.property(item, response, ([type, key], value) => [0, 1].includes(scoreItem(type, key, value))));
  });

  it('gives a multiple choice its points for exactly the set that is right', () => {
    fc.assert(fc.property(letters, letters, (key, response) => {
      const same = key.length === response.length && key.every((letter) => response.includes(letter));
      return scoreItem('multiple', key, response) === (same ? 1 : 0);
    }));
  });

  it('gives an order its points for exactly one order', () => {
    fc.assert(fc.property(letters.chain((key) => fc.tuple(fc.constant(key), fc.shuffledSubarray(key, { minLength: key.length }))), ([key, response]) =>
      scoreItem('order', key, response) === (key.join() === response.join() ? 1 : 0)));
  });

  it('folds what was folded to itself, and never tells apart what differs in width, case or spaces only', () => {
    fc.assert(fc.property(fc.stringMatching(/^[ -~一-龥，。！？（）《》　Ａ-Ｚａ-ｚ０-９．－−]{0,20}$/), (text) => foldAnswer(foldAnswer(text)) === foldAnswer(text)));
    fc.assert(fc.property(fc.stringMatching(/^[a-z0-9一-龥]{1,12}$/), (text) =>
      foldAnswer(` ${[...text].join(' ').toUpperCase()}！`) === foldAnswer(text)));
  });
});
