import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { StartLine, type Turn } from '~/exams/start/line';
import { Pace } from '~/exams/start/pace';

const LIMITS = { atOnce: 2, ahead: 1, comeWithin: 10_000, forgetAfter: 30_000 };
const PATIENCE = 1000;

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

describe('the line before a start', () => {
  let now = 1_000_000;
  const line = (limits = LIMITS) => new StartLine(limits, () => now);
  const pass = async (ms: number) => {
    now += ms;
    await vi.advanceTimersByTimeAsync(ms);
  };

  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('lets in at once as many as may start at once', async () => {
    const one = line();
    expect(await one.ask('a', PATIENCE)).toMatchObject({ kind: 'your-turn' });
    expect(await one.ask('b', PATIENCE)).toMatchObject({ kind: 'your-turn' });
  });

  it('tells when somebody asked for the first time, however often they asked since', async () => {
    const one = line({ ...LIMITS, atOnce: 1 });
    const first = now;
    await one.ask('a', PATIENCE);
    const waiting = one.ask('b', PATIENCE);
    await pass(PATIENCE);
    expect(await waiting).toEqual({ kind: 'wait', place: 1 });
    await pass(9000);
    const again = one.ask('b', PATIENCE);
    one.leave();
    expect(await again).toEqual({ kind: 'your-turn', since: first });
  });

  it('lets the next one in as soon as somebody is done, without asking again', async () => {
    const one = line();
    await one.ask('a', PATIENCE);
    await one.ask('b', PATIENCE);
    const third = one.ask('c', PATIENCE);
    one.leave();
    expect(await third).toMatchObject({ kind: 'your-turn' });
  });

  it('tells the place after a while, and keeps it for whoever asks again', async () => {
    const one = line({ ...LIMITS, atOnce: 1 });
    await one.ask('a', PATIENCE);
    const asked = ['b', 'c', 'd'].map((who) => one.ask(who, PATIENCE));
    await pass(1000);
    expect(await Promise.all(asked)).toEqual([1, 2, 3].map((place) => ({ kind: 'wait', place })));
    await pass(3000);
    const again = one.ask('c', PATIENCE);
    await pass(1000);
    expect(await again).toEqual({ kind: 'wait', place: 2 });
  });

  it('passes over whoever is not asking just now, and lets them in first when they are back', async () => {
    const one = line({ ...LIMITS, atOnce: 1 });
    await one.ask('a', PATIENCE);
    const b = one.ask('b', PATIENCE);
    await pass(1000);
    expect(await b).toEqual({ kind: 'wait', place: 1 });
    const c = one.ask('c', PATIENCE);
    one.leave();
    expect(await c).toMatchObject({ kind: 'your-turn' });
    const [d, back] = [one.ask('d', PATIENCE), one.ask('b', PATIENCE)];
    one.leave();
    expect(await back).toMatchObject({ kind: 'your-turn' });
    one.leave();
    expect(await d).toMatchObject({ kind: 'your-turn' });
  });

  it('forgets whoever has not asked for a long time', async () => {
    const one = line({ ...LIMITS, atOnce: 1 });
    await one.ask('a', PATIENCE);
    const b = one.ask('b', PATIENCE);
    await pass(1000);
    await b;
    await pass(31_000);
    const c = one.ask('c', PATIENCE);
    await pass(1000);
    expect(await c).toEqual({ kind: 'wait', place: 1 });
  });

  it('answers the first of two presses with the place and serves the second', async () => {
    const one = line({ ...LIMITS, atOnce: 1 });
    await one.ask('a', PATIENCE);
    const [first, second] = [one.ask('b', PATIENCE), one.ask('b', PATIENCE)];
    expect(await first).toEqual({ kind: 'wait', place: 1 });
    one.leave();
    expect(await second).toMatchObject({ kind: 'your-turn' });
  });

  it('tells whoever will not wait the place at once', async () => {
    const one = line({ ...LIMITS, atOnce: 1 });
    await one.ask('a', 0);
    const b = one.ask('b', 0);
    await pass(1);
    expect(await b).toEqual({ kind: 'wait', place: 1 });
  });

  it('calls somebody who only waits to hear it, and keeps the start for them until they press', async () => {
    const one = line({ ...LIMITS, atOnce: 1 });
    const first = now;
    await one.ask('a', 0);
    for (const who of ['b', 'c', 'd']) {
      const told = one.ask(who, 0);
      await pass(1);
      await told;
    }
    const [b, c, d] = ['b', 'c', 'd'].map((who) => one.call(who, 5000));
    // One is called ahead of the start that is under way; the others hear their place.
    expect(await b).toEqual({ kind: 'called' });
    await pass(5000);
    expect([await c, await d]).toEqual([{ kind: 'wait', place: 1 }, { kind: 'wait', place: 2 }]);
    expect(await one.ask('b', 0)).toEqual({ kind: 'your-turn', since: first });
  });

  it('calls the next one when who was called does not come', async () => {
    const one = line({ ...LIMITS, atOnce: 1 });
    await one.ask('a', 0);
    for (const who of ['b', 'c']) {
      const told = one.ask(who, 0);
      await pass(1);
      await told;
    }
    expect(await one.call('b', 5000)).toEqual({ kind: 'called' });
    now += 11_000;
    expect(await one.call('c', 5000)).toEqual({ kind: 'called' });
    // Back all the same, b takes a new place.
    const back = one.ask('b', 0);
    await pass(1);
    expect(await back).toEqual({ kind: 'wait', place: 1 });
  });

  it('sends somebody to press whom it does not know, because the process is a new one', async () => {
    expect(await line().call('a', PATIENCE)).toEqual({ kind: 'called' });
  });

  it('sends no more to press than may start, however many stood in line when the process ended', async () => {
    const one = line();
    const calls = Array.from({ length: 50 }, (_, i) => one.call(String(i), PATIENCE));
    await pass(PATIENCE);
    const heard = await Promise.all(calls);
    expect(heard.filter(({ kind }) => kind === 'called')).toHaveLength(LIMITS.atOnce + LIMITS.ahead);
    expect(heard.slice(-1)).toEqual([{ kind: 'wait', place: 50 - LIMITS.atOnce - LIMITS.ahead }]);
    // Who asks again while called is told the same, and holds up nobody.
    expect(await one.call('0', PATIENCE)).toEqual({ kind: 'called' });
  });

  it('never lets in more than may start at once, and everybody in the end', async () => {
    await fc.assert(fc.asyncProperty(fc.integer({ min: 1, max: 4 }), fc.array(fc.integer({ min: 0, max: 8 }), { minLength: 1, maxLength: 40 }), async (atOnce, people) => {
      const one = line({ ...LIMITS, atOnce });
      let inside = 0;
      let most = 0;
      const served = new Set<number>();
      const visit = async (who: number): Promise<void> => {
        let turn: Turn = await one.ask(String(who), PATIENCE);
        while (turn.kind === 'wait') {
          if (served.has(who)) return;
          await sleep(300);
          turn = await one.ask(String(who), PATIENCE);
        }
        inside += 1;
        most = Math.max(most, inside);
        await sleep(700);
        inside -= 1;
        served.add(who);
        one.leave();
      };
      const all = Promise.all(people.map(visit));
      await pass(120_000);
      await all;
      expect(most).toBeLessThanOrEqual(atOnce);
      expect(served.size).toBe(new Set(people).size);
    }), { numRuns: 50 });
  });
});

describe('the pace of starts', () => {
  it('follows how long they take, and says when a place comes on', () => {
    const pace = new Pace(8);
    for (let i = 0; i < 200; i += 1) pace.took(400);
    // Eight at once in 0.4 s are twenty a second.
    expect(pace.until(200)).toBeGreaterThan(9_900);
    expect(pace.until(200)).toBeLessThan(10_100);
  });
});
