import { AnswerStore } from '~/ui/player/answer-store';
import { KeptAnswers, type TextStore } from '~/ui/player/kept-answers';
import { ServerClock } from '~/ui/player/server-clock';
import type { Outgoing, PostReply, Response } from '~/ui/player/types';

export const T0 = 1_800_000_000_000;
export const DEADLINE = T0 + 600_000;

/** The browser's storage, shared by all tabs of one device. */
export class Shelf implements TextStore {
  readonly texts = new Map<string, string>();
  refuses = false;
  getItem = (key: string) => this.texts.get(key) ?? null;
  setItem = (key: string, value: string) => {
    if (this.refuses) throw new Error('QuotaExceededError');
    this.texts.set(key, value);
  };
  removeItem = (key: string) => void this.texts.delete(key);
}

export type Mood = 'good' | 'lost-request' | 'lost-answer' | 'full' | 'signed-out' | 'handed-in' | 'late' | 'other-device';

/** A server that keeps what the contract says, and can be in a bad mood. */
export class FakeServer {
  mood: Mood = 'good';
  readonly stored = new Map<string, { seq: number; response: Response }>();
  readonly requests: Outgoing[] = [];

  post = async (outgoing: Outgoing): Promise<PostReply> => {
    this.requests.push(outgoing);
    await new Promise((resolve) => setTimeout(resolve, 50));
    switch (this.mood) {
      case 'lost-request': return { kind: 'again', reason: 'unreachable' };
      case 'full': return { kind: 'again', reason: 'full' };
      case 'signed-out': return { kind: 'signed-out' };
      case 'handed-in': case 'late': case 'other-device': return { kind: 'ended', reason: this.mood };
      case 'good': case 'lost-answer': break;
    }
    const reply: Extract<PostReply, { kind: 'saved' }> = { kind: 'saved', serverNow: Date.now(), deadline: DEADLINE, accepted: [], stale: [], refused: [] };
    for (const { item, seq, response } of outgoing.changes) {
      const before = this.stored.get(item);
      if (!before || seq > before.seq) this.stored.set(item, { seq, response });
      if (before && (seq < before.seq || (seq === before.seq && JSON.stringify(response) !== JSON.stringify(before.response)))) {
        reply.stale.push({ item, seq, current: before.seq, response: before.response });
      } else reply.accepted.push({ item, seq });
    }
    return this.mood === 'lost-answer' ? { kind: 'again', reason: 'unreachable' } : reply;
  };
}

/** A page that one candidate has open. */
export function aPage(server: FakeServer, shelf: TextStore | null = new Shelf()): AnswerStore {
  const answers = ['a', 'b', 'c'].map((item) => ({
    item, seq: server.stored.get(item)?.seq ?? 0, response: server.stored.get(item)?.response ?? null, flagged: false,
  }));
  return new AnswerStore({ attemptId: 'x', device: 'd', serverNow: Date.now(), deadline: DEADLINE, answers }, {
    clock: new ServerClock(() => performance.now()),
    kept: new KeptAnswers('x', shelf),
    post: server.post,
    later: (run, ms) => setTimeout(run, ms) as unknown as number,
    cancel: (timer) => clearTimeout(timer),
    random: () => 0.5,
  });
}
