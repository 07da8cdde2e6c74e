import { addDays, daysBetween, type PlainDate } from '~/kernel/calendar';

/** The way to the start of duty. Who has come so far counts at each step before as well, by whatever way they came. */
export const FUNNEL_STEPS = ['appointed', 'assigned', 'begun', 'sat', 'passed', 'cleared', 'started'] as const;
export type FunnelStep = (typeof FUNNEL_STEPS)[number];

export const FUNNEL_GROUPS = ['unit', 'intake', 'week'] as const;
export type FunnelGroup = (typeof FUNNEL_GROUPS)[number];

/** People of one organisation, intake and start of duty who have come equally far. */
export interface FunnelCell {
  organisationId: string;
  organisation: string;
  intakeId: string | null;
  intake: string | null;
  startOfDuty: PlainDate;
  /** How far, by its place in `FUNNEL_STEPS`. */
  step: number;
  people: number;
}

/** How many have come to each step, the first one being everybody. Never grows from step to step. */
export const reachedOf = (cells: readonly Pick<FunnelCell, 'step' | 'people'>[]): number[] =>
  FUNNEL_STEPS.map((_, step) => cells.reduce((sum, cell) => sum + (cell.step >= step ? cell.people : 0), 0));

/** The Monday of a day's week. */
export const mondayOf = (day: PlainDate): PlainDate => addDays(day, -(((daysBetween('1970-01-05', day) % 7) + 7) % 7));

export interface FunnelLine {
  /** The organisation's or the intake's id, or the Monday; empty: without an intake. */
  key: string;
  /** Its name; the Monday. */
  name: string;
  reached: number[];
}

const KEYS: Record<FunnelGroup, (cell: FunnelCell) => { key: string; name: string }> = {
  unit: ({ organisationId, organisation }) => ({ key: organisationId, name: organisation }),
  intake: ({ intakeId, intake }) => ({ key: intakeId ?? '', name: intake ?? '' }),
  week: ({ startOfDuty }) => ({ key: mondayOf(startOfDuty), name: mondayOf(startOfDuty) }),
};

/** The same figures for each organisation, intake or week of the start of duty; weeks in their order, others by their size. */
export function funnelBy(cells: readonly FunnelCell[], group: FunnelGroup): FunnelLine[] {
  const groups = new Map<string, { name: string; cells: FunnelCell[] }>();
  for (const cell of cells) {
    const { key, name } = KEYS[group](cell);
    const known = groups.get(key) ?? { name, cells: [] };
    known.cells.push(cell);
    groups.set(key, known);
  }
  const lines = [...groups].map(([key, { name, cells: own }]) => ({ key, name, reached: reachedOf(own) }));
  const size = ({ reached }: FunnelLine): number => reached[0] ?? 0;
  return lines.sort((a, b) => (group === 'week' ? 0 : size(b) - size(a)) || (a.key < b.key ? -1 : 1));
}
