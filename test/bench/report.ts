/** Figures by number of connections, with the settings they were measured under. */
export interface Figures {
  name: string;
  settings: Record<string, string | number>;
  perSecond: Record<string, number>;
  p50Ms: Record<string, number>;
  p95Ms: Record<string, number>;
  cpuSecondsPer1000: Record<string, number>;
  [more: string]: string | number | Record<string, string | number> | Record<string, string | number>[];
}

export interface Measured {
  done: number;
  seconds: number;
  /** Milliseconds of each call. */
  times: number[];
  cpuSeconds: number;
}

export const rounded = (value: number, digits = 2): number => Number(value.toFixed(digits));

function percentile(sorted: number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

/** What each kind of figure is for one number of connections. */
export function summarise({ done, seconds, times, cpuSeconds }: Measured): { perSecond: number; p50Ms: number; p95Ms: number; cpuSecondsPer1000: number } {
  const sorted = [...times].sort((a, b) => a - b);
  return {
    perSecond: rounded(done / seconds, 1),
    p50Ms: rounded(percentile(sorted, 0.5)),
    p95Ms: rounded(percentile(sorted, 0.95)),
    cpuSecondsPer1000: rounded((cpuSeconds / done) * 1000, 3),
  };
}

/** Figures of several runs, keyed by connections. */
export function gathered(runs: [connections: number, measured: Measured][]): Pick<Figures, 'perSecond' | 'p50Ms' | 'p95Ms' | 'cpuSecondsPer1000'> {
  const summaries = runs.map(([connections, measured]) => [String(connections), summarise(measured)] as const);
  const pick = (key: keyof ReturnType<typeof summarise>) => Object.fromEntries(summaries.map(([connections, one]) => [connections, one[key]]));
  return { perSecond: pick('perSecond'), p50Ms: pick('p50Ms'), p95Ms: pick('p95Ms'), cpuSecondsPer1000: pick('cpuSecondsPer1000') };
}

export function asTable(figures: Figures): string {
  const connections = Object.keys(figures.perSecond);
  const lines = connections.map((n) => [n, figures.perSecond[n], figures.p50Ms[n], figures.p95Ms[n], figures.cpuSecondsPer1000[n]].map((cell) => String(cell ?? '–').padStart(12)).join(''));
  const head = ['connections', 'per second', 'p50 ms', 'p95 ms', 'CPU-s/1000'].map((cell) => cell.padStart(12)).join('');
  return `\n${figures.name}  ${JSON.stringify(figures.settings)}\n${head}\n${lines.join('\n')}\n`;
}
