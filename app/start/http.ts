import { randomBytes, timingSafeEqual } from 'node:crypto';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { createRequestHandler } from '@remix-run/express';
import type { ServerBuild } from '@remix-run/node';
import compression from 'compression';
import express, { type Express, type NextFunction, type Request, type Response } from 'express';
import helmet from 'helmet';
import { consoleStateEndpoint, consoleStream, lineEndpoint, liveEndpoints, observationsEndpoint, rememberUrl, responsesEndpoint, sebGate } from '~/exams';
import { API_BASE, apiRouter, scimRouter } from '~/exchange';
import { newId } from '~/kernel/id';
import type { Config } from '~/kernel/config';
import { log } from '~/kernel/log';
import { crossSite } from './cross-site';
import { httpDuration, metrics } from './metrics';
import { ready, type Readiness } from './ready';
import { withBoundary } from './boundary';

declare module '@remix-run/node' {
  interface AppLoadContext {
    nonce: string;
  }
}

/** The HTTP side: security headers, health, the hot endpoint for responses, then Remix. */
export function createApp(config: Config, build: ServerBuild, readiness: Readiness): Express {
  const app = express();
  app.disable('x-powered-by');
  app.set('trust proxy', trustProxy(config.TRUST_PROXY));
  app.use(identify);
  app.use(measure);
  app.use(securityHeaders(config));
  app.use(health(config, readiness));
  app.use(refuseCrossSite(config));
  app.use('/attempts/:id', sebGate());
  // Before compression: its answers are too short to gain, and it is the one path that counts every microsecond.
  app.post('/attempts/:id/responses', responsesEndpoint());
  app.post('/attempts/:id/observations', observationsEndpoint());
  // Before compression, which would hold events back.
  app.use(liveEndpoints({ stopping: readiness.stopping }), consoleStream({ stopping: readiness.stopping }), lineEndpoint());
  app.use(compression());
  app.use(consoleStateEndpoint());
  app.use('/scim/v2', scimRouter());
  app.use(API_BASE, apiRouter());
  const client = build.assetsBuildDirectory;
  const lasting = { immutable: true, maxAge: '1y' };
  app.use('/assets', express.static(path.join(client, 'assets'), lasting));
  // Scripts of the few pages that are drawn outside Remix are put there by the build.
  app.use('/assets', express.static(path.join(client, '..', 'server', 'assets'), { ...lasting, fallthrough: false }));
  if (existsSync(client)) app.use(express.static(client, { maxAge: '1h', index: false }));
  const remix = createRequestHandler({
    build: withBoundary(build),
    mode: 'production',
    getLoadContext: (_request, response) => ({ nonce: String(response.locals['nonce']) }),
  });
  app.all('*', (request, response, next) => void remix(request, response, next));
  app.use(lastResort);
  return app;
}

function trustProxy(setting: string): number | string[] | false {
  if (setting === '') return false;
  return /^\d+$/.test(setting) ? Number(setting) : setting.split(',').map((part) => part.trim());
}

/** Gives the request its number, and tells later code the address that this server vouches for. */
function identify(request: Request, response: Response, next: NextFunction): void {
  const id = newId();
  request.headers['x-request-id'] = id;
  request.headers['x-shanggang-address'] = request.ip ?? '';
  rememberUrl(request);
  response.locals['nonce'] = randomBytes(16).toString('base64');
  response.setHeader('X-Request-Id', id);
  next();
}

function measure(request: Request, response: Response, next: NextFunction): void {
  const started = process.hrtime.bigint();
  response.on('finish', () => {
    // A stream lasts as long as somebody listens, which says nothing about the server.
    if (response.locals['stream'] === true) return;
    const took = Number(process.hrtime.bigint() - started) / 1e9;
    const route = routeLabel(request.path);
    httpDuration.observe({ method: request.method, route, status: response.statusCode }, took);
    log().info({ requestId: request.headers['x-request-id'], method: request.method, route, status: response.statusCode, ms: Math.round(took * 1000) }, 'request');
  });
  next();
}

/** The path without ids, names and numbers: for metrics and logs, which hold no personal data. */
export const routeLabel = (pathname: string): string =>
  pathname.split('/').slice(0, 4).map((part, i) => (i > 1 && /[\d%]|^.{40,}$/.test(part) ? ':id' : part)).join('/') || '/';

function securityHeaders(config: Config) {
  const https = config.PUBLIC_URL?.startsWith('https:') ?? false;
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        scriptSrc: ["'self'", (_request, response) => `'nonce-${String((response as Response).locals['nonce'])}'`],
        styleSrc: ["'self'"],
        imgSrc: ["'self'", 'data:'],
        fontSrc: ["'self'"],
        connectSrc: ["'self'"],
        objectSrc: ["'none'"],
        baseUri: ["'none'"],
        formAction: ["'self'"],
        frameSrc: ["'self'"],
        frameAncestors: ["'self'"],
      },
    },
    // Many intranets are plain HTTP: there these two would only break things.
    strictTransportSecurity: https ? { maxAge: 15_552_000 } : false,
    crossOriginOpenerPolicy: https,
    originAgentCluster: false,
    referrerPolicy: { policy: 'same-origin' },
    xFrameOptions: { action: 'sameorigin' },
  });
}

function refuseCrossSite(config: Config) {
  return (request: Request, response: Response, next: NextFunction): void => {
    const own = [`${request.protocol}://${request.get('host') ?? ''}`, config.PUBLIC_URL && new URL(config.PUBLIC_URL).origin];
    if (!crossSite(request.method, request.headers, own)) return next();
    response.status(403).type('application/problem+json').send({ type: 'about:blank', status: 403, code: 'request.cross-site', title: '请求来自其他网站，未执行。This request came from another site and was not carried out.' });
  };
}

function health(config: Config, readiness: Readiness) {
  const router = express.Router();
  router.get('/health/live', (_request, response) => void response.json({ status: 'live' }));
  router.get('/health/ready', (_request, response, next) => {
    ready(readiness).then((state) => response.status(state.ready ? 200 : 503).json(state), next);
  });
  router.get('/metrics', (request, response, next) => {
    if (!mayReadMetrics(config, request)) return void response.status(403).json({ status: 403, code: 'access.denied' });
    metrics.metrics().then((text) => response.type(metrics.contentType).send(text), next);
  });
  return router;
}

function mayReadMetrics(config: Config, request: Request): boolean {
  if (!config.METRICS_TOKEN) return ['127.0.0.1', '::1', '::ffff:127.0.0.1'].includes(request.ip ?? '');
  const given = Buffer.from(request.get('authorization') ?? '');
  const wanted = Buffer.from(`Bearer ${config.METRICS_TOKEN}`);
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}

/** Express recognises an error handler by its four parameters. */
function lastResort(error: unknown, request: Request, response: Response, _next: NextFunction): void {
  const requestId = String(request.headers['x-request-id']);
  const status = error instanceof Error && 'status' in error && typeof error.status === 'number' ? error.status : 500;
  if (status >= 500) log().error({ err: error, requestId }, 'a request failed outside Remix');
  if (!response.headersSent) response.status(status).type('application/problem+json').send({ type: 'about:blank', status, code: status === 404 ? 'not-found' : 'internal', requestId });
}
