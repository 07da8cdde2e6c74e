import { describe, expect, it } from 'vitest';
import { canStartRedis } from '../simulate/redis';
import { simulate } from '../simulate/simulate';
import { postgresReachable } from '../support/databases';

const SOUND = { lost: 0, gradedTwice: 0, ungraded: 0, handedInTwice: 0, badReceipts: 0, wrongCredits: 0, maxDeadlineErrorMs: 0, unexpected: {} };

// Beside crash.test.ts, so that both can wait for their deadlines at the same time.
describe('web and worker on PostgreSQL and Redis, killed while candidates answer and Redis is stopped for a while', () => {
  it.skipIf(!postgresReachable || !canStartRedis())('lose no acknowledged answer, keep every deadline and grade every exam exactly once', async () => {
    const report = await simulate({
      candidates: 20, kills: 3, jumps: 2, queueStops: 1, seed: 'crash on servers', minutes: 15, factor: 25, database: 'postgres', queue: 'redis', worker: true,
      sitting: false, tell: () => undefined,
    });
    expect(report).toMatchObject({ ...SOUND, attempts: 20 });
    expect(report.acknowledged).toBeGreaterThan(50);
  }, 300_000);
});
