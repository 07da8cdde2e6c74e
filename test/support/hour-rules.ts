import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { BookRule, HourPost } from '~/certification/hours/book';
import type { HourInput } from '~/certification/hours/convert';
import type { JudgedEntry } from '~/certification/hours/judge';
import type { HourRule, RankClass } from '~/certification/hours/rule';
import { readRule } from '~/certification/hours/rule-file';

export const HOUR_RULES = path.resolve('app/certification/hours/rules');

/** A shipped version of a rule set, as it is written. */
export const shippedText = (name: string): string => readFileSync(path.join(HOUR_RULES, `${name}.yaml`), 'utf8');

/** The rule that a text holds. @throws when it is wrong */
export function aRule(written: string): HourRule {
  const read = readRule(written);
  if (!read.ok) throw new Error(JSON.stringify(read.problems));
  return read.rule;
}

/** A version that counts everywhere, or beneath the given paths. */
export const inBook = (rule: HourRule, given: { id?: string; number?: number; paths?: string[] } = {}): BookRule =>
  ({ id: given.id ?? rule.code, number: given.number ?? 1, rule, paths: given.paths ?? [''] });

/** What was done; everything that is not said is missing. */
export const anInput = (given: Partial<HourInput> & Pick<HourInput, 'kind'>): HourInput =>
  ({ minutes: null, lessons: [], days: null, stated: null, leave: null, approved: false, ...given });

let made = 0;

export function anEntry(given: Partial<HourInput> & Pick<HourInput, 'kind'>, occurredOn: string, ref?: string): JudgedEntry {
  made += 1;
  return { id: `e${made}`, ref: ref ?? `ref-${String(made).padStart(6, '0')}`, occurredOn, input: anInput(given) };
}

export const aPost = (given: { path?: string; rank?: RankClass; from?: string; until?: string | null } = {}): HourPost =>
  ({ path: given.path ?? '/city/bureau/', rank: given.rank ?? 'others', from: given.from ?? '2020-01-01', until: given.until ?? null });
