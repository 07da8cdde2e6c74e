import { ruleFor, scopeOn, type BookRule, type HourPost, type RuleBook } from './book';
import { applyCaps, convert, type Converted, type HourInput } from './convert';

/** An entry as far as rules need it. */
export interface JudgedEntry {
  id: string;
  ref: string;
  occurredOn: string;
  input: HourInput;
}

/** What an entry is worth, by which version, and why. */
export interface Judgement extends Converted {
  ruleId: string | null;
  /** Before the caps. */
  converted: number;
}

/**
 * What each of a person's entries is worth under a book of rules: converted by the version that applied to the person
 * on its date, then capped year by year. Depends on nothing but the entries, the posts and the book.
 */
export function judge(entries: readonly JudgedEntry[], posts: readonly HourPost[], book: RuleBook): Map<string, Judgement> {
  const judged = entries.map((entry) => {
    const { kind } = entry.input;
    const by = kind === 'adjustment' ? null : ruleFor(book, scopeOn(posts, entry.occurredOn), kind, entry.occurredOn);
    return { entry, by, converted: convert(entry.input, by?.rule ?? null) };
  });
  const years = new Map<string, typeof judged>();
  for (const one of judged) years.set(one.entry.occurredOn.slice(0, 4), [...(years.get(one.entry.occurredOn.slice(0, 4)) ?? []), one]);
  return new Map([...years.values()].flatMap(judgeYear));
}

function judgeYear(year: { entry: JudgedEntry; by: BookRule | null; converted: Converted }[]): [string, Judgement][] {
  const capped = applyCaps(year.map(({ entry: { id, ref, occurredOn, input }, by, converted }) =>
    ({ id, ref, occurredOn, kind: input.kind, converted, rule: by?.rule ?? null })));
  return year.map(({ entry, by, converted }) => [entry.id, {
    ...(capped.get(entry.id) ?? converted), ruleId: by?.id ?? null, converted: converted.hundredths,
  }]);
}
