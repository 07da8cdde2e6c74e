import { closeDatabase, openDatabase } from '~/db';
import { configure, databaseChoice } from '~/start/boot';
import { HALL_EXAM, prepareHall, type Seat } from '../support/exam-hall';
import { HttpClient } from '../support/http';
import { freePort, freshFolder, removeFolder, startServer, type ServerProcess } from '../support/server';

export interface Hall {
  server: ServerProcess;
  client: HttpClient;
  seats: Seat[];
  dataDir: string;
}

const LONG_ENOUGH_MINUTES = 120;

/** A server on a fresh folder with `seats` candidates, for `run`; everything is removed afterwards. */
export async function inHall<T>(seats: number, run: (hall: Hall) => Promise<T>): Promise<T> {
  const dataDir = freshFolder('bench');
  const port = await freePort();
  const env = { DATA_DIR: dataDir, PORT: String(port), LOG_LEVEL: 'warn' };
  const made = await prepareHall(env, seats, LONG_ENOUGH_MINUTES);
  const server = await startServer({ dataDir, port });
  const client = new HttpClient(server.url, 64);
  const db = await openDatabase(databaseChoice(configure(env)));
  try {
    return await run({ server, client, seats: made, dataDir });
  } finally {
    client.close();
    await server.stop();
    await closeDatabase(db);
    removeFolder(dataDir);
  }
}

export const deviceOf = (i: number): string => `device-${String(i).padStart(8, '0')}`;
export const cookieOf = (seat: Seat, i: number): string => `${seat.cookie}; device=${deviceOf(i)}`;

/** Starts the exam for a seat and answers with the attempt's id. */
export async function startAttemptOf({ client, seats }: Hall, i: number): Promise<string> {
  const seat = seats[i];
  if (!seat) throw new Error(`no seat ${i}`);
  const answer = await client.call(`/exams/${HALL_EXAM}`, { method: 'POST', cookie: cookieOf(seat, i), form: { intent: 'start' } });
  const attempt = /\/attempts\/([0-9a-f-]{36})/.exec(String(answer.headers['location'] ?? ''))?.[1];
  if (!attempt) throw new Error(`the exam did not start: ${answer.status} ${answer.text.slice(0, 300)}`);
  return attempt;
}
