import { minutes } from '~/kernel/clock';
import { HALL_EXAM } from '../support/exam-hall';
import { seatAttempts } from '../support/running-attempts';
import { examIdOf, invigilatorCookie, watchedSitting } from '../support/watched';
import { deviceOf, inHall } from './hall';
import { machine, measure } from './load';
import { gathered, type Figures, type Measured } from './report';

const CANDIDATES = 500;
const CONNECTIONS = [1, 4];

/**
 * One refresh of the invigilation console with 500 candidates in the middle of the exam, as a page without a stream
 * asks for it: `GET /invigilate/sittings/{id}/state`. Streams share one such look every two seconds.
 */
export const consoleRefresh = (seconds: number): Promise<Figures> =>
  inHall(CANDIDATES, async (hall) => {
    const startedAt = Date.now() - minutes(10);
    const attempts = await seatAttempts(hall.seats, { startedAt, deadlineAt: startedAt + minutes(120), deviceOf });
    const { sittingId } = await watchedSitting({ examId: await examIdOf(HALL_EXAM), seats: hall.seats, attempts });
    const cookie = await invigilatorCookie();
    let bytes = 0;
    const runs: [number, Measured][] = [];
    for (const connections of CONNECTIONS) {
      runs.push([connections, await measure(hall.server, connections, seconds, async () => {
        const answer = await hall.client.call(`/invigilate/sittings/${sittingId}/state`, { cookie });
        if (answer.status !== 200) throw new Error(`the console was answered with ${answer.status}`);
        bytes = Buffer.byteLength(answer.text);
      })]);
    }
    return { name: 'console', settings: { ...machine(), seconds, candidates: CANDIDATES }, bytes, ...gathered(runs) };
  });
