import type { Text } from '~/text';
import { cutOff } from '~/text/reason';
import type { Summary } from '../groups';
import { chosenColumns, type Grouping, type ReportKind, type ReportQuery } from '../report';
import type { ReportRow } from '../rows/row';
import { fileCell, wordColumn, wordGroup, wordShown, wordState, type FileCell } from '../words';

export interface FileColumn {
  title: string;
  /** In characters. */
  width: number;
  numeric: boolean;
}

/** A table to be written, whatever the format. */
export interface FileSheet {
  title: string;
  /** What the table is about, when it was made, and what is hidden. */
  about: string[];
  /** What the sheet with that is called. */
  aboutTitle: string;
  columns: FileColumn[];
}

const NUMERIC: ReadonlySet<string> = new Set(['number', 'hours', 'percent']);

/** The columns of a list. */
export const listColumns = (text: Text, query: ReportQuery): FileColumn[] =>
  chosenColumns(query).map((column) => ({ title: wordColumn(text, column), width: column.width, numeric: NUMERIC.has(column.type) }));

/** A line of a list. */
export const listCells = (text: Text, query: ReportQuery) => {
  const columns = chosenColumns(query);
  return (row: ReportRow): FileCell[] => columns.map((column) => fileCell(text, query.kind, column, row.cells[column.code] ?? null));
};

const HAS_MEAN: Record<ReportKind, boolean> = { clearance: false, completion: false, results: true, hours: true, overdue: true };

/** The columns of numbers by groups. */
export const groupColumns = (text: Text, kind: ReportKind, grouping: Grouping, summary: Summary): FileColumn[] => [
  { title: text.t(`reports.group.${grouping}`), width: 28, numeric: false }, { title: text.t(`reports.lines.${kind}`), width: 10, numeric: true },
  ...summary.states.map((state) => ({ title: wordState(text, kind, state), width: 12, numeric: true })),
  ...(HAS_MEAN[kind] ? [{ title: text.t(meanKey(kind)), width: 12, numeric: true }] : []),
];

const meanKey = (kind: ReportKind) => (kind === 'results' ? 'reports.mean.results' : kind === 'hours' ? 'reports.mean.hours' : 'reports.mean.overdue');

/** The lines of numbers by groups, the totals last. */
export function groupCells(text: Text, kind: ReportKind, grouping: Grouping, summary: Summary, names: ReadonlyMap<string, string>): FileCell[][] {
  const line = (name: string, { all, cells, mean }: Pick<Summary['groups'][number], 'all' | 'cells' | 'mean'>): FileCell[] => [
    name, shownCell(text, all), ...cells.map((cell) => shownCell(text, cell)), ...(HAS_MEAN[kind] ? [meanCell(kind, mean)] : []),
  ];
  return [
    ...summary.groups.map((group) => line(wordGroup(text, grouping, group.key, names), group)),
    line(text.t('reports.group-all'), { all: summary.all, cells: summary.totals, mean: summary.mean }),
  ];
}

const meanCell = (kind: ReportKind, mean: number | null): FileCell => (mean === null ? null : kind === 'hours' ? Math.round(mean) / 100 : cutOff(mean));

const shownCell = (text: Text, shown: Parameters<typeof wordShown>[1]): FileCell => (shown.kind === 'count' ? shown.value : wordShown(text, shown));
