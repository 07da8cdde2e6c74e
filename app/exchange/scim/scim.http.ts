import express, { Router, type NextFunction, type Request, type Response } from 'express';
import SCIMMY from 'scimmy';
import SCIMMYRouters from 'scimmy-routers';
import { recogniseApplication, type Recognised } from '~/identity';
import { config } from '~/kernel/config';
import { log } from '~/kernel/log';
import { project, takeProjection, type Projection } from './projection';
import { declareResources, describeService, LIMITS, type ScimRequest } from './resources.service';

const REQUEST = Symbol('scim request');
type Known = Request & { [REQUEST]?: ScimRequest };

/** Reading by a search that is posted changes nothing. */
const reads = ({ method, path }: Request): boolean => method === 'GET' || method === 'HEAD' || path.endsWith('/.search');

function tellError(response: Response, status: number, detail: string): void {
  response.status(status).type('application/scim+json').send({ schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'], status: String(status), detail });
}

const REASONS: Record<Exclude<Recognised, { ok: true }>['why'], { status: number; detail: string }> = {
  'no-token': { status: 401, detail: 'A bearer token is required.' },
  'unknown': { status: 401, detail: 'The token is not known.' },
  'expired': { status: 401, detail: 'The token has expired.' },
  'revoked': { status: 401, detail: 'The token was revoked.' },
  'scope': { status: 403, detail: 'The token does not have the scope for this.' },
  'limited': { status: 429, detail: 'Too many requests; try again later.' },
};

async function recognise(request: Known, response: Response, next: NextFunction): Promise<void> {
  const found = await recogniseApplication(request.get('authorization'), reads(request) ? 'scim.read' : 'scim.write', request.ip ?? '');
  if (!found.ok) {
    const { status, detail } = REASONS[found.why];
    if (status === 401) response.setHeader('WWW-Authenticate', 'Bearer realm="scim"');
    if (found.why === 'limited') response.setHeader('Retry-After', String(Math.ceil(found.waitMs / 1000)));
    return tellError(response, status, detail);
  }
  const ifMatch = request.get('if-match');
  request[REQUEST] = { application: found.application, method: request.method, expected: () => ifMatch, read: new Map(), before: new Map() };
  next();
}

/** Each operation of a bulk request may name the version that it expects. */
function expectPerOperation(request: Known, _response: Response, next: NextFunction): void {
  const known = request[REQUEST];
  const body: unknown = request.body;
  const operations: unknown = typeof body === 'object' && body !== null && 'Operations' in body ? body.Operations : [];
  const versions = new Map<string, string>();
  for (const one of Array.isArray(operations) ? (operations as unknown[]) : []) {
    if (typeof one !== 'object' || one === null || !('path' in one) || !('version' in one)) continue;
    if (typeof one.path === 'string' && typeof one.version === 'string') versions.set(one.path, one.version);
  }
  if (known) Object.assign(known, { method: 'BULK', expected: (path: string) => versions.get(path) });
  next();
}

/** Some directories name a member by `displayName`, which the standard calls `display`. */
function readMemberNames(request: Request, _response: Response, next: NextFunction): void {
  rename(request.body);
  next();
}

function rename(value: unknown): void {
  if (typeof value !== 'object' || value === null) return;
  if (Array.isArray(value)) return value.forEach(rename);
  const one = value as Record<string, unknown>;
  if (typeof one['value'] === 'string' && typeof one['displayName'] === 'string' && one['display'] === undefined) {
    one['display'] = one['displayName'];
    delete one['displayName'];
  }
  Object.values(one).forEach(rename);
}

/** Which attributes are wanted, in the address or in the body of a search. */
function readProjection(request: Known, _response: Response, next: NextFunction): void {
  const body: unknown = request.body;
  const wish = takeProjection(request.query) ?? (request.path.endsWith('/.search') && typeof body === 'object' && body !== null ? takeProjection(body as Record<string, unknown>) : null);
  const known = request[REQUEST];
  if (known && wish) known.projection = wish;
  next();
}

/** The answer with the attributes that are wanted of each resource. */
function narrowed(body: unknown, projection: Projection): unknown {
  const told = JSON.parse(JSON.stringify(body)) as Record<string, unknown>;
  if (!(body instanceof SCIMMY.Messages.ListResponse)) return project(told, projection);
  return { ...told, Resources: (Array.isArray(told['Resources']) ? told['Resources'] : []).map((one: Record<string, unknown>) => project(one, projection)) };
}

/** What went wrong before or after the library, in the protocol's own terms. Nothing of the inside is told. */
function tellFailure(error: unknown, _request: Request, response: Response, next: NextFunction): void {
  if (response.headersSent) return next(error);
  const status = typeof error === 'object' && error !== null && 'status' in error && typeof error.status === 'number' ? error.status : 500;
  if (status >= 500) log().error({ error }, 'a request of a directory failed');
  tellError(response, status, status >= 500 ? 'Something went wrong here. Try again later.' : 'The request cannot be read.');
}

/** Puts the version of the one resource into the header, narrows the answer, and tells where the page of a list begins. */
function finish(request: Known, response: Response, next: NextFunction): void {
  const send = response.json.bind(response);
  response.json = (body: unknown) => {
    const known = request[REQUEST];
    if (known?.version !== undefined && response.statusCode < 300) response.setHeader('ETag', known.version);
    if (known?.startIndex !== undefined && body instanceof SCIMMY.Messages.ListResponse) body.startIndex = known.startIndex;
    return send(known?.projection && response.statusCode < 300 ? narrowed(body, known.projection) : body);
  };
  next();
}

/**
 * The service for directories by SCIM 2.0 (RFC 7643, 7644), to be mounted at `/scim/v2`. Who asks is an application with a
 * token; what it changes goes through the same doors as the pages.
 */
export function scimRouter(): Router {
  const router = Router();
  declareResources();
  describeService();
  router.use((request, response, next) => { recognise(request, response, next).catch(next); });
  router.use(express.json({ type: ['application/scim+json', 'application/json'], limit: LIMITS.bytes }));
  router.post('/Bulk', expectPerOperation);
  router.use('/Groups', readMemberNames);
  router.post('/Bulk', readMemberNames);
  router.use(readProjection);
  router.use(finish);
  // A search over users and groups at once would have no pages: each is searched by itself.
  router.post('/.search', (_request, response) => tellError(response, 501, 'Search /Users/.search or /Groups/.search.'));
  // What the configuration was called before the standard, and still is by clients of those days.
  router.get('/serviceConfiguration', (request, _response, next) => {
    request.url = request.url.replace('/serviceConfiguration', '/ServiceProviderConfig');
    next();
  });
  const protocol = new SCIMMYRouters({
    type: 'bearer', docUri: 'https://datatracker.ietf.org/doc/html/rfc7644', handler: () => '',
    baseUri: (request: Request) => config().PUBLIC_URL ?? `${request.protocol}://${request.get('host') ?? ''}`,
    context: (request: Request) => (request as Known)[REQUEST],
  });
  // The library's own constructor sets these without the limits.
  describeService();
  router.use(protocol as unknown as Router);
  router.use(tellFailure);
  return router;
}
