import { cookieOf, inHall, startAttemptOf } from './hall';
import { machine, measure } from './load';
import { gathered, type Figures, type Measured } from './report';

const CONNECTIONS = [1, 8];

/** The page of a running exam, rendered on the server: what a candidate without JavaScript loads again and again. */
export const pages = (seconds: number): Promise<Figures> =>
  inHall(Math.max(...CONNECTIONS), async (hall) => {
    const attempts: string[] = [];
    for (let i = 0; i < hall.seats.length; i += 1) attempts.push(await startAttemptOf(hall, i));
    const runs: [number, Measured][] = [];
    for (const connections of CONNECTIONS) {
      runs.push([connections, await measure(hall.server, connections, seconds, async (loop) => {
        const seat = hall.seats[loop];
        if (!seat) throw new Error('fewer seats than connections');
        const answer = await hall.client.call(`/attempts/${attempts[loop] ?? ''}`, { cookie: cookieOf(seat, loop) });
        if (answer.status !== 200) throw new Error(`a page was answered with ${answer.status}`);
      })]);
    }
    return { name: 'pages', settings: { ...machine(), seconds, page: 'exam player' }, ...gathered(runs) };
  });
