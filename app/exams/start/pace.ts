/** Of each new start so much goes into the average: some dozen starts and it follows. */
const SHARE = 0.05;
/** What one start is taken to need before any was seen, in milliseconds. */
const FIRST_GUESS = 50;

/** How fast people get in: from how long the last starts took, so many running at once. */
export class Pace {
  private average = FIRST_GUESS;

  constructor(private readonly atOnce: number) {}

  /** A start took so many milliseconds, with others running beside it. */
  took(ms: number): void {
    this.average += (ms - this.average) * SHARE;
  }

  /** Milliseconds until somebody at this place (counted from 1) may expect to be let in. */
  until(place: number): number {
    return (place / this.atOnce) * this.average;
  }
}
