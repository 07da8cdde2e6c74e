import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Response } from '~/ui/player/types';
import { aPage, FakeServer, Shelf, T0, type Mood } from '../support/answer-page';

describe('the answers on a page, whatever happens', () => {
  beforeEach(() => void vi.useFakeTimers({ now: T0, toFake: ['setTimeout', 'clearTimeout', 'Date', 'performance'] }));
  afterEach(() => void vi.useRealTimers());
  const wait = (ms: number) => vi.advanceTimersByTimeAsync(ms);

  it('end with the last change of each item on the server, whatever the network does', async () => {
    const moods: Mood[] = ['good', 'lost-request', 'lost-answer', 'full', 'signed-out'];
    const step = fc.oneof(
      fc.record({ do: fc.constant('change' as const), item: fc.constantFrom('a', 'b', 'c'), response: fc.constantFrom('x', 'y', 'z', null), leave: fc.boolean() }),
      fc.record({ do: fc.constant('mood' as const), mood: fc.constantFrom(...moods) }),
      fc.record({ do: fc.constant('wait' as const), ms: fc.integer({ min: 0, max: 5000 }) }),
      fc.record({ do: fc.constant('reload' as const) }),
    );
    await fc.assert(fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
      const server = new FakeServer();
      const shelf = new Shelf();
      let page = aPage(server, shelf);
      page.begin();
      const last = new Map<string, Response>();
      for (const one of steps) {
        if (one.do === 'mood') server.mood = one.mood;
        if (one.do === 'wait') await wait(one.ms);
        // Nobody can change an answer into what it is shown as.
        if (one.do === 'change' && page.read().answers[one.item]?.response !== one.response) {
          page.change(one.item, one.response);
          last.set(one.item, one.response);
          if (one.leave) page.flush();
        }
        if (one.do === 'reload') {
          // Nobody reloads within the moment that the device needs for keeping a change.
          await wait(20);
          page.end();
          page = aPage(server, shelf);
          page.begin();
        }
      }
      server.mood = 'good';
      await wait(60_000);
      page.end();
      expect(page.read()).toMatchObject({ unsent: 0, connection: 'good' });
      for (const [item, response] of last) expect(server.stored.get(item)?.response ?? null).toEqual(response);
    }), { numRuns: 150 });
  }, 60_000);
});
