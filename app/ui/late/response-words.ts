import type { PaperItem } from '~/exams';

/** How "true" and "false" are said in the reader's language. */
export interface TruthWords {
  yes: string;
  no: string;
}

/** A response as the candidate would say it: texts of options, steps in their order, pairs. Empty when it was cleared. */
export function responseWords(item: PaperItem, text: string, truth: TruthWords): string[] {
  const response: unknown = JSON.parse(text);
  if (response === null) return [];
  switch (item.type) {
    case 'true-false': return [response === true ? truth.yes : truth.no];
    case 'short': return typeof response === 'string' ? [response] : [];
    case 'single': case 'multiple': return listOf(response).map((value) => wordOf(item.options, value));
    case 'order': return [listOf(response).map((value) => (value === '' ? '…' : wordOf(item.options, value))).join(' → ')];
    case 'match': return pairsOf(response).map(([left, right]) => `${wordOf(item.lefts, left)} → ${wordOf(item.options, right)}`);
  }
}

const wordOf = (options: { value: string; text: string }[], value: string): string => options.find((option) => option.value === value)?.text ?? value;

const listOf = (response: unknown): string[] => (Array.isArray(response) ? response : [response]).filter((one): one is string => typeof one === 'string');

const pairsOf = (response: unknown): [string, string][] =>
  (typeof response === 'object' && response !== null ? Object.entries(response) : []).map(([left, right]) => [left, String(right)]);
