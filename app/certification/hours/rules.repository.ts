import { z } from 'zod';
import { execute, insert, maybeOne, places, rows, type Reader, type Tx } from '~/db';
import type { Instant } from '~/kernel/clock';
import type { BookRule, RuleBook } from './book';
import type { HourRule } from './rule';
import { readRule } from './rule-file';

export const RULE_STATES = ['draft', 'published', 'discarded'] as const;
export type RuleState = (typeof RULE_STATES)[number];

const RuleRow = z.object({
  id: z.string(), code: z.string(), number: z.number(), label: z.string(), title_zh: z.string(), title_en: z.string(), state: z.enum(RULE_STATES),
  effective_from: z.string(), effective_until: z.string().nullable(), written: z.string(), created_at: z.number(), created_by: z.string(),
  published_at: z.number().nullable(), published_by: z.string().nullable(),
});
const COLUMNS = Object.keys(RuleRow.shape).join(', ');

/** A version of a rule set as it is stored. */
export interface StoredRule {
  id: string;
  code: string;
  /** Counts the versions of the set. */
  number: number;
  /** The version's own name. */
  label: string;
  title: { zh: string; en: string };
  state: RuleState;
  effectiveFrom: string;
  effectiveUntil: string | null;
  /** The YAML as it was handed in. */
  written: string;
  createdAt: Instant;
  createdBy: string;
  publishedAt: Instant | null;
  publishedBy: string | null;
}

const shape = (row: z.infer<typeof RuleRow>): StoredRule => ({
  id: row.id, code: row.code, number: row.number, label: row.label, title: { zh: row.title_zh, en: row.title_en }, state: row.state,
  effectiveFrom: row.effective_from, effectiveUntil: row.effective_until, written: row.written,
  createdAt: row.created_at, createdBy: row.created_by, publishedAt: row.published_at, publishedBy: row.published_by,
});

/** All versions that were not discarded, set by set, the newest first. */
export const listRules = async (from: Reader): Promise<StoredRule[]> =>
  (await rows(from, RuleRow, `SELECT ${COLUMNS} FROM hour_rules WHERE state <> 'discarded' ORDER BY code, number DESC`)).map(shape);

export async function findRule(from: Reader, id: string): Promise<StoredRule | null> {
  const row = await maybeOne(from, RuleRow, `SELECT ${COLUMNS} FROM hour_rules WHERE id = $id`, { id });
  return row && shape(row);
}

/** Every version of a set, discarded ones too. */
export const versionsOf = async (from: Reader, code: string): Promise<StoredRule[]> =>
  (await rows(from, RuleRow, `SELECT ${COLUMNS} FROM hour_rules WHERE code = $code ORDER BY number`, { code })).map(shape);

export async function insertRule(tx: Tx, one: { id: string; number: number; rule: HourRule; written: string; state: 'draft' | 'published'; by: string }): Promise<boolean> {
  const { rule, state } = one;
  const added = await insert(tx, 'hour_rules', [{
    id: one.id, code: rule.code, number: one.number, label: rule.version, title_zh: rule.title.zh, title_en: rule.title.en, state,
    effective_from: rule.effective.from, effective_until: rule.effective.until ?? null, written: one.written, created_at: tx.now, created_by: one.by,
    published_at: state === 'published' ? tx.now : null, published_by: state === 'published' ? one.by : null,
  }], 'ON CONFLICT (code, number) DO NOTHING');
  return added > 0;
}

/** @returns false when it is no draft any more */
export const markPublished = async (tx: Tx, id: string, by: string): Promise<boolean> =>
  (await execute(tx, `UPDATE hour_rules SET state = 'published', published_at = $now, published_by = $by, version = version + 1
    WHERE id = $id AND state = 'draft'`, { id, by, now: tx.now })) > 0;

export const markDiscarded = async (tx: Tx, id: string): Promise<boolean> =>
  (await execute(tx, `UPDATE hour_rules SET state = 'discarded', version = version + 1 WHERE id = $id AND state = 'draft'`, { id })) > 0;

const parsed = new Map<string, HourRule>();

/** What a stored version says. It was checked when it came in, and a version never changes. */
export function ruleOf({ id, written }: Pick<StoredRule, 'id' | 'written'>): HourRule {
  const known = parsed.get(id);
  if (known) return known;
  const read = readRule(written);
  if (!read.ok) throw new Error(`the stored hour rule ${id} cannot be read`);
  parsed.set(id, read.rule);
  return read.rule;
}

const RegionRow = z.object({ code: z.string(), path: z.string() });

/**
 * The versions that count, with the regions that they name found among the organisations.
 * @param draftId a draft that is to count as well, to see what it would change
 */
export async function ruleBook(from: Reader, draftId: string | null = null): Promise<RuleBook> {
  const stored = (await rows(from, RuleRow, `SELECT ${COLUMNS} FROM hour_rules WHERE state = 'published' OR id = $draftId`, { draftId: draftId ?? '' })).map(shape);
  const rules = stored.map((one) => ({ id: one.id, number: one.number, rule: ruleOf(one) }));
  const codes = [...new Set(rules.flatMap(({ rule: { applies } }) => (applies.regions === 'all' ? [] : applies.regions.map((code) => code.toLowerCase()))))];
  const regions = new Map<string, string>();
  if (codes.length > 0) {
    const { list, params } = places(codes);
    const found = await rows(from, RegionRow, `SELECT lower(code) AS code, path FROM organisations WHERE lower(code) IN (${list})`, params);
    for (const { code, path } of found) regions.set(code, path);
  }
  return rules.map((one): BookRule => ({ ...one, paths: pathsOf(one.rule, regions) }));
}

function pathsOf({ applies: { regions } }: HourRule, known: Map<string, string>): string[] {
  if (regions === 'all') return [''];
  return regions.flatMap((code) => known.get(code.toLowerCase()) ?? []);
}
