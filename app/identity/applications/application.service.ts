import { randomBytes } from 'node:crypto';
import { appendEvent, commitIfOk, countTry, countTryOf, inTransaction, reader, type Budget, type Limit } from '~/db';
import { dateAt, type PlainDate } from '~/kernel/calendar';
import { clock, minutes, type Instant } from '~/kernel/clock';
import { config } from '~/kernel/config';
import { log } from '~/kernel/log';
import { err, ok, type Result } from '~/kernel/result';
import { keyedHash } from '~/kernel/secrets';
import { authorise, can, scopePaths, type Actor } from '../access';
import { tokenHash } from '../sign-in.repository';
import {
  applicationByHash, applicationsWithin, findApplication, insertApplication, markRenewed, markRevoked, markUsed, placeOf, type Application, type ApplicationScope, type FreshApplication,
} from './application.repository';

/** How a token looks, so that one that leaked is recognised. */
const PREFIX = 'sgt_';

function newToken(): { token: string; kept: { hash: string; end: string } } {
  const token = `${PREFIX}${randomBytes(32).toString('base64url')}`;
  return { token, kept: { hash: tokenHash(token), end: token.slice(-4) } };
}

/** Registers an application and makes its token, which is told once and stored nowhere. */
export const createApplication = (actor: Actor, given: FreshApplication): Promise<Result<{ id: string; token: string }>> => commitIfOk(async (tx) => {
  const place = await placeOf(tx, given.organisationId);
  if (place?.closed_on !== null) return err('field.choose', undefined, 'organisationId');
  authorise(actor, 'administer applications', { organisationPath: place.path });
  if (given.expiresOn <= dateAt(tx.now, config().TIME_ZONE)) return err('application.expires-past', undefined, 'expiresOn');
  const { token, kept } = newToken();
  const id = await insertApplication(tx, given, kept, actor.by);
  await appendEvent(tx, {
    kind: 'application.created', subject: { kind: 'application', id }, by: actor.by,
    body: { name: given.name, scopes: given.scopes, organisationId: given.organisationId, expiresOn: given.expiresOn },
  });
  return ok({ id, token });
});

/** Gives an application another token, which is told once; the former one stops working at once. */
export const renewApplication = (actor: Actor, id: string, expiresOn: PlainDate): Promise<Result<{ token: string }>> => commitIfOk(async (tx) => {
  const application = await findApplication(tx, id);
  if (!application) return err('not-found');
  authorise(actor, 'administer applications', { organisationPath: application.organisationPath });
  if (expiresOn <= dateAt(tx.now, config().TIME_ZONE)) return err('application.expires-past', undefined, 'expiresOn');
  const { token, kept } = newToken();
  if (await markRenewed(tx, id, kept, expiresOn) === 0) return err('conflict.changed');
  await appendEvent(tx, { kind: 'application.renewed', subject: { kind: 'application', id }, by: actor.by, body: { expiresOn } });
  return ok({ token });
});

/** The token stops working at once. */
export const revokeApplication = (actor: Actor, id: string, reason: string): Promise<Result<null>> => commitIfOk(async (tx) => {
  const application = await findApplication(tx, id);
  if (!application) return err('not-found');
  authorise(actor, 'administer applications', { organisationPath: application.organisationPath });
  if (await markRevoked(tx, id, actor.by, reason) === 0) return err('conflict.changed');
  await appendEvent(tx, { kind: 'application.revoked', subject: { kind: 'application', id }, by: actor.by, body: { reason } });
  return ok(null);
});

/** An application for its administrators; null when there is none. @throws ProblemError */
export async function openApplication(actor: Actor, id: string): Promise<Application | null> {
  authorise(actor, 'see administration');
  const application = await findApplication(reader(), id);
  return application && can(actor, 'administer applications', { organisationPath: application.organisationPath }) ? application : null;
}

export const applicationsOf = (actor: Actor): Promise<Application[]> => applicationsWithin(reader(), scopePaths(actor, 'administrator'));

/** An application that was recognised by its token. */
export interface ActingApplication extends Application {
  by: `application:${string}`;
}

/** So many requests a minute, and so many wrong tokens from one address. */
export const APPLICATION_LIMITS = {
  requests: { name: 'application', tries: 600, seconds: 60 },
  unknown: { name: 'application-unknown', tries: 60, seconds: 15 * 60 },
} as const satisfies Record<string, Limit>;

export type Recognised =
  | { ok: true; application: ActingApplication; budget: Budget }
  | { ok: false; why: 'no-token' | 'unknown' | 'expired' | 'revoked' }
  | { ok: false; why: 'scope'; application: ActingApplication; budget: Budget }
  | { ok: false; why: 'limited'; waitMs: number; budget?: Budget };

/**
 * Recognises an application by the token in `Authorization: Bearer …`, counts the request, and asks for a scope.
 * Whoever tries tokens from one address is slowed down, whatever the tokens are.
 */
export async function recogniseApplication(authorization: string | undefined, scope: ApplicationScope, address: string): Promise<Recognised> {
  const token = /^Bearer +([\w.~+/-]+=*) *$/i.exec(authorization ?? '')?.[1];
  if (token === undefined) return { ok: false, why: 'no-token' };
  const application = await applicationByHash(reader(), tokenHash(token));
  if (!application) {
    const waitMs = await countTry(APPLICATION_LIMITS.unknown, keyedHash(`application ${address}`));
    return waitMs > 0 ? { ok: false, why: 'limited', waitMs } : { ok: false, why: 'unknown' };
  }
  const now = clock.now();
  if (application.revokedAt !== null) return { ok: false, why: 'revoked' };
  // The last day counts in whole.
  if (application.expiresOn < dateAt(now, config().TIME_ZONE)) return { ok: false, why: 'expired' };
  const budget = await countTryOf(APPLICATION_LIMITS.requests, application.id);
  if (budget.waitMs > 0) return { ok: false, why: 'limited', waitMs: budget.waitMs, budget };
  const acting: ActingApplication = { ...application, by: `application:${application.id}` };
  if (!application.scopes.includes(scope)) return { ok: false, why: 'scope', application: acting, budget };
  await noteUse(application, now);
  return { ok: true, application: acting, budget };
}

async function noteUse({ id, lastUsedAt }: Application, now: Instant): Promise<void> {
  if (lastUsedAt !== null && now - lastUsedAt < minutes(1)) return;
  try {
    await inTransaction((tx) => markUsed(tx, id));
  } catch (error) {
    log().warn({ applicationId: id, error }, 'the use of an application could not be noted');
  }
}
