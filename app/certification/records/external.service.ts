import { appendEvent, commitIfOk, reader, type Tx } from '~/db';
import { authorise, type Actor } from '~/identity';
import { addDays, dateAt, startOfDate, type PlainDate } from '~/kernel/calendar';
import { clock } from '~/kernel/clock';
import { config } from '~/kernel/config';
import { newId } from '~/kernel/id';
import { err, ok, ProblemError, type Result } from '~/kernel/result';
import { findPerson, pathsOfPerson } from '~/people';
import type { Evidence } from '../evidence';
import { annul, count } from './counting.service';
import { externalBefore, findExternal, insertExternal, markDecided, markVoid, markWithdrawn, type External } from './external.repository';
import { insertFile } from './files.repository';
import { storeFile } from './files.service';
import { sightOf } from './sight.service';
import { targetsOf } from './targets.repository';

export interface HandedIn {
  personId: string;
  code: string;
  title: string;
  issuer: string;
  issuedOn: PlainDate;
  validUntil: PlainDate | null;
  note: string;
  file: Buffer;
}

/** Hands in a certificate from outside with its scan; it counts once somebody else has approved it. @returns its id */
export async function handInExternal(actor: Actor, given: HandedIn): Promise<Result<string>> {
  authorise(actor, 'hand in evidence', { personId: given.personId, organisationPath: await pathsOfPerson(reader(), given.personId) });
  const wrong = await check(given);
  if (!wrong.ok) return wrong;
  const file = await storeFile(given.file);
  if (!file.ok) return file;
  return commitIfOk(async (tx) => {
    const { personId, code, title, issuer, issuedOn, validUntil, note } = given;
    const id = newId();
    await insertFile(tx, file.value, actor.by);
    await insertExternal(tx, { id, personId, code, title, issuer, issuedOn, validUntil, note, fileId: file.value.id }, actor.by);
    await appendEvent(tx, {
      kind: 'external.asked', subject: { kind: 'external', id }, personId, by: actor.by,
      body: { code, issuedOn, validUntil, fileHash: file.value.hash }, personal: { title, issuer, note },
    });
    return ok(id);
  });
}

async function check(given: HandedIn): Promise<Result<null>> {
  if (!(await findPerson(reader(), given.personId))) return err('not-found');
  if (!(await targetsOf(reader(), 'external')).some((target) => target.code === given.code)) return err('field.choose', undefined, 'code');
  if (given.issuedOn > dateAt(clock.now(), config().TIME_ZONE)) return err('records.date-future', undefined, 'issuedOn');
  if (given.validUntil !== null && given.validUntil < given.issuedOn) return err('records.dates-order', undefined, 'validUntil');
  return ok(null);
}

export interface OpenedExternal {
  one: External;
  /** The last day of the former office that looks; null for whoever sees everything. */
  until: PlainDate | null;
}

/** Evidence for whom it concerns and those who look after them; a former office sees what was handed in, as it stood then. Null when there is none. @throws ProblemError */
export async function openExternal(actor: Actor, id: string): Promise<OpenedExternal | null> {
  const one = await findExternal(reader(), id);
  if (!one) return null;
  const { until } = await sightOf(reader(), actor, 'see evidence', one.personId);
  if (until === null) return { one, until };
  const before = startOfDate(addDays(until, 1), config().TIME_ZONE);
  if (one.askedAt >= before) throw new ProblemError({ code: 'access.denied' });
  return { one: externalBefore(one, before), until };
}

/** Evidence from outside as it counts: from the day on which it was issued, until it runs out. */
const evidenceOf = (one: External): Evidence => ({
  kind: 'external', ref: one.id, targetId: one.code, passed: true, at: startOfDate(one.issuedOn, config().TIME_ZONE), validUntil: one.validUntil, facts: {},
});

/** Approves or refuses what another person handed in; who handed it in or whom it concerns never decides. */
export function decideExternal(actor: Actor, id: string, given: { decision: 'approved' | 'refused'; reason: string }): Promise<Result<null>> {
  return commitIfOk(async (tx) => {
    const one = await inScope(tx, actor, id);
    if (!one) return err('not-found');
    if (one.askedBy === actor.by || one.personId === actor.personId) return err('records.four-eyes');
    if (one.state !== 'asked' || await markDecided(tx, id, given.decision, actor.by, given.reason) === 0) return err('records.decided');
    await tell(tx, actor, one, `external.${given.decision}`, given.reason);
    if (given.decision === 'approved') await count(tx, one.personId, evidenceOf(one), { by: actor.by, cause: 'personnel' });
    return ok(null);
  });
}

/** Takes back what was handed in and not decided yet; only who handed it in, or whom it concerns. */
export function withdrawExternal(actor: Actor, id: string): Promise<Result<null>> {
  return commitIfOk(async (tx) => {
    const one = await findExternal(tx, id);
    if (!one) return err('not-found');
    authorise(actor, 'hand in evidence', { personId: one.personId, organisationPath: await pathsOfPerson(tx, one.personId) });
    if (one.askedBy !== actor.by && one.personId !== actor.personId) return err('not-found');
    if (await markWithdrawn(tx, id) === 0) return err('records.decided');
    await tell(tx, actor, one, 'external.withdrawn', null);
    return ok(null);
  });
}

/** Annuls approved evidence: from now on it counts for nothing; what was decided on it stays on record. */
export function voidExternal(actor: Actor, id: string, reason: string): Promise<Result<null>> {
  return commitIfOk(async (tx) => {
    const one = await inScope(tx, actor, id);
    if (!one) return err('not-found');
    if (one.personId === actor.personId) return err('records.four-eyes');
    if (await markVoid(tx, id, actor.by, reason) === 0) return err('records.not-approved');
    await tell(tx, actor, one, 'external.voided', reason);
    await annul(tx, one.personId, 'external', id, { by: actor.by, cause: 'personnel' });
    return ok(null);
  });
}

async function inScope(tx: Tx, actor: Actor, id: string): Promise<External | null> {
  const one = await findExternal(tx, id);
  if (one) authorise(actor, 'decide on evidence', { personId: one.personId, organisationPath: await pathsOfPerson(tx, one.personId) });
  return one;
}

const tell = (tx: Tx, actor: Actor, one: External, kind: string, reason: string | null): Promise<void> =>
  appendEvent(tx, {
    kind, subject: { kind: 'external', id: one.id }, personId: one.personId, by: actor.by, body: { code: one.code }, ...(reason !== null && { personal: { reason } }),
  });
