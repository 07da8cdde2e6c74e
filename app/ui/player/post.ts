import type { ItemSeq, Outgoing, PostReply, StaleSeq } from './types';

/** Without an answer in this time the network counts as gone; what was sent is sent again. */
const PATIENCE_MS = 15_000;

interface Body {
  code?: string;
  serverNow?: string;
  deadline?: string;
  accepted?: ItemSeq[];
  stale?: StaleSeq[];
  refused?: ItemSeq[];
}

/** Sends changes to `POST /attempts/{id}/responses`. Never rejects. */
export async function postResponses(attemptId: string, device: string, outgoing: Outgoing): Promise<PostReply> {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), PATIENCE_MS);
  try {
    const answer = await fetch(`/attempts/${attemptId}/responses`, {
      method: 'POST',
      credentials: 'same-origin',
      headers: { 'Content-Type': 'application/json', Accept: 'application/json' },
      body: JSON.stringify({ device, ...outgoing }),
      signal: stop.signal,
    });
    return replyOf(answer.status, (await answer.json()) as Body);
  } catch {
    // No answer, or one from something else than our server (a captive portal, a proxy's error page).
    return { kind: 'again', reason: 'unreachable' };
  } finally {
    clearTimeout(timer);
  }
}

function replyOf(status: number, body: Body): PostReply {
  // 404: somebody else signed in on this machine meanwhile.
  if (status === 401 || status === 404) return { kind: 'signed-out' };
  if (status === 507) return { kind: 'again', reason: 'full' };
  if (status === 410) return { kind: 'ended', reason: 'late' };
  if (status === 409) return { kind: 'ended', reason: body.code === 'attempt.other-device' ? 'other-device' : 'handed-in' };
  if ((status === 200 || status === 422) && body.serverNow && body.deadline) {
    return {
      kind: 'saved',
      serverNow: Date.parse(body.serverNow),
      deadline: Date.parse(body.deadline),
      accepted: body.accepted ?? [],
      stale: body.stale ?? [],
      refused: body.refused ?? [],
    };
  }
  return { kind: 'again', reason: 'unavailable' };
}
