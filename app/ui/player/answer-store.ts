import { sameResponse } from './form-responses';
import type { KeptAnswers } from './kept-answers';
import type { ServerClock } from './server-clock';
import type { Outgoing, PlayerStart, PostReply, Response, StaleSeq } from './types';

/** Where an answer is: nowhere, on its way, on the server, only on this device, or not accepted. */
export type SaveState = 'none' | 'saving' | 'saved' | 'kept' | 'refused';

export interface Answer {
  response: Response;
  seq: number;
  save: SaveState;
  flagged: boolean;
  /** Counts up when the answer changed otherwise than through its fields: they then show it anew. */
  revision: number;
}

/** What the candidate should know about the connection. */
export type Connection = 'good' | 'unreachable' | 'unavailable' | 'full' | 'signed-out' | 'handed-in' | 'late' | 'other-device';

export interface Snapshot {
  answers: Readonly<Record<string, Answer>>;
  connection: Connection;
  /** Answers and flags that the server has not acknowledged. */
  unsent: number;
  deadline: number;
  /** False: answers that are not sent would not survive closing the page. */
  durable: boolean;
}

export interface StoreParts {
  kept: KeptAnswers;
  clock: ServerClock;
  post(outgoing: Outgoing): Promise<PostReply>;
  /** The browser's timers; tests have their own. */
  later(run: () => void, ms: number): number;
  cancel(timer: number): void;
  /** A number in [0, 1): keeps a hall full of browsers from knocking again at the same moment. */
  random(): number;
}

/** A change is sent this long after it was made, at the latest. */
const SAVE_AFTER = 2000;
/** Near the end there is no time for that. */
const HURRY_BEFORE_END = 30_000;
const HURRY = 300;
/** A sign of life when there is nothing to save: it brings the time and the state of the attempt. */
const HEARTBEAT = 30_000;
const RETRY_FIRST = 1000;
const RETRY_MOST = 15_000;
const MAX_CHANGES = 200;

/** Answers of one attempt on this page and their way to the server: one request at a time, until acknowledged. */
export class AnswerStore {
  private answers: Record<string, Answer>;
  private dirtyFlags = new Set<string>();
  private connection: Connection = 'good';
  private deadline: number;
  private durable = true;
  private sending = false;
  private stopped = false;
  private failures = 0;
  private timer: number | null = null;
  private timerAt = Infinity;
  private listeners = new Set<() => void>();
  private snapshot: Snapshot;

  constructor(start: PlayerStart, private readonly parts: StoreParts) {
    this.answers = {};
    for (const { item, seq, response, flagged } of start.answers) {
      this.answers[item] = { response, seq, flagged, save: seq > 0 ? 'saved' : 'none', revision: 0 };
    }
    this.deadline = start.deadline;
    parts.clock.heard(start.serverNow);
    this.snapshot = this.picture();
  }

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  read = (): Snapshot => this.snapshot;

  /** Called once the page runs: takes up what an earlier page could not send, and asks the server for the time. */
  begin(): void {
    this.stopped = false;
    this.durable = this.parts.kept.durable;
    this.takeUpKept();
    this.send();
  }

  /** Sends nothing more, unless it is begun again; what is not sent stays kept. */
  end(): void {
    this.stopped = true;
    this.disarm();
  }

  /** The candidate changed an answer. */
  change(item: string, response: Response): void {
    const before = this.answers[item];
    if (this.over() || !before || sameResponse(before.response, response)) return;
    this.keep(item, response, before.seq + 1);
    this.wake(this.left() < HURRY_BEFORE_END ? HURRY : SAVE_AFTER);
    this.tell();
  }

  /** Takes an answer back. */
  clear(item: string): void {
    const before = this.answers[item];
    if (!before) return;
    this.answers = { ...this.answers, [item]: { ...before, revision: before.revision + 1 } };
    this.change(item, null);
    this.tell();
  }

  flag(item: string, flagged: boolean): void {
    const before = this.answers[item];
    if (this.over() || !before || before.flagged === flagged) return;
    this.answers = { ...this.answers, [item]: { ...before, flagged } };
    this.dirtyFlags.add(item);
    this.wake(SAVE_AFTER);
    this.tell();
  }

  /** Sends what is unsent now: on leaving a field or a page, on coming back online, when time is up. */
  flush(): void {
    if (this.unsentItems().length > 0 || this.dirtyFlags.size > 0) this.send();
  }

  /** What is unsent, for a last message while the page is being closed; null when there is nothing. */
  lastWords(): Outgoing | null {
    const outgoing = this.outgoing();
    return this.over() || outgoing.changes.length + outgoing.flags.length === 0 ? null : outgoing;
  }

  /** Asks the server how things stand, now. */
  check(): void {
    this.send();
  }

  /** Another tab of this browser changed what is kept. */
  keptChanged(): void {
    this.takeUpKept();
  }

  private keep(item: string, response: Response, atLeast: number): void {
    const seq = this.parts.kept.keep(item, response, atLeast);
    const { flagged = false, revision = 0 } = this.answers[item] ?? {};
    this.answers = { ...this.answers, [item]: { response, seq, flagged, revision, save: this.connection === 'good' ? 'saving' : 'kept' } };
  }

  private takeUpKept(): void {
    let changed = false;
    for (const { item, seq, response } of this.parts.kept.unsent()) {
      const known = this.answers[item];
      if (!known) continue;
      if (seq <= known.seq) {
        // The server, or this page, is further: what was kept is history.
        if (known.save === 'saved') this.parts.kept.acknowledge(item, seq);
        continue;
      }
      this.answers = { ...this.answers, [item]: { ...known, seq, response, save: 'kept', revision: known.revision + 1 } };
      changed = true;
    }
    if (!changed) return;
    this.wake(HURRY);
    this.tell();
  }

  private send(): void {
    if (this.sending || this.stopped || this.over()) return;
    this.sending = true;
    this.disarm();
    const outgoing = this.outgoing();
    for (const { item } of outgoing.changes) this.mark(item, 'saving');
    this.tell();
    void this.parts.post(outgoing).then((reply) => {
      this.sending = false;
      this.take(outgoing, reply);
      this.tell();
    });
  }

  private take(outgoing: Outgoing, reply: PostReply): void {
    if (reply.kind === 'saved') return this.saved(outgoing, reply);
    for (const { item } of outgoing.changes) this.mark(item, 'kept');
    if (reply.kind === 'ended') {
      this.connection = reply.reason;
      // The server keeps as evidence what it did not count; on this device it would only mislead.
      if (reply.reason !== 'other-device') this.parts.kept.forget();
      return;
    }
    this.connection = reply.kind === 'signed-out' ? 'signed-out' : reply.reason;
    this.failures += 1;
    const wait = Math.min(RETRY_MOST, RETRY_FIRST * 2 ** (this.failures - 1));
    this.wake(wait * (0.75 + this.parts.random() / 2));
  }

  private saved(outgoing: Outgoing, reply: Extract<PostReply, { kind: 'saved' }>): void {
    this.failures = 0;
    this.connection = 'good';
    this.deadline = reply.deadline;
    this.parts.clock.heard(reply.serverNow);
    for (const { item, seq } of reply.accepted) this.settle(item, seq, 'saved');
    for (const { item, seq } of reply.refused) this.settle(item, seq, 'refused');
    for (const stale of reply.stale) this.outrun(stale);
    for (const { item, flagged } of outgoing.flags) {
      if (this.answers[item]?.flagged === flagged) this.dirtyFlags.delete(item);
    }
    const more = this.unsentItems();
    for (const item of more) this.mark(item, 'saving');
    this.wake(more.length > 0 || this.dirtyFlags.size > 0 ? HURRY : HEARTBEAT);
  }

  private settle(item: string, seq: number, save: SaveState): void {
    this.parts.kept.acknowledge(item, seq);
    if (this.answers[item]?.seq === seq) this.mark(item, save);
  }

  /**
   * The server has a higher number. When a tab of this device gave it, that change is the later one and is
   * shown; else it came from a page that shares no storage with this one, and what was changed here wins.
   */
  private outrun({ item, seq, current, response }: StaleSeq): void {
    const answer = this.answers[item];
    if (answer?.seq !== seq) return;
    if (this.parts.kept.lastOf(item) < current) return this.keep(item, answer.response, current + 1);
    this.answers = { ...this.answers, [item]: { ...answer, seq: current, response, save: 'saved', revision: answer.revision + 1 } };
  }

  private outgoing(): Outgoing {
    const changes = this.unsentItems().slice(0, MAX_CHANGES).flatMap((item) => {
      const answer = this.answers[item];
      return answer ? [{ item, seq: answer.seq, response: answer.response ?? null }] : [];
    });
    const flags = [...this.dirtyFlags].map((item) => ({ item, flagged: this.answers[item]?.flagged ?? false }));
    return { changes, flags };
  }

  private unsentItems(): string[] {
    return Object.keys(this.answers).filter((item) => this.answers[item]?.save === 'saving' || this.answers[item]?.save === 'kept');
  }

  private mark(item: string, save: SaveState): void {
    const answer = this.answers[item];
    if (answer && answer.save !== save) this.answers = { ...this.answers, [item]: { ...answer, save } };
  }

  /** Sends in `ms` at the latest; an earlier appointment stays. */
  private wake(ms: number): void {
    const at = this.parts.clock.now() + ms;
    if (this.stopped || (this.timer !== null && this.timerAt <= at)) return;
    this.disarm();
    this.timerAt = at;
    this.timer = this.parts.later(() => {
      this.disarm();
      this.send();
    }, ms);
  }

  private disarm(): void {
    if (this.timer !== null) this.parts.cancel(this.timer);
    this.timer = null;
    this.timerAt = Infinity;
  }

  private left = (): number => this.deadline - this.parts.clock.now();

  private over = (): boolean => this.connection === 'handed-in' || this.connection === 'late' || this.connection === 'other-device';

  private picture(): Snapshot {
    const unsent = this.unsentItems().length + this.dirtyFlags.size;
    return { answers: this.answers, connection: this.connection, unsent, deadline: this.deadline, durable: this.durable };
  }

  private tell(): void {
    this.snapshot = this.picture();
    this.listeners.forEach((listener) => listener());
  }
}
