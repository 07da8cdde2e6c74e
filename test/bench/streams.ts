import { request, type IncomingMessage } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { execute, inTransaction } from '~/db';
import { minutes } from '~/kernel/clock';
import { cpuSeconds } from '../support/process-cpu';
import { seatAttempts } from '../support/running-attempts';
import { cookieOf, deviceOf, inHall, type Hall } from './hall';
import { machine } from './load';
import { rounded, type Figures } from './report';

const CANDIDATES = 500;
const CHANGES = 5;

/** One candidate's page that listens. */
interface Listener {
  close(): void;
  /** How many standings it has heard. */
  standings: number;
}

/**
 * What it costs that 500 candidates have their event stream open, and how soon all of them hear that everybody was
 * given time: `heard` is from the commit until so many have heard it (half, 95 %, all).
 */
export const streams = (seconds: number): Promise<Figures> =>
  inHall(CANDIDATES, async (hall) => {
    const startedAt = Date.now() - minutes(10);
    const attempts = await seatAttempts(hall.seats, { startedAt, deadlineAt: startedAt + minutes(120), deviceOf });
    const listeners = await Promise.all(attempts.map((attempt, i) => listen(hall, attempt, i)));
    await until(() => listeners.every(({ standings }) => standings === 1));
    const pid = hall.server.child.pid ?? 0;
    const before = cpuSeconds(pid);
    await sleep(seconds * 1000);
    const idle = cpuSeconds(pid) - before;
    const told: number[] = [];
    for (let n = 0; n < CHANGES; n += 1) told.push(...await giveTime(listeners));
    listeners.forEach((one) => one.close());
    const sorted = told.sort((a, b) => a - b);
    const at = (share: number): number => rounded(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0, 0);
    return {
      name: 'streams', settings: { ...machine(), seconds, streams: CANDIDATES, changes: CHANGES },
      perSecond: {}, p50Ms: { heard: at(0.5) }, p95Ms: { heard: at(0.95) }, cpuSecondsPer1000: {},
      cpuShareIdle: { server: rounded(idle / seconds, 3) }, lastMs: { heard: at(1) },
    };
  });

/** @returns for each listener the milliseconds from the commit until it heard */
async function giveTime(listeners: Listener[]): Promise<number[]> {
  const known = listeners.map(({ standings }) => standings);
  const heard = listeners.map(() => Number.NaN);
  await inTransaction((tx) => execute(tx, `UPDATE attempts SET deadline_at = deadline_at + 60000, version = version + 1, signal_at = CAST($now AS BIGINT)`, { now: Date.now() }));
  const began = performance.now();
  await until(() => {
    listeners.forEach((one, i) => { if (Number.isNaN(heard[i]) && one.standings > (known[i] ?? 0)) heard[i] = performance.now() - began; });
    return !heard.some(Number.isNaN);
  });
  return heard;
}

function listen({ server, seats }: Hall, attempt: string, i: number): Promise<Listener> {
  const seat = seats[i];
  if (!seat) throw new Error(`no seat ${i}`);
  return new Promise((resolve, reject) => {
    const asked = request(`${server.url}/attempts/${attempt}/live`, { headers: { cookie: cookieOf(seat, i), accept: 'text/event-stream' } }, (answer: IncomingMessage) => {
      if (answer.statusCode !== 200) return reject(new Error(`a stream was answered with ${answer.statusCode}`));
      const listener: Listener = { standings: 0, close: () => void answer.destroy() };
      answer.setEncoding('utf8').on('data', (text: string) => { listener.standings += text.split('event: standing').length - 1; });
      answer.on('error', () => undefined);
      resolve(listener);
    });
    asked.on('error', reject).end();
  });
}

async function until(what: () => boolean): Promise<void> {
  const end = performance.now() + 60_000;
  while (!what()) {
    if (performance.now() > end) throw new Error('it did not come to pass');
    await sleep(20);
  }
}
