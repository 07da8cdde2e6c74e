import { setTimeout as sleep } from 'node:timers/promises';
import { closeDatabase, openDatabase, type Database } from '~/db';
import { seededRandom } from '~/itembank';
import { configure, databaseChoice } from '~/start/boot';
import { answerUntil, type Acknowledged } from '../support/candidate';
import { HALL_EXAM, itemsOf, prepareHall, type Seat } from '../support/exam-hall';
import { HttpClient } from '../support/http';
import { freePort, freshFolder, removeFolder, startServer, type ServerProcess } from '../support/server';
import { compare, ungradedNow, type Report } from './compare';

export interface Simulation {
  candidates: number;
  kills: number;
  seed: string;
  tell: (line: string) => void;
  /** How long candidates go on answering, in milliseconds. */
  answeringMs?: number;
  /** More of the environment, for example another database or queue. */
  env?: Record<string, string>;
}

/** The shortest exam there is: its end falls into the simulation, for those who do not hand in. */
const EXAM_MINUTES = 1;
/** Answering goes on for so long; the deadline of all falls behind it. */
const ANSWERING_MS = 40_000;
const GRADING_MAY_TAKE_MS = 120_000;

/**
 * Runs the whole: a server of its own on a fresh folder, candidates who answer at once, kills at random
 * moments, half of the candidates handing in and half leaving it to the deadline, then the comparison.
 */
export async function simulate({ candidates, kills, seed, tell, answeringMs = ANSWERING_MS, env = {} }: Simulation): Promise<Report> {
  const dataDir = freshFolder('simulate');
  const port = await freePort();
  const own = { DATA_DIR: dataDir, PORT: String(port), LOG_LEVEL: 'warn', ...env };
  const seats = await prepareHall(own, candidates, EXAM_MINUTES);
  tell(`${candidates} candidates are ready`);
  const start = () => startServer({ dataDir, port, env });
  let server = await start();
  const db = await openDatabase(databaseChoice(configure(own)));
  try {
    const random = seededRandom(seed);
    const client = new HttpClient(server.url, candidates);
    const until = Date.now() + answeringMs;
    const sitting = Promise.all(seats.map((seat, i) => sit({ seat, i, client, until, random: seededRandom(`${seed} ${i}`) })));
    // Its failure is met below, after the kills.
    sitting.catch(() => undefined);
    for (let kill = 1; kill <= kills; kill += 1) {
      await sleep((answeringMs / (kills + 1)) * (0.6 + random(800) / 1000));
      await server.kill();
      tell(`killed, ${kill} of ${kills}`);
      server = await start();
    }
    const acknowledged = (await sitting).flat();
    tell(`${acknowledged.length} answers were acknowledged; waiting for the deadline and the grading`);
    await allGraded();
    client.close();
    return { candidates, kills, ...(await compare(acknowledged)) };
  } finally {
    await finish(server, db, dataDir);
  }
}

async function finish(server: ServerProcess, db: Database, dataDir: string): Promise<void> {
  await server.stop();
  await closeDatabase(db);
  removeFolder(dataDir);
}

interface Sitting {
  seat: Seat;
  i: number;
  client: HttpClient;
  until: number;
  random: (below: number) => number;
}

async function sit({ seat, i, client, until, random }: Sitting): Promise<Acknowledged[]> {
  const device = `device-${String(i).padStart(8, '0')}`;
  const cookie = `${seat.cookie}; device=${device}`;
  const attemptId = await startExam(client, cookie);
  const items = await itemsOf(attemptId);
  const { acknowledged } = await answerUntil({
    client, cookie, device, attemptId, items, random: () => random(1_000_000) / 1_000_000, thinking: 300, enough: () => Date.now() > until,
  });
  if (i % 2 === 0) await again(() => client.call(`/attempts/${attemptId}/hand-in`, { method: 'POST', cookie, form: { intent: 'hand-in' } }));
  return acknowledged;
}

/** Presses start until the server answers with the attempt's address. */
async function startExam(client: HttpClient, cookie: string): Promise<string> {
  const answer = await again(() => client.call(`/exams/${HALL_EXAM}`, { method: 'POST', cookie, form: { intent: 'start' } }));
  const attempt = /\/attempts\/([0-9a-f-]{36})/.exec(String(answer.headers['location'] ?? ''))?.[1];
  if (!attempt) throw new Error(`the exam did not start: ${answer.status} ${answer.text.slice(0, 300)}`);
  return attempt;
}

async function again<T extends { status: number }>(call: () => Promise<T>): Promise<T> {
  for (;;) {
    const answer = await call().catch(() => null);
    if (answer && answer.status < 500) return answer;
    await sleep(200);
  }
}

async function allGraded(): Promise<void> {
  const until = Date.now() + GRADING_MAY_TAKE_MS;
  while ((await ungradedNow()) > 0 && Date.now() < until) await sleep(500);
}
