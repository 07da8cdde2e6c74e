import type { Acknowledged, Question } from '../support/candidate';
import { HALL_EXAM } from '../support/exam-hall';
import type { Answer, Call, HttpClient } from '../support/http';
import type { Agenda } from './agenda';
import type { Figures, Kind } from './figures';
import type { SittingClock } from './sitting-clock';

/** What all candidates of a simulation share. */
export interface Room {
  client: HttpClient;
  agenda: Agenda;
  clock: SittingClock;
  figures: Figures;
  acknowledged: Acknowledged[];
}

interface Change {
  item: string;
  seq: number;
  response: unknown;
  changedAt: number;
  /** Jumps of the clock there had been when it was made. */
  jumps: number;
}

/** Nobody presses again sooner, however fast the clock runs. */
const SHORTEST_WAIT_MS = 250;
const AGAIN_AFTER_MS = 3_000;

interface SaveReply {
  deadline: string;
  accepted?: { item: string; seq: number }[];
  counted?: { item: string; seq: number }[];
  stale?: { item: string; seq: number }[];
  code?: string;
}

/**
 * What a candidate's browser keeps and does: numbers each change, keeps it until the server has said that it is
 * stored, sends it again with the same number. Both tabs of the device share it, as they share its storage.
 */
export class Desk {
  /** True once the server said that nothing counts any more. */
  closed = false;
  deadline = Number.POSITIVE_INFINITY;
  private seq = 0;
  private readonly unsent = new Map<string, Change>();
  private readonly underWay = new Set<Promise<void>>();

  constructor(
    private readonly room: Room, private readonly cookie: string, private readonly device: string,
    readonly attemptId: string, readonly questions: readonly Question[],
  ) {}

  change(question: Question): void {
    this.seq += 1;
    const { clock } = this.room;
    this.unsent.set(question.item, { item: question.item, seq: this.seq, response: question.answer(this.seq), changedAt: clock.now(), jumps: clock.jumps });
  }

  /** Sends what is not stored yet. What is not answered stays. */
  async save(flagged?: string): Promise<void> {
    await this.send([...this.unsent.values()], flagged);
  }

  /** Sends it after a while from somewhere else: the other tab, a slow line, a request doubled on its way. */
  saveAside(afterMs: number): void {
    const changes = [...this.unsent.values()];
    const sent = this.room.agenda.sleep(afterMs).then(() => this.send(changes));
    this.underWay.add(sent);
    void sent.finally(() => this.underWay.delete(sent));
  }

  /** Waits for all that is still on its way, then sends what is left until it is answered. */
  async settle(): Promise<void> {
    await Promise.all(this.underWay);
    while (this.unsent.size > 0 && !this.closed) {
      await this.save();
      if (this.unsent.size > 0) await this.wait();
    }
  }

  /** The attempt's page, from which a reloaded browser goes on. */
  async reload(): Promise<void> {
    const answer = await this.ask('reload', `/attempts/${this.attemptId}`);
    if (answer?.status === 302) this.closed = true;
    else if (answer && answer.status !== 200) this.room.figures.surprise(`reload ${answer.status}`);
  }

  /** Presses "hand in" until there is an answer; all presses lead to the same receipt. */
  async handIn(): Promise<void> {
    for (;;) {
      const answer = await this.ask('handIn', `/attempts/${this.attemptId}/hand-in`, { method: 'POST', form: { intent: 'hand-in' } });
      if (answer && answer.status < 500) {
        if (answer.status !== 302 || !String(answer.headers['location']).endsWith('/receipt')) this.room.figures.surprise(`hand-in ${answer.status}`);
        this.closed = true;
        return;
      }
      await this.wait();
    }
  }

  wait(): Promise<void> {
    return waitAndAskAgain(this.room);
  }

  ask(kind: Kind, path: string, call: Call = {}): Promise<Answer | null> {
    return ask(this.room, kind, path, { ...call, cookie: this.cookie });
  }

  private async send(changes: readonly Change[], flagged?: string): Promise<void> {
    if (changes.length === 0 && flagged === undefined) return;
    const json = {
      device: this.device,
      changes: changes.map(({ item, seq, response, changedAt }) => ({ item, seq, response, changedAt: new Date(changedAt).toISOString() })),
      ...(flagged !== undefined && { flags: [{ item: flagged, flagged: true }] }),
    };
    const answer = await this.ask('save', `/attempts/${this.attemptId}/responses`, { method: 'POST', json });
    if (!answer || answer.status >= 500) return;
    this.heard(changes, answer.status, JSON.parse(answer.text) as SaveReply);
  }

  private heard(changes: readonly Change[], status: number, reply: SaveReply): void {
    if (status === 409 && reply.code === 'attempt.paused') return;
    if (status !== 200 && status !== 409 && status !== 410) return this.room.figures.surprise(`save ${status} ${reply.code ?? ''}`);
    this.deadline = Date.parse(reply.deadline);
    if (status !== 200) this.closed ||= reply.code !== 'attempt.other-device';
    if (reply.code === 'attempt.other-device') this.room.figures.surprise('save from another device');
    for (const { item, seq } of [...(reply.accepted ?? []), ...(reply.counted ?? [])]) this.note(changes, item, seq);
    for (const { item, seq } of changes) if ((this.unsent.get(item)?.seq ?? 0) === seq) this.unsent.delete(item);
  }

  private note(changes: readonly Change[], item: string, seq: number): void {
    const change = changes.find((one) => one.item === item && one.seq === seq);
    if (!change) return this.room.figures.surprise('acknowledged what was not sent');
    this.room.acknowledged.push({
      attemptId: this.attemptId, item, seq, response: JSON.stringify(change.response), changedAt: change.changedAt,
      acrossJump: change.jumps !== this.room.clock.jumps,
    });
  }
}

/** One request, measured when it was answered; null when it was not. */
export async function ask(room: Room, kind: Kind, path: string, call: Call): Promise<Answer | null> {
  const from = performance.now();
  const answer = await room.client.call(path, call).catch(() => null);
  if (answer && answer.status < 500) room.figures.took[kind].push(performance.now() - from);
  else room.figures.unanswered += 1;
  return answer;
}

/** Opens the page in line and does what it does by itself: asks until it is called. Requests of a real machine, however fast the clock runs. */
export async function waitInLine(room: Room, cookie: string): Promise<void> {
  const page = await ask(room, 'line', `/exams/${HALL_EXAM}/waiting`, { cookie });
  if (page && page.status !== 200) room.figures.surprise(`line ${page.status}`);
  for (;;) {
    const answer = await room.client.call(`/exams/${HALL_EXAM}/line`, { cookie }).catch(() => null);
    if (answer?.status === 200 && (JSON.parse(answer.text) as { called: boolean }).called) return;
    await room.agenda.sleep(1000 + Math.random() * 2000);
  }
}

export const waitAndAskAgain = ({ agenda, clock }: Room): Promise<void> =>
  agenda.sleep(Math.max(SHORTEST_WAIT_MS, clock.real(AGAIN_AFTER_MS)) * (0.75 + Math.random() / 2));
