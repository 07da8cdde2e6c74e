import { describe, expect, it } from 'vitest';
import { Live, type Stream } from '~/ui/player/live';
import { connectionAfter, isNewer, parseStanding } from '~/ui/player/standing';
import type { Standing } from '~/ui/player/types';

const T0 = Date.parse('2026-11-24T02:00:00.000Z');
const text = (more: object = {}) => JSON.stringify({
  serverNow: '2026-11-24T02:00:00.000Z', deadline: '2026-11-24T03:00:00.000Z', state: 'in-progress', pausedAt: null, section: 0, sectionEndsAt: null,
  otherDevice: false, messages: [], version: 1, ...more,
});

class FakeStream implements Stream {
  readyState = 0;
  /** Whether its signs of life get through. */
  beats = false;
  private readonly hearers = new Map<string, (event: { data?: string }) => void>();
  addEventListener(type: string, hear: (event: { data?: string }) => void): void {
    this.hearers.set(type, hear);
  }
  emit(type: string, data?: string): void {
    this.hearers.get(type)?.(data === undefined ? {} : { data });
  }
  close(): void {
    this.readyState = 2;
  }
}

/** A page that listens; time passes by `pass`. */
function aPage(stream: (() => FakeStream) | null) {
  const state = { now: 0, asked: 0, heard: [] as Standing[], times: [] as number[], streams: [] as FakeStream[], tick: () => undefined as unknown };
  const live = new Live({
    open: () => {
      const opened = stream?.() ?? null;
      if (opened) state.streams.push(opened);
      return opened;
    },
    ask: async () => {
      state.asked += 1;
      return text();
    },
    heard: (standing) => state.heard.push(standing),
    time: (serverNow) => state.times.push(serverNow),
    every: (run) => {
      state.tick = run;
      return 1;
    },
    stop: () => void (state.tick = () => undefined),
    now: () => state.now,
  });
  const pass = async (ms: number) => {
    for (let left = ms; left > 0; left -= 1000) {
      state.now += Math.min(left, 1000);
      if (state.now % 2000 === 0) state.streams.filter((one) => one.beats && one.readyState === 1).forEach((one) => one.emit('beat', String(T0 + state.now)));
      state.tick();
      await Promise.resolve();
      await Promise.resolve();
    }
  };
  return { live, state, pass };
}

describe('hearing how the attempt stands', () => {
  it('asks every four seconds in a browser that has no event stream', async () => {
    const { live, state, pass } = aPage(null);
    live.start();
    await pass(20_000);
    expect(state.asked).toBe(5);
    expect(state.heard[0]).toMatchObject({ deadline: T0 + 3_600_000, serverNow: T0 });
  });

  it('does not ask while the stream speaks', async () => {
    const { live, state, pass } = aPage(() => new FakeStream());
    live.start();
    state.streams.forEach((one) => Object.assign(one, { readyState: 1, beats: true }));
    state.streams[0]?.emit('standing', text());
    await pass(60_000);
    expect(state).toMatchObject({ asked: 0, heard: [{ state: 'in-progress' }] });
  });

  it('hears the server’s time with every beat', async () => {
    const { live, state, pass } = aPage(() => new FakeStream());
    live.start();
    state.streams.forEach((one) => Object.assign(one, { readyState: 1, beats: true }));
    await pass(4000);
    expect(state.times).toEqual([T0 + 2000, T0 + 4000]);
    state.streams[0]?.emit('beat');
    expect(state.times).toHaveLength(2);
  });

  it('asks when a stream is open but something in between holds it back', async () => {
    const { live, state, pass } = aPage(() => new FakeStream());
    live.start();
    state.streams.forEach((one) => { one.readyState = 1; });
    await pass(12_000);
    expect(state.asked).toBe(3);
  });

  it('asks within five seconds after a connection died without anybody telling', async () => {
    const { live, state, pass } = aPage(() => new FakeStream());
    live.start();
    state.streams.forEach((one) => Object.assign(one, { readyState: 1, beats: true }));
    state.streams[0]?.emit('standing', text());
    await pass(30_000);
    expect(state.asked).toBe(0);
    state.streams.forEach((one) => { one.beats = false; });
    await pass(5000);
    expect(state.asked).toBe(1);
  });

  it('asks soon after an error, until the stream speaks again', async () => {
    const { live, state, pass } = aPage(() => new FakeStream());
    live.start();
    const [stream] = state.streams;
    if (!stream) throw new Error('no stream was opened');
    stream.readyState = 1;
    stream.emit('standing', text());
    stream.readyState = 0;
    stream.emit('error');
    await pass(4000);
    expect(state.asked).toBe(1);
    Object.assign(stream, { readyState: 1, beats: true });
    stream.emit('standing', text());
    await pass(12_000);
    expect(state.asked).toBe(1);
  });

  it('opens one stream however often it is started, none after its end, and another one when it is started anew', async () => {
    const { live, state, pass } = aPage(() => new FakeStream());
    live.start();
    live.start();
    expect(state.streams).toHaveLength(1);
    live.end();
    await pass(60_000);
    expect(state).toMatchObject({ asked: 0, streams: [{ readyState: 2 }] });
    live.start();
    expect(state.streams).toHaveLength(2);
  });

  it('opens a stream that broke for good again after half a minute', async () => {
    const { live, state, pass } = aPage(() => new FakeStream());
    live.start();
    state.streams[0]?.close();
    await pass(28_000);
    expect(state.streams).toHaveLength(1);
    await pass(4000);
    expect(state.streams).toHaveLength(2);
  });
});

describe('a standing', () => {
  const standing = parseStanding(text()) as Standing;

  it('is read with its instants, and is nothing when it is something else', () => {
    const message = { id: 'm', text: '请换到3号机', sentAt: '2026-11-24T01:59:00.000Z' };
    expect(parseStanding(text({ pausedAt: '2026-11-24T01:58:00.000Z', messages: [message, { id: 1 }, null] })))
      .toMatchObject({ pausedAt: T0 - 120_000, messages: [{ id: 'm', text: '请换到3号机', sentAt: T0 - 60_000 }] });
    for (const other of ['', '<html>', 'null', '[]', '{}', text({ deadline: 'soon' })]) expect(parseStanding(other)).toBeNull();
  });

  it('does not take the place of a later one, unless the server set its clock back', () => {
    expect([isNewer(1000, 1000), isNewer(999, 1000), isNewer(T0 - 3_600_000, T0)]).toEqual([true, false, true]);
  });

  it.each([
    { name: 'another device took over', before: 'good', change: { otherDevice: true }, after: 'other-device' },
    { name: 'this device came back into its own', before: 'other-device', change: {}, after: 'good' },
    { name: 'it was declared void', before: 'good', change: { state: 'void' }, after: 'void' },
    { name: 'the invigilator handed it in', before: 'good', change: { state: 'handed-in' }, after: 'handed-in' },
    { name: 'the deadline handed it in', before: 'late', change: { state: 'graded' }, after: 'late' },
    { name: 'somebody gave time after the end', before: 'time-over', change: { deadline: T0 + 1 }, after: 'good' },
    { name: 'time is over and nobody gave any', before: 'time-over', change: { deadline: T0 }, after: 'time-over' },
    { name: 'saves do not get through', before: 'unreachable', change: {}, after: 'unreachable' },
  ] as const)('says what this device may do: $name', ({ before, change, after }) => {
    expect(connectionAfter(before, { ...standing, ...change }, T0)).toBe(after);
  });
});
