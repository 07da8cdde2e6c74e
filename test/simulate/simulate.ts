import { setTimeout as sleep } from 'node:timers/promises';
import { closeDatabase, openDatabase } from '~/db';
import { seededRandom } from '~/itembank';
import { resetClock } from '~/kernel/clock';
import { configure, databaseChoice } from '~/start/boot';
import { prepareHall } from '../support/exam-hall';
import { HttpClient } from '../support/http';
import { Agenda } from './agenda';
import { Chance } from './chance';
import { compare, ungradedNow, type Comparison } from './compare';
import type { Room } from './desk';
import { Figures, KINDS, percentiles, type Kind, type Percentiles } from './figures';
import { Installation } from './installation';
import { sit } from './person';
import { RealSitting } from './sitting';

export interface Simulation {
  candidates: number;
  /** SIGKILLs at random moments, of the web process or the worker. */
  kills: number;
  seed: string;
  /** Milliseconds of the clock in one of the machine. */
  factor: number;
  /** Length of the exam. */
  minutes: number;
  database: 'sqlite' | 'postgres';
  queue: 'embedded' | 'postgres' | 'redis';
  worker: boolean;
  /** Held in a real sitting with rooms, admission, an incident and time given; else anybody may start. */
  sitting: boolean;
  /** How often the queue's server is stopped for a while. */
  queueStops: number;
  /** How often the clock jumps some minutes, forth and back. */
  jumps: number;
  tell: (line: string) => void;
  /** More of the environment, for example another database or queue. */
  env?: Record<string, string>;
}

export interface Report extends Comparison {
  candidates: number;
  kills: number;
  queueStops: number;
  jumps: number;
  settings: Record<string, string | number | boolean>;
  /** Times given by the incident or to all that are not what they must be. */
  wrongCredits: number;
  /** Answers that no candidate should ever get. */
  unexpected: Record<string, number>;
  unanswered: number;
  /** Real milliseconds of answers, by kind. */
  ms: Record<Kind, Percentiles>;
  /** Real seconds from the first start to the last result, and from the last candidate's leaving. */
  seconds: { whole: number; tail: number };
}

/** Connections that each candidate's browser may have open: held requests must not keep others waiting on this side. */
const EACH = 3;
const GRADING_MAY_TAKE_MS = 600_000;
const MINUTE = 60_000;

/**
 * Runs a whole sitting: an installation of its own, candidates who behave like people, kills, stops of the queue's
 * server and jumps of the clock at random moments until the last deadline, then the comparison.
 */
export async function simulate(given: Simulation): Promise<Report> {
  const { candidates, seed, factor, minutes, tell } = given;
  const place = await Installation.prepare({ ...given, env: given.env ?? {} });
  try {
    const seats = await prepareHall(place.env, candidates, minutes);
    tell(`${candidates} candidates are ready`);
    const db = await openDatabase(databaseChoice(configure(place.env)));
    const held = given.sitting ? await RealSitting.prepare(seats, place.clock, minutes * MINUTE) : null;
    if (held) tell('rooms, places and papers are ready, everybody is admitted');
    await place.start();
    const room: Room = { client: new HttpClient(place.url, candidates * EACH), agenda: new Agenda(), clock: place.clock, figures: new Figures(), acknowledged: [] };
    const begun = performance.now();
    const chanceOf = (of: string) => new Chance(seededRandom(`${seed} ${of}`));
    const troubled = Promise.all([
      trouble(place, given, chanceOf('trouble')),
      held && sleep((minutes * MINUTE * 0.45) / factor).then(() => held.intervene(tell)),
    ]);
    troubled.catch(() => undefined);
    const sitting = Promise.all(seats.map((seat, i) => sit(room, {
      seat, device: deviceOf(i), length: minutes * MINUTE, chance: chanceOf(String(i)), startForm: () => held?.startForm(seat) ?? {},
    })));
    // A failure of either ends the run below.
    sitting.catch(() => undefined);
    await Promise.all([troubled, sitting]);
    const left = performance.now();
    tell(`${room.acknowledged.length} answers were acknowledged; waiting for the deadlines and the grading`);
    await allGraded(tell);
    const ended = performance.now();
    const time = await held?.given();
    const report: Report = {
      candidates, kills: given.kills, queueStops: place.redis ? given.queueStops : 0, jumps: given.jumps,
      settings: { seed, factor, minutes, database: given.database, queue: given.queue, worker: given.worker, sitting: given.sitting },
      ...(await compare(room.acknowledged, (attemptId) => time?.ms.get(attemptId) ?? 0)), wrongCredits: time?.wrong ?? 0,
      unexpected: Object.fromEntries(room.figures.unexpected), unanswered: room.figures.unanswered,
      ms: Object.fromEntries(KINDS.map((kind) => [kind, percentiles(room.figures.took[kind])])) as Record<Kind, Percentiles>,
      seconds: { whole: Math.round((ended - begun) / 1000), tail: Math.round((ended - left) / 1000) },
    };
    if (isWrong(report)) tell(place.complaints());
    room.client.close();
    room.agenda.close();
    await closeDatabase(db);
    return report;
  } finally {
    await place.remove();
    resetClock();
  }
}

/** Whether anything happened that must not. */
export const isWrong = (report: Report): boolean =>
  report.lost + report.gradedTwice + report.ungraded + report.handedInTwice + report.badReceipts + report.maxDeadlineErrorMs + report.wrongCredits > 0
  || report.attempts !== report.candidates || Object.keys(report.unexpected).length > 0;

const deviceOf = (i: number): string => `device-${String(i).padStart(8, '0')}`;

/** How long the queue's server stays away, in real milliseconds. */
const QUEUE_AWAY_MS = 4_000;
const LONGEST_JUMP = 5 * MINUTE;

/** Kills, stops and jumps, spread over the sitting; some of them fall into its end, when all is being closed. */
async function trouble(place: Installation, { kills, queueStops, jumps, minutes, factor, worker, tell }: Simulation, chance: Chance): Promise<void> {
  if (queueStops > 0 && !place.redis) tell('The queue has no server of its own that could be stopped here: the kills cover it.');
  const whole = (minutes * 1.2 * MINUTE) / factor;
  const acts: { at: number; act: () => Promise<void> }[] = [];
  const plan = (count: number, from: number, to: number, act: (i: number) => Promise<void>) => {
    for (let i = 0; i < count; i += 1) acts.push({ at: whole * chance.between(from + ((to - from) * i) / count, from + ((to - from) * (i + 1)) / count), act: () => act(i) });
  };
  plan(kills, 0.05, 1, async (i) => tell(`killed ${await place.killOne(worker && chance.happens(0.5))}, ${i + 1} of ${kills}`));
  plan(place.redis ? queueStops : 0, 0.1, 0.95, async (i) => {
    await place.redis?.kill();
    await sleep(QUEUE_AWAY_MS);
    await place.redis?.start();
    tell(`the queue's server was away, ${i + 1} of ${queueStops}`);
  });
  // Forth and back in turn, so that the sitting as a whole does not move away.
  plan(jumps, 0.1, 0.9, async (i) => {
    const ms = Math.round(chance.between(0.2, 1) * LONGEST_JUMP) * (i % 2 === 0 ? 1 : -1);
    place.clock.jump(ms);
    tell(`the clock jumped by ${Math.round(ms / 1000)} s`);
  });
  const begun = performance.now();
  await Promise.all(acts.map(async ({ at, act }) => {
    await sleep(Math.max(0, begun + at - performance.now()));
    await act();
  }));
}

async function allGraded(tell: (line: string) => void): Promise<void> {
  const until = Date.now() + GRADING_MAY_TAKE_MS;
  for (let left = await ungradedNow(); left > 0 && Date.now() < until; left = await ungradedNow()) {
    tell(`${left} are not graded yet`);
    await sleep(1000);
  }
}
