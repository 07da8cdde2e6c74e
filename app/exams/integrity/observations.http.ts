import express, { type NextFunction, type Request, type RequestHandler, type Response } from 'express';
import { RateLimiterMemory } from 'rate-limiter-flexible';
import { z } from 'zod';
import { storageProblem } from '~/db';
import { tokenHashOf } from '~/identity';
import { statusOf, type ErrorCode } from '~/kernel/errors';
import { textFor } from '~/text';
import { langOfHeaders } from '~/text/lang';
import { MOST_SENT, PAGE_KINDS } from './observation';
import { recordObservations } from './observation.service';

const A_DAY = 86_400;

const Body = z.object({
  device: z.string().min(8).max(64),
  observations: z.array(z.object({
    kind: z.enum(PAGE_KINDS),
    at: z.iso.datetime({ offset: true }).transform((text) => Date.parse(text)),
    seconds: z.number().int().min(0).max(A_DAY).optional(),
    count: z.number().int().min(0).max(1_000_000).optional(),
  })).max(MOST_SENT),
});

/** A page sends every few seconds at most; more is not asked of the database. */
const limiter = new RateLimiterMemory({ points: 30, duration: 60 });

/**
 * `POST /attempts/{id}/observations` `{device, observations: [{kind, at, seconds?, count?}]}`: what the page noticed;
 * `at` is an ISO instant by the server's clock. 204 when it is settled: recorded, or of a kind that is off. 401, 404
 * as with saving; 409 `attempt.handed-in` or `attempt.other-device`; 400 malformed; 429 too often; 507 and 503 try later.
 */
export function observationsEndpoint(): RequestHandler {
  const endpoint = express.Router({ mergeParams: true });
  endpoint.use(express.json({ limit: '16kb' }));
  endpoint.use((request, response, next) => {
    handle(request, response).catch((thrown: unknown) => {
      const storage = storageProblem(thrown);
      return storage ? problem(request, response, storage.code) : next(thrown);
    });
  });
  endpoint.use((error: unknown, request: Request, response: Response, next: NextFunction) => {
    if (!(error instanceof Error) || !('type' in error)) return next(error);
    problem(request, response, error.type === 'entity.too.large' ? 'request.too-large' : 'request.invalid');
  });
  return endpoint;
}

async function handle(request: Request, response: Response): Promise<void> {
  const tokenHash = tokenHashOf(request.headers.cookie ?? null);
  const attemptId = request.params['id'];
  if (!tokenHash) return problem(request, response, 'access.sign-in');
  const body = Body.safeParse(request.body);
  if (!body.success || !attemptId) return problem(request, response, 'request.invalid');
  if (!(await limiter.consume(tokenHash).then(() => true, () => false))) return problem(request, response, 'rate.limited', { minutes: 1 });
  switch (await recordObservations(attemptId, tokenHash, body.data.device, body.data.observations)) {
    case 'recorded': return void response.status(204).end();
    case 'not-found': return problem(request, response, 'not-found');
    case 'over': return problem(request, response, 'attempt.handed-in');
    case 'other-device': return problem(request, response, 'attempt.other-device');
  }
}

function problem(request: Request, response: Response, code: ErrorCode, params?: Record<string, number>): void {
  const title = textFor(langOfHeaders(request.headers.cookie, request.headers['accept-language'])).problem({ code, ...(params && { params }) });
  response.status(statusOf(code)).type('application/problem+json').send(JSON.stringify({ type: 'about:blank', status: statusOf(code), code, title }));
}
