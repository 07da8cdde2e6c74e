import { describe, expect, it } from 'vitest';
import { scratch } from '../support/databases';
import { offers, REDIS } from '../support/queues';
import { simulate } from '../simulate/simulate';

// Beside crash.test.ts, so that both can wait for their deadlines at the same time.
describe('a server on PostgreSQL and Redis that is killed while candidates answer', () => {
  it.skipIf(!offers('postgres') || !offers('redis'))('loses no acknowledged answer and grades every exam exactly once', async () => {
    const place = await scratch('postgres');
    if (place.choice.kind !== 'postgres') throw new Error('expected PostgreSQL');
    try {
      const report = await simulate({
        candidates: 20, kills: 1, seed: 'crash on servers', answeringMs: 8000, tell: () => undefined, env: { DATABASE_URL: place.choice.url, REDIS_URL: REDIS },
      });
      expect(report).toMatchObject({ lost: 0, gradedTwice: 0, ungraded: 0, maxDeadlineErrorMs: 0 });
      expect(report.acknowledged).toBeGreaterThan(100);
    } finally {
      await place.remove();
    }
  }, 240_000);
});
