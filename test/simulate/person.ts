import { HALL_EXAM, itemsOf, type Seat } from '../support/exam-hall';
import type { Chance } from './chance';
import { ask, Desk, waitAndAskAgain, waitInLine, type Room } from './desk';

export interface Script {
  seat: Seat;
  device: string;
  /** Length of the exam in milliseconds of the clock. */
  length: number;
  /** What is typed at the start: the check-in code of a sitting. */
  startForm: () => Record<string, string>;
  chance: Chance;
}

/** Answers that somebody gives in an exam, changes of mind included, if there is time. */
const CHANGES = 48;
const MINUTE = 60_000;
/** The share of the exam's length within which people come in. */
const ARRIVING = 0.15;

/**
 * A candidate from the start to the end. People think, mostly short and now and then long; they change their mind,
 * mark items, lose the network and find it again, reload, open a second tab; some hand in, some twice, some leave it
 * to the deadline, some work on past it and then still try.
 */
export async function sit(room: Room, script: Script): Promise<void> {
  const { chance, length } = script;
  await room.agenda.sleep(room.clock.real(chance.between(0, length * ARRIVING)));
  const attemptId = await begin(room, script);
  if (attemptId === null) return;
  const desk = new Desk(room, cookieOf(script), script.device, attemptId, await itemsOf(attemptId));
  const begun = room.clock.now();
  const ending = chance.pick(['hands in', 'hands in', 'hands in', 'hands in', 'hands in', 'leaves', 'leaves', 'works on', 'works on', 'hands in twice']);
  const share = ending === 'works on' ? Number.POSITIVE_INFINITY : chance.between(0.5, 0.95);
  const stop = begun + length * share;
  const twoTabs = chance.happens(0.1);
  for (let step = 0; !desk.closed && room.clock.now() < stop; step += 1) {
    await room.agenda.sleep(room.clock.real(chance.time(length / CHANGES)));
    await turn(room, desk, { chance, step, twoTabs });
    // Somebody who works on goes on until the server says that it is over.
  }
  await desk.settle();
  if (ending === 'leaves') return;
  if (ending === 'hands in twice') await Promise.all([desk.handIn(), desk.handIn()]);
  else await desk.handIn();
}

interface Turn {
  chance: Chance;
  step: number;
  twoTabs: boolean;
}

/** One change and what may happen with it. */
async function turn(room: Room, desk: Desk, { chance, step, twoTabs }: Turn): Promise<void> {
  const { questions } = desk;
  const next = chance.happens(0.2) ? chance.pick(questions) : questions[step % questions.length];
  if (!next) throw new Error('an exam without items');
  desk.change(next);
  if (chance.happens(0.02)) await withoutNetwork(room, desk, chance);
  const slow = room.clock.real(chance.between(1_000, 40_000));
  // The other tab, or a line on which the older request comes in behind the newer one.
  if (twoTabs ? chance.happens(0.4) : chance.happens(0.03)) return desk.saveAside(slow);
  if (chance.happens(0.03)) desk.saveAside(slow / 4);
  await desk.save(chance.happens(0.05) ? next.item : undefined);
  if (chance.happens(0.02)) await desk.reload();
}

/** Goes on answering for a while; nothing is sent. */
async function withoutNetwork(room: Room, desk: Desk, chance: Chance): Promise<void> {
  const until = room.clock.now() + chance.time(2 * MINUTE);
  while (room.clock.now() < until && room.clock.now() < desk.deadline) {
    await room.agenda.sleep(room.clock.real(chance.time(MINUTE / 2)));
    desk.change(chance.pick(desk.questions));
  }
}

const cookieOf = ({ seat, device }: Script): string => `${seat.cookie}; device=${device}`;

/** A check-in code is typed again with what the room shows by then, when the line was longer than it lasted. */
const MOST_TRIES = 8;

/**
 * Presses start until the server answers with the attempt's address; waits in line when told so.
 * @returns null when it never did, which is noted
 */
async function begin(room: Room, script: Script): Promise<string | null> {
  const pressed = performance.now();
  for (let refused = 0; ;) {
    const answer = await ask(room, 'press', `/exams/${HALL_EXAM}`, {
      method: 'POST', cookie: cookieOf(script), form: { intent: 'start', ...script.startForm() },
    });
    const location = String(answer?.headers['location'] ?? '');
    const attempt = /\/attempts\/([0-9a-f-]{36})/.exec(location)?.[1];
    if (attempt) {
      room.figures.took.start.push(performance.now() - pressed);
      return attempt;
    }
    const inLine = location.endsWith('/waiting');
    if (answer && answer.status < 500 && !inLine) refused += 1;
    if (refused === MOST_TRIES) {
      room.figures.surprise(`start ${answer?.status ?? 0}`);
      return null;
    }
    await (inLine ? waitInLine(room, cookieOf(script)) : waitAndAskAgain(room));
  }
}
