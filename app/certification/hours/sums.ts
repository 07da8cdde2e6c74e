import type { ConvertedKind } from './rule';
import type { YearSum } from './targets';

interface Summed {
  year: number;
  countsAs: ConvertedKind;
  offTheJob: boolean;
  hundredths: number;
  days: number;
  status: 'counted' | 'annulled' | 'held';
}

/** What counts, by year, kind and whether off the job. */
export function sumUp(entries: readonly Summed[]): YearSum[] {
  const sums = new Map<string, YearSum>();
  for (const { year, countsAs: kind, offTheJob, hundredths, days, status } of entries) {
    if (status !== 'counted') continue;
    const key = `${year} ${kind} ${String(offTheJob)}`;
    const sum = sums.get(key) ?? { year, kind, offTheJob, hundredths: 0, days: 0 };
    sums.set(key, { ...sum, hundredths: sum.hundredths + hundredths, days: sum.days + days });
  }
  return [...sums.values()];
}
