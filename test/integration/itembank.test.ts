import { rmSync } from 'node:fs';
import path from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { findCourse, syncCourses, type Blueprint, type Course } from '~/courses';
import { reader } from '~/db';
import {
  bankCounts, bankList, changeItem, countItemList, drawPaper, findBank, findItem, itemList, itemsForPaper, itemVersions, keysForPaper,
  loadShippedItems, makeBank, retireItem, scoreItem, seededRandom, writeItem, type ItemDraft,
} from '~/itembank';
import { must } from '~/kernel/result';
import { addCourse, courseFolder, ITEMS_YAML } from '../support/course-folder';
import { onEveryDatabase } from '../support/databases';

const author = { by: 'account:author' } as const;

const draft = (stem: string, more: Partial<ItemDraft> = {}): ItemDraft => ({
  lesson: '01-first', difficulty: 2, body: { type: 'single', stem, options: { a: '甲', b: '乙' } }, key: 'a', explanation: '因为。', ...more,
});

onEveryDatabase('the item bank', () => {
  let counter = 0;
  let dir: string;
  let course: Course;

  beforeEach(async () => {
    dir = courseFolder();
    rmSync(path.join(dir, 'small'), { recursive: true });
    await load(`bank-${(counter += 1)}`);
  });
  async function load(slug: string, items = ITEMS_YAML.replaceAll('small-', `${slug}-`)): Promise<void> {
    addCourse(dir, slug, { 'items/all.yaml': items });
    expect((await syncCourses(dir, 1000)).problems).toEqual([]);
    course = must(await findCourse(reader(), slug).then((found) => (found ? { ok: true, value: found } : { ok: false, error: { code: 'not-found' } })));
  }
  const ownBank = async () => must(await makeBank(author, { course, title: '本市题库' }));

  describe('shipped items', () => {
    it('make a bank that says that it is public', async () => {
      const { bankId, items } = must(await loadShippedItems(author, course.slug));
      expect(items).toBe(2);
      expect(await findBank(reader(), bankId)).toMatchObject({ origin: 'shipped', courseId: course.id });
      expect(await bankCounts(reader(), bankId)).toEqual(expect.arrayContaining([{ lesson: '01-first', type: 'single', count: 1 }, { lesson: '02-second', type: 'short', count: 1 }]));
    });

    it('follow the course when loaded again: changed ones get a version, missing ones retire, the rest stay', async () => {
      const { bankId } = must(await loadShippedItems(author, course.slug));
      const [first] = await itemList(reader(), { bankId, type: 'single' }, { limit: 5, offset: 0 });
      const changed = ITEMS_YAML.replaceAll('small-', `${course.slug}-`).replace('先核对。', '先核对，再登记。').replace(`${course.slug}-002`, `${course.slug}-003`);
      await load(course.slug, changed);
      expect(must(await loadShippedItems(author, course.slug))).toEqual({ bankId, items: 2 });
      const now = await itemList(reader(), { bankId, state: 'in-use' }, { limit: 5, offset: 0 });
      expect(now.map((item) => [item.code, item.version])).toEqual([[`${course.slug}-001`, 2], [`${course.slug}-003`, 1]]);
      expect(now[0]?.id).toBe(first?.id);
      expect(await countItemList(reader(), { bankId, state: 'retired' })).toBe(1);
    });

    it('cannot be changed, added to or retired', async () => {
      const { bankId } = must(await loadShippedItems(author, course.slug));
      const [item] = await itemList(reader(), { bankId }, { limit: 1, offset: 0 });
      const refused = { ok: false, error: { code: 'itembank.shipped' } };
      expect(await writeItem(author, bankId, draft('新题'))).toEqual(refused);
      expect(await changeItem(author, { itemId: item?.id ?? '', version: 1, draft: draft('改') })).toEqual(refused);
      expect(await retireItem(author, item?.id ?? '', true)).toEqual(refused);
    });

    it('are refused for a course that has none or is not there', async () => {
      expect(await loadShippedItems(author, 'nowhere')).toMatchObject({ error: { code: 'not-found' } });
    });
  });

  describe('a bank of one’s own', () => {
    it('can be made more than once for a course', async () => {
      const [one, two] = [await ownBank(), await ownBank()];
      expect(one).not.toBe(two);
      const banks = (await bankList(reader())).filter((bank) => bank.courseId === course.id);
      expect(banks.map((bank) => [bank.slug, bank.origin, bank.items])).toEqual([[`own-${course.slug}`, 'own', 0], [`own-${course.slug}-2`, 'own', 0]]);
    });

    it('takes items and numbers them, also when two authors write at once', async () => {
      const bankId = await ownBank();
      await Promise.all([writeItem(author, bankId, draft('第一')), writeItem(author, bankId, draft('第二'))]);
      const items = await itemList(reader(), { bankId }, { limit: 5, offset: 0 });
      expect(items.map((item) => item.code)).toEqual(['own-0001', 'own-0002']);
    });

    it('refuses an item whose key is wrong, naming the field', async () => {
      const bankId = await ownBank();
      expect(await writeItem(author, bankId, draft('错', { key: 'z' }))).toEqual({ ok: false, error: { code: 'item.key-not-an-option', field: 'key' } });
      expect(await countItemList(reader(), { bankId })).toBe(0);
    });

    it('keeps the old version of a changed item and refuses a change made on an old page', async () => {
      const bankId = await ownBank();
      const itemId = must(await writeItem(author, bankId, draft('原题')));
      expect(await changeItem(author, { itemId, version: 1, draft: draft('原题') })).toEqual({ ok: true, value: null });
      expect((await findItem(reader(), itemId))?.version).toBe(1);
      expect((await changeItem(author, { itemId, version: 1, draft: draft('改题', { difficulty: 3 }) })).ok).toBe(true);
      expect(await changeItem(author, { itemId, version: 1, draft: draft('晚了') })).toMatchObject({ error: { code: 'conflict.changed' } });
      expect(await findItem(reader(), itemId)).toMatchObject({ version: 2, difficulty: 3, body: { stem: '改题' } });
      expect(await findItem(reader(), itemId, 1)).toMatchObject({ version: 1, body: { stem: '原题' } });
      expect((await itemVersions(reader(), itemId)).map((version) => version.number)).toEqual([2, 1]);
    });

    it('retires an item, refuses to change it then, and puts it back', async () => {
      const bankId = await ownBank();
      const itemId = must(await writeItem(author, bankId, draft('停用')));
      must(await retireItem(author, itemId, true));
      expect(await bankCounts(reader(), bankId)).toEqual([]);
      expect(await changeItem(author, { itemId, version: 1, draft: draft('改') })).toMatchObject({ error: { code: 'item.retired' } });
      must(await retireItem(author, itemId, false));
      expect(await bankCounts(reader(), bankId)).toHaveLength(1);
    });

    it('is searched by words, code, lesson, type and difficulty, page by page', async () => {
      const bankId = await ownBank();
      for (const stem of ['公文甲', '公文乙', '保密']) must(await writeItem(author, bankId, draft(stem)));
      must(await writeItem(author, bankId, draft('判断', { body: { type: 'true-false', stem: '判断100%对' }, key: true, difficulty: 1, lesson: '02-second' })));
      const found = async (filter: object) => countItemList(reader(), { bankId, ...filter });
      expect(await found({ search: '公文' })).toBe(2);
      expect(await found({ search: '0003' })).toBe(1);
      expect(await found({ search: '100%' })).toBe(1);
      expect(await found({ search: '%' })).toBe(1);
      expect(await found({ lesson: '02-second' })).toBe(1);
      expect(await found({ type: 'single', difficulty: 2 })).toBe(3);
      expect(await itemList(reader(), { bankId }, { limit: 2, offset: 2 })).toHaveLength(2);
    });
  });

  describe('a paper', () => {
    const blueprint: Blueprint = [{ lessons: ['01-first'], type: 'single', count: 2, points: 50 }];

    it('draws what may be drawn, without keys, and keeps its version when the item changes', async () => {
      const bankId = await ownBank();
      const ids = [];
      for (const stem of ['一', '二']) ids.push(must(await writeItem(author, bankId, draft(stem))));
      const paper = must(await drawPaper(reader(), { bankId, blueprint, random: seededRandom('s') }));
      const versions = paper.map((entry) => entry.item);
      const before = await itemsForPaper(reader(), versions);
      expect(JSON.stringify([...before])).not.toMatch(/"key"|explanation/);
      must(await changeItem(author, { itemId: ids[0] ?? '', version: 1, draft: draft('改', { key: 'b' }) }));
      expect(await itemsForPaper(reader(), versions)).toEqual(before);
      const keys = await keysForPaper(reader(), versions);
      expect(versions.map((id) => keys.get(id)).map((one) => one && scoreItem(one.type, one.key, 'a'))).toEqual([1, 1]);
    });

    it('avoids items seen before, also those changed since', async () => {
      const bankId = await ownBank();
      for (const stem of ['一', '二', '三', '四']) must(await writeItem(author, bankId, draft(stem)));
      const first = must(await drawPaper(reader(), { bankId, blueprint, random: seededRandom('s') })).map((entry) => entry.item);
      const items = await itemList(reader(), { bankId }, { limit: 9, offset: 0 });
      for (const item of items) must(await changeItem(author, { itemId: item.id, version: 1, draft: draft(`${item.stem}改`) }));
      const second = must(await drawPaper(reader(), { bankId, blueprint, random: seededRandom('t'), avoid: first }));
      const stems = async (versions: string[]) => [...(await itemsForPaper(reader(), versions)).values()].map((item) => item.body.stem.slice(0, 1)).sort();
      const all = [...await stems(first), ...await stems(second.map((entry) => entry.item))];
      expect(new Set(all).size).toBe(4);
    });

    it('is refused when the bank is too small', async () => {
      const bankId = await ownBank();
      expect(await drawPaper(reader(), { bankId, blueprint, random: seededRandom('s') }))
        .toEqual({ ok: false, error: { code: 'itembank.too-small', params: { line: 1, asked: 2, available: 0 } } });
    });
  });
});
