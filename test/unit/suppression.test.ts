import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { meansShown, suppressed, type CountTable, type Shown, type ShownTable } from '~/reports/suppression';

const sum = (values: readonly number[]): number => values.reduce((all, one) => all + one, 0);
const columnsOf = (cells: readonly (readonly number[])[]): number[] => (cells[0] ?? []).map((_, j) => sum(cells.map((row) => row[j] ?? 0)));

/** A table in which each thing is another person. */
const aTable = (cells: number[][]): CountTable =>
  ({ cells, people: { cells, rows: cells.map(sum), columns: columnsOf(cells), all: sum(cells.map(sum)) } });

const flat = ({ cells, rows, columns, all }: ShownTable): Shown[] => [...cells.flat(), ...rows, ...columns, all];
const numbers = (cells: number[][]): number[] => [...cells.flat(), ...cells.map(sum), ...columnsOf(cells), sum(cells.map(sum))];
const agrees = (shown: Shown, value: number): boolean => shown.kind === 'withheld' || (shown.kind === 'few' ? value >= 1 && value <= 4 : shown.value === value);

/** Every table that agrees with what is shown, by trying: an attacker with much time. Cells up to `most`. */
function* tablesBehind(shown: ShownTable, most: number): Generator<number[][]> {
  const [rows, columns] = [shown.cells.length, shown.cells[0]?.length ?? 0];
  const cells = Array.from({ length: rows }, () => Array<number>(columns).fill(0));
  const range = ({ cells: all }: ShownTable, i: number, j: number): number[] => {
    const one = all[i]?.[j] ?? { kind: 'withheld' };
    return one.kind === 'count' ? [one.value] : one.kind === 'few' ? [1, 2, 3, 4] : Array.from({ length: most + 1 }, (_, n) => n);
  };
  function* fill(place: number): Generator<number[][]> {
    if (place === rows * columns) {
      if (columnsOf(cells).every((value, j) => agrees(shown.columns[j] ?? { kind: 'withheld' }, value)) && agrees(shown.all, sum(cells.map(sum)))) yield cells;
      return;
    }
    const [i, j] = [Math.floor(place / columns), place % columns];
    for (const value of range(shown, i, j)) {
      (cells[i] ?? [])[j] = value;
      if (j === columns - 1 && !agrees(shown.rows[i] ?? { kind: 'withheld' }, sum(cells[i] ?? []))) continue;
      yield* fill(place + 1);
    }
  }
  yield* fill(0);
}

/** The places of hidden numbers of which only one value is possible. */
function given(shown: ShownTable, most: number): number[] {
  const hidden = flat(shown).flatMap((one, place) => (one.kind === 'count' ? [] : [place]));
  const seen = new Map(hidden.map((place) => [place, new Set<number>()]));
  for (const table of tablesBehind(shown, most)) {
    const values = numbers(table);
    for (const place of hidden) seen.get(place)?.add(values[place] ?? 0);
    if ([...seen.values()].every((values) => values.size > 1)) return [];
  }
  return hidden.filter((place) => (seen.get(place)?.size ?? 0) < 2);
}

const smallTables = fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 3 })).chain(([rows, columns]) =>
  fc.array(fc.array(fc.integer({ min: 0, max: 7 }), { minLength: columns, maxLength: columns }), { minLength: rows, maxLength: rows }));

describe('a table for those who may not see whom it counts', () => {
  it('never shows one to four', () => {
    fc.assert(fc.property(smallTables, (cells) => {
      for (const one of flat(suppressed(aTable(cells)))) expect(one.kind === 'count' && one.value > 0 && one.value < 5).toBe(false);
    }));
  });

  it('says nothing that is not true', () => {
    fc.assert(fc.property(smallTables, (cells) => {
      const shown = flat(suppressed(aTable(cells)));
      expect(numbers(cells).filter((value, place) => !agrees(shown[place] ?? { kind: 'withheld' }, value))).toEqual([]);
    }));
  });

  it('lets no hidden number be reckoned from the shown ones', () => {
    fc.assert(fc.property(smallTables, (cells) => {
      expect(given(suppressed(aTable(cells)), 9)).toEqual([]);
    }), { numRuns: 400 });
  }, 60_000);

  it('finds what such a reckoning would find: the test itself can fail', () => {
    const shown = suppressed(aTable([[3, 20], [9, 30]]));
    expect(shown.cells.flat().filter((one) => one.kind !== 'count').length).toBe(4);
    const naive: ShownTable = { ...shown, cells: [[{ kind: 'few' }, { kind: 'count', value: 20 }], [{ kind: 'count', value: 9 }, { kind: 'count', value: 30 }]] };
    expect(given(naive, 30)).toEqual([0]);
  });

  it('shows everything where nothing is small', () => {
    expect(flat(suppressed(aTable([[5, 20], [9, 0]]))).every((one) => one.kind === 'count')).toBe(true);
  });

  it('tells of a group under five neither its states nor its empty ones', () => {
    const { rows, cells } = suppressed(aTable([[3, 0, 0], [40, 50, 60], [30, 30, 30]]));
    expect(rows[0]).toEqual({ kind: 'few' });
    expect(cells[0]).toEqual([{ kind: 'withheld' }, { kind: 'withheld' }, { kind: 'withheld' }]);
  });

  it('counts people, not things: six attempts of one person are hidden', () => {
    const table: CountTable = { cells: [[6, 20]], people: { cells: [[1, 20]], rows: [21], columns: [1, 20], all: 21 } };
    expect(suppressed(table).cells[0]?.[0]).toEqual({ kind: 'withheld' });
  });

  it('is quick for a city of eighty units', () => {
    const cells = Array.from({ length: 80 }, (_, i) => Array.from({ length: 7 }, (__, j) => (i * 7 + j * 13) % 23));
    const before = performance.now();
    suppressed(aTable(cells));
    expect(performance.now() - before).toBeLessThan(3000);
  });

  it('keeps the mean of all back where it would tell that of one hidden group', () => {
    const table = aTable([[3, 0], [40, 50], [30, 30]]);
    const shown = suppressed(table);
    expect(meansShown(table, shown)).toEqual({ rows: [false, true, false], all: true });
    const rows: Shown[] = [{ kind: 'few' }, { kind: 'count', value: 90 }, { kind: 'count', value: 60 }];
    expect(meansShown(table, { ...shown, rows })).toEqual({ rows: [false, true, true], all: false });
  });
});
