import { Router, type NextFunction, type Request, type Response } from 'express';
import { authorise } from '~/identity';
import { ProblemError } from '~/kernel/result';
import { reader } from '~/db';
import { clock } from '~/kernel/clock';
import { deviceOf } from '../device-cookie';
import { openStream } from './event-stream.http';
import { listen, markOf } from './hub.service';
import { standingFacts } from './live.repository';
import { callerOf, sendJson, sendProblem } from './problem.http';
import { standingFor, type StandingFacts } from './standing';
import { messageSeen, standingOf } from './standing.service';
import { enter } from './streams.service';

export interface LiveOptions {
  /** True from the moment on at which the process ends: no stream is opened any more. */
  stopping(): boolean;
}

type Handler = (request: Request, response: Response) => Promise<void>;

/**
 * Express hands on what a handler could not do; the person gets a sentence in their language.
 * What is no problem of theirs goes to the last resort of the server.
 */
export const guarded = (handle: Handler) => (request: Request, response: Response, next: NextFunction): void => {
  handle(request, response).catch((thrown: unknown) => {
    if (thrown instanceof ProblemError && !response.headersSent) return sendProblem(request, response, thrown.problem);
    next(thrown);
  });
};

/**
 * What a candidate's page needs to stay right while others act:
 *  - `GET /attempts/{id}/live`: server-sent events. `standing` holds a `Standing` as JSON, at once and after each
 *    change; `end` says that the stream ends for good (`{reason}`: `closed`, `other-device`, `sign-in`, `too-many`)
 *    and the page must ask for `standing` now and then instead;
 *  - `GET /attempts/{id}/standing`: the same JSON once, for when no stream is to be had;
 *  - `POST /attempts/{id}/messages/{message}/seen`: 204, the message was read.
 *
 * 401 `access.sign-in`, 403, 404 `not-found` are problem+json; 503 while the server stops.
 */
export function liveEndpoints(options: LiveOptions): Router {
  const router = Router();
  router.get('/attempts/:id/live', guarded((request, response) => live(request, response, options)));
  router.get('/attempts/:id/standing', guarded(standing));
  router.post('/attempts/:id/messages/:message/seen', guarded(seen));
  return router;
}

async function standing(request: Request, response: Response): Promise<void> {
  const { actor, headers } = await callerOf(request);
  const found = await standingOf(actor, request.params['id'] ?? '', deviceOf(headers).device);
  if (!found.ok) return sendProblem(request, response, found.error);
  sendJson(response, found.value);
}

async function seen(request: Request, response: Response): Promise<void> {
  const { actor } = await callerOf(request);
  const done = await messageSeen(actor, request.params['id'] ?? '', request.params['message'] ?? '');
  if (!done.ok) return sendProblem(request, response, done.error);
  sendJson(response, null);
}

async function live(request: Request, response: Response, { stopping }: LiveOptions): Promise<void> {
  const attemptId = request.params['id'] ?? '';
  const { actor, tokenHash, headers } = await callerOf(request);
  const { device } = deviceOf(headers);
  // The mark first: what changes between the two is told again, and nothing is missed.
  const mark = await markOf(attemptId);
  const [facts] = await standingFacts(reader(), [attemptId], clock.now());
  if (!facts) return sendProblem(request, response, { code: 'not-found' });
  authorise(actor, 'take an exam', { personId: facts.personId });
  // Asked last: nothing is awaited between this look and the stream being known to the shutdown.
  if (stopping() || response.destroyed) return sendProblem(request, response, { code: 'storage.unavailable' });
  const leave: (() => void)[] = [];
  const stream = openStream(response, () => leave.forEach((one) => one()));
  let active = facts.device === device;
  const tell = (next: StandingFacts): void => {
    stream.send('standing', JSON.stringify(standingFor(next, device, clock.now())));
    const reason = next.state !== 'in-progress' ? 'closed' : active && next.device !== device ? 'other-device' : null;
    active = next.device === device;
    if (reason === null) return;
    stream.send('end', JSON.stringify({ reason }));
    stream.end();
  };
  leave.push(enter({ accountId: actor.accountId, tokenHash, stream }), listen({ attemptId, mark }, tell));
  tell(facts);
}
