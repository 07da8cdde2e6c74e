import { describe, expect, it } from 'vitest';
import { simulate } from '../simulate/simulate';

const SOUND = { lost: 0, gradedTwice: 0, ungraded: 0, handedInTwice: 0, badReceipts: 0, wrongCredits: 0, maxDeadlineErrorMs: 0, unexpected: {} };

describe('a server that is killed again and again while candidates answer and its clock is set', () => {
  it('loses no acknowledged answer, keeps every deadline and grades every exam exactly once', async () => {
    const report = await simulate({
      candidates: 40, kills: 3, jumps: 2, queueStops: 0, seed: 'crash', minutes: 15, factor: 25, database: 'sqlite', queue: 'embedded', worker: false,
      sitting: false, tell: () => undefined,
    });
    expect(report).toMatchObject({ ...SOUND, attempts: 40 });
    expect(report.acknowledged).toBeGreaterThan(100);
  }, 300_000);
});
