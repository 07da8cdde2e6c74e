import { z } from 'zod';
import { reader, rows } from '~/db';
import { itemsOf } from '../support/exam-hall';
import { cookieOf, deviceOf, inHall, startAttemptOf, type Hall } from './hall';
import { machine, measure } from './load';
import { gathered, rounded, type Figures, type Measured } from './report';

const CONNECTIONS = [1, 8, 32];

interface Candidate {
  attemptId: string;
  items: { item: string; answer(turn: number): unknown }[];
  turn: number;
  /** Highest acknowledged sequence number by item. */
  acknowledged: Map<string, number>;
}

/**
 * One changed answer a request, committed durably before the reply: ownership check, sequence rule and log
 * row included, as in an exam. Every acknowledged answer is read back at the end.
 */
export const saves = (seconds: number): Promise<Figures> =>
  inHall(Math.max(...CONNECTIONS), async (hall) => {
    const candidates: Candidate[] = [];
    for (let i = 0; i < hall.seats.length; i += 1) {
      const attemptId = await startAttemptOf(hall, i);
      candidates.push({ attemptId, items: await itemsOf(attemptId), turn: 0, acknowledged: new Map() });
    }
    const runs: [number, Measured][] = [];
    const commitsPerSecond: Record<string, number> = {};
    for (const connections of CONNECTIONS) {
      const before = await commits(hall);
      const measured = await measure(hall.server, connections, seconds, (loop) => save(hall, candidates[loop], loop));
      commitsPerSecond[String(connections)] = rounded(((await commits(hall)) - before) / (seconds + 1), 1);
      runs.push([connections, measured]);
    }
    return {
      name: 'saves',
      settings: { ...machine(), seconds, database: 'sqlite, WAL, synchronous=FULL', changesPerRequest: 1 },
      ...gathered(runs),
      commitsPerSecond,
      lost: await lostOf(candidates),
    };
  });

async function save({ client, seats }: Hall, candidate: Candidate | undefined, i: number): Promise<void> {
  const seat = seats[i];
  if (!candidate || !seat) throw new Error('fewer candidates than connections');
  candidate.turn += 1;
  const question = candidate.items[candidate.turn % candidate.items.length];
  if (!question) throw new Error('an exam without items');
  const change = { item: question.item, seq: candidate.turn, response: question.answer(candidate.turn) };
  const answer = await client.call(`/attempts/${candidate.attemptId}/responses`, {
    method: 'POST', cookie: cookieOf(seat, i), json: { device: deviceOf(i), changes: [change] },
  });
  if (answer.status !== 200) throw new Error(`a save was answered with ${answer.status}: ${answer.text}`);
  candidate.acknowledged.set(change.item, change.seq);
}

async function commits({ client }: Hall): Promise<number> {
  const { text } = await client.call('/metrics');
  return Number(/^shanggang_commits_total (\d+)/m.exec(text)?.[1] ?? Number.NaN);
}

async function lostOf(candidates: Candidate[]): Promise<number> {
  const Stored = z.object({ attempt_id: z.string(), item: z.string(), seq: z.number() });
  const stored = new Map((await rows(reader(), Stored, 'SELECT attempt_id, item, seq FROM responses')).map((row) => [`${row.attempt_id} ${row.item}`, row.seq]));
  return candidates.flatMap(({ attemptId, acknowledged }) => [...acknowledged].filter(([item, seq]) => (stored.get(`${attemptId} ${item}`) ?? 0) < seq)).length;
}
