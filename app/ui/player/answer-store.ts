import { Alarm, type Timers } from './alarm';
import { hasEnded, ignored, isUnsent, loadedAnswers, outgoingChange, unsentState, type Answer, type Connection, type SaveState, type Snapshot } from './answer';
import { sameResponse } from './form-responses';
import { Keeper, type Wish } from './keeper';
import type { KeptAnswers, KeptEntry } from './kept-answers';
import type { ServerClock } from './server-clock';
import { connectionAfter, isNewer, standIn, type Stand } from './standing';
import { AFTER_OTHER_TAB, HEARTBEAT, HURRY, HURRY_BEFORE_END, LOOK_AT_MOST, MAX_CHANGES, PAUSE_GRACE, retryAfter, SAVE_AFTER } from './timing';
import type { Outgoing, OutgoingChange, PlayerStart, PostReply, Response, StaleSeq, Standing } from './types';

export interface StoreParts extends Timers {
  kept: KeptAnswers;
  clock: ServerClock;
  post(outgoing: Outgoing): Promise<PostReply>;
  /** A number in [0, 1): keeps a hall full of browsers from knocking again at the same moment. */
  random(): number;
}

/**
 * Answers of one attempt on this page and their way to the device's storage and to the server: one request at a
 * time, until acknowledged. The page never waits: memory first, then the device, then the server.
 */
export class AnswerStore {
  private answers: Record<string, Answer>;
  private dirtyFlags = new Set<string>();
  private connection: Connection = 'good';
  private stand: Stand;
  private durable = true;
  private sending = false;
  private stopped = true;
  private failures = 0;
  private replies = 0;
  /** Sent as soon as the device has given the numbers that are awaited. */
  private hurried = false;
  /** What was offered as evidence after the end, once. */
  private offered = new Set<string>();
  private here: string | undefined;
  private reading = false;
  private looked = false;
  private readonly alarm: Alarm;
  private readonly keeper: Keeper;
  private readonly listeners = new Set<() => void>();
  private snapshot: Snapshot;

  constructor(start: PlayerStart, private readonly parts: StoreParts) {
    this.answers = loadedAnswers(start);
    this.stand = standIn(start);
    parts.clock.heard(start.serverNow);
    const { later, cancel, kept } = parts;
    this.alarm = new Alarm({ later, cancel }, () => parts.clock.now(), () => this.send());
    this.keeper = new Keeper({ kept, later, cancel, done: (wish, seq) => this.onKept(wish, seq) });
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
    this.send();
    void this.takeUpKept(true);
    this.parts.later(() => this.onLooked(), LOOK_AT_MOST);
  }

  /** Sends nothing more, unless it is begun again; what is not sent stays kept. */
  end(): void {
    this.stopped = true;
    this.alarm.off();
  }

  /** The candidate changed an answer. */
  change(item: string, response: Response): void {
    const before = this.answers[item];
    if (!this.writable() || !before || sameResponse(before.response, response)) return;
    this.keep(item, response, before.seq + 1, this.parts.clock.now());
    this.here = item;
    this.wake(this.stand.deadline - this.parts.clock.now() < HURRY_BEFORE_END ? HURRY : SAVE_AFTER);
    this.tell();
  }

  /** Takes an answer back. */
  clear(item: string): void {
    const before = this.answers[item];
    if (!before || !this.writable()) return;
    this.put(item, { ...before, revision: before.revision + 1 });
    this.change(item, null);
    this.tell();
  }

  flag(item: string, flagged: boolean): void {
    const before = this.answers[item];
    if (hasEnded(this.connection) || !before || before.flagged === flagged) return;
    this.put(item, { ...before, flagged });
    this.dirtyFlags.add(item);
    this.parts.kept.keepFlag(item, flagged).catch(ignored);
    this.wake(SAVE_AFTER);
    this.tell();
  }

  /** The candidate has this item before their eyes. */
  look(item: string): void {
    this.here = item;
  }

  /** Sends what is unsent now: on leaving a field or a page, on coming back online, when time is up. */
  flush(): void {
    if (this.unsentItems().length > 0 || this.dirtyFlags.size > 0) this.send();
  }

  /** What is unsent, for a last message while the page is being closed; null when there is nothing. */
  lastWords(): Outgoing | null {
    const outgoing = this.outgoing(true);
    return hasEnded(this.connection) || outgoing.changes.length + outgoing.flags.length === 0 ? null : outgoing;
  }

  /** Asks the server how things stand, now. */
  check(): void {
    this.send();
  }

  /** Another tab of this browser changed what is kept. */
  keptChanged(): void {
    void this.takeUpKept(false);
  }

  /** The server told how the attempt stands, unasked or by polling. */
  heard(standing: Standing): void {
    this.parts.clock.heard(standing.serverNow);
    if (!isNewer(standing.serverNow, this.stand.serverNow)) return;
    const resumed = this.stand.pausedAt !== null && standing.pausedAt === null;
    this.stand = standIn(standing);
    const before = this.connection;
    this.connection = connectionAfter(before, standing, this.parts.clock.now());
    if (this.connection !== before) this.offered.clear();
    if (resumed || this.connection !== before) {
      this.alarm.off();
      this.wake(HURRY * (1 + this.parts.random() * 4));
    }
    this.tell();
  }

  /** A message was read here. */
  seen(message: string): void {
    this.stand = { ...this.stand, messages: this.stand.messages.filter(({ id }) => id !== message) };
    this.tell();
  }

  /** Everything that was changed on this device, for an answer file. */
  changesHere(): OutgoingChange[] {
    return Object.keys(this.answers).flatMap((item) => ((this.answers[item]?.changedAt ?? null) !== null || isUnsent(this.answers[item]) ? this.outgoingOf(item) : []));
  }

  private put(item: string, answer: Answer): void {
    this.answers = { ...this.answers, [item]: answer };
  }

  private keep(item: string, response: Response, seq: number, changedAt: number | null): void {
    const before = this.answers[item];
    if (!before) return;
    const turn = before.turn + 1;
    this.put(item, { ...before, response, seq, changedAt, turn, numbered: false, durable: false, save: unsentState(this.connection, false) });
    this.keeper.keep({ item, turn, change: { response, changedAt }, atLeast: seq });
  }

  private onKept({ item, turn }: Wish, seq: number | null): void {
    this.durable = seq !== null;
    const answer = this.answers[item];
    if (answer?.turn === turn) {
      const save = isUnsent(answer) && answer.save !== 'saving' ? unsentState(this.connection, seq !== null) : answer.save;
      this.put(item, { ...answer, seq: Math.max(answer.seq, seq ?? 0), numbered: true, durable: seq !== null, save });
      // It was sent from memory, when the device took too long.
      if (seq !== null && !isUnsent(answer)) this.parts.kept.acknowledge(item, answer.seq).catch(ignored);
    }
    if (this.hurried && this.unsentItems().every((one) => this.answers[one]?.numbered)) this.send();
    this.tell();
  }

  /** @param fresh this page has just begun: what is kept and newer than the server's goes out, whoever sent it */
  private async takeUpKept(fresh: boolean): Promise<void> {
    if (this.reading) return;
    this.reading = true;
    const entries = await this.parts.kept.read().catch(() => null);
    this.reading = false;
    if (fresh) this.durable = entries !== null;
    const taken = (entries ?? []).filter((entry) => this.takeUp(entry, fresh));
    if (taken.length > 0) this.wake(fresh ? HURRY : AFTER_OTHER_TAB);
    if (fresh) this.onLooked();
    else this.tell();
  }

  private onLooked(): void {
    this.looked = true;
    this.tell();
  }

  /** @returns whether something has to be sent for it */
  private takeUp({ item, seq, change, sent, flag }: KeptEntry, fresh: boolean): boolean {
    const known = this.answers[item];
    if (!known) return false;
    if (fresh && flag !== null && flag !== known.flagged) {
      this.put(item, { ...known, flagged: flag });
      this.dirtyFlags.add(item);
    }
    // What is being written here gets a number above all that are kept.
    if (!known.numbered) return false;
    if (seq > known.seq && change) {
      const save = sent && !fresh ? 'saved' : unsentState(this.connection, true);
      const { response, changedAt } = change;
      const revision = sameResponse(known.response, response) ? known.revision : known.revision + 1;
      this.put(item, { ...known, flagged: this.answers[item]?.flagged ?? false, seq, response, changedAt, save, revision, turn: known.turn + 1, durable: true });
      return save !== 'saved';
    }
    if (seq === known.seq && sent && isUnsent(known)) this.mark(item, 'saved');
    // The server, or this page, is further: what was kept is history.
    if (seq <= known.seq && !sent && known.save === 'saved') this.parts.kept.acknowledge(item, known.seq).catch(ignored);
    return flag !== null;
  }

  private send(): void {
    if (this.sending || this.stopped) return;
    const outgoing = this.outgoing(false);
    const waiting = this.unsentItems().length > outgoing.changes.length && outgoing.changes.length < MAX_CHANGES;
    this.hurried = waiting && !hasEnded(this.connection);
    // Nothing can go yet; it does as soon as the device has given the numbers.
    if (this.hurried && outgoing.changes.length + outgoing.flags.length === 0) return;
    // After the end only what may serve as evidence goes out, once.
    if (hasEnded(this.connection) && this.connection !== 'time-over' && outgoing.changes.length === 0) return;
    this.sending = true;
    this.alarm.off();
    for (const { item } of outgoing.changes) this.mark(item, 'saving');
    this.tell();
    void this.parts.post(outgoing).then((reply) => {
      this.sending = false;
      this.take(outgoing, reply);
      this.tell();
    });
  }

  private take(outgoing: Outgoing, reply: PostReply): void {
    if ('serverNow' in reply) {
      this.parts.clock.heard(reply.serverNow);
      if (isNewer(reply.serverNow, this.stand.serverNow)) this.stand = { ...this.stand, serverNow: reply.serverNow, deadline: reply.deadline };
    }
    if (reply.kind === 'again' || reply.kind === 'signed-out') return this.failed(outgoing, reply.kind === 'again' ? reply.reason : 'signed-out');
    this.failures = 0;
    this.replies += 1;
    if (reply.kind === 'saved') return this.saved(outgoing, reply);
    if (reply.kind === 'paused') return this.paused(outgoing, reply.pausedAt);
    this.ended(outgoing, reply);
  }

  private failed(outgoing: Outgoing, reason: Extract<Connection, 'unreachable' | 'unavailable' | 'full' | 'signed-out'>): void {
    if (!hasEnded(this.connection) || reason === 'signed-out') this.connection = reason;
    this.remark(outgoing);
    this.failures += 1;
    this.wake(retryAfter(this.failures, this.parts.random()));
  }

  private paused(outgoing: Outgoing, pausedAt: number): void {
    this.connection = 'good';
    this.stand = { ...this.stand, pausedAt };
    this.remark(outgoing, true);
    this.wake(HEARTBEAT);
  }

  private ended(outgoing: Outgoing, reply: Extract<PostReply, { kind: 'late' | 'ended' }>): void {
    this.connection = reply.kind === 'ended' ? reply.reason : reply.open ? 'time-over' : 'late';
    const counted = reply.kind === 'late' ? reply.counted : [];
    for (const { item, seq } of counted) this.settle(item, seq, 'saved');
    for (const { item, seq } of reply.refused) this.settle(item, seq, 'refused');
    // A device that may come back into its own sends its answers again then.
    if (this.connection !== 'other-device') for (const { item, seq } of reply.kept) this.settle(item, seq, 'evidence');
    for (const { item, seq } of outgoing.changes) this.offered.add(`${item} ${seq}`);
    this.dirtyFlags.clear();
    this.remark(outgoing);
    if (this.outgoing(false).changes.length > 0) this.wake(HURRY);
    else if (reply.kind === 'late' ? !reply.open : reply.reason !== 'other-device') this.forgetWhenSettled();
  }

  private forgetWhenSettled(): void {
    if (this.unsentItems().length === 0) this.parts.kept.forget().catch(ignored);
  }

  private saved(outgoing: Outgoing, reply: Extract<PostReply, { kind: 'saved' }>): void {
    this.connection = 'good';
    this.offered.clear();
    if (this.stand.pausedAt !== null && reply.serverNow > this.stand.pausedAt + PAUSE_GRACE) this.stand = { ...this.stand, pausedAt: null };
    for (const { item, seq } of reply.accepted) this.settle(item, seq, 'saved');
    for (const { item, seq } of reply.refused) this.settle(item, seq, 'refused');
    for (const stale of reply.stale) void this.outrun(stale);
    for (const { item, flagged } of outgoing.flags) {
      if (this.answers[item]?.flagged === flagged) this.dirtyFlags.delete(item);
      this.parts.kept.acknowledgeFlag(item, flagged).catch(ignored);
    }
    const more = this.unsentItems();
    for (const item of more) this.mark(item, 'saving');
    this.wake(more.length > 0 || this.dirtyFlags.size > 0 ? HURRY : HEARTBEAT);
  }

  private settle(item: string, seq: number, save: SaveState): void {
    this.parts.kept.acknowledge(item, seq).catch(ignored);
    const answer = this.answers[item];
    if (answer?.seq === seq && answer.numbered) this.mark(item, save);
  }

  /**
   * The server has a higher number. When a tab of this device gave it, that change is the later one and is
   * shown; else it came from a page that shares no storage with this one, and what was changed here wins.
   */
  private async outrun({ item, seq, current, response }: StaleSeq): Promise<void> {
    const answer = this.answers[item];
    if (answer?.seq !== seq || !answer.numbered) return;
    const { turn } = answer;
    this.put(item, { ...answer, numbered: false });
    const entries = await this.parts.kept.read().catch((): KeptEntry[] => []);
    const now = this.answers[item];
    // Changed again meanwhile: that change looks after itself.
    if (now?.turn !== turn) return;
    const given = entries.find((entry) => entry.item === item)?.seq ?? 0;
    if (given < current) this.keep(item, now.response, current + 1, now.changedAt);
    else this.put(item, { ...now, numbered: true, seq: current, response, save: 'saved', revision: now.revision + 1 });
    this.wake(HURRY);
    this.tell();
  }

  /** @param guessed with numbers that the device has not confirmed: for a page that is going away */
  private outgoing(guessed: boolean): Outgoing {
    const items = this.unsentItems().filter((item) => guessed || this.answers[item]?.numbered).slice(0, MAX_CHANGES);
    const changes = items.flatMap((item) => this.outgoingOf(item)).filter(({ item, seq }) => !this.offered.has(`${item} ${seq}`));
    const flags = [...this.dirtyFlags].map((item) => ({ item, flagged: this.answers[item]?.flagged ?? false }));
    return { changes, flags, ...(this.here === undefined ? {} : { here: this.here }) };
  }

  private outgoingOf(item: string): OutgoingChange[] {
    const answer = this.answers[item];
    return answer ? [outgoingChange(item, answer)] : [];
  }

  private unsentItems(): string[] {
    return Object.keys(this.answers).filter((item) => isUnsent(this.answers[item]));
  }

  private mark(item: string, save: SaveState): void {
    const answer = this.answers[item];
    if (answer && answer.save !== save) this.put(item, { ...answer, save });
  }

  /** What was sent and not taken is again where it was before. */
  private remark(outgoing: Outgoing, waiting = false): void {
    for (const { item } of outgoing.changes) {
      const answer = this.answers[item];
      if (answer && isUnsent(answer)) this.mark(item, waiting ? (answer.durable ? 'kept' : 'unsaved') : unsentState(this.connection, answer.durable));
    }
  }

  private wake(ms: number): void {
    if (!this.stopped) this.alarm.within(ms);
  }

  private writable = (): boolean => !hasEnded(this.connection) && this.stand.pausedAt === null;

  private picture(): Snapshot {
    const { stand, answers, connection, looked, durable, replies, failures } = this;
    return { ...stand, answers, connection, looked, durable, replies, failures, unsent: this.unsentItems().length + this.dirtyFlags.size };
  }

  private tell(): void {
    this.snapshot = this.picture();
    this.listeners.forEach((listener) => listener());
  }
}
