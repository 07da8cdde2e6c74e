import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Standing } from '~/ui/player/types';
import { aPage, DEADLINE, FakeServer, Shelf, T0 } from '../support/answer-page';

const standing = (given: Partial<Standing>): Standing => ({
  serverNow: T0, deadline: DEADLINE, state: 'in-progress', pausedAt: null, section: 0, sectionEndsAt: null, otherDevice: false, messages: [], ...given,
});

describe('the answers on a page', () => {
  beforeEach(() => void vi.useFakeTimers({ now: T0, toFake: ['setTimeout', 'clearTimeout', 'Date', 'performance'] }));
  afterEach(() => void vi.useRealTimers());
  const wait = (ms: number) => vi.advanceTimersByTimeAsync(ms);
  /** A page that runs, and has heard from the server. */
  const opened = async (server: FakeServer, shelf?: Shelf) => {
    const page = aPage(server, shelf);
    page.begin();
    await wait(100);
    server.requests.length = 0;
    return page;
  };

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
    // The sign of life at the beginning, and both together.
    expect(server.requests.map(({ changes }) => changes.map(({ item }) => item))).toEqual([[], ['a', 'b']]);
    page.change('c', 'z');
    page.flush();
    await wait(10);
    expect(server.requests).toHaveLength(2);
    await wait(500);
    expect(server.stored.size).toBe(3);
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
    expect(shelf.unsent()).toEqual(['x']);
    server.mood = 'good';
    page.check();
    await wait(100);
    expect(page.read()).toMatchObject({ connection: 'good', unsent: 0 });
    expect(shelf.unsent()).toEqual([]);
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
    await wait(10);
    expect(second.read().answers['a']).toMatchObject({ response: 'x', save: 'saving', revision: 1 });
    await wait(600);
    expect(server.stored.get('a')).toEqual({ seq: 1, response: 'x' });
  });

  it('are not sent again by the next page when only the acknowledgement was lost', async () => {
    const server = new FakeServer();
    const shelf = new Shelf();
    const first = await opened(server, shelf);
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
    const [left, right] = [await opened(server, shelf), await opened(server, shelf)];
    left.change('a', 'left');
    right.change('a', 'right');
    await wait(20);
    right.flush();
    await wait(100);
    left.flush();
    await wait(3000);
    expect(server.stored.get('a')?.response).toBe('right');
    expect(left.read()).toMatchObject({ unsent: 0, answers: { a: { response: 'right', save: 'saved', revision: 1 } } });
  });

  it('win over an older tab that shares no storage, by the higher number', async () => {
    const server = new FakeServer();
    const [left, right] = [await opened(server), await opened(server)];
    left.change('a', '1');
    await wait(1);
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
    const page = await opened(server);
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
    const page = await opened(server);
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
    const page = await opened(server, shelf);
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
    expect(shelf.unsent().length > 0).toBe(mood === 'other-device');
  });

  it('tell when they would not survive the page', async () => {
    const shelf = new Shelf();
    shelf.refuses = true;
    const server = new FakeServer();
    const page = aPage(server, shelf);
    page.begin();
    page.change('a', 'x');
    await wait(10);
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
    const page = await opened(server);
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

  it('count when they were changed before the deadline and the network came back within the tolerance', async () => {
    const server = new FakeServer();
    const page = await opened(server);
    server.mood = 'lost-request';
    page.change('a', 'in time');
    await wait(DEADLINE - T0 + 20_000);
    server.mood = 'over';
    page.check();
    await wait(200);
    expect(server.stored.get('a')?.response).toBe('in time');
    expect(page.read()).toMatchObject({ connection: 'time-over', unsent: 0, answers: { a: { save: 'saved' } } });
  });

  it('are kept as evidence, and say so, when they come too late', async () => {
    const server = new FakeServer();
    const page = await opened(server);
    server.mood = 'lost-request';
    page.change('a', 'x');
    await wait(DEADLINE - T0 + 3_600_000);
    server.mood = 'late';
    page.check();
    await wait(200);
    expect(page.read()).toMatchObject({ connection: 'late', unsent: 0, answers: { a: { save: 'evidence' } } });
  });

  it('stay while the exam is paused and go out when it goes on, without anybody doing anything', async () => {
    const server = new FakeServer();
    const page = await opened(server);
    server.mood = 'paused';
    page.change('a', 'x');
    await wait(3000);
    expect(page.read()).toMatchObject({ unsent: 1, answers: { a: { save: 'kept' } } });
    expect(page.read().pausedAt).not.toBeNull();
    page.change('b', 'not while it is paused');
    expect(page.read().answers['b']?.response).toBeNull();
    server.mood = 'good';
    page.heard(standing({ serverNow: Date.now() }));
    await wait(3000);
    expect(page.read()).toMatchObject({ unsent: 0, pausedAt: null });
    expect(server.stored.get('a')?.response).toBe('x');
  });

  it('follow a deadline that is told, and none that was told before', async () => {
    const page = await opened(new FakeServer());
    page.heard(standing({ serverNow: Date.now(), deadline: DEADLINE + 300_000 }));
    page.heard(standing({ serverNow: Date.now() - 5000, deadline: DEADLINE }));
    expect(page.read().deadline).toBe(DEADLINE + 300_000);
  });

  it('cannot be written once another device took over or the attempt is void, and can again once it is given back', async () => {
    const page = await opened(new FakeServer());
    page.heard(standing({ serverNow: Date.now(), otherDevice: true }));
    expect(page.read().connection).toBe('other-device');
    await wait(10);
    page.heard(standing({ serverNow: Date.now() }));
    page.change('a', 'x');
    await wait(3000);
    expect(page.read()).toMatchObject({ connection: 'good', unsent: 0 });
    page.heard(standing({ serverNow: Date.now(), state: 'void' }));
    expect(page.read().connection).toBe('void');
  });
});
