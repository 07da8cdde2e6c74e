/**
 * The only place that reads the time. An `Instant` is a number: milliseconds since 1970-01-01T00:00Z,
 * as stored in every BIGINT column.
 */
export type Instant = number;

export interface Clock {
  now(): Instant;
}

/** A course of time other than the machine's: tests and simulations let an hour pass in a minute. */
export interface TimeSource {
  /** What the clock shows when the machine's shows `real`. */
  at(real: Instant): Instant;
  /** Milliseconds that pass in one of the machine's. */
  readonly factor: number;
}

let source: TimeSource | null = null;
let offset = 0;
let frozenAt: Instant | null = null;

function running(): Instant {
  const real = Date.now();
  return source ? source.at(real) : real;
}

/** The clock of this process. Tests move it with `setClock`; nothing else does. */
export const clock: Clock = {
  now: () => frozenAt ?? running() + offset,
};

/**
 * How long a timer or the queue must wait, in the machine's milliseconds, for `ms` to pass on the clock. Whoever
 * hands a delay to either asks here; outside of tests it is the same number.
 */
export const realDelay = (ms: number): number => (source ? Math.ceil(ms / source.factor) : ms);

/** Lets time run as `next` says, or with null as the machine does. For tests and for simulations. */
export function followTime(next: TimeSource | null): void {
  source = next;
}

/** Freezes the clock at `at` until `resetClock`. For tests and for simulations of the future. */
export function setClock(at: Instant): void {
  frozenAt = at;
}

/** Moves the clock by `ms`, whether it is frozen or runs. */
export function advanceClock(ms: number): void {
  if (frozenAt === null) offset += ms;
  else frozenAt += ms;
}

/** Back to the machine's time. */
export function resetClock(): void {
  source = null;
  offset = 0;
  frozenAt = null;
}

export const seconds = (n: number): number => n * 1000;
export const minutes = (n: number): number => n * 60_000;
export const hours = (n: number): number => n * 3_600_000;
export const days = (n: number): number => n * 86_400_000;
