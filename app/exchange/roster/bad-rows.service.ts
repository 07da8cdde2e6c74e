import { reader } from '~/db';
import type { SheetCell, XlsxSheet } from '~/kernel/xlsx';
import { textFor, type Lang } from '~/text';
import { cellsOf } from './apply.service';
import { headerOf, isSecret, type RosterField } from './fields';
import type { Roster } from './rosters.repository';
import { badAfter, type RosterRow } from './rows.repository';

const CHUNK = 200;

/**
 * The rows that were not taken, as they stood in the file, with the reason in a column behind them: to be corrected and brought
 * back. Brought back, the column is not used, and the other columns are known by their headers.
 */
export function badRowsSheet(roster: Roster, lang: Lang): XlsxSheet {
  const { t } = textFor(lang);
  const kept = roster.headers.map((title, i) => ({ title, i })).filter(({ title }) => !isSecret(title));
  return {
    name: t('roster.bad-sheet'),
    columns: [...kept.map(({ title }) => ({ title, width: 16 })), { title: t('roster.bad-reason'), width: 60 }],
    rows: badRows(roster, kept.map(({ i }) => i), lang),
  };
}

async function* badRows(roster: Roster, columns: readonly number[], lang: Lang): AsyncGenerator<SheetCell[][]> {
  for (let after = -1; ;) {
    const rows = await badAfter(reader(), roster.id, after, CHUNK);
    const last = rows.at(-1);
    if (!last) return;
    after = last.line;
    yield rows.map((row) => { const cells = cellsOf(row); return [...columns.map((i) => cells[i] ?? ''), reasonOf(roster, row, lang)]; });
  }
}

function reasonOf(roster: Roster, row: RosterRow, lang: Lang): string {
  const { t, problem } = textFor(lang);
  if (row.state === 'stale') return t('roster.bad-stale');
  if (row.answer === 'skip') return t('roster.bad-skipped');
  if (row.kind !== 'wrong') return t(`roster.bad-question.${row.question ?? 'duplicate'}`);
  return row.problems.map((one) => t('roster.bad-cell', { column: columnName(roster, one.field, lang), problem: problem(one.problem) })).join(lang === 'zh' ? '；' : ' ');
}

/** A field by the header that the file gives it. */
export function columnName(roster: Pick<Roster, 'headers' | 'mapping'>, field: RosterField, lang: Lang): string {
  const title = roster.headers[roster.mapping.indexOf(field)];
  return title === undefined || title === '' ? headerOf(field, lang) : title;
}
