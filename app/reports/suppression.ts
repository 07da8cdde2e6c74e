/** Smaller groups could be recognised. */
export const SMALLEST_GROUP = 5;

/** A number as it may be shown: itself, `few` (1 to 4), or `withheld` because it would give such a one away. */
export type Shown = { kind: 'count'; value: number } | { kind: 'few' } | { kind: 'withheld' };

/** How many things there are in each cell of a table, with its totals, and how many people are behind them. */
export interface CountTable {
  cells: readonly (readonly number[])[];
  people: { cells: readonly (readonly number[])[]; rows: readonly number[]; columns: readonly number[]; all: number };
}

export interface ShownTable {
  cells: Shown[][];
  rows: Shown[];
  columns: Shown[];
  all: Shown;
}

/** A number of the table as a pipe: what flows in by rows flows out by columns, and every total is the sum of its parts. */
interface Pipe {
  from: number;
  to: number;
  value: number;
  shown: Shown['kind'];
  /** Totals are withheld last: they say most. */
  weight: number;
  row: number;
  column: number;
}

/**
 * A table of counts for those who may not see whom they stand for. Numbers with fewer than five people behind them are
 * not shown, of groups that small nothing is; and so many others are withheld that no hidden number can be reckoned from
 * the shown ones by adding and subtracting. Whoever knows these rules still finds two or more values possible for each.
 */
export function suppressed({ cells, people }: CountTable): ShownTable {
  const pipes = pipesOf(cells, people);
  hideSmallGroups(pipes);
  const nodes = cells.length + (cells[0]?.length ?? 0) + 2;
  for (let open = unprotected(pipes, nodes); open; open = unprotected(pipes, nodes)) protect(open, pipes, nodes);
  return shownTable(pipes, cells.length, cells[0]?.length ?? 0);
}

const TOTAL = -1;

function pipesOf(cells: CountTable['cells'], people: CountTable['people']): Pipe[] {
  const [rows, columns] = [cells.length, cells[0]?.length ?? 0];
  const [source, sink] = [rows + columns, rows + columns + 1];
  const sum = (values: readonly number[]): number => values.reduce((all, one) => all + one, 0);
  const rowSums = cells.map(sum);
  const columnSums = Array.from({ length: columns }, (_, j) => sum(cells.map((row) => row[j] ?? 0)));
  const pipe = (from: number, to: number, value: number, behind: number, weight: number, row: number, column: number): Pipe =>
    ({ from, to, value, weight, row, column, shown: value === 0 || behind >= SMALLEST_GROUP ? 'count' : value < SMALLEST_GROUP ? 'few' : 'withheld' });
  return [
    ...cells.flatMap((row, i) => row.map((value, j) => pipe(i, rows + j, value, people.cells[i]?.[j] ?? 0, 0, i, j))),
    ...rowSums.map((value, i) => pipe(source, i, value, people.rows[i] ?? 0, 1, i, TOTAL)),
    ...columnSums.map((value, j) => pipe(rows + j, sink, value, people.columns[j] ?? 0, 2, TOTAL, j)),
    pipe(sink, source, sum(rowSums), people.all, 3, TOTAL, TOTAL),
  ];
}

/** Of a group that is too small to be shown, not even which states are empty. */
function hideSmallGroups(pipes: readonly Pipe[]): void {
  const small = new Set(pipes.filter((one) => one.column === TOTAL && one.shown !== 'count').map(({ row }) => row));
  for (const one of pipes) if (one.column !== TOTAL && (small.has(one.row) || small.has(TOTAL))) one.shown = 'withheld';
}

/** What whoever reads the table must take into account for a number. */
function bounds({ shown, value }: Pipe): [number, number] {
  if (shown === 'count') return [value, value];
  return shown === 'few' ? [1, SMALLEST_GROUP - 1] : [0, Number.POSITIVE_INFINITY];
}

const unprotected = (pipes: readonly Pipe[], nodes: number): Pipe | undefined => pipes.find((one) => one.shown !== 'count' && !isProtected(one, pipes, nodes));

/**
 * Whether the number could be another one with everything that is shown as it is: then there is a round through the
 * pipes along which one more, or one less, can flow.
 */
function isProtected(one: Pipe, pipes: readonly Pipe[], nodes: number): boolean {
  const [least, most] = bounds(one);
  return (one.value < most && reaches(one.to, one.from, one, pipes, nodes)) || (one.value > least && reaches(one.from, one.to, one, pipes, nodes));
}

function reaches(start: number, goal: number, without: Pipe, pipes: readonly Pipe[], nodes: number): boolean {
  const ways: number[][] = Array.from({ length: nodes }, () => []);
  for (const pipe of pipes) {
    if (pipe === without || pipe.shown === 'count') continue;
    const [least, most] = bounds(pipe);
    if (pipe.value < most) ways[pipe.from]?.push(pipe.to);
    if (pipe.value > least) ways[pipe.to]?.push(pipe.from);
  }
  const seen = new Set([start]);
  for (const node of seen) {
    if (node === goal) return true;
    for (const next of ways[node] ?? []) seen.add(next);
  }
  return false;
}

/** Hides one number more: the least telling one that protects, else the least telling one there is. */
function protect(open: Pipe, pipes: readonly Pipe[], nodes: number): void {
  const inLine = (one: Pipe): boolean => one.row === open.row || one.column === open.column;
  const cost = (one: Pipe): number => one.weight * 1e12 + (one.value === 0 ? 1e9 : one.value) + (inLine(one) ? 0 : 1e6);
  const candidates = pipes.filter((one) => one !== open && one.shown === 'count').sort((a, b) => cost(a) - cost(b));
  const helping = candidates.filter(inLine).find((one) => {
    one.shown = 'withheld';
    const helps = isProtected(open, pipes, nodes);
    one.shown = 'count';
    return helps;
  });
  // Nothing is left to hide: then it must not even be said that a number is few.
  const chosen = helping ?? candidates[0] ?? pipes.find((one) => one.shown === 'few' && inLine(one)) ?? pipes.find((one) => one.shown === 'few');
  if (!chosen) throw new Error('a table cannot be protected');
  chosen.shown = 'withheld';
}

function shownTable(pipes: readonly Pipe[], rows: number, columns: number): ShownTable {
  const shown = ({ shown: kind, value }: Pipe): Shown => (kind === 'count' ? { kind, value } : { kind });
  const at = (row: number, column: number): Shown => {
    const found = pipes.find((one) => one.row === row && one.column === column);
    if (!found) throw new Error('a table without its totals');
    return shown(found);
  };
  return {
    cells: Array.from({ length: rows }, (_, i) => Array.from({ length: columns }, (__, j) => at(i, j))),
    rows: Array.from({ length: rows }, (_, i) => at(i, TOTAL)), columns: Array.from({ length: columns }, (_, j) => at(TOTAL, j)), all: at(TOTAL, TOTAL),
  };
}

/** Which means may stand beside the rows and the total: none of a hidden row, and none of all where it would tell those. */
export function meansShown(table: CountTable, shown: ShownTable): { rows: boolean[]; all: boolean } {
  const rows = shown.rows.map((one, i) => one.kind === 'count' && (table.people.rows[i] ?? 0) >= SMALLEST_GROUP);
  const hidden = table.people.rows.filter((people, i) => !rows[i] && people > 0);
  const together = hidden.reduce((all, one) => all + one, 0);
  return { rows, all: shown.all.kind === 'count' && (hidden.length === 0 || (hidden.length > 1 && together >= SMALLEST_GROUP)) };
}
