import { parseStanding } from './standing';
import type { Standing } from './types';

/** The part of `EventSource` that is needed. */
export interface Stream {
  readonly readyState: number;
  addEventListener(type: string, hear: (event: { data?: string }) => void): void;
  close(): void;
}

export interface LiveParts {
  /** Opens the stream; null where the browser has none. */
  open(): Stream | null;
  /** Asks once; null: no answer, or not ours. */
  ask(): Promise<string | null>;
  heard(standing: Standing): void;
  /** The server's time, epoch milliseconds: a page that slept learns by the next beat how late it is. */
  time(serverNow: number): void;
  every(run: () => void, ms: number): number;
  stop(timer: number): void;
  /** Milliseconds of any clock that runs evenly. */
  now(): number;
}

/** A stream beats every two seconds; one that was silent for longer is not believed. */
const SILENT_AFTER = 3500;
/** So that a running clock follows within five seconds also when nothing is pushed. */
const ASK_EVERY = 4000;
const LOOK_EVERY = 1000;
/** A stream that the server ended, or that broke for good, is tried again. */
const REOPEN_AFTER = 30_000;
const CLOSED = 2;

/**
 * Hears how the attempt stands: by server-sent events, and by asking whenever no stream is known to work. A stream
 * that something in between holds back, and one whose connection died without anybody telling, both fall silent.
 */
export class Live {
  private stream: Stream | null = null;
  private openedAt = 0;
  private spokeAt = -Infinity;
  private askedAt = -Infinity;
  private asking = false;
  private timer: number | null = null;

  constructor(private readonly parts: LiveParts) {}

  start(): void {
    if (this.timer !== null) return;
    this.reopen();
    // It has a moment to speak.
    this.askedAt = this.parts.now();
    this.timer = this.parts.every(() => this.tick(), LOOK_EVERY);
  }

  end(): void {
    this.stream?.close();
    this.stream = null;
    if (this.timer !== null) this.parts.stop(this.timer);
    this.timer = null;
  }

  /** Something says that the connection may be gone: nothing is believed that was not heard from now on. */
  doubt(): void {
    this.spokeAt = -Infinity;
    void this.ask();
  }

  private reopen(): void {
    this.stream?.close();
    this.spokeAt = -Infinity;
    this.openedAt = this.parts.now();
    this.stream = this.parts.open();
    const spoke = () => void (this.spokeAt = this.parts.now());
    this.stream?.addEventListener('beat', ({ data }) => {
      spoke();
      const serverNow = Number(data);
      if (serverNow > 0) this.parts.time(serverNow);
    });
    this.stream?.addEventListener('standing', (event) => {
      spoke();
      this.take(event.data ?? '');
    });
    this.stream?.addEventListener('end', () => {
      this.stream?.close();
      this.openedAt = this.parts.now();
    });
    // The browser opens it again by itself; until it speaks again it is not believed.
    this.stream?.addEventListener('error', () => void (this.spokeAt = -Infinity));
  }

  private tick(): void {
    const now = this.parts.now();
    const closed = this.stream?.readyState === CLOSED;
    if (closed && now - this.openedAt >= REOPEN_AFTER) this.reopen();
    const works = !closed && now - this.spokeAt <= SILENT_AFTER;
    if (!works && now - this.askedAt >= ASK_EVERY) void this.ask();
  }

  private async ask(): Promise<void> {
    if (this.asking) return;
    this.asking = true;
    this.askedAt = this.parts.now();
    const text = await this.parts.ask().catch(() => null);
    this.asking = false;
    if (text !== null && this.timer !== null) this.take(text);
  }

  private take(text: string): void {
    const standing = parseStanding(text);
    if (standing) this.parts.heard(standing);
  }
}
