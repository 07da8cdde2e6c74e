import type { PlainDate } from '~/kernel/calendar';
import type { ConvertedKind, HourRule, RankClass, Target } from './rule';

/** A version of a rule set as it counts in this installation. */
export interface BookRule {
  id: string;
  /** Grows with each version of the same set. */
  number: number;
  rule: HourRule;
  /** Paths of the organisations that the rule's regions name, those that exist here; `['']` for all. */
  paths: string[];
}

/** Every version that counts. */
export type RuleBook = readonly BookRule[];

/** One of a person's appointments, as far as rules ask. */
export interface HourPost {
  path: string;
  rank: RankClass;
  from: PlainDate;
  until: PlainDate | null;
}

/** Where somebody serves and in which group, on a date. */
export interface HourScope {
  paths: string[];
  rank: RankClass;
}

/**
 * A person's scope on a date: by the appointments that hold then; before the first one by those to come; after the
 * last one by all there were.
 */
export function scopeOn(posts: readonly HourPost[], on: PlainDate): HourScope {
  const open = posts.filter((post) => post.until === null || post.until >= on);
  const holding = open.filter((post) => post.from <= on);
  const [counted = []] = [holding, open, [...posts]].filter((some) => some.length > 0);
  return {
    paths: [...new Set(counted.map((post) => post.path))].sort(),
    rank: counted.some((post) => post.rank === 'county-and-above') ? 'county-and-above' : 'others',
  };
}

const holds = ({ rule: { effective } }: BookRule, on: PlainDate): boolean =>
  effective.from <= on && (effective.until === undefined || on <= effective.until);

/** How closely a rule fits: the depth of the nearest organisation that it names; negative when it does not apply. */
function fit({ rule, paths }: BookRule, scope: HourScope): number {
  if (!rule.applies.ranks.includes(scope.rank)) return -1;
  const covering = paths.filter((path) => path === '' || scope.paths.some((own) => own.startsWith(path)));
  return covering.length === 0 ? -1 : Math.max(...covering.map((path) => path.length)) * 2 + (rule.applies.ranks.length === 1 ? 1 : 0);
}

/** The versions in force for somebody on a date, one of each set, the closest fit first. */
export function rulesFor(book: RuleBook, scope: HourScope, on: PlainDate): BookRule[] {
  const latest = new Map<string, BookRule>();
  for (const one of book) {
    if (!holds(one, on) || fit(one, scope) < 0) continue;
    const known = latest.get(one.rule.code);
    if (!known || known.number < one.number) latest.set(one.rule.code, one);
  }
  return [...latest.values()].sort((a, b) => fit(b, scope) - fit(a, scope) || (a.rule.code < b.rule.code ? -1 : 1));
}

/** The version that converts a kind of learning for somebody on a date; null when none does. */
export const ruleFor = (book: RuleBook, scope: HourScope, kind: ConvertedKind, on: PlainDate): BookRule | null =>
  rulesFor(book, scope, on).find((one) => one.rule.convert[kind] !== undefined) ?? null;

/** A target and the version that sets it. */
export interface SetTarget extends Target {
  by: BookRule;
}

/** By the book they were read from: the same few scopes are asked for again and again when everybody is judged. */
const found = new WeakMap<RuleBook, Map<string, readonly SetTarget[]>>();

/** What somebody must reach on a date. Where two sets name the same target, the closer fit says how much. */
export function targetsIn(book: RuleBook, scope: HourScope, on: PlainDate): readonly SetTarget[] {
  const known = found.get(book) ?? new Map<string, readonly SetTarget[]>();
  found.set(book, known);
  const key = [on, scope.rank, ...scope.paths].join(' ');
  const targets = known.get(key) ?? soughtIn(book, scope, on);
  known.set(key, targets);
  return targets;
}

function soughtIn(book: RuleBook, scope: HourScope, on: PlainDate): SetTarget[] {
  const targets = new Map<string, SetTarget>();
  for (const by of rulesFor(book, scope, on)) {
    for (const target of by.rule.targets) {
      if (target.ranks.includes(scope.rank) && !targets.has(target.code)) targets.set(target.code, { ...target, by });
    }
  }
  return [...targets.values()];
}
