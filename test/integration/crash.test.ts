import { describe, expect, it } from 'vitest';
import { simulate } from '../simulate/simulate';
import { scratch } from '../support/databases';
import { offers, REDIS } from '../support/queues';

const SOUND = { lost: 0, gradedTwice: 0, ungraded: 0, maxDeadlineErrorMs: 0 };
const quiet = () => undefined;

describe('a server that is killed again and again while candidates answer', () => {
  it('loses no acknowledged answer and grades every exam exactly once', async () => {
    const report = await simulate({ candidates: 50, kills: 3, seed: 'crash', answeringMs: 25_000, tell: quiet });
    expect(report).toMatchObject(SOUND);
    expect(report.acknowledged).toBeGreaterThan(500);
  }, 240_000);

  it.skipIf(!offers('postgres') || !offers('redis'))('does so on PostgreSQL with Redis, too', async () => {
    const place = await scratch('postgres');
    if (place.choice.kind !== 'postgres') throw new Error('expected PostgreSQL');
    try {
      const report = await simulate({
        candidates: 20, kills: 1, seed: 'crash on servers', answeringMs: 8000, tell: quiet, env: { DATABASE_URL: place.choice.url, REDIS_URL: REDIS },
      });
      expect(report).toMatchObject(SOUND);
      expect(report.acknowledged).toBeGreaterThan(100);
    } finally {
      await place.remove();
    }
  }, 240_000);
});
