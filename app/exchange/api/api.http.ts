import { createHash } from 'node:crypto';
import express, { Router, type ErrorRequestHandler, type NextFunction, type Request, type RequestHandler, type Response } from 'express';
import { commitIfOk, inTransaction, storageProblem, type Budget } from '~/db';
import { recogniseApplication, type ActingApplication, type Recognised } from '~/identity';
import { dateAt } from '~/kernel/calendar';
import { clock } from '~/kernel/clock';
import { config } from '~/kernel/config';
import { statusOf } from '~/kernel/errors';
import { log } from '~/kernel/log';
import { err, ok, ProblemError, type Problem, type Result } from '~/kernel/result';
import { textFor, type Text } from '~/text';
import { langOfHeaders } from '~/text/lang';
import type { Call } from './call';
import { answerOnce, type Answered, type Keep } from './once.service';
import { BASE, MOST_BYTES, openApi } from './openapi.service';
import { OPERATIONS, type Asked, type Operation } from './operations.service';
import { problemBody, type FieldProblem } from './problem';
import { wrongIn } from './read';
import { noteRequest } from './requests.repository';

const CALL = Symbol('call');
type Known = Request & { [CALL]?: Call };

const textOf = (request: Request): Text => textFor(langOfHeaders(null, request.get('accept-language')), config().TIME_ZONE);

function refuse(request: Request, response: Response, problem: Problem, errors: readonly FieldProblem[] = []): void {
  const text = textOf(request);
  const id = String(request.headers['x-request-id'] ?? '');
  response.status(statusOf(problem.code)).type('application/problem+json').set({ 'Cache-Control': 'no-store', 'Content-Language': text.lang }).send(JSON.stringify(problemBody(text, problem, id, errors)));
}

const REFUSALS = { 'no-token': 'api.token-missing', 'unknown': 'api.token-unknown', 'expired': 'api.token-expired', 'revoked': 'api.token-revoked', 'scope': 'api.scope', 'limited': 'api.limited' } as const satisfies
  Record<Exclude<Recognised, { ok: true }>['why'], Problem['code']>;

/** What is left of the requests of a minute, as draft-ietf-httpapi-ratelimit-headers has it. */
function tellBudget(response: Response, { limit, left, resetMs }: Budget): void {
  response.setHeader('RateLimit-Policy', `"${limit.name}";q=${limit.tries};w=${limit.seconds}`);
  response.setHeader('RateLimit', `"${limit.name}";r=${left};t=${Math.ceil(resetMs / 1000)}`);
}

/** Recognises the application, and asks for the scope of the operation. */
const recognise = (operation: Operation): RequestHandler => caught(async (request: Known, response, next) => {
  const now = clock.now();
  const found = await recogniseApplication(request.get('authorization'), operation.scope, request.ip ?? '');
  if ('budget' in found && found.budget) tellBudget(response, found.budget);
  if ('application' in found) noteWhenAnswered(response, found.application, operation);
  if (found.ok) {
    request[CALL] = { application: found.application, text: textOf(request), now, today: dateAt(now, config().TIME_ZONE) };
    return next();
  }
  const status = statusOf(REFUSALS[found.why]);
  if (status === 401) response.setHeader('WWW-Authenticate', found.why === 'no-token' ? 'Bearer realm="api"' : 'Bearer realm="api", error="invalid_token"');
  if (found.why === 'scope') response.setHeader('WWW-Authenticate', `Bearer realm="api", error="insufficient_scope", scope="${operation.scope}"`);
  const seconds = found.why === 'limited' ? Math.ceil(found.waitMs / 1000) : 0;
  if (seconds > 0) response.setHeader('Retry-After', String(seconds));
  refuse(request, response, { code: REFUSALS[found.why], params: found.why === 'scope' ? { scope: operation.scope } : { seconds } });
});

/** Administrators see what an application asks; whoever asks does not wait for that. */
function noteWhenAnswered(response: Response, { id: applicationId }: ActingApplication, { method, path }: Operation): void {
  const at = clock.now();
  response.on('finish', () => {
    noteRequest({ applicationId, at, method: method.toUpperCase(), path, status: response.statusCode, ms: Math.max(0, clock.now() - at) }).catch((error: unknown) => {
      log().warn({ applicationId, error }, 'a request of an application could not be noted');
    });
  });
}

const isJson: RequestHandler = (request, response, next) => {
  if (request.is('application/json') === 'application/json') return next();
  refuse(request, response, { code: 'api.media-type' });
};

const KEY = /^[\x21-\x7e]{1,100}$/;

function keyOf(request: Request, operation: Operation): Result<string | null> {
  const key = request.get('idempotency-key');
  if (key === undefined) return operation.writes ? err('api.key-missing') : ok(null);
  return KEY.test(key) ? ok(key) : err('api.key-form');
}

const answer = (operation: Operation): RequestHandler => caught(async (request: Known, response) => {
  const call = request[CALL];
  if (!call) throw new Error('nobody was recognised');
  const body: unknown = request.body;
  const asked: Asked = { params: request.params, query: request.query, body };
  const wrong = wrongIn(operation, asked, call.text.lang);
  if (wrong.length > 0) return refuse(request, response, { code: 'api.fields' }, wrong);
  const key = operation.method === 'get' ? ok(null) : keyOf(request, operation);
  if (!key.ok) return refuse(request, response, key.error, [{ detail: call.text.problem(key.error), parameter: 'Idempotency-Key' }]);
  const done = await answered(operation, call, asked, key.value);
  if (!done.ok) return refuse(request, response, done.error, fieldOf(call, operation, done.error));
  if (done.value.again) response.setHeader('Idempotent-Replayed', 'true');
  response.status(done.value.status).set({ 'Cache-Control': operation.method === 'get' ? 'private, no-cache' : 'no-store', 'Vary': 'Authorization, Accept-Language', 'Content-Language': call.text.lang }).json(done.value.body);
});

/** What the domain refused by a field is told of the field. */
function fieldOf({ text }: Call, { body }: Operation, problem: Problem): FieldProblem[] {
  if (problem.field === undefined) return [];
  return [{ detail: text.problem(problem), ...(body ? { pointer: `#/${problem.field}` } : { parameter: problem.field }) }];
}

type Done = Result<Answered & { again: boolean }>;

async function answered(operation: Operation, call: Call, asked: Asked, key: string | null): Promise<Done> {
  if (key === null) {
    const done = await perform(operation, call, asked, () => Promise.resolve(true));
    return done.ok ? ok({ ...done.value, again: false }) : done;
  }
  const hash = createHash('sha256').update(JSON.stringify([operation.id, asked.body])).digest('hex');
  return answerOnce({ applicationId: call.application.id, key }, hash, (keep) => perform(operation, call, asked, keep));
}

/** What changes something is done and kept in one transaction; what only reads is read outside of one. */
async function perform(operation: Operation, call: Call, asked: Asked, keep: Keep): Promise<Result<Answered>> {
  const { status } = operation;
  if (operation.writes) {
    return commitIfOk(async (tx) => {
      const done = await operation.run(call, asked, tx);
      if (!done.ok) return done;
      const told = { status, body: done.value };
      return await keep(tx, told) ? ok(told) : err('api.key-busy');
    });
  }
  const done = await operation.run(call, asked, null);
  if (!done.ok) return done;
  const told = { status, body: done.value };
  if (operation.method === 'post') await inTransaction((tx) => keep(tx, told));
  return ok(told);
}

/** Express 4 knows nothing of promises. */
function caught(handler: (request: Known, response: Response, next: NextFunction) => Promise<void>): RequestHandler {
  return (request, response, next) => { handler(request, response, next).catch(next); };
}

/** Whatever was thrown, told as a problem. What reading the body throws says by its status what it is. */
const failed: ErrorRequestHandler = (error: unknown, request, response, _next) => {
  const problem = problemOf(error);
  if (problem.code === 'internal' || problem.code.startsWith('storage.')) log().error({ err: error, requestId: request.headers['x-request-id'] }, 'a request of an application failed');
  refuse(request, response, problem);
};

function problemOf(error: unknown): Problem {
  if (error instanceof ProblemError) return error.problem;
  const status = typeof error === 'object' && error !== null && 'status' in error ? error.status : undefined;
  switch (status) {
    case 400: return { code: 'api.json' };
    case 413: return { code: 'request.too-large' };
    case 415: return { code: 'api.media-type' };
    default: return storageProblem(error) ?? { code: 'internal' };
  }
}

/**
 * The service for personnel systems, to be mounted at `/api/v1`: every operation of the list with what is the same for all. It sets no
 * cookie and reads none, and no page of another site is let in (no CORS).
 */
export function apiRouter(): Router {
  const router = Router({ caseSensitive: true });
  const parse = express.json({ limit: MOST_BYTES, strict: false });
  router.get('/openapi.json', (request, response) => void response.set({ 'Cache-Control': 'no-cache', 'Vary': 'Accept-Language' }).json(openApi(textOf(request))));
  const paths = [...new Set(OPERATIONS.map(({ path }) => path))];
  for (const path of paths) {
    const route = router.route(path.replace(/\{(\w+)\}/g, ':$1'));
    const known = OPERATIONS.filter((one) => one.path === path);
    for (const one of known) route[one.method](recognise(one), ...(one.method === 'post' ? [isJson, parse] : []), answer(one));
    route.all(wrongMethod(known.map(({ method }) => method)));
  }
  router.all('/openapi.json', wrongMethod(['get']));
  router.use((request, response) => refuse(request, response, { code: 'api.address' }));
  router.use(failed);
  return router;
}

const wrongMethod = (methods: readonly Operation['method'][]): RequestHandler => (request, response) => {
  response.setHeader('Allow', methods.flatMap((method) => (method === 'get' ? ['GET', 'HEAD'] : ['POST'])).join(', '));
  refuse(request, response, { code: 'api.method', params: { method: request.method } });
};

export { BASE as API_BASE };
