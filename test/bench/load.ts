import { cpus } from 'node:os';
import { cpuSeconds } from '../support/process-cpu';
import type { ServerProcess } from '../support/server';
import type { Measured } from './report';

/**
 * Calls `once` from `connections` loops at a time for `seconds`, after a second of warming up, and measures
 * the calls and the CPU of the server's process.
 */
export async function measure(server: ServerProcess, connections: number, seconds: number, once: (loop: number) => Promise<void>): Promise<Measured> {
  await inLoops(connections, 1, once);
  const pid = server.child.pid ?? 0;
  const before = cpuSeconds(pid);
  const started = performance.now();
  const times = await inLoops(connections, seconds, once);
  const took = (performance.now() - started) / 1000;
  return { done: times.length, seconds: took, times, cpuSeconds: cpuSeconds(pid) - before };
}

async function inLoops(connections: number, seconds: number, once: (loop: number) => Promise<void>): Promise<number[]> {
  const times: number[] = [];
  const until = performance.now() + seconds * 1000;
  await Promise.all(Array.from({ length: connections }, async (_, loop) => {
    while (performance.now() < until) {
      const from = performance.now();
      await once(loop);
      times.push(performance.now() - from);
    }
  }));
  return times;
}

export const machine = (): Record<string, string | number> => ({ node: process.version, cores: cpus().length, cpu: cpus()[0]?.model ?? 'unknown' });
