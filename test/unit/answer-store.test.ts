import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Response } from '~/ui/player/types';
import { aPage, DEADLINE, FakeServer, Shelf, T0, type Mood } from '../support/answer-page';

describe('the answers on a page', () => {
  beforeEach(() => void vi.useFakeTimers({ now: T0, toFake: ['setTimeout', 'clearTimeout', 'Date', 'performance'] }));
  afterEach(() => void vi.useRealTimers());
  const wait = (ms: number) => vi.advanceTimersByTimeAsync(ms);

  it('are saved two seconds after a change, several changes in one request', async () => {
    const server = new FakeServer();
    const page = aPage(server);
    page.begin();
    await wait(100);
    page.change('a', 'x');
    expect(page.read().answers['a']).toMatchObject({ save: 'saving', seq: 1 });
    await wait(1000);
    page.change('a', 'y');
    page.change('b', 'z');
    await wait(900);
    expect(server.stored.size).toBe(0);
    await wait(200);
    expect(server.stored.get('a')).toEqual({ seq: 2, response: 'y' });
    expect(page.read()).toMatchObject({ unsent: 0, connection: 'good', answers: { a: { save: 'saved' }, b: { save: 'saved' } } });
    expect(server.requests.filter(({ changes }) => changes.length > 0)).toHaveLength(1);
  });

  it('are saved at once on leaving a field, with one request in flight at a time', async () => {
    const server = new FakeServer();
    const page = aPage(server);
    page.begin();
    await wait(100);
    page.change('a', 'x');
    page.flush();
    page.change('b', 'y');
    page.flush();
    await wait(10);
    expect(server.requests).toHaveLength(2);
    await wait(500);
    expect(server.requests).toHaveLength(3);
    expect(server.stored.size).toBe(2);
  });

  it('are sent without waiting when little time is left', async () => {
    const server = new FakeServer();
    const page = aPage(server);
    page.begin();
    await wait(DEADLINE - T0 - 5000);
    page.change('a', 'x');
    await wait(400);
    expect(server.stored.size).toBe(1);
  });

  it('stay on the device while the server cannot be reached, and go out when it can', async () => {
    const server = new FakeServer();
    const shelf = new Shelf();
    const page = aPage(server, shelf);
    page.begin();
    await wait(100);
    server.mood = 'lost-request';
    page.change('a', 'x');
    await wait(60_000);
    expect(page.read()).toMatchObject({ connection: 'unreachable', unsent: 1, answers: { a: { save: 'kept' } } });
    expect([...shelf.texts.values()].join()).toContain('"x"');
    server.mood = 'good';
    page.check();
    await wait(100);
    expect(page.read()).toMatchObject({ connection: 'good', unsent: 0 });
    expect([...shelf.texts.values()].join()).not.toContain('"x"');
  });

  it('knock less and less often while nobody answers', async () => {
    const server = new FakeServer();
    server.mood = 'lost-request';
    const page = aPage(server);
    page.begin();
    await wait(60_000);
    expect(server.requests.length).toBeGreaterThan(4);
    expect(server.requests.length).toBeLessThan(12);
  });

  it('are sent by the next page when this one is closed before they were', async () => {
    const server = new FakeServer();
    const shelf = new Shelf();
    server.mood = 'lost-request';
    const first = aPage(server, shelf);
    first.begin();
    first.change('a', 'x');
    await wait(500);
    first.end();
    server.mood = 'good';
    const second = aPage(server, shelf);
    second.begin();
    expect(second.read().answers['a']).toMatchObject({ response: 'x', save: 'saving', revision: 1 });
    await wait(200);
    expect(server.stored.get('a')).toEqual({ seq: 1, response: 'x' });
  });

  it('are not sent again by the next page when only the acknowledgement was lost', async () => {
    const server = new FakeServer();
    const shelf = new Shelf();
    const first = aPage(server, shelf);
    server.mood = 'lost-answer';
    first.change('a', 'x');
    first.flush();
    await wait(100);
    first.end();
    server.mood = 'good';
    const second = aPage(server, shelf);
    second.begin();
    await wait(3000);
    expect(second.read()).toMatchObject({ unsent: 0, answers: { a: { response: 'x', save: 'saved' } } });
    expect(server.requests.slice(1).flatMap(({ changes }) => changes)).toEqual([]);
  });

  it('follow the change that was made last when two tabs share the device', async () => {
    const server = new FakeServer();
    const shelf = new Shelf();
    const [left, right] = [aPage(server, shelf), aPage(server, shelf)];
    left.change('a', 'left');
    right.change('a', 'right');
    right.flush();
    await wait(100);
    left.flush();
    await wait(3000);
    expect(server.stored.get('a')?.response).toBe('right');
    expect(left.read()).toMatchObject({ unsent: 0, answers: { a: { response: 'right', save: 'saved', revision: 1 } } });
  });

  it('win over an older tab that shares no storage, by the higher number', async () => {
    const server = new FakeServer();
    const [left, right] = [aPage(server, null), aPage(server, null)];
    left.change('a', '1');
    left.change('a', '2');
    left.flush();
    await wait(100);
    right.change('a', 'later');
    right.flush();
    await wait(1000);
    expect(server.stored.get('a')).toEqual({ seq: 3, response: 'later' });
    expect(right.read()).toMatchObject({ unsent: 0 });
  });

  it('say that the sign-in is gone, keep everything, and go out after signing in again', async () => {
    const server = new FakeServer();
    const page = aPage(server);
    server.mood = 'signed-out';
    page.change('a', 'x');
    page.flush();
    await wait(100);
    expect(page.read()).toMatchObject({ connection: 'signed-out', unsent: 1 });
    server.mood = 'good';
    await wait(3000);
    expect(page.read()).toMatchObject({ connection: 'good', unsent: 0 });
  });

  it('say that the disk is full, keep everything and try again', async () => {
    const server = new FakeServer();
    const page = aPage(server);
    server.mood = 'full';
    page.change('a', 'x');
    page.flush();
    await wait(100);
    expect(page.read()).toMatchObject({ connection: 'full', unsent: 1, answers: { a: { save: 'kept' } } });
    server.mood = 'good';
    await wait(3000);
    expect(server.stored.size).toBe(1);
  });

  it.each(['handed-in', 'late', 'other-device'] as const)('cannot be changed any more once the server says %s', async (mood) => {
    const server = new FakeServer();
    const shelf = new Shelf();
    const page = aPage(server, shelf);
    server.mood = mood;
    page.change('a', 'x');
    page.flush();
    await wait(100);
    expect(page.read().connection).toBe(mood);
    page.change('b', 'y');
    await wait(60_000);
    expect(page.read().answers['b']).toMatchObject({ response: null });
    expect(server.requests).toHaveLength(1);
    // What the server has as evidence is of no use here; what another device shut out may still be told to the invigilator.
    expect([...shelf.texts.values()].join().includes('"x"')).toBe(mood === 'other-device');
  });

  it('tell when they would not survive the page', async () => {
    const shelf = new Shelf();
    shelf.refuses = true;
    const server = new FakeServer();
    const page = aPage(server, shelf);
    page.begin();
    page.change('a', 'x');
    expect(page.read().durable).toBe(false);
    await wait(3000);
    expect(server.stored.size).toBe(1);
  });

  it('send a sign of life every half minute, and nothing else, while nothing changes', async () => {
    const server = new FakeServer();
    aPage(server).begin();
    await wait(95_000);
    expect(server.requests).toHaveLength(4);
    expect(server.requests.every(({ changes }) => changes.length === 0)).toBe(true);
  });

  it('send flags until they are acknowledged, and clear an answer as a change', async () => {
    const server = new FakeServer();
    const page = aPage(server);
    server.mood = 'lost-request';
    page.flag('a', true);
    await wait(3000);
    server.mood = 'good';
    await wait(5000);
    expect(page.read().unsent).toBe(0);
    expect(server.requests.flatMap(({ flags }) => flags)).toContainEqual({ item: 'a', flagged: true });
    page.change('b', 'x');
    page.clear('b');
    await wait(3000);
    expect(server.stored.get('b')).toEqual({ seq: 2, response: null });
  });

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
        if (one.do === 'change') {
          page.change(one.item, one.response);
          last.set(one.item, one.response);
          if (one.leave) page.flush();
        }
        if (one.do === 'reload') {
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
