import { describe, expect, it } from 'vitest';
import { changesIn, flagsIn } from '~/ui/player/form-changes';
import { field, isComplete, readResponse } from '~/ui/player/form-responses';
import { pageAsked, pagesOf, pageWith } from '~/ui/player/pages';
import { plainAnswers } from '~/ui/player/plain-answers';
import { announcementBetween, clockFace, ServerClock } from '~/ui/player/server-clock';
import type { PlayerItem } from '~/ui/player/types';
import { percentText, pointsText } from '~/ui/figures';

const options = ['a', 'b', 'c'].map((value) => ({ value, text: value }));
const common = { points: 2, stem: '？' };
const single: PlayerItem = { ...common, item: 'i1', number: 1, type: 'single', options };
const multiple: PlayerItem = { ...common, item: 'i2', number: 2, type: 'multiple', options };
const truth: PlayerItem = { ...common, item: 'i3', number: 3, type: 'true-false' };
const order: PlayerItem = { ...common, item: 'i4', number: 4, type: 'order', options };
const match: PlayerItem = { ...common, item: 'i5', number: 5, type: 'match', options, lefts: ['1', '2'].map((value) => ({ value, text: value })) };
const short: PlayerItem = { ...common, item: 'i6', number: 6, type: 'short' };
const items = [single, multiple, truth, order, match, short];

function form(fields: Record<string, string | string[]>): FormData {
  const made = new FormData();
  for (const [name, values] of Object.entries(fields)) for (const value of [values].flat()) made.append(name, value);
  return made;
}

describe('the form of an item', () => {
  it.each([
    { item: single, fields: { 'r.i1': 'b' }, response: 'b' },
    { item: multiple, fields: { 'r.i2': ['c', 'a'] }, response: ['a', 'c'] },
    { item: truth, fields: { 'r.i3': 'false' }, response: false },
    { item: order, fields: { 'r.i4.1': 'c', 'r.i4.2': '', 'r.i4.3': 'a' }, response: ['c', '', 'a'] },
    { item: match, fields: { 'r.i5.1': 'c', 'r.i5.2': '' }, response: { 1: 'c' } },
    { item: short, fields: { 'r.i6': ' 凭证' }, response: ' 凭证' },
  ] as { item: PlayerItem; fields: Record<string, string | string[]>; response: unknown }[])('is read in the shape that saving expects: $item.type', ({ item, fields, response }) => {
    expect(readResponse(form(fields), item)).toEqual(response);
  });

  it.each(items)('without an answer reads as none: $type', (item) => {
    expect(readResponse(form({}), item)).toBeNull();
    expect(readResponse(form({ 'r.i6': '  ', 'r.i4.1': '', 'r.i5.1': '' }), item)).toBeNull();
  });

  it('is complete when every place of an order is filled, none twice, and every left of a match has its right', () => {
    expect(isComplete(order, ['a', 'b', 'c'])).toBe(true);
    expect(isComplete(order, ['a', 'a', 'b'])).toBe(false);
    expect(isComplete(order, ['a', '', 'b'])).toBe(false);
    expect(isComplete(match, { 1: 'a' })).toBe(false);
    expect(isComplete(match, { 1: 'a', 2: 'a' })).toBe(true);
    expect(isComplete(truth, false)).toBe(true);
    expect(isComplete(single, null)).toBe(false);
  });
});

describe('a posted page of items', () => {
  const stored = items.map(({ item }) => ({ item, seq: 4, response: item === 'i1' ? 'a' : null, flagged: false }));

  it('carries only what differs from what is stored, one number above the one it was drawn with', () => {
    const posted = form({ item: ['i1', 'i2', 'i3'], [field.seq('i1')]: '4', [field.seq('i2')]: '4', 'r.i1': 'a', 'r.i2': 'b', 'r.i3': 'true' });
    expect(changesIn(posted, items, stored)).toEqual([{ item: 'i2', seq: 5, response: ['b'] }, { item: 'i3', seq: 1, response: true }]);
  });

  it('does not touch items of other pages, nor items that are not on the paper', () => {
    expect(changesIn(form({ item: ['i2', 'foreign'], 'r.foreign': 'x' }), items, stored)).toEqual([]);
  });

  it('clears the one answer that it is asked to', () => {
    expect(changesIn(form({ item: 'i1', [field.seq('i1')]: '4', 'r.i1': 'a', clear: 'i1' }), items, stored)).toEqual([{ item: 'i1', seq: 5, response: null }]);
  });

  it('says of each of its items whether it is flagged', () => {
    expect(flagsIn(form({ item: ['i1', 'i2'], [field.flag('i2')]: 'on' }), items)).toEqual([{ item: 'i1', flagged: false }, { item: 'i2', flagged: true }]);
  });
});

describe('the clock', () => {
  it('follows the server whatever the device thinks, and takes the nearest of several answers', () => {
    let ticks = 1000;
    const clock = new ServerClock(() => ticks);
    clock.heard(500_000);
    ticks = 3000;
    expect(clock.now()).toBe(502_000);
    // An answer that took a second on its way changes nothing, …
    clock.heard(501_000);
    expect(clock.now()).toBe(502_000);
    // … one after a sleep of the device, in which its own clock stood still, does.
    clock.heard(900_000);
    expect(clock.now()).toBe(900_000);
  });

  it.each([[3_905_400, '1:05:05'], [3_599_999, '59:59'], [65_000, '1:05'], [999, '0:00'], [-5, '0:00']])('shows %i ms as %s', (ms, face) => {
    expect(clockFace(ms)).toBe(face);
  });

  it('is announced once at 10, 5 and 1 minutes, also when a tick was missed', () => {
    expect(announcementBetween(600_001, 600_000)).toBe(10);
    expect(announcementBetween(600_000, 599_000)).toBeNull();
    expect(announcementBetween(310_000, 290_000)).toBe(5);
    expect(announcementBetween(60_500, 59_500)).toBe(1);
    expect(announcementBetween(500, 0)).toBeNull();
  });
});

describe('answers that an older program left in plain text', () => {
  it('are nothing when they are damaged or of another shape', () => {
    for (const text of ['{', '[]', 'null', '{"a":{"seq":"1"}}', '{"a":1}']) {
      expect(plainAnswers('x', () => ({ getItem: () => text, removeItem: () => undefined })).read()).toEqual([]);
    }
  });

  it('are taken up with their numbers', () => {
    const text = '{"a":{"seq":3,"response":"x"},"b":{"seq":1}}';
    expect(plainAnswers('x', () => ({ getItem: () => text, removeItem: () => undefined })).read()).toEqual([{ item: 'a', seq: 3, response: 'x' }, { item: 'b', seq: 1 }]);
  });
});

describe('a paper', () => {
  const numbered = (count: number, sectionOf: (number: number) => number = () => 0) =>
    Array.from({ length: count }, (_, i) => ({ number: i + 1, section: sectionOf(i + 1) }));

  it('is cut into pages of five', () => {
    expect([pagesOf(numbered(40)).length, pagesOf(numbered(41)).length, pagesOf(numbered(0)).length]).toEqual([8, 9, 1]);
    expect([1, 5, 6].map((number) => pageWith(pagesOf(numbered(7)), number))).toEqual([1, 1, 2]);
    expect(pagesOf(numbered(7))[1]?.map(({ number }) => number)).toEqual([6, 7]);
  });

  it('never has items of two sections on a page', () => {
    const pages = pagesOf(numbered(10, (number) => (number <= 7 ? 0 : 1)));
    expect(pages.map((page) => page.map(({ number }) => number))).toEqual([[1, 2, 3, 4, 5], [6, 7], [8, 9, 10]]);
  });

  it.each([['item=6', 2], ['item=99', 1], ['page=2', 2], ['page=99', 2], ['page=x', 1], ['', 1]])('opens at the page that the address asks for: %s', (query, page) => {
    expect(pageAsked(pagesOf(numbered(7)), new URLSearchParams(query))).toBe(page);
  });
});

describe('figures', () => {
  it('never round a score up to the cut score', () => {
    expect([percentText(59.996), percentText(60), percentText(200 / 3), percentText(0.1 + 0.2)]).toEqual(['59.99', '60', '66.66', '0.3']);
    expect(pointsText(0.1 + 0.2)).toBe('0.3');
  });
});
