import express, { type NextFunction, type Request, type RequestHandler, type Response } from 'express';
import { z } from 'zod';
import { storageProblem } from '~/db';
import { tokenHashOf } from '~/identity';
import { clock, type Instant } from '~/kernel/clock';
import { statusOf, type ErrorCode } from '~/kernel/errors';
import { log } from '~/kernel/log';
import { textFor } from '~/text';
import { langOfHeaders } from '~/text/lang';
import { noticeSave } from './integrity/observation.service';
import { saveResponses, type SaveReply } from './save.service';

/** The most changes that one request may carry. */
const MAX_CHANGES = 300;

/** An instant that cannot be read is no reason to lose an answer: it counts as not said. */
const Claimed = z.string().max(40).transform((text): Instant | null => {
  const at = Date.parse(text);
  return Number.isNaN(at) ? null : at;
});

const Body = z.object({
  device: z.string().min(8).max(64),
  changes: z.array(z.object({
    item: z.string().min(1).max(64),
    seq: z.number().int().min(1).max(Number.MAX_SAFE_INTEGER),
    response: z.unknown(),
    changedAt: Claimed.optional(),
  })).max(MAX_CHANGES),
  here: z.string().max(64).optional(),
  flags: z.array(z.object({ item: z.string().min(1).max(64), flagged: z.boolean() })).max(MAX_CHANGES).optional(),
});

/**
 * `POST /attempts/{id}/responses`, outside Remix because it is the one hot path.
 *
 * Asks `{device, changes: [{item, seq, response, changedAt?}]}`, if wanted with `flags: [{item, flagged}]` and `here`,
 * the item before the candidate's eyes; an empty list of changes is a sign of life. Answers 200 `{serverNow, deadline, savedAt, accepted, stale, state}`,
 * instants as ISO 8601 in UTC with milliseconds; a stale change also names the number and the response
 * that count, as `current` and `response`. Everything else is problem+json with `code`:
 *  - 401 `access.sign-in`, 404 `not-found`;
 *  - 409 `attempt.paused`: the exam stands still, nothing was stored; keep it and send it again when it goes on;
 *  - 409 `attempt.handed-in`, `attempt.void` or `attempt.other-device`, 410 `attempt.late`: what came is kept as
 *    evidence and named in `kept`; `counted` names what counts all the same: it was stored before, or was changed
 *    before the deadline and came within the tolerance. 410 has `late`: `within-tolerance` or `past-tolerance`;
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
  const saved = await saveResponses({ attemptId, tokenHash, ...body.data, receivedAt });
  reply(request, response, saved);
  noticeSave(attemptId, body.data.device, request.ip ?? '', saved.outcome);
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
    case 'paused': return problem(request, response, 'attempt.paused', { ...standpoint(saved), pausedAt: saved.pausedAt && iso(saved.pausedAt) });
    default: {
      const { kept, counted } = saved;
      const evidence = { ...standpoint(saved), handedInAt: saved.handedInAt && iso(saved.handedInAt), kept, counted };
      if (saved.outcome === 'handed-in' || saved.outcome === 'other-device' || saved.outcome === 'void') return problem(request, response, `attempt.${saved.outcome}`, evidence);
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
