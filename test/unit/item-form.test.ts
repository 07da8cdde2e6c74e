import { describe, expect, it } from 'vitest';
import type { ItemType } from '~/courses';
import { readCourseFolders } from '~/courses/folder/read';
import { draftOf, draftProblem, formOf, ItemForm, scoreItem } from '~/itembank';

const common = { stem: '题干', explanation: '因为。', lesson: '01-first', difficulty: 2 };
const draft = (type: ItemType, fields: object) => draftOf(type, ItemForm.parse({ ...common, ...fields }));
const fault = (type: ItemType, fields: object) => {
  const checked = draftProblem(draft(type, fields));
  return checked.ok ? null : [checked.error.code, checked.error.field];
};

describe('the form for an item', () => {
  it('closes the gaps between options and keeps the key with its text', () => {
    expect(draft('single', { options: ['甲', undefined, '丙', '丁'], key: ['2'] })).toMatchObject({
      body: { options: { a: '甲', b: '丙', c: '丁' } }, key: 'b',
    });
  });

  it('takes steps in their right order and stores them in another', () => {
    const { body, key } = draft('order', { options: ['先', '再', '后'] });
    expect(key).toEqual(['b', 'c', 'a']);
    expect(body).toMatchObject({ options: { a: '后', b: '先', c: '再' } });
    expect(fault('order', { options: ['先', '再', '后'] })).toBeNull();
  });

  it('takes pairs and spare entries, and one right for two lefts', () => {
    const { body, key } = draft('match', { lefts: ['一', '二', '三'], rights: ['甲', '乙', '甲'], extras: ['丙'] });
    expect(scoreItem('match', key, key)).toBe(1);
    expect(Object.values('right' in body ? body.right : {}).sort()).toEqual(['丙', '乙', '甲']);
  });

  it('reads accepted answers line by line', () => {
    expect(draft('short', { accept: ' 行政复议\r\n\r\n复议 ' }).key).toEqual(['行政复议', '复议']);
  });

  it.each<{ name: string; type: ItemType; fields: object; finds: [string, string] }>([
    { name: 'no options', type: 'single', fields: { key: ['0'] }, finds: ['item.options-too-few', 'options'] },
    { name: 'no key', type: 'single', fields: { options: ['甲', '乙'] }, finds: ['item.key-missing', 'key'] },
    { name: 'a key on an empty option', type: 'single', fields: { options: ['甲', '乙'], key: ['5'] }, finds: ['item.key-not-an-option', 'key'] },
    { name: 'the same option twice', type: 'single', fields: { options: ['甲', '甲 '], key: ['0'] }, finds: ['item.options-twice', 'options'] },
    { name: 'one right option', type: 'multiple', fields: { options: ['甲', '乙'], key: ['0'] }, finds: ['item.multiple-one-right', 'key'] },
    { name: 'all options right', type: 'multiple', fields: { options: ['甲', '乙'], key: ['0', '1'] }, finds: ['item.multiple-all-right', 'key'] },
    { name: 'neither true nor false', type: 'true-false', fields: {}, finds: ['item.key-missing', 'key'] },
    { name: 'two steps', type: 'order', fields: { options: ['甲', '乙'] }, finds: ['item.order-size', 'options'] },
    { name: 'a left without right', type: 'match', fields: { lefts: ['一', '二'], rights: ['甲'], extras: ['乙'] }, finds: ['item.match-incomplete', 'lefts'] },
    { name: 'no accepted answer', type: 'short', fields: { accept: ' \n' }, finds: ['item.key-missing', 'accept'] },
    { name: 'an answer of punctuation', type: 'short', fields: { accept: '复议\n……' }, finds: ['item.accept-blank', 'accept'] },
  ])('says that there is $name', ({ type, fields, finds }) => {
    expect(fault(type, fields)).toEqual(finds);
  });

  it('shows every item of the product and gets back what it showed', async () => {
    const items = (await readCourseFolders('courses')).flatMap((folder) => folder.content?.items ?? []);
    expect(items.length).toBeGreaterThan(200);
    for (const item of items) {
      const again = draftOf(item.body.type, ItemForm.parse(formOf({ ...item, version: 1 })));
      expect([item.code, draftProblem(again)]).toEqual([item.code, { ok: true, value: null }]);
      expect(formOf({ ...again, version: 1 })).toEqual(formOf({ ...item, version: 1 }));
    }
  });
});
