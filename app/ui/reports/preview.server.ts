import { reader } from '~/db';
import type { Actor } from '~/identity';
import type { Instant } from '~/kernel/clock';
import { config } from '~/kernel/config';
import { aboutLines, chosenColumns, namesAsked, pageCell, prepare, previewReport, reportReach, wordColumn, type ReportQuery } from '~/reports';
import { textFor, type Text } from '~/text';
import { shownSummary } from './shown-summary.server';

/** The beginning of a report in words, or why it cannot be made. */
export async function previewFor(actor: Actor, query: ReportQuery, text: Text, now: Instant) {
  const prepared = await prepare(reader(), query, reportReach(actor), now);
  if (!prepared.ok) return { ok: false as const, problem: text.problem(prepared.error) };
  const { rows, lines, posts, summary } = await previewReport(reader(), prepared.value);
  const columns = chosenColumns(query);
  const zoned = textFor(text.lang, config().TIME_ZONE);
  const named = await namesAsked(reader(), query);
  return {
    // Where small groups are hidden, so is how many there are in all: the numbers below say what may be said.
    ok: true as const, lines: prepared.value.detail ? lines : null, posts: prepared.value.detail ? posts : null, layout: query.layout,
    about: aboutLines(zoned, prepared.value, now, { intake: named.intake, target: named.target?.[text.lang] ?? null }),
    columns: columns.map((column) => ({ code: column.code, header: wordColumn(text, column), numeric: column.type === 'number' || column.type === 'hours' || column.type === 'percent' })),
    rows: query.layout === 'groups' ? [] : rows.map((row) => columns.map((column) => pageCell(text, query.kind, column, row.cells[column.code] ?? null))),
    summary: summary && shownSummary(text, query, summary, new Map(prepared.value.units.map(({ id, name }) => [id, name]))),
  };
}

export type ShownPreview = Awaited<ReturnType<typeof previewFor>>;
