/** How long answers of one kind took, in real milliseconds. */
export interface Percentiles {
  count: number;
  p50: number;
  p95: number;
  p99: number;
}

/** `start` is from the first press to the exam, with the time in line; `press` each press. */
export const KINDS = ['start', 'press', 'line', 'save', 'reload', 'handIn'] as const;
export type Kind = (typeof KINDS)[number];

/** What the candidates measured and what surprised them. */
export class Figures {
  readonly took: Record<Kind, number[]> = { start: [], press: [], line: [], save: [], reload: [], handIn: [] };
  /** Requests that got no answer: a process was down, or the line was. */
  unanswered = 0;
  /** Answers that no candidate should ever get, by what they were. */
  readonly unexpected = new Map<string, number>();

  surprise(what: string): void {
    this.unexpected.set(what, (this.unexpected.get(what) ?? 0) + 1);
  }
}

export function percentiles(values: readonly number[]): Percentiles {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number) => Math.round((sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0) * 10) / 10;
  return { count: sorted.length, p50: at(0.5), p95: at(0.95), p99: at(0.99) };
}
