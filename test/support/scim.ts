import { createServer, type Server } from 'node:http';
import express from 'express';
import { scimRouter } from '~/exchange';
import { createApplication, type ApplicationScope } from '~/identity';
import { must } from '~/kernel/result';
import type { Organisation } from '~/people';
import { aRootActor } from './actors';

/** The service for directories alone, on a free port. */
export async function aScimService(): Promise<{ port: number; close(): Promise<void> }> {
  const app = express();
  app.use('/scim/v2', scimRouter());
  const server: Server = createServer(app);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return {
    port: typeof address === 'object' && address ? address.port : 0,
    close: () => new Promise((resolve) => { server.closeAllConnections(); server.close(() => resolve()); }),
  };
}

/** A token of a fresh application at an organisation. */
export async function aToken(organisation: Organisation, scopes: ApplicationScope[] = ['scim.read', 'scim.write'], expiresOn = '2099-12-31'): Promise<{ id: string; token: string }> {
  return must(await createApplication(await aRootActor(), { name: `目录 ${organisation.code}`, scopes, organisationId: organisation.id, expiresOn }));
}

export interface ScimAnswer {
  status: number;
  body: Record<string, unknown>;
  etag: string | null;
  headers: Headers;
}

/** Calls the service as a directory does. */
export const scimClient = (port: number, token: string) => async (method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<ScimAnswer> => {
  const answer = await fetch(`http://127.0.0.1:${port}/scim/v2${path}`, {
    method, headers: { authorization: `Bearer ${token}`, ...(body !== undefined && { 'content-type': 'application/scim+json' }), ...headers },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  return { status: answer.status, body: text === '' ? {} : JSON.parse(text) as Record<string, unknown>, etag: answer.headers.get('etag'), headers: answer.headers };
};
