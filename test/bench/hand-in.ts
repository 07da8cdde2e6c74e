import { setTimeout as sleep } from 'node:timers/promises';
import { clock, hours } from '~/kernel/clock';
import { cpuSeconds } from '../support/process-cpu';
import { countOf, seatAttempts } from '../support/running-attempts';
import { cookieOf, deviceOf, inHall, type Hall } from './hall';
import { machine } from './load';
import { gathered, rounded, type Figures, type Measured } from './report';

const CONNECTIONS = [1, 8];
const EACH = 200;
const WARM = 20;

/**
 * Handing in an exam of 50 answers over HTTP: receipt, ledger event and grading job are committed before the answer.
 * The CPU is that of the server until the last of them is graded and released.
 */
export const handIns = (): Promise<Figures> =>
  inHall(CONNECTIONS.length * EACH + WARM, async (hall) => {
    const now = clock.now();
    const attempts = await seatAttempts(hall.seats, { startedAt: now - hours(1), deadlineAt: now + hours(1), deviceOf });
    await run(hall, attempts, 8, { from: 0, to: WARM });
    const runs: [number, Measured][] = [];
    const gradedAfterSeconds: Record<string, number> = {};
    for (const [i, connections] of CONNECTIONS.entries()) {
      const from = WARM + i * EACH;
      const measured = await run(hall, attempts, connections, { from, to: from + EACH });
      runs.push([connections, measured]);
      gradedAfterSeconds[String(connections)] = measured.gradedAfter;
    }
    return { name: 'hand-in', settings: { ...machine(), handIns: EACH, answersEach: 50, database: 'sqlite, WAL, synchronous=FULL' }, ...gathered(runs), gradedAfterSeconds };
  });

async function run({ server, client, seats }: Hall, attempts: readonly string[], connections: number, { from, to }: { from: number; to: number }): Promise<Measured & { gradedAfter: number }> {
  const pid = server.child.pid ?? 0;
  const times: number[] = [];
  const [before, began] = [cpuSeconds(pid), performance.now()];
  let next = from;
  await Promise.all(Array.from({ length: connections }, async () => {
    while (next < to) {
      const i = next++;
      const seat = seats[i];
      if (!seat) throw new Error(`no seat ${i}`);
      const started = performance.now();
      const answer = await client.call(`/attempts/${attempts[i] ?? ''}/hand-in`, { method: 'POST', cookie: cookieOf(seat, i), form: { intent: 'hand-in' } });
      if (answer.status !== 302) throw new Error(`a hand-in was answered with ${answer.status}`);
      times.push(performance.now() - started);
    }
  }));
  const seconds = (performance.now() - began) / 1000;
  while ((await countOf('SELECT COUNT(*) AS n FROM results WHERE released_at IS NOT NULL')) < to) await sleep(50);
  const gradedAfter = rounded((performance.now() - began) / 1000, 1);
  return { done: times.length, seconds, times, cpuSeconds: cpuSeconds(pid) - before, gradedAfter };
}
