import express, { type NextFunction, type Request, type RequestHandler, type Response } from 'express';
import { z } from 'zod';
import { storageProblem } from '~/db';
import { tokenHashOf } from '~/identity';
import { clock, type Instant } from '~/kernel/clock';
import { statusOf, type ErrorCode } from '~/kernel/errors';
import { log } from '~/kernel/log';
import { textFor } from '~/text';
import { langOfHeaders } from '~/text/lang';
import { saveResponses, type SaveReply } from './save.service';

/** The most changes that one request may carry. */
const MAX_CHANGES = 300;

const Body = z.object({
  device: z.string().min(8).max(64),
  changes: z.array(z.object({
    item: z.string().min(1).max(64),
    seq: z.number().int().min(1).max(Number.MAX_SAFE_INTEGER),
    response: z.unknown(),
  })).max(MAX_CHANGES),
  flags: z.array(z.object({ item: z.string().min(1).max(64), flagged: z.boolean() })).max(MAX_CHANGES).optional(),
});

/**
 * `POST /attempts/{id}/responses`, outside Remix because it is the one hot path.
 *
 * Asks `{device, changes: [{item, seq, response}]}`, if wanted with `flags: [{item, flagged}]`; an empty
 * list of changes is a sign of life. Answers 200 `{serverNow, deadline, savedAt, accepted, stale, state}`,
 * instants as ISO 8601 in UTC with milliseconds; a stale change also names the number and the response
 * that count, as `current` and `response`. Everything else is problem+json with `code`:
 *  - 401 `access.sign-in`, 404 `not-found`;
 *  - 409 `attempt.handed-in` or `attempt.other-device`, 410 `attempt.late`: what came is kept as evidence
 *    and named in `kept`; 410 has `late`: `within-tolerance` or `past-tolerance`;
 *  - 422 `response.refused`: `refused` has a reason per change; the others are saved and named as with 200;
 *  - 507 `storage.full`, 503 `storage.unavailable`: nothing was saved, send again later.
 */
export function responsesEndpoint(): RequestHandler {
  const endpoint = express.Router({ mergeParams: true });
  endpoint.use(express.json({ limit: '256kb' }));
  endpoint.use((request, response, next) => {
    handle(request, response, clock.now()).catch((thrown: unknown) => failed(thrown, request, response, next));
  });
  endpoint.use(unreadable);
  return endpoint;
}

/** The parser's complaint. Express recognises an error handler by its four parameters. */
function unreadable(error: unknown, request: Request, response: Response, next: NextFunction): void {
  if (!(error instanceof Error) || !('type' in error)) return next(error);
  problem(request, response, error.type === 'entity.too.large' ? 'request.too-large' : 'request.invalid');
}

async function handle(request: Request, response: Response, receivedAt: Instant): Promise<void> {
  const body = Body.safeParse(request.body);
  const attemptId = request.params['id'];
  if (!body.success || !attemptId) return problem(request, response, 'request.invalid');
  const tokenHash = tokenHashOf(request.headers.cookie ?? null);
  if (!tokenHash) return problem(request, response, 'access.sign-in');
  reply(request, response, await saveResponses({ attemptId, tokenHash, ...body.data, receivedAt }));
}

function reply(request: Request, response: Response, saved: SaveReply): void {
  switch (saved.outcome) {
    case 'not-signed-in': return problem(request, response, 'access.sign-in');
    case 'not-found': return problem(request, response, 'not-found');
    case 'saved': {
      const { accepted, stale, refused } = saved;
      const body = { ...standpoint(saved), savedAt: iso(saved.savedAt), accepted, stale };
      if (refused.length > 0) return problem(request, response, 'response.refused', { ...body, refused });
      return send(response, 200, 'application/json', body);
    }
    default: {
      const evidence = { ...standpoint(saved), handedInAt: saved.handedInAt && iso(saved.handedInAt), kept: saved.kept };
      if (saved.outcome === 'handed-in') return problem(request, response, 'attempt.handed-in', evidence);
      if (saved.outcome === 'other-device') return problem(request, response, 'attempt.other-device', evidence);
      return problem(request, response, 'attempt.late', { ...evidence, late: saved.outcome === 'late' ? 'past-tolerance' : 'within-tolerance' });
    }
  }
}

const iso = (at: Instant): string => new Date(at).toISOString();

const standpoint = (saved: Extract<SaveReply, { now: Instant }>) =>
  ({ serverNow: iso(saved.now), deadline: iso(saved.deadline), state: saved.state });

function problem(request: Request, response: Response, code: ErrorCode, more: object = {}): void {
  const status = statusOf(code);
  const title = textFor(langOfHeaders(request.headers.cookie, request.headers['accept-language'])).problem({ code });
  send(response, status, 'application/problem+json', { type: 'about:blank', status, code, title, ...more });
}

/** Without Express's own `json`: no ETag is computed for what nobody caches. */
function send(response: Response, status: number, type: string, body: object): void {
  const text = JSON.stringify(body);
  response.writeHead(status, { 'Content-Type': type, 'Content-Length': Buffer.byteLength(text), 'Cache-Control': 'no-store' });
  response.end(text);
}

function failed(thrown: unknown, request: Request, response: Response, next: NextFunction): void {
  const storage = storageProblem(thrown);
  if (!storage) return next(thrown);
  log().error({ err: thrown, requestId: request.headers['x-request-id'] }, 'responses could not be saved');
  problem(request, response, storage.code);
}
