import { performance } from 'node:perf_hooks';
import { cpuSeconds } from '../support/process-cpu';
import { inHall, startAttemptOf } from './hall';
import { machine } from './load';
import { gathered, type Figures, type Measured } from './report';

const CONNECTIONS = [1, 8];
const EACH = 100;

/** Starting an exam: the paper is drawn and stored, the attempt and its closing job are committed. */
export const starts = (): Promise<Figures> =>
  inHall(CONNECTIONS.length * EACH + 10, async (hall) => {
    let next = 0;
    while (next < 10) await startAttemptOf(hall, next++);
    const runs: [number, Measured][] = [];
    for (const connections of CONNECTIONS) {
      const until = next + EACH;
      const times: number[] = [];
      const before = cpuSeconds(hall.server.child.pid ?? 0);
      const from = performance.now();
      await Promise.all(Array.from({ length: connections }, async () => {
        while (next < until) {
          const mine = next++;
          const started = performance.now();
          await startAttemptOf(hall, mine);
          times.push(performance.now() - started);
        }
      }));
      const seconds = (performance.now() - from) / 1000;
      runs.push([connections, { done: times.length, seconds, times, cpuSeconds: cpuSeconds(hall.server.child.pid ?? 0) - before }]);
    }
    return { name: 'start', settings: { ...machine(), starts: EACH, database: 'sqlite, WAL, synchronous=FULL' }, ...gathered(runs) };
  });
