import { covers } from '~/identity';
import { STATES, statesOf, type ReportQuery, type ReportState } from './report';
import type { ReportRow } from './rows/row';
import type { Unit } from './rows/units.repository';
import { meansShown, SMALLEST_GROUP, suppressed, type CountTable, type Shown } from './suppression';

/** A group of lines. `key` is the id of an organisation, a rank, an intake's name, a kind, or a month. */
interface Counted {
  key: string;
  /** By state. */
  lines: number[];
  people: Set<string>[];
  all: Set<string>;
  sum: number;
  measured: number;
}

/** How lines are put into groups: by the units right beneath the one that was chosen, or by what the line says. */
export interface GroupPlan {
  query: Pick<ReportQuery, 'kind' | 'groupBy' | 'states'>;
  keyOf: (row: ReportRow) => string;
  /** The order of the groups, where they have one; others follow by their keys. */
  order: readonly string[];
}

/** Lines whose group says nothing: no rank, no intake, no day. */
export const NO_GROUP = '';

/** @param root the organisation that was chosen, or the only outermost one; null: several lie beside each other */
export function groupPlan(query: ReportQuery, units: readonly Unit[], root: Unit | null): GroupPlan {
  if (query.groupBy !== 'organisation') return { query, keyOf: KEY_OF[query.groupBy], order: [] };
  const top = root ?? onlyOutermost(units);
  const heads = units.filter((unit) => (top === null ? isOutermost(unit, units) : unit.id === top.id || unit.parentId === top.id));
  const headOf = new Map(units.map((unit) => [unit.id, nearest(unit, heads)]));
  return { query, keyOf: ({ organisationId }) => headOf.get(organisationId) ?? NO_GROUP, order: heads.map(({ id }) => id) };
}

const KEY_OF = {
  rank: ({ rank }: ReportRow) => rank ?? NO_GROUP,
  intake: ({ intake }: ReportRow) => intake ?? NO_GROUP,
  kind: ({ kind }: ReportRow) => kind,
  month: ({ on }: ReportRow) => on?.slice(0, 7) ?? NO_GROUP,
} as const;

const isOutermost = (unit: Unit, units: readonly Unit[]): boolean => !units.some((other) => other.id !== unit.id && covers(other.path, unit.path));

function onlyOutermost(units: readonly Unit[]): Unit | null {
  const outermost = units.filter((unit) => isOutermost(unit, units));
  return outermost.length === 1 ? outermost[0] ?? null : null;
}

/** The head under which a unit is told: the deepest that covers it. */
const nearest = (unit: Unit, heads: readonly Unit[]): string =>
  heads.filter((head) => covers(head.path, unit.path)).sort((a, b) => b.path.length - a.path.length)[0]?.id ?? NO_GROUP;

/** Counts lines by group and state as they come by; of people no more is kept than whether a group is small. */
export class Tally {
  private readonly groups = new Map<string, Counted>();
  private readonly columns: Set<string>[];
  private readonly everybody = new Set<string>();
  private readonly states: readonly ReportState[];
  lines = 0;

  constructor(private readonly plan: GroupPlan) {
    this.states = STATES[plan.query.kind];
    this.columns = this.states.map(() => new Set());
  }

  add(row: ReportRow): void {
    this.lines += 1;
    const group = this.group(this.plan.keyOf(row));
    const state = this.states.indexOf(row.state);
    group.lines[state] = (group.lines[state] ?? 0) + 1;
    for (const people of [group.people[state], group.all, this.columns[state], this.everybody]) {
      if (people && people.size < SMALLEST_GROUP) people.add(row.personId);
    }
    if (row.measure === null) return;
    group.sum += row.measure;
    group.measured += 1;
  }

  private group(key: string): Counted {
    const known = this.groups.get(key);
    if (known) return known;
    const fresh: Counted = { key, lines: this.states.map(() => 0), people: this.states.map(() => new Set()), all: new Set(), sum: 0, measured: 0 };
    this.groups.set(key, fresh);
    return fresh;
  }

  /** @param hideSmall for those who may not see whom the numbers count */
  summary(hideSmall: boolean): Summary {
    const chosen = statesOf(this.plan.query).map((state) => this.states.indexOf(state));
    const groups = this.ordered();
    const table: CountTable = {
      cells: groups.map(({ lines }) => chosen.map((state) => lines[state] ?? 0)),
      people: {
        cells: groups.map(({ people }) => chosen.map((state) => people[state]?.size ?? 0)), rows: groups.map(({ all }) => all.size),
        columns: chosen.map((state) => this.columns[state]?.size ?? 0), all: this.everybody.size,
      },
    };
    const shown = hideSmall ? suppressed(table) : plainly(table);
    const means = hideSmall ? meansShown(table, shown) : { rows: groups.map(() => true), all: true };
    return {
      states: [...statesOf(this.plan.query)], lines: this.lines, hideSmall,
      groups: groups.map(({ key, sum, measured }, i) => ({
        key, cells: shown.cells[i] ?? [], all: shown.rows[i] ?? WITHHELD, mean: means.rows[i] === true && measured > 0 ? sum / measured : null,
      })),
      totals: shown.columns, all: shown.all,
      mean: means.all ? meanOf(groups) : null,
    };
  }

  private ordered(): Counted[] {
    const { order } = this.plan;
    const place = (key: string): number => (order.includes(key) ? order.indexOf(key) : order.length);
    // What says nothing comes last.
    return [...this.groups.values()].sort((a, b) => Number(a.key === NO_GROUP) - Number(b.key === NO_GROUP) || place(a.key) - place(b.key) || (a.key < b.key ? -1 : 1));
  }
}

const WITHHELD: Shown = { kind: 'withheld' };

function meanOf(groups: readonly Counted[]): number | null {
  const measured = groups.reduce((all, one) => all + one.measured, 0);
  return measured === 0 ? null : groups.reduce((all, one) => all + one.sum, 0) / measured;
}

function plainly({ cells }: CountTable) {
  const count = (value: number): Shown => ({ kind: 'count', value });
  const sum = (values: readonly number[]): number => values.reduce((all, one) => all + one, 0);
  return {
    cells: cells.map((row) => row.map(count)), rows: cells.map((row) => count(sum(row))),
    columns: (cells[0] ?? []).map((_, j) => count(sum(cells.map((row) => row[j] ?? 0)))), all: count(sum(cells.map(sum))),
  };
}

export interface SummaryGroup {
  key: string;
  cells: Shown[];
  all: Shown;
  /** Of the measure of its kind; null: there is none, or it may not be told. */
  mean: number | null;
}

/** A report as numbers: groups by states, with their totals. */
export interface Summary {
  states: ReportState[];
  /** How many lines there were; never shown where small groups are hidden. */
  lines: number;
  hideSmall: boolean;
  groups: SummaryGroup[];
  totals: Shown[];
  all: Shown;
  mean: number | null;
}
