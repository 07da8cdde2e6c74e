import { figure } from '~/text/hours-words';
import type { Text, TextKey } from '~/text';
import { cutOff, wordReason } from '~/text/reason';
import type { ReportColumn } from './columns';
import { NO_GROUP } from './groups';
import type { Grouping, ReportKind } from './report';
import type { CellValue } from './rows/row';
import type { Shown } from './suppression';

/** The header of a column. */
export const wordColumn = (text: Text, { code }: Pick<ReportColumn, 'code'>): string => text.t(keyOf(text, `reports.column.${code}`));

/** The words for a key that is put together from codes of this room. */
function keyOf(text: Text, key: string): TextKey {
  if (!text.has(key)) throw new Error(`no words for ${key}`);
  return key;
}

export const wordState = (text: Text, kind: ReportKind, state: string): string => text.t(keyOf(text, `reports.state.${kind}.${state}`));

/** A date in a file: typed where the file has types. */
export interface FileDate {
  date: string;
}
export type FileCell = string | number | FileDate | null;

/** A value as it stands in a file, where figures can be reckoned with. */
export function fileCell(text: Text, kind: ReportKind, { code, type }: ReportColumn, value: CellValue): FileCell {
  if (value === null) return null;
  if (typeof value === 'object') return 'code' in value ? wordReason(text, value) : value[text.lang];
  if (typeof value === 'number') return type === 'hours' ? Math.round(value) / 100 : type === 'percent' ? cutOff(value) : value;
  if (type === 'date') return { date: value };
  return type === 'code' ? wordCode(text, kind, code, value) : value;
}

/** A value as it stands on a page. */
export function pageCell(text: Text, kind: ReportKind, column: ReportColumn, value: CellValue): string {
  const cell = fileCell(text, kind, column, value);
  if (cell === null) return '';
  if (typeof cell === 'object') return text.date(cell.date);
  return column.type === 'percent' ? `${String(cell)}%` : String(cell);
}

function wordCode(text: Text, kind: ReportKind, column: string, value: string): string {
  if (column === 'state') return wordState(text, kind, value);
  if (column === 'appointment-kind') return text.t(keyOf(text, `people.kind.${value}`));
  return text.t(keyOf(text, `reports.measure.${value}`));
}

/** The name of a group. @param names organisations by their ids */
export function wordGroup(text: Text, grouping: Grouping, key: string, names: ReadonlyMap<string, string>): string {
  if (key === NO_GROUP) return text.t('reports.group-none');
  if (grouping === 'organisation') return names.get(key) ?? key;
  return grouping === 'kind' ? text.t(keyOf(text, `people.kind.${key}`)) : key;
}

/** A number that may have to be hidden. */
export const wordShown = (text: Text, shown: Shown): string =>
  (shown.kind === 'count' ? String(shown.value) : text.t(shown.kind === 'few' ? 'reports.few' : 'reports.withheld'));

/** The mean of a kind's measure. */
export const wordMean = (kind: ReportKind, mean: number | null): string =>
  (mean === null ? '' : kind === 'hours' ? figure(mean) : kind === 'results' ? `${cutOff(mean)}%` : String(cutOff(mean)));
