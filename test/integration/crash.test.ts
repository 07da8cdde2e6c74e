import { describe, expect, it } from 'vitest';
import { simulate } from '../simulate/simulate';

const SOUND = { lost: 0, gradedTwice: 0, ungraded: 0, maxDeadlineErrorMs: 0 };
const quiet = () => undefined;

describe('a server that is killed again and again while candidates answer', () => {
  it('loses no acknowledged answer and grades every exam exactly once', async () => {
    const report = await simulate({ candidates: 50, kills: 3, seed: 'crash', answeringMs: 25_000, tell: quiet });
    expect(report).toMatchObject(SOUND);
    expect(report.acknowledged).toBeGreaterThan(500);
  }, 240_000);
});
