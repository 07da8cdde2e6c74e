import { sebHeaders } from './seb';
import type { ItemSeq, Outgoing, PostReply, StaleSeq } from './types';

/** Without an answer in this time the network counts as gone; what was sent is sent again. */
const PATIENCE_MS = 15_000;

interface Body {
  code?: string;
  state?: string;
  serverNow?: string;
  deadline?: string;
  pausedAt?: string | null;
  accepted?: ItemSeq[];
  stale?: StaleSeq[];
  refused?: ItemSeq[];
  kept?: ItemSeq[];
  counted?: ItemSeq[];
}

/** A request that gives up after a while. Rejects when no answer came. */
export async function patiently(path: string, init: RequestInit): Promise<Response> {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), PATIENCE_MS);
  try {
    return await fetch(path, { credentials: 'same-origin', ...init, headers: { ...init.headers, ...sebHeaders() }, signal: stop.signal });
  } finally {
    clearTimeout(timer);
  }
}

/** Sends changes to `POST /attempts/{id}/responses`. Never rejects. */
export async function postResponses(attemptId: string, device: string, outgoing: Outgoing): Promise<PostReply> {
  try {
    const answer = await patiently(`/attempts/${attemptId}/responses`, {
      method: 'POST', headers: { 'Content-Type': 'application/json', Accept: 'application/json' }, body: JSON.stringify({ device, ...outgoing }),
    });
    return replyOf(answer.status, (await answer.json()) as Body);
  } catch {
    // No answer, or one from something else than our server (a captive portal, a proxy's error page).
    return { kind: 'again', reason: 'unreachable' };
  }
}

/** What the server's answer means for the page. */
export function replyOf(status: number, body: Body): PostReply {
  // 404: somebody else signed in on this machine meanwhile.
  if (status === 401 || status === 404) return { kind: 'signed-out' };
  if (status === 507) return { kind: 'again', reason: 'full' };
  const { accepted = [], stale = [], refused = [], kept = [], counted = [] } = body;
  if (!body.serverNow || !body.deadline) return { kind: 'again', reason: 'unavailable' };
  const times = { serverNow: Date.parse(body.serverNow), deadline: Date.parse(body.deadline) };
  if (status === 200 || status === 422) return { kind: 'saved', ...times, accepted, stale, refused };
  if (status === 410) return { kind: 'late', ...times, open: body.state === 'in-progress', kept, counted, refused };
  if (status !== 409) return { kind: 'again', reason: 'unavailable' };
  if (body.code === 'attempt.paused') return { kind: 'paused', ...times, pausedAt: body.pausedAt ? Date.parse(body.pausedAt) : times.serverNow };
  const reason = body.code === 'attempt.other-device' ? 'other-device' : body.code === 'attempt.void' ? 'void' : 'handed-in';
  return { kind: 'ended', reason, kept, refused };
}

/** Hands in over the network. True: done, the receipt is there; false: refused; rejects when no answer came. */
export async function postHandIn(attemptId: string): Promise<boolean> {
  const answer = await patiently(`/attempts/${attemptId}/hand-in`, { method: 'POST', body: new URLSearchParams({ intent: 'hand-in' }), redirect: 'manual' });
  // A redirect to the receipt; its page is loaded by the browser afterwards.
  if (answer.type === 'opaqueredirect') return true;
  if (answer.status >= 500) throw new Error(String(answer.status));
  return false;
}

/** Tells the server that a message was read; a failure brings the message back with the next standing. */
export async function postSeen(attemptId: string, message: string): Promise<void> {
  await patiently(`/attempts/${attemptId}/messages/${message}/seen`, { method: 'POST' }).catch(() => undefined);
}
