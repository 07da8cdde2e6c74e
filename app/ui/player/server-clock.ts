/**
 * The server's time on this page. It counts with the page's own monotonic clock (`performance.now`) from
 * what the server said, and never asks the device what time it is: a wrong device clock changes nothing.
 */
export class ServerClock {
  private offset = -Infinity;

  constructor(private readonly ticks: () => number) {}

  /**
   * The server said that it was `serverNow`. An answer only ever arrives late, so the highest offset is the
   * nearest to the truth; it also catches up after a sleep during which the page's clock stood still.
   */
  heard(serverNow: number): void {
    this.offset = Math.max(this.offset, serverNow - this.ticks());
  }

  now(): number {
    return this.ticks() + this.offset;
  }
}

interface TimeLeft {
  hours: number;
  minutes: number;
  seconds: number;
}

/** Milliseconds as a clock shows them: never more than there is, never below zero. */
export function timeLeft(ms: number): TimeLeft {
  const whole = Math.max(0, Math.floor(ms / 1000));
  return { hours: Math.floor(whole / 3600), minutes: Math.floor((whole % 3600) / 60), seconds: whole % 60 };
}

/** `59:07`, with hours `1:05:09`. */
export function clockFace(ms: number): string {
  const { hours, minutes, seconds } = timeLeft(ms);
  const two = (n: number): string => `0${n}`.slice(-2);
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds)}` : `${minutes}:${two(seconds)}`;
}

/** Minutes before the end at which the time is announced to those who do not see the clock. */
const ANNOUNCED = [10, 5, 1];

/** The announcement due when the time left falls from `before` to `after` (milliseconds): its minutes, or null. */
export const announcementBetween = (before: number, after: number): number | null =>
  ANNOUNCED.find((minutes) => before > minutes * 60_000 && after <= minutes * 60_000 && after > 0) ?? null;
