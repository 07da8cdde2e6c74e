import type { Reader } from '~/db';
import { groupPlan, Tally, type Summary } from './groups';
import type { ReportRow } from './rows/row';
import { reportRows, type Prepared } from './rows/rows.service';

/** The beginning of a report, to see whether it is what one wants. */
export interface Preview {
  rows: ReportRow[];
  /** How many lines there are; null where counting them takes a job. */
  lines: number | null;
  /** Appointments that are looked at. */
  posts: number;
  /** Numbers by groups; null where they take a job. */
  summary: Summary | null;
}

const SHOWN = 10;
/** So many are counted while somebody waits. */
const COUNTED = 2000;

/** The first lines with their number, or the numbers by groups: while a page is opened, as far as that goes. */
export async function previewReport(from: Reader, prepared: Prepared): Promise<Preview> {
  const { posts, query: { layout } } = prepared;
  const isCounted = posts <= COUNTED;
  if (layout === 'groups' && !isCounted) return { rows: [], lines: null, posts, summary: null };
  const tally = new Tally(groupPlan(prepared.query, prepared.units, prepared.root));
  const shown: ReportRow[] = [];
  for await (const { rows } of reportRows(from, prepared)) {
    for (const row of rows) tally.add(row);
    if (layout === 'people') shown.push(...rows.slice(0, SHOWN - shown.length));
    if (!isCounted && shown.length >= SHOWN) break;
  }
  return { rows: shown, lines: isCounted ? tally.lines : null, posts, summary: layout === 'groups' ? tally.summary(!prepared.detail) : null };
}
