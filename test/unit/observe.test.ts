import { beforeEach, describe, expect, it } from 'vitest';
import { MOST_KEPT, MOST_SENT, Observer, type Noticed } from '~/ui/player/observe';
import { FAST_IN_A_ROW, isFast, ReadingPace, toRead } from '~/ui/player/reading-speed';

const T0 = 1_800_000_000_000;
const ALL = ['left-page', 'paste', 'idle', 'fast-answers'];

describe('the page during an exam', () => {
  let now: number;
  let online: boolean;
  let sent: Noticed[][];
  let warnings: (number | null)[];

  beforeEach(() => {
    now = T0;
    online = true;
    sent = [];
    warnings = [];
  });

  const observer = (kinds: string[] = ALL, idleMinutes: number | null = 5) => new Observer({ kinds, idleMinutes }, {
    now: () => now,
    send: async (noticed) => {
      if (online) sent.push(noticed);
      return online;
    },
    warn: (minutes) => warnings.push(minutes),
  });
  /** The server's view: the same kind and beginning is one row. */
  const rows = () => [...new Map(sent.flat().map((one) => [`${one.kind} ${one.at}`, one])).values()];

  it('notices that it was left, and for how many seconds', async () => {
    const page = observer();
    page.left();
    now += 12_400;
    page.back();
    await page.tick();
    expect(sent).toEqual([[{ kind: 'left-page', at: T0, seconds: 12 }]]);
    await page.tick();
    expect(sent).toHaveLength(1);
  });

  it('tells while the candidate is still away, and it stays one leaving', async () => {
    const page = observer();
    page.left();
    now += 30_000;
    await page.tick();
    now += 30_000;
    page.back();
    await page.tick();
    expect(rows()).toEqual([{ kind: 'left-page', at: T0, seconds: 60 }]);
  });

  it('takes a slip of less than two seconds, and turning to another page of the exam, for no leaving', async () => {
    const page = observer();
    page.left();
    now += 1500;
    page.back();
    page.left();
    page.gone();
    now += 60_000;
    page.back();
    await page.tick();
    expect(sent).toEqual([]);
  });

  it('counts what was pasted and never sees it', async () => {
    const page = observer();
    page.pasted(240);
    page.pasted(0);
    await page.tick();
    expect(sent).toEqual([[{ kind: 'paste', at: T0, count: 240 }]]);
  });

  it('notices nothing that the author has not switched on', async () => {
    const page = observer(['paste'], null);
    page.left();
    now += 600_000;
    page.back();
    page.fast({ since: T0, count: 9 });
    await page.tick();
    expect(sent).toEqual([]);
    expect(warnings).toEqual([]);
  });

  it('warns after so many minutes without input, and any input takes the warning away before anything is recorded', async () => {
    const page = observer();
    now += 5 * 60_000;
    await page.tick();
    now += 30_000;
    page.touched();
    await page.tick();
    expect(warnings).toEqual([5, null]);
    expect(sent).toEqual([]);
  });

  it('records the idle time only a minute after the warning, from the last input on', async () => {
    const page = observer();
    now += 5 * 60_000;
    await page.tick();
    now += 90_000;
    await page.tick();
    now += 10_000;
    page.touched();
    await page.tick();
    expect(rows()).toEqual([{ kind: 'idle', at: T0, seconds: 400 }]);
  });

  it('does not call somebody idle whom it could not warn: who is away from the page', async () => {
    const page = observer();
    page.left();
    now += 20 * 60_000;
    await page.tick();
    page.back();
    await page.tick();
    expect(warnings).toEqual([]);
    expect(rows()).toEqual([{ kind: 'left-page', at: T0, seconds: 1200 }]);
  });

  it('warns without recording where the author wants only that', async () => {
    const page = observer([], 5);
    now += 10 * 60_000;
    await page.tick();
    expect(warnings).toEqual([10]);
    expect(sent).toEqual([]);
  });

  it('keeps what it noticed while the network is away, bounded, and loses no second of it', async () => {
    online = false;
    const page = observer();
    for (let i = 0; i < MOST_KEPT + 50; i += 1) {
      page.left();
      now += 3000;
      page.back();
      await page.tick();
    }
    online = true;
    for (let i = 0; i < 10; i += 1) await page.tick();
    expect(Math.max(...sent.map((batch) => batch.length))).toBeLessThanOrEqual(MOST_SENT);
    expect(rows()).toHaveLength(MOST_KEPT);
    expect(rows().reduce((sum, one) => sum + (one.seconds ?? 0), 0)).toBe((MOST_KEPT + 50) * 3);
  });
});

describe('reading speed', () => {
  it('counts Chinese characters, words in other scripts as one and a half, and no punctuation', () => {
    expect(toRead(['收件时先做什么？', '核对'])).toBe(9);
    expect(toRead(['PDF 文件、Word 2016'])).toBe(2 + 3 * 1.5);
    expect(toRead(['，。？'])).toBe(0);
  });

  it('calls nothing fast that a fast reader could have read', () => {
    const characters = 100;
    const fastReader = (characters / 420) * 60_000;
    expect(isFast({ seenAt: T0, now: T0 + fastReader, characters, others: [] })).toBe(false);
    expect(isFast({ seenAt: T0, now: T0 + 5000, characters, others: [] })).toBe(false);
    expect(isFast({ seenAt: T0, now: T0 + 4999, characters, others: [] })).toBe(true);
  });

  it('is not offended when somebody reads a whole page first and then answers it in one go', () => {
    const pace = new ReadingPace();
    const items = Array.from({ length: 10 }, (_, i) => `i${i}`);
    pace.shown(items, T0);
    const read = T0 + 10 * 5000;
    expect(items.map((item, i) => pace.answer(item, 100, read + i * 500))).toEqual(items.map(() => null));
  });

  it('tells of a row of answers without reading, once it is long enough, and of its growing', () => {
    const pace = new ReadingPace();
    const items = Array.from({ length: FAST_IN_A_ROW + 1 }, (_, i) => `i${i}`);
    pace.shown(items, T0);
    const told = items.map((item, i) => pace.answer(item, 100, T0 + (i + 1) * 1000));
    expect(told).toEqual([...Array<null>(FAST_IN_A_ROW - 1).fill(null), { since: T0 + 1000, count: FAST_IN_A_ROW }, { since: T0 + 1000, count: FAST_IN_A_ROW + 1 }]);
  });

  it('begins the row anew after an item that was read, and counts a changed mind for nothing', () => {
    const pace = new ReadingPace();
    const first = Array.from({ length: FAST_IN_A_ROW - 1 }, (_, i) => `a${i}`);
    pace.shown(first, T0);
    for (const [i, item] of first.entries()) expect(pace.answer(item, 100, T0 + i * 100)).toBeNull();
    for (const item of first) expect(pace.answer(item, 100, T0 + 1000)).toBeNull();
    pace.shown(['slow'], T0 + 2000);
    expect(pace.answer('slow', 100, T0 + 60_000)).toBeNull();
    pace.shown(['next'], T0 + 60_000);
    expect(pace.answer('next', 100, T0 + 60_100)).toBeNull();
  });

  it('knows nothing of items that were answered before the page was opened', () => {
    const pace = new ReadingPace();
    const items = Array.from({ length: 8 }, (_, i) => `i${i}`);
    pace.known(items, 0);
    pace.shown(items, T0);
    expect(items.map((item) => pace.answer(item, 100, T0 + 10))).toEqual(items.map(() => null));
  });
});
