import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { availableFor, checkBlueprint, fillBlueprint, type Blueprint, type ItemBody, type ItemKey, type ItemType } from '~/courses';
import { drawFrom, seededRandom, shuffled, type PaperEntry, type PoolItem } from '~/itembank';
import { must } from '~/kernel/result';

const LESSONS = ['01-one', '02-two', '03-three'];
const TYPES: ItemType[] = ['single', 'true-false', 'order', 'match'];
const options = { a: '甲', b: '乙', c: '丙', d: '丁' };

const parts: Record<ItemType, { body: ItemBody; key: ItemKey }> = {
  'single': { body: { type: 'single', stem: '题', options }, key: 'a' },
  'multiple': { body: { type: 'multiple', stem: '题', options }, key: ['a', 'b'] },
  'true-false': { body: { type: 'true-false', stem: '题' }, key: true },
  'order': { body: { type: 'order', stem: '题', options }, key: ['d', 'a', 'c', 'b'] },
  'match': { body: { type: 'match', stem: '题', left: { 1: '一', 2: '二' }, right: options }, key: { 1: 'a', 2: 'b' } },
  'short': { body: { type: 'short', stem: '题' }, key: ['答'] },
};
const anItem = (id: string, lesson: string, type: ItemType): PoolItem => ({ id, lesson, type, ...parts[type] });

/** `perPlace` items for each lesson and type. */
const aPool = (perPlace: number): PoolItem[] => LESSONS.flatMap((lesson) => TYPES.flatMap((type) =>
  Array.from({ length: perPlace }, (_, i) => anItem(`${lesson}-${type}-${i}`, lesson, type))));

const line = fc.record({
  lessons: fc.uniqueArray(fc.constantFrom(...LESSONS), { minLength: 1 }),
  type: fc.constantFrom(...TYPES), count: fc.integer({ min: 1, max: 5 }), points: fc.integer({ min: 1, max: 5 }),
});
const aBlueprint = fc.array(line, { minLength: 1, maxLength: 8 });
const ids = (paper: PaperEntry[]) => paper.map((entry) => entry.item);

describe('a paper drawn from a bank', () => {
  it('honours every line, takes no item twice and shows every option once', () => {
    const pool = aPool(40);
    const byId = new Map(pool.map((item) => [item.id, item]));
    fc.assert(fc.property(aBlueprint, fc.string(), (blueprint, seed) => {
      const paper = must(drawFrom(pool, blueprint, seededRandom(seed)));
      expect(new Set(ids(paper)).size).toBe(paper.length);
      const drawn = paper.flatMap((entry) => byId.get(entry.item) ?? []);
      expect(fillBlueprint(blueprint, drawn).map((items) => items.length)).toEqual(blueprint.map((one) => one.count));
      expect(paper.reduce((sum, entry) => sum + entry.points, 0)).toBe(blueprint.reduce((sum, one) => sum + one.count * one.points, 0));
      paper.forEach((entry, i) => {
        const body = drawn[i]?.body;
        const shown = body && 'options' in body ? body.options : body && 'left' in body ? body.left : {};
        expect([...entry.order].sort()).toEqual(Object.keys(shown).sort());
        expect([...entry.rightOrder ?? []].sort()).toEqual(body && 'right' in body ? Object.keys(body.right).sort() : []);
      });
    }), { numRuns: 60 });
  });

  it('is the same for the same seed, whatever the order in which the bank was read', () => {
    fc.assert(fc.property(aBlueprint, fc.string(), fc.shuffledSubarray(aPool(40), { minLength: 480 }), (blueprint, seed, pool) => {
      expect(drawFrom(pool, blueprint, seededRandom(seed))).toEqual(drawFrom(aPool(40), blueprint, seededRandom(seed)));
    }), { numRuns: 20 });
  });

  it('repeats as few items as the bank allows', () => {
    const blueprint: Blueprint = [{ lessons: ['01-one'], type: 'single', count: 6, points: 1 }, { lessons: ['01-one', '02-two'], type: 'single', count: 4, points: 1 }];
    fc.assert(fc.property(fc.string(), fc.string(), (one, two) => {
      const pool = aPool(8);
      const first = ids(must(drawFrom(pool, blueprint, seededRandom(one))));
      const second = ids(must(drawFrom(pool, blueprint, seededRandom(two), new Set(first))));
      const fresh = pool.filter((item) => !first.includes(item.id)).map((item) => ({ lesson: item.lesson, type: item.type }));
      const possible = fillBlueprint(blueprint, fresh).flat().length;
      expect(second.filter((id) => !first.includes(id))).toHaveLength(possible);
    }), { numRuns: 60 });
  });

  it('never lets one line take the last item of another', () => {
    const pool = [anItem('x', '01-one', 'single'), anItem('y', '02-two', 'single')];
    const blueprint: Blueprint = [{ lessons: LESSONS, type: 'single', count: 1, points: 1 }, { lessons: ['01-one'], type: 'single', count: 1, points: 1 }];
    for (let seed = 0; seed < 20; seed += 1) expect(drawFrom(pool, blueprint, seededRandom(`${seed}`)).ok).toBe(true);
  });

  it('is refused with the line that cannot be met', () => {
    const blueprint: Blueprint = [{ lessons: ['01-one'], type: 'single', count: 2, points: 1 }, { lessons: ['01-one'], type: 'order', count: 3, points: 1 }];
    expect(drawFrom(aPool(2), blueprint, seededRandom('s'))).toEqual({ ok: false, error: { code: 'itembank.too-small', params: { line: 2, asked: 3, available: 2 } } });
  });

  it('never shows the steps of an ordering in the right order', () => {
    const blueprint: Blueprint = [{ lessons: ['01-one'], type: 'order', count: 1, points: 1 }];
    fc.assert(fc.property(fc.string(), (seed) => {
      const [entry] = must(drawFrom(aPool(1), blueprint, seededRandom(seed)));
      expect(entry?.order).not.toEqual(['d', 'a', 'c', 'b']);
    }));
  });

  it('keeps neighbouring lines of one type together and mixes their lessons', () => {
    const blueprint: Blueprint = LESSONS.map((lesson) => ({ lessons: [lesson], type: 'single', count: 5, points: 1 }));
    const lessons = ids(must(drawFrom(aPool(10), blueprint, seededRandom('mix')))).map((id) => id.slice(0, 2));
    expect(lessons).not.toEqual([...lessons].sort());
  });

  it('never mixes the items of different sections, even of one type, and says of each item where it stands', () => {
    const divided = aBlueprint.chain((blueprint) => fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 1, maxLength: 4 })
      .map((sizes) => ({ blueprint, sections: sizes.map((lines) => ({ lines })) })));
    fc.assert(fc.property(divided, fc.string(), ({ blueprint, sections }, seed) => {
      const paper = must(drawFrom(aPool(40), blueprint, seededRandom(seed), new Set(), sections));
      const of = paper.map((entry) => entry.section ?? -1);
      expect([...of].sort((a, b) => a - b)).toEqual(of);
      const ofLine = sections.flatMap(({ lines }, section) => Array<number>(lines).fill(section));
      sections.forEach((_, section) => {
        const asked = blueprint.filter((__, line) => (ofLine[line] ?? sections.length - 1) === section).reduce((sum, one) => sum + one.count, 0);
        expect(of.filter((one) => one === section).length).toBe(asked);
      });
    }), { numRuns: 60 });
  });

  it('names no section when the exam has none', () => {
    const paper = must(drawFrom(aPool(8), [{ lessons: ['01-one'], type: 'single', count: 3, points: 1 }], seededRandom('s')));
    expect(paper.every((entry) => !('section' in entry))).toBe(true);
  });
});

describe('chance', () => {
  it('puts every value first about equally often', () => {
    const firsts = new Map<string, number>();
    const random = seededRandom('even');
    for (let i = 0; i < 4000; i += 1) {
      const [first = ''] = shuffled(['a', 'b', 'c', 'd'], random);
      firsts.set(first, (firsts.get(first) ?? 0) + 1);
    }
    for (const times of firsts.values()) expect(Math.abs(times - 1000)).toBeLessThan(120);
  });

  it('differs from seed to seed', () => {
    const draw = (seed: string) => Array.from({ length: 8 }, ((random) => () => random(1000))(seededRandom(seed)));
    expect(draw('one')).not.toEqual(draw('two'));
    expect(draw('one')).toEqual(draw('one'));
  });
});

describe('a blueprint held against a bank', () => {
  it('can be met exactly when a paper can be drawn', () => {
    fc.assert(fc.property(aBlueprint, fc.integer({ min: 0, max: 6 }), (blueprint, perPlace) => {
      const counts = LESSONS.flatMap((lesson) => TYPES.map((type) => ({ lesson, type, count: perPlace })));
      expect(checkBlueprint(counts, blueprint).length === 0).toBe(drawFrom(aPool(perPlace), blueprint, seededRandom('x')).ok);
    }), { numRuns: 100 });
  });

  it('tells what was asked and what there is', () => {
    const counts = [{ lesson: '01-one', type: 'single' as const, count: 2 }];
    const asked: Blueprint = [{ lessons: ['01-one'], type: 'single', count: 3, points: 1 }];
    expect(checkBlueprint(counts, asked)).toEqual([{ line: 0, asked: 3, available: 2, filled: 2 }]);
    expect(asked.map((one) => availableFor(one, counts))).toEqual([2]);
  });
});
