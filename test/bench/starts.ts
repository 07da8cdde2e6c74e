import { performance } from 'node:perf_hooks';
import { reader } from '~/db';
import { findExamBySlug } from '~/exams';
import { prepareFor } from '~/exams/start/prepare.service';
import { must } from '~/kernel/result';
import { HALL_EXAM } from '../support/exam-hall';
import { cpuSeconds } from '../support/process-cpu';
import { inHall, startAttemptOf, type Hall } from './hall';
import { machine } from './load';
import { gathered, type Figures, type Measured } from './report';

const CONNECTIONS = [1, 8];
const EACH = 200;
const WARM = 20;

/**
 * Starting an exam whose paper lies ready, as at the beginning of a sitting: attempt, ledger event and closing
 * job are committed. `drawnNow` is the same for people for whom nothing was prepared.
 */
export const starts = (): Promise<Figures> =>
  inHall((CONNECTIONS.length + 1) * EACH + WARM, async (hall) => {
    const exam = await findExamBySlug(reader(), HALL_EXAM);
    const prepared = hall.seats.slice(0, CONNECTIONS.length * EACH + WARM).map((seat) => seat.personId);
    must(await prepareFor(exam?.id ?? '', prepared));
    let next = 0;
    while (next < WARM) await startAttemptOf(hall, next++);
    const runs: [number, Measured][] = [];
    for (const connections of CONNECTIONS) {
      runs.push([connections, await run(hall, connections, next)]);
      next += EACH;
    }
    const drawn = await run(hall, 8, next);
    const drawnNow = { perSecond: Math.round(drawn.done / drawn.seconds), cpuSecondsPer1000: Math.round((drawn.cpuSeconds / drawn.done) * 10_000) / 10 };
    return { name: 'start', settings: { ...machine(), starts: EACH, database: 'sqlite, WAL, synchronous=FULL' }, ...gathered(runs), drawnNow };
  });

async function run(hall: Hall, connections: number, from: number): Promise<Measured> {
  const pid = hall.server.child.pid ?? 0;
  let next = from;
  const times: number[] = [];
  const [before, began] = [cpuSeconds(pid), performance.now()];
  await Promise.all(Array.from({ length: connections }, async () => {
    while (next < from + EACH) {
      const mine = next++;
      const started = performance.now();
      await startAttemptOf(hall, mine);
      times.push(performance.now() - started);
    }
  }));
  return { done: times.length, seconds: (performance.now() - began) / 1000, times, cpuSeconds: cpuSeconds(pid) - before };
}
