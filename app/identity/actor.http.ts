import { redirect } from '@remix-run/node';
import { parse, serialize } from 'cookie';
import { inTransaction, reader, type Reader } from '~/db';
import { clock, minutes, type Instant } from '~/kernel/clock';
import { config } from '~/kernel/config';
import { log } from '~/kernel/log';
import type { Actor } from './access';
import { safePath } from './next';
import { heldRoles, renew, signInRows, tokenHash } from './sign-in.repository';

const NAME = 'sid';

/** Many intranets are plain HTTP, where a Secure cookie would never come back. */
const secure = (): boolean => config().PUBLIC_URL?.startsWith('https:') ?? false;

const cookie = (value: string, more: { maxAge?: number } = {}): string =>
  serialize(NAME, value, { path: '/', httpOnly: true, sameSite: 'lax', secure: secure(), ...more });

/** The `Set-Cookie` header that signs this browser in. On shared machines it is gone when the browser is closed: no Max-Age. */
export const signInCookie = (token: string): string => cookie(token);

/** The `Set-Cookie` header that removes the sign-in from this browser. */
export const noSignInCookie = (): string => cookie('', { maxAge: 0 });

/** The token that the browser sent, or null. */
export const tokenOf = (request: Request): string | null => tokenIn(request.headers.get('cookie'));

const tokenIn = (cookieHeader: string | null): string | null => parse(cookieHeader ?? '')[NAME] || null;

/** The token's hash as stored in `sign_ins`, for an endpoint that checks the sign-in within its own query. */
export function tokenHashOf(cookieHeader: string | null): string | null {
  const token = tokenIn(cookieHeader);
  return token === null ? null : tokenHash(token);
}

/** The account that is signed in with this request's cookie, or null. One query; at most one write a minute. */
export async function actorOf(request: Request): Promise<Actor | null> {
  const token = tokenOf(request);
  if (!token) return null;
  const now = clock.now();
  const found = await signInRows(reader(), token, now);
  const [first] = found;
  if (!first) return null;
  await keepAlive(first.id, first.seen_at, now);
  return actorFrom(found, first.account_id, first.id);
}

/** What an account may do now, for work that is done for it later; null when it is closed or was never activated. */
export async function actorOfAccount(from: Reader, accountId: string, now: Instant): Promise<Actor | null> {
  const found = await heldRoles(from, accountId, now);
  return found.length === 0 ? null : actorFrom(found, accountId, '');
}

type Held = Awaited<ReturnType<typeof heldRoles>>[number];

const actorFrom = (found: readonly Held[], accountId: string, signInId: string): Actor => ({
  accountId, signInId, personId: found[0]?.person_id ?? null, signInName: found[0]?.sign_in_name ?? '',
  roles: found.flatMap(({ role, path }) => (role && path ? [{ role, organisationPath: path }] : [])), by: `account:${accountId}`,
});

/**
 * The signed-in account.
 * @throws a redirect to the sign-in page, which leads back here afterwards
 */
export async function signedIn(request: Request): Promise<Actor> {
  const actor = await actorOf(request);
  if (actor) return actor;
  throw redirect(signInPath(request));
}

/** The sign-in page that leads back to what was asked for. */
export function signInPath(request: Request): string {
  const { pathname, search } = new URL(request.url);
  const next = safePath(`${pathname}${search}`);
  return next === null || next === '/' ? '/sign-in' : `/sign-in?next=${encodeURIComponent(next)}`;
}

const RENEW_AFTER: Instant = minutes(1);

async function keepAlive(signInId: string, seenAt: Instant, now: Instant): Promise<void> {
  if (now - seenAt < RENEW_AFTER) return;
  try {
    await inTransaction((tx) => renew(tx, signInId));
  } catch (error) {
    // A full disk must not keep people from reading; the next request tries again.
    log().warn({ signInId, error }, 'a sign-in could not be renewed');
  }
}

/** Where the request came from, as the server saw it. It removes the header from what comes from outside. */
const ADDRESS_HEADER = 'x-shanggang-address';

export const clientAddress = (request: Request): string => request.headers.get(ADDRESS_HEADER) ?? 'unknown';
