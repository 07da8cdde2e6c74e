import { setTimeout as sleep } from 'node:timers/promises';
import type { HttpClient } from './http';

/** What the server acknowledged as stored: the promise that must hold. */
export interface Acknowledged {
  attemptId: string;
  item: string;
  seq: number;
  response: unknown;
  savedAt: number;
}

export interface Question {
  item: string;
  /** A response that fits the item; `turn` varies it. */
  answer(turn: number): unknown;
}

export interface CandidateOptions {
  client: HttpClient;
  cookie: string;
  device: string;
  attemptId: string;
  items: Question[];
  /** A number in [0, 1). */
  random: () => number;
  /** Milliseconds between two answers, at most. */
  thinking: number;
  /** True once the candidate should stop answering. */
  enough: () => boolean;
}

const RETRY_MS = 100;

/**
 * A candidate that answers until told to stop: sends a change, sends it again until it is acknowledged or
 * refused for good, and notes each acknowledgement as a real browser would.
 */
export async function answerUntil(options: CandidateOptions): Promise<{ acknowledged: Acknowledged[]; ended: 'enough' | number }> {
  const acknowledged: Acknowledged[] = [];
  for (let seq = 1; !options.enough(); seq += 1) {
    const question = options.items[Math.floor(options.random() * options.items.length)];
    if (!question) throw new Error('an exam without items');
    const change = { item: question.item, seq, response: question.answer(seq) };
    const status = await sendUntilAnswered(options, change, acknowledged);
    if (status !== 200 && status !== 0) return { acknowledged, ended: status };
    if (options.thinking > 0) await sleep(options.random() * options.thinking);
  }
  return { acknowledged, ended: 'enough' };
}

async function sendUntilAnswered(
  options: CandidateOptions, change: { item: string; seq: number; response: unknown }, acknowledged: Acknowledged[],
): Promise<number> {
  for (;;) {
    const answer = await options.client
      .call(`/attempts/${options.attemptId}/responses`, { method: 'POST', cookie: options.cookie, json: { device: options.device, changes: [change] } })
      .catch(() => null);
    if (answer && answer.status < 500) {
      if (answer.status === 200) {
        const body = JSON.parse(answer.text) as { savedAt: string; accepted: { item: string; seq: number }[] };
        for (const { item, seq } of body.accepted) {
          acknowledged.push({ attemptId: options.attemptId, item, seq, response: change.response, savedAt: Date.parse(body.savedAt) });
        }
      }
      return answer.status;
    }
    if (options.enough()) return 0;
    await sleep(RETRY_MS);
  }
}
