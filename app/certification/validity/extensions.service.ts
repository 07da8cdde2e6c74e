import { addJob, appendEvent, commitIfOk, type Reader, type Tx } from '~/db';
import { authorise, type Actor } from '~/identity';
import { dateAt, type PlainDate } from '~/kernel/calendar';
import { config } from '~/kernel/config';
import { err, ok, type Result } from '~/kernel/result';
import { findPerson } from '~/people';
import { replanAssignment } from '../assignment.service';
import { findAssignment, lockPerson } from '../assignments.repository';
import { findClearance } from '../clearances.repository';
import { credentialActsOf } from '../history.repository';
import { actsIn } from '../history';
import { knowing } from '../programmes/known.service';
import { refreshPerson } from '../refresh.service';
import { renewalDueOn } from './cycles';
import { findCycle } from './cycles.repository';
import { checkExtension, type Extendable } from './extension';
import { decide, extensionsOf, findExtension, insertExtension, withdraw, type Extension } from './extensions.repository';
import { organisationPathOfAssignment } from './renewals.repository';

export interface NewExtension {
  id: string;
  assignmentId: string;
  until: PlainDate;
  reason: string;
}

/** Asks that one expiry be moved. Somebody else decides. */
export function askExtension(actor: Actor, { id, assignmentId, until, reason }: NewExtension): Promise<Result<null>> {
  return commitIfOk(async (tx) => {
    const held = await findAssignment(tx, assignmentId);
    if (!held) return err('not-found');
    authorise(actor, 'ask for extensions', { organisationPath: await organisationPathOfAssignment(tx, assignmentId) });
    await lockPerson(tx, held.person_id);
    const known = await extensionsOf(tx, assignmentId);
    if (known.some((one) => one.id === id)) return ok(null);
    if (known.some(({ state }) => state === 'asked')) return err('extension.asked');
    const checked = checkExtension(await extendable(tx, held.id, held.person_id), until, today(tx));
    if (!checked.ok) return checked;
    await insertExtension(tx, { id, assignmentId, fromExpiry: checked.value, until, reason, askedBy: actor.by });
    await tell(tx, 'asked', { id, assignmentId, personId: held.person_id, until, actor, reason });
    return ok(null);
  });
}

/** Grants or refuses. Granted, the expiry moves; what the next cycle counts from does not. */
export function decideExtension(actor: Actor, id: string, { grant, reason }: { grant: boolean; reason: string }): Promise<Result<null>> {
  return commitIfOk(async (tx) => {
    const asked = await findExtension(tx, id);
    if (!asked) return err('not-found');
    authorise(actor, 'decide on extensions', { organisationPath: asked.organisationPath });
    if (asked.askedBy === actor.by) return err('extension.own');
    await lockPerson(tx, asked.personId);
    if (asked.state !== 'asked') return err('extension.decided');
    const checked = grant ? checkExtension(await extendable(tx, asked.assignmentId, asked.personId), asked.until, today(tx)) : ok(asked.fromExpiry);
    // What was asked may have become impossible meanwhile; then it can only be refused.
    if (!checked.ok) return err(checked.error.code, checked.error.params);
    if (await decide(tx, id, { state: grant ? 'granted' : 'refused', by: actor.by, reason, fromExpiry: checked.value }) === 0) return err('extension.decided');
    await tell(tx, grant ? 'granted' : 'refused', { ...asked, actor, reason });
    if (grant) await carryOut(tx, asked, actor);
    return ok(null);
  });
}

/** Takes the request back; only who asked. */
export function withdrawExtension(actor: Actor, id: string): Promise<Result<null>> {
  return commitIfOk(async (tx) => {
    const asked = await findExtension(tx, id);
    if (!asked) return err('not-found');
    authorise(actor, 'ask for extensions', { organisationPath: asked.organisationPath });
    if (asked.askedBy !== actor.by) return err('extension.not-asker');
    if (await withdraw(tx, id) === 0) return err('extension.decided');
    await tell(tx, 'withdrawn', { ...asked, actor, reason: null });
    return ok(null);
  });
}

async function carryOut(tx: Tx, { id, assignmentId, personId, until }: Extension, actor: Actor): Promise<void> {
  await appendEvent(tx, {
    kind: 'credential.extended', subject: { kind: 'extension', id }, personId, by: actor.by, cause: 'personnel', body: { assignmentId, until },
  });
  await refreshPerson(tx, personId);
  await giveTimeForRenewal(tx, assignmentId);
  await refreshPerson(tx, personId);
}

/** A renewal that is open already is due by the new end of what it renews. */
async function giveTimeForRenewal(tx: Tx, assignmentId: string): Promise<void> {
  const former = await findCycle(tx, assignmentId);
  if (!former?.cleared_until || former.follower === null) return;
  const next = await findAssignment(tx, former.follower);
  if (!next || next.ended_at !== null) return;
  const dueOn = renewalDueOn(former.cleared_until, today(tx));
  if (dueOn !== next.due_on) await replanAssignment(tx, next, { startOfDuty: next.start_of_duty, dueOn, dueBy: 'decision' }, knowing(tx));
}

export interface ExtensionPage {
  name: string;
  organisationPath: string;
  expiry: PlainDate | null;
  ruleExpiry: PlainDate | null;
  extensions: Extension[];
}

/** What a page about the extensions of one clearance needs; null when there is no such assignment. */
export async function extensionPage(from: Reader, assignmentId: string): Promise<ExtensionPage | null> {
  const held = await findAssignment(from, assignmentId);
  const person = held && await findPerson(from, held.person_id);
  if (!held || !person) return null;
  const { expiry, ruleExpiry } = await extendable(from, assignmentId, held.person_id);
  return {
    name: person.name, organisationPath: await organisationPathOfAssignment(from, assignmentId), expiry, ruleExpiry, extensions: await extensionsOf(from, assignmentId),
  };
}

async function extendable(tx: Reader, assignmentId: string, personId: string): Promise<Extendable> {
  const row = await findClearance(tx, assignmentId);
  const expiry = row?.periods.filter(({ basis }) => basis === 'evidence').at(-1)?.until ?? null;
  const limits = actsIn(await credentialActsOf(tx, [personId])).get(assignmentId)?.limits ?? [];
  return { expiry, ruleExpiry: row?.ruleExpiry ?? null, limited: limits.some(({ until }) => until === expiry) };
}

const today = (tx: Tx): PlainDate => dateAt(tx.now, config().TIME_ZONE);

interface Told {
  id: string;
  assignmentId: string;
  personId: string;
  until: PlainDate;
  actor: Actor;
  reason: string | null;
}

async function tell(tx: Tx, state: Extension['state'], { id, assignmentId, personId, until, actor, reason }: Told): Promise<void> {
  await appendEvent(tx, {
    kind: `extension.${state}`, subject: { kind: 'extension', id }, personId, by: actor.by, cause: 'personnel', body: { assignmentId, until },
    ...(reason !== null && { personal: { reason } }),
  });
  await addJob(tx, 'certification.extension-changed', { extensionId: id, state });
}
