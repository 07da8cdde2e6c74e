import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020';
import express from 'express';
import { API_BASE, apiRouter, OPERATIONS, openApi, type Operation } from '~/exchange';
import { createApplication, type ApplicationScope } from '~/identity';
import { newId } from '~/kernel/id';
import { must } from '~/kernel/result';
import type { Organisation } from '~/people';
import { textFor } from '~/text';
import { aRootActor } from './actors';

const { default: addFormats } = await import('ajv-formats');

/** The service for personnel systems alone, on a free port. */
export async function anApi(): Promise<{ port: number; close(): Promise<void> }> {
  const app = express();
  app.use((request, _response, next) => {
    request.headers['x-request-id'] = newId();
    next();
  });
  app.use(API_BASE, apiRouter());
  const server: Server = createServer(app);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    close: () => new Promise((resolve) => { server.closeAllConnections(); server.close(() => resolve()); }),
  };
}

export const ALL_SCOPES: ApplicationScope[] = ['clearance.check', 'clearances.read', 'people.read', 'catalogue.read', 'starts.write'];

/** A token of a fresh application at an organisation. */
export const anApiToken = async (organisation: Organisation, scopes: ApplicationScope[] = ALL_SCOPES, expiresOn = '2099-12-31'): Promise<{ id: string; token: string }> =>
  must(await createApplication(await aRootActor(), { name: `人事系统 ${organisation.code}`, scopes, organisationId: organisation.id, expiresOn }));

export interface ApiAnswer {
  status: number;
  /** As the service describes it: that was checked. */
  body: unknown;
  headers: Headers;
}

interface Described {
  paths: Record<string, Record<string, { responses: Record<string, { content?: Record<string, { schema: { $ref: string } }> }> }>>;
}

/** Which operation an address leads to. */
const operationAt = (method: string, path: string): Operation | undefined => {
  const pathname = path.split('?')[0] ?? '';
  return OPERATIONS.find((one) => one.method === method.toLowerCase() && new RegExp(`^${one.path.replace(/\{\w+\}/g, '[^/]+')}$`).test(pathname));
};

/** Says what an answer lacks of what the description promises. It is compiled anew, so that it is what is served. */
export function judgeOfAnswers(): (method: string, path: string, status: number, type: string, body: unknown) => string[] {
  const described = openApi(textFor('en')) as unknown as Described;
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  addFormats(ajv);
  ajv.addSchema(described, 'api');
  const compiled = new Map<string, ValidateFunction>();
  return (method, path, status, type, body) => {
    const operation = operationAt(method, path);
    if (!operation) return status === 404 || status === 405 ? [] : [`${method} ${path} is not described`];
    const media = type.split(';')[0] ?? '';
    const $ref = described.paths[operation.path]?.[operation.method]?.responses[String(status)]?.content?.[media]?.schema.$ref;
    if ($ref === undefined) return [`${method} ${path} answers ${status} ${media}, which is not described`];
    const check = compiled.get($ref) ?? ajv.compile({ $ref: `api${$ref}` });
    compiled.set($ref, check);
    return check(body) ? [] : (check.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message ?? ''}`);
  };
}

/** Calls the service as a personnel system does; an answer that is not as it is described fails. */
export function apiClient(port: number, token: string | null) {
  const judge = judgeOfAnswers();
  return async (method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<ApiAnswer> => {
    const answer = await fetch(`http://127.0.0.1:${port}${API_BASE}${path}`, {
      method, redirect: 'manual',
      headers: { ...(token !== null && { authorization: `Bearer ${token}` }), ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await answer.text();
    const parsed: unknown = text === '' ? null : JSON.parse(text);
    const wrong = answer.status === 304 ? [] : judge(method, path, answer.status, answer.headers.get('content-type') ?? '', parsed);
    if (wrong.length > 0) throw new Error(`${method} ${path} answered ${text.slice(0, 400)}\n${wrong.join('\n')}`);
    return { status: answer.status, body: parsed, headers: answer.headers };
  };
}
