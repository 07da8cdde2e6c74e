import { AnswerStore } from '~/ui/player/answer-store';
import type { KeptAnswers, KeptEntry } from '~/ui/player/kept-answers';
import { ServerClock } from '~/ui/player/server-clock';
import type { Outgoing, PostReply, Response } from '~/ui/player/types';

export const T0 = 1_800_000_000_000;
export const DEADLINE = T0 + 600_000;

/** The browser's storage, shared by all tabs of one device. */
export class Shelf {
  readonly entries = new Map<string, KeptEntry>();
  private readonly tabs = new Set<() => void>();
  refuses = false;

  /** What one tab sees of it. */
  tab(): KeptAnswers {
    const tell = () => this.tabs.forEach((one) => void setTimeout(one, 5));
    const change = async (item: string, to: (entry: KeptEntry) => KeptEntry): Promise<number> => {
      await Promise.resolve();
      if (this.refuses) throw new Error('QuotaExceededError');
      const after = to(this.entries.get(item) ?? { item, seq: 0, change: null, sent: true, flag: null });
      this.entries.set(item, after);
      return after.seq;
    };
    return {
      keep: async (item, kept, atLeast) => {
        const seq = await change(item, (entry) => ({ ...entry, seq: Math.max(entry.seq, atLeast - 1) + 1, change: kept, sent: false }));
        tell();
        return seq;
      },
      acknowledge: async (item, seq) => {
        await change(item, (entry) => (entry.seq <= seq ? { ...entry, seq, sent: true } : entry));
        tell();
      },
      keepFlag: async (item, flag) => {
        await change(item, (entry) => ({ ...entry, flag }));
      },
      acknowledgeFlag: async (item, flag) => {
        await change(item, (entry) => (entry.flag === flag ? { ...entry, flag: null } : entry));
      },
      read: async () => {
        await Promise.resolve();
        if (this.refuses) throw new Error('InvalidStateError');
        return [...this.entries.values()];
      },
      forget: async () => this.entries.clear(),
      watch: (changed) => {
        this.tabs.add(changed);
        return () => this.tabs.delete(changed);
      },
    };
  }

  /** Responses that the server has not acknowledged. */
  unsent = (): Response[] => [...this.entries.values()].flatMap(({ sent, change }) => (sent || !change ? [] : [change.response]));
}

export type Mood = 'good' | 'lost-request' | 'lost-answer' | 'full' | 'signed-out' | 'handed-in' | 'late' | 'over' | 'other-device' | 'void' | 'paused';

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
      case 'handed-in': case 'other-device': case 'void': return { kind: 'ended', reason: this.mood, kept: outgoing.changes, refused: [] };
      case 'paused': return { kind: 'paused', serverNow: Date.now(), deadline: DEADLINE, pausedAt: Date.now() };
      case 'late': case 'over': return this.late(outgoing);
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

  /** Changed before the deadline counts, as long as it is open; the rest is evidence. */
  private late({ changes }: Outgoing): PostReply {
    const open = this.mood === 'over';
    const counted = open ? changes.filter(({ changedAt }) => changedAt !== undefined && Date.parse(changedAt) <= DEADLINE) : [];
    for (const { item, seq, response } of counted) this.stored.set(item, { seq, response });
    return { kind: 'late', serverNow: Date.now(), deadline: DEADLINE, open, kept: changes.filter((one) => !counted.includes(one)), counted, refused: [] };
  }
}

/** A page that one candidate has open. */
export function aPage(server: FakeServer, shelf = new Shelf()): AnswerStore {
  const answers = ['a', 'b', 'c'].map((item) => ({
    item, seq: server.stored.get(item)?.seq ?? 0, response: server.stored.get(item)?.response ?? null, flagged: false,
  }));
  const kept = shelf.tab();
  const store = new AnswerStore({
    attemptId: 'x', device: 'd', serverNow: Date.now(), deadline: DEADLINE, answers, state: 'in-progress', pausedAt: null, section: 0, sectionEndsAt: null,
    otherDevice: false, messages: [], answerKey: '', tolerance: 60, label: 'x', sections: [],
  }, {
    clock: new ServerClock(() => performance.now()),
    kept,
    post: server.post,
    later: (run, ms) => setTimeout(run, ms) as unknown as number,
    cancel: (timer) => clearTimeout(timer),
    random: () => 0.5,
  });
  kept.watch(() => store.keptChanged());
  return store;
}
