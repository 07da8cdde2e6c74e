import type { Request, RequestHandler, Response } from 'express';
import { reader } from '~/db';
import { clock, seconds, type Instant } from '~/kernel/clock';
import { publicUrl } from '~/kernel/config';
import { textFor } from '~/text';
import { langOfHeaders } from '~/text/lang';
import { sebProofOf, URL_HEADER } from './proof';
import { findSittingWithSeb, gateOf, type SittingWithSeb } from './seb.repository';
import { sebPasses } from './seb.service';

/** Tells later code the address that was really asked for; what comes from outside under this name is overwritten. */
export function rememberUrl(request: Request): void {
  request.headers[URL_HEADER] = `${request.protocol}://${request.get('host') ?? 'localhost'}${request.originalUrl}`;
}

/** What the gate knows of an attempt: the sitting whose keys are asked for, or null when nothing is. */
interface Gate {
  sitting: SittingWithSeb | null;
  until: Instant;
}

/** So long an exemption, a hand-in or another setting takes until this process notices. */
const KNOWN_FOR = seconds(3);
const MOST_KNOWN = 20_000;
const gates = new Map<string, Gate>();

/**
 * Lets requests about a running attempt of a sitting with Safe Exam Browser pass only with its keys. Everything else
 * passes: other attempts, attempts that are over, candidates whom an invigilator let in without the key. A page is
 * answered with the way to the page that helps, everything else with 403 `attempt.seb`: the player keeps what it has.
 */
export function sebGate(): RequestHandler {
  return (request, response, next) => {
    const attemptId = request.params['id'] ?? '';
    if (helps(request)) return next();
    gateFor(attemptId, clock.now()).then((sitting) => {
      if (!sitting || sebPasses(sitting, proofIn(request))) return next();
      refuse(request, response, attemptId);
    }, next);
  };
}

/** The page that says what to do must not ask for what is missing. */
const helps = (request: Request): boolean => /^\/attempts\/[^/]+\/seb\/?$/.test(request.originalUrl.split('?')[0] ?? '');

function proofIn(request: Request) {
  const headers = { get: (name: string) => [request.headers[name]].flat()[0] ?? null };
  return sebProofOf(headers, String(request.headers[URL_HEADER]), publicUrl());
}

async function gateFor(attemptId: string, now: Instant): Promise<SittingWithSeb | null> {
  const known = gates.get(attemptId);
  // In both directions: a clock that was set back must not keep an old answer alive.
  if (known && Math.abs(known.until - now) <= KNOWN_FOR && now <= known.until) return known.sitting;
  const found = await gateOf(reader(), attemptId);
  const asks = found?.state === 'in-progress' && found.seb === 'required' && found.sitting_id !== null && found.exempt === 0;
  const sitting = asks ? await findSittingWithSeb(reader(), found.sitting_id ?? '') : null;
  if (gates.size >= MOST_KNOWN) gates.clear();
  gates.set(attemptId, { sitting, until: now + KNOWN_FOR });
  return sitting;
}

function refuse(request: Request, response: Response, attemptId: string): void {
  const help = `/attempts/${encodeURIComponent(attemptId)}/seb`;
  if ('_data' in request.query) {
    // How Remix tells its own client to go elsewhere.
    response.status(204).set({ 'X-Remix-Redirect': help, 'X-Remix-Status': '302', 'X-Remix-Reload-Document': 'true' }).end();
    return;
  }
  if (request.accepts(['json', 'html', 'text/event-stream']) === 'html') return response.redirect(303, help);
  const title = textFor(langOfHeaders(request.headers.cookie, request.headers['accept-language'])).problem({ code: 'attempt.seb' });
  response.status(403).type('application/problem+json').send(JSON.stringify({ type: 'about:blank', status: 403, code: 'attempt.seb', title }));
}

