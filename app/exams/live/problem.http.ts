import type { Request, Response } from 'express';
import { actorOf, tokenHashOf, type Actor } from '~/identity';
import { statusOf } from '~/kernel/errors';
import { ProblemError, type Problem } from '~/kernel/result';
import { textFor } from '~/text';
import { langOfHeaders } from '~/text/lang';

/** Who asks, with the hash by which the sign-in is checked again while a stream is open. */
export interface Caller {
  actor: Actor;
  tokenHash: string;
  /** As the rooms read cookies from it. */
  headers: globalThis.Request;
}

/** @throws ProblemError `access.sign-in` */
export async function callerOf(request: Request): Promise<Caller> {
  const cookie = request.headers.cookie ?? '';
  const headers = new Request('http://localhost/', { headers: { cookie } });
  const actor = await actorOf(headers);
  const tokenHash = tokenHashOf(cookie);
  if (!actor || !tokenHash) throw new ProblemError({ code: 'access.sign-in' });
  return { actor, tokenHash, headers };
}

export function sendJson(response: Response, body: object | null): void {
  response.setHeader('Cache-Control', 'no-store');
  if (body === null) response.status(204).end();
  else response.status(200).type('application/json').send(JSON.stringify(body));
}

export function sendProblem(request: Request, response: Response, { code, params = {} }: Problem): void {
  const status = statusOf(code);
  const title = textFor(langOfHeaders(request.headers.cookie, request.headers['accept-language'])).problem({ code, params });
  response.setHeader('Cache-Control', 'no-store');
  response.status(status).type('application/problem+json').send(JSON.stringify({ type: 'about:blank', status, code, title }));
}
