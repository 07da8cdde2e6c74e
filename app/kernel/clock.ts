/**
 * The only place that reads the time. An `Instant` is a number: milliseconds since 1970-01-01T00:00Z,
 * as stored in every BIGINT column.
 */
export type Instant = number;

export interface Clock {
  now(): Instant;
}

let offset = 0;
let frozenAt: Instant | null = null;

/** The clock of this process. Tests move it with `setClock`; nothing else does. */
export const clock: Clock = {
  now: () => frozenAt ?? Date.now() + offset,
};

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
  offset = 0;
  frozenAt = null;
}

export const seconds = (n: number): number => n * 1000;
export const minutes = (n: number): number => n * 60_000;
export const hours = (n: number): number => n * 3_600_000;
export const days = (n: number): number => n * 86_400_000;
