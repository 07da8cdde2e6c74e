import type { Instant } from '~/kernel/clock';

export interface LineLimits {
  /** Starts that may be under way at once. */
  atOnce: number;
  /** Starts beyond these for which somebody may be called who has not pressed again yet. */
  ahead: number;
  /** Somebody who was called and does not press within so long is passed over (milliseconds). */
  comeWithin: number;
  /** Somebody who has not asked again for so long has gone, and loses the place (milliseconds). */
  forgetAfter: number;
}

export type Turn =
  /** `since`: when the person asked for the first time. */
  | { kind: 'your-turn'; since: Instant }
  /** `place` is counted from 1. */
  | { kind: 'wait'; place: number };

/** What somebody in line hears who asks for nothing but that: `called` means that it is time to press start again. */
export type Call = { kind: 'called' } | { kind: 'wait'; place: number };

/** A line of thousands is not searched for people who left at each single request. */
const LOOK_EVERY = 1000;

interface Waiting {
  since: Instant;
  seenAt: Instant;
  /** There while a request of theirs is held open: to start, or only to hear when it is time. */
  letIn: (() => void) | null;
  starts: boolean;
}

/**
 * The line before a start, for when more people press it at once than the server can serve. A request waits
 * a moment for its turn; then it is told its place, which is kept until the browser asks again. Whoever is
 * not asking just now is passed over and comes next on return, so that nobody holds up those behind.
 */
export class StartLine {
  private readonly waiting = new Map<string, Waiting>();
  /** Who was told to press start now, until when they may, and when they asked first. */
  private readonly called = new Map<string, { since: Instant; until: Instant }>();
  private starting = 0;
  private lookedAt: Instant = 0;

  constructor(private readonly limits: LineLimits, private readonly now: () => Instant) {}

  /**
   * Asks for a turn. Whoever gets one must call `leave` once, however the start ends.
   * @param patience milliseconds for which the request waits before it is told its place
   */
  async ask(who: string, patience: number): Promise<Turn> {
    this.forgetGone();
    const called = this.called.get(who);
    this.called.delete(who);
    const before = this.waiting.get(who);
    const since = called?.since ?? before?.since ?? this.now();
    if (called || (!before && this.starting < this.limits.atOnce && this.waiting.size === 0)) {
      this.starting += 1;
      return { kind: 'your-turn', since };
    }
    const entry = this.stay(who, since, true);
    const granted = await this.held(who, entry, patience);
    if (granted) return { kind: 'your-turn', since };
    return { kind: 'wait', place: this.placeOf(who) };
  }

  /**
   * Waits until it is time to press start again, for somebody in line: much cheaper than pressing to hear the place.
   * Who is not in line, because the process is a new one or they did not come when they were called, joins it: if all
   * of them were sent to press, a restart would be followed by thousands of presses at once.
   */
  async call(who: string, patience: number): Promise<Call> {
    this.forgetGone();
    this.forgetCalled();
    if (this.called.has(who)) return { kind: 'called' };
    const entry = this.stay(who, this.waiting.get(who)?.since ?? this.now(), false);
    const granted = await this.held(who, entry, patience);
    return granted || !this.waiting.has(who) ? { kind: 'called' } : { kind: 'wait', place: this.placeOf(who) };
  }

  /** The place as it is now; the one behind the last for who is not in line. */
  look(who: string): Call {
    this.forgetCalled();
    return this.called.has(who) ? { kind: 'called' } : { kind: 'wait', place: this.placeOf(who) };
  }

  /** People who wait, whether or not they ask just now. */
  get length(): number {
    return this.waiting.size;
  }

  leave(): void {
    this.starting -= 1;
    this.letNextIn();
  }

  /** Keeps the place, or takes the last one. A request of the same person that is held is answered with the place. */
  private stay(who: string, since: Instant, starts: boolean): Waiting {
    this.waiting.get(who)?.letIn?.();
    const entry: Waiting = { since, seenAt: this.now(), letIn: null, starts };
    this.waiting.set(who, entry);
    return entry;
  }

  private held(who: string, entry: Waiting, patience: number): Promise<boolean> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        entry.letIn = null;
        resolve(false);
      }, patience);
      entry.letIn = () => {
        clearTimeout(timer);
        entry.letIn = null;
        resolve(this.waiting.get(who) !== entry);
      };
      this.letNextIn();
    });
  }

  private letNextIn(): void {
    this.forgetCalled();
    for (const [who, entry] of this.waiting) {
      const free = this.limits.atOnce - this.starting;
      if (free <= 0 && this.called.size - free >= this.limits.ahead) return;
      if (!entry.letIn || (entry.starts ? free <= 0 : this.called.size - free >= this.limits.ahead)) continue;
      this.waiting.delete(who);
      if (entry.starts) this.starting += 1;
      else this.called.set(who, { since: entry.since, until: this.now() + this.limits.comeWithin });
      entry.letIn();
    }
  }

  private forgetCalled(): void {
    const now = this.now();
    // In the order in which they were called; after a clock was set back nobody is waited for longer.
    for (const [who, { until }] of this.called) {
      if (until > now && until <= now + this.limits.comeWithin) return;
      this.called.delete(who);
    }
  }

  private placeOf(who: string): number {
    let place = 1;
    for (const one of this.waiting.keys()) {
      if (one === who) break;
      place += 1;
    }
    return place;
  }

  private forgetGone(): void {
    const now = this.now();
    if (Math.abs(now - this.lookedAt) < LOOK_EVERY) return;
    this.lookedAt = now;
    for (const [who, { seenAt, letIn }] of this.waiting) {
      if (letIn === null && now - seenAt > this.limits.forgetAfter) this.waiting.delete(who);
    }
  }
}
