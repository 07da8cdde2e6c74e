import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { advanceClock, clock, days, followTime, hours, minutes, realDelay, resetClock, setClock } from '~/kernel/clock';
import { followTestClock, virtualAt, type ClockCourse } from '~/kernel/clock-file';

const folder = mkdtempSync(path.join(tmpdir(), 'shanggang-clock-'));
const file = path.join(folder, 'clock.json');
const REAL = Date.UTC(2026, 10, 24, 8);

function write(course: ClockCourse): void {
  writeFileSync(`${file}.new`, JSON.stringify(course));
  renameSync(`${file}.new`, file);
}

function follow(course: ClockCourse): void {
  write(course);
  expect(followTestClock({ NODE_ENV: 'test', TEST_CLOCK: file })).toBeNull();
}

afterEach(() => {
  resetClock();
  vi.useRealTimers();
});

describe('the clock of a simulation', () => {
  it('lets its factor of time pass', () => {
    vi.useFakeTimers({ toFake: ['Date'], now: REAL });
    follow({ real: REAL, virtual: REAL + days(1), factor: 60 });
    expect(clock.now()).toBe(REAL + days(1));
    vi.setSystemTime(REAL + 1000);
    expect(clock.now()).toBe(REAL + days(1) + minutes(1));
  });

  it.each([
    { name: 'a day forwards', jump: days(1) },
    { name: 'an hour backwards', jump: -hours(1) },
  ])('jumps $name when its file is edited, without a restart', ({ jump }) => {
    vi.useFakeTimers({ toFake: ['Date'], now: REAL });
    follow({ real: REAL, virtual: REAL, factor: 10 });
    expect(clock.now()).toBe(REAL);
    write({ real: REAL, virtual: REAL + jump, factor: 10 });
    vi.setSystemTime(REAL + 100);
    expect(clock.now()).toBe(REAL + jump + 1000);
  });

  it('goes on as before while its file is gone or half written', () => {
    vi.useFakeTimers({ toFake: ['Date'], now: REAL });
    follow({ real: REAL, virtual: REAL, factor: 10 });
    writeFileSync(file, '{"real":');
    vi.setSystemTime(REAL + 1000);
    expect(clock.now()).toBe(REAL + 10_000);
    rmSync(file);
    vi.setSystemTime(REAL + 2000);
    expect(clock.now()).toBe(REAL + 20_000);
  });

  it('never runs backwards by itself and gives whole milliseconds', () => {
    fc.assert(fc.property(fc.double({ min: 0.1, max: 1000, noNaN: true }), fc.nat(10_000_000), fc.nat(10_000), (factor, passed, more) => {
      const course = { real: REAL, virtual: REAL, factor };
      const [earlier, later] = [virtualAt(course, REAL + passed), virtualAt(course, REAL + passed + more)];
      expect(Number.isInteger(earlier)).toBe(true);
      expect(later).toBeGreaterThanOrEqual(earlier);
    }));
  });

  it('shortens what timers and the queue wait for, never to less than asked', () => {
    fc.assert(fc.property(fc.double({ min: 0.1, max: 1000, noNaN: true }), fc.nat(10_000_000), (factor, ms) => {
      followTime({ at: (real) => real, factor });
      expect(realDelay(ms) * factor).toBeGreaterThanOrEqual(ms * (1 - 1e-9));
      expect((realDelay(ms) - 1) * factor).toBeLessThan(ms + 1e-6);
    }));
  });

  it('can still be frozen and moved by a test', () => {
    followTime({ at: () => REAL, factor: 60 });
    advanceClock(5);
    expect(clock.now()).toBe(REAL + 5);
    setClock(7);
    expect(clock.now()).toBe(7);
  });
});

describe('without that setting', () => {
  it('the clock is the machine’s and a delay is what was asked for', () => {
    vi.useFakeTimers({ toFake: ['Date'], now: REAL });
    expect(followTestClock({ NODE_ENV: 'production' })).toBeNull();
    expect(clock.now()).toBe(REAL);
    expect(realDelay(1234)).toBe(1234);
  });
});

describe('the setting', () => {
  it.each(['production', 'development', undefined])('is refused with a sentence when NODE_ENV is %s', (NODE_ENV) => {
    write({ real: REAL, virtual: 0, factor: 5 });
    expect(followTestClock({ NODE_ENV, TEST_CLOCK: file })).toMatch(/^TEST_CLOCK: .* refused unless NODE_ENV is "test"/);
    expect(realDelay(1000)).toBe(1000);
  });

  it('is refused when the file is missing or something else', () => {
    expect(followTestClock({ NODE_ENV: 'test', TEST_CLOCK: path.join(folder, 'none') })).toMatch(/is no clock file/);
    writeFileSync(file, JSON.stringify({ real: 1, virtual: 1, factor: 0 }));
    expect(followTestClock({ NODE_ENV: 'test', TEST_CLOCK: file })).toMatch(/is no clock file/);
  });
});
