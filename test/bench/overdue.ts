import { setTimeout as sleep } from 'node:timers/promises';
import { closeDatabase, execute, inTransaction, openDatabase } from '~/db';
import { sweepDue } from '~/exams';
import { clock, hours, minutes } from '~/kernel/clock';
import { loadSecrets, useSecrets } from '~/kernel/secrets';
import { configure, databaseChoice } from '~/start/boot';
import { prepareHall } from '../support/exam-hall';
import { cpuSeconds } from '../support/process-cpu';
import { countOf, seatAttempts } from '../support/running-attempts';
import { freshFolder, removeFolder } from '../support/server';
import { deviceOf, inHall, type Hall } from './hall';
import { machine } from './load';
import { rounded, type Figures } from './report';

const SOME = 500;
const FULL = 5000;
const MAY_TAKE_MS = 600_000;

/**
 * Attempts whose deadline has passed, 50 answers each, all due at the same moment: `sweep` hands them in, in this
 * process, nothing else; `server` is the built program with sweep, jobs, grading and release, until the last result.
 */
export async function overdue(_seconds: number, full: boolean): Promise<Figures> {
  const attempts = full ? FULL : SOME;
  const sweep = await sweepAlone(attempts);
  const server = await inHall(attempts, (hall) => wholeServer(hall, attempts));
  return {
    name: 'overdue', settings: { ...machine(), attempts, answersEach: 50, database: 'sqlite, WAL, synchronous=FULL' },
    perSecond: { sweep: sweep.perSecond, server: server.perSecond },
    p50Ms: {}, p95Ms: {},
    cpuSecondsPer1000: { sweep: sweep.cpu, server: server.cpu },
    secondsToClose: { sweep: sweep.seconds, server: server.closed },
    secondsToGrade: { server: server.graded },
  };
}

async function sweepAlone(attempts: number): Promise<{ perSecond: number; cpu: number; seconds: number }> {
  const dataDir = freshFolder('bench');
  const env = { DATA_DIR: dataDir, LOG_LEVEL: 'warn' };
  const seats = await prepareHall(env, attempts, 60);
  const db = await openDatabase(databaseChoice(configure(env)));
  useSecrets(loadSecrets(dataDir));
  try {
    const now = clock.now();
    await seatAttempts(seats, { startedAt: now - hours(2), deadlineAt: now - hours(1), deviceOf });
    const [before, began] = [process.cpuUsage(), performance.now()];
    await sweepDue(clock.now());
    const [used, seconds] = [process.cpuUsage(before), (performance.now() - began) / 1000];
    const left = await countOf(`SELECT COUNT(*) AS n FROM attempts WHERE state = 'in-progress'`);
    if (left > 0) throw new Error(`${left} attempts were not handed in`);
    return { perSecond: rounded(attempts / seconds, 1), cpu: rounded(((used.user + used.system) / 1e6 / attempts) * 1000), seconds: rounded(seconds, 1) };
  } finally {
    await closeDatabase(db);
    removeFolder(dataDir);
  }
}

async function wholeServer({ server, seats }: Hall, attempts: number): Promise<{ perSecond: number; cpu: number; closed: number; graded: number }> {
  const now = clock.now();
  await seatAttempts(seats, { startedAt: now - hours(2), deadlineAt: now + hours(10), deviceOf });
  const pid = server.child.pid ?? 0;
  const [before, began] = [cpuSeconds(pid), performance.now()];
  const past = now - minutes(30);
  await inTransaction((tx) => execute(tx, 'UPDATE attempts SET deadline_at = $past, next_check_at = $past', { past }));
  const since = () => rounded((performance.now() - began) / 1000, 1);
  await until(async () => (await countOf(`SELECT COUNT(*) AS n FROM attempts WHERE state = 'in-progress'`)) === 0);
  const closed = since();
  await until(async () => (await countOf('SELECT COUNT(*) AS n FROM results')) === attempts);
  const graded = since();
  return { perSecond: rounded(attempts / graded, 1), cpu: rounded(((cpuSeconds(pid) - before) / attempts) * 1000), closed, graded };
}

async function until(what: () => Promise<boolean>): Promise<void> {
  const end = performance.now() + MAY_TAKE_MS;
  while (!(await what())) {
    if (performance.now() > end) throw new Error('it did not come to pass');
    await sleep(250);
  }
}
