import { readFileSync } from 'node:fs';

/** Clock ticks a second; Linux fixes it at 100 for /proc. */
const TICKS = 100;

/** CPU seconds (user and system, all threads) that a process has used; Linux only, else NaN. */
export function cpuSeconds(pid: number): number {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return (Number(fields[11]) + Number(fields[12])) / TICKS;
  } catch {
    return Number.NaN;
  }
}
