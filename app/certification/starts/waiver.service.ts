import { addJob, appendEvent, commitIfOk, reader, type Reader, type Tx } from '~/db';
import { authorise, type Actor } from '~/identity';
import { dateAt, type PlainDate } from '~/kernel/calendar';
import { clock } from '~/kernel/clock';
import { config } from '~/kernel/config';
import { putFile, readFile } from '~/kernel/files';
import { err, ok, type Result } from '~/kernel/result';
import { pathsOfPerson } from '~/people';
import { findAssignment, lockPerson, type Assignment } from '../assignments.repository';
import { requirementsOf } from '../programme.repository';
import { refreshPerson } from '../refresh.service';
import { findHolder } from '../timeline.repository';
import { PROOF_TYPES, proofType, typeOfKey } from './proof';
import { actOn, checkSpan, type Waiver, type WaiverAct } from './waiver';
import { findWaiver, insertWaiver, saveWaiver, waiversOf } from './waivers.repository';

export interface AskedWaiver {
  /** Chosen by the form, so that a second press asks for nothing new. */
  id: string;
  assignmentId: string;
  /** null: the whole clearance. */
  requirementCode: string | null;
  from: PlainDate;
  until: PlainDate;
  reason: string;
  proof: string;
  conditions: string;
  file: Uint8Array | null;
}

/** Asks that somebody need not show something for a time. It counts for nothing until another person has granted it. */
export async function askWaiver(actor: Actor, asked: AskedWaiver): Promise<Result<string>> {
  const found = await assignmentFor(reader(), actor, asked.assignmentId, 'ask for a waiver');
  if (!found.ok) return found;
  const span = checkSpan(asked, dateAt(clock.now(), config().TIME_ZONE));
  if (!span.ok) return span;
  const kept = await keepProof(asked);
  return kept.ok ? commitIfOk((tx) => insertAsked(tx, actor, found.value, asked, kept.value)) : kept;
}

async function insertAsked(tx: Tx, actor: Actor, { id: assignmentId, person_id: personId, programme_version_id: versionId }: Assignment, asked: AskedWaiver, proofFile: string | null): Promise<Result<string>> {
  await lockPerson(tx, personId);
  const { id, requirementCode, from, until, reason, proof, conditions } = asked;
  if (await findWaiver(tx, id)) return ok(id);
  const requirements = await requirementsOf(tx, versionId);
  if (requirementCode !== null && !requirements.some(({ code }) => code === requirementCode)) return err('field.choose', {}, 'requirementCode');
  const others = await waiversOf(tx, assignmentId);
  if (others.some((one) => one.state === 'asked' && one.requirementCode === requirementCode)) return err('waiver.asked', {}, 'requirementCode');
  await insertWaiver(tx, {
    id, personId, assignmentId, requirementCode, state: 'asked', askedFrom: from, askedUntil: until, validFrom: from, validUntil: until,
    reason, proof, proofFile, conditions, askedAt: tx.now, askedBy: actor.by, decidedAt: null, decidedBy: null, decisionReason: null,
    revokedAt: null, revokedBy: null, revokeReason: null, version: 1,
  });
  await appendEvent(tx, {
    kind: 'waiver.asked', subject: { kind: 'waiver', id }, personId, by: actor.by, cause: 'personnel',
    body: { waiverId: id, assignmentId, requirementCode, from, until, proofFile }, personal: { reason, proof, conditions },
  });
  await addJob(tx, 'certification.waiver-changed', { waiverId: id, state: 'asked' });
  return ok(id);
}

/** Stored before the transaction: a file that no row names is no harm, a row without its file would be. */
async function keepProof({ id, file }: AskedWaiver): Promise<Result<string | null>> {
  if (!file) return ok(null);
  const type = proofType(file);
  if (!type.ok) return type;
  const key = `waivers/${id}.${type.value}`;
  await putFile(key, Buffer.from(file));
  return ok(key);
}

/** The assignment, if the actor may do this about it and it still runs. Nobody does it about themselves. */
async function assignmentFor(from: Reader, actor: Actor, assignmentId: string, action: 'ask for a waiver' | 'decide on waivers'): Promise<Result<Assignment>> {
  const assignment = await findAssignment(from, assignmentId);
  const holder = assignment && await findHolder(from, assignmentId);
  if (!holder) return err('not-found');
  authorise(actor, action, { organisationPath: holder.path });
  if (assignment.person_id === actor.personId) return err('waiver.own');
  return assignment.ended_at === null ? ok(assignment) : err('waiver.assignment-ended');
}

export interface WaiverDecision {
  grant: boolean;
  /** The last day, if granted: what was asked for or less. */
  until: PlainDate;
  conditions: string;
  reason: string;
}

/** Decides on a request: somebody else than asked, with the authority for the person's organisation. */
export const decideWaiver = (actor: Actor, waiverId: string, { grant, until, conditions, reason }: WaiverDecision): Promise<Result<null>> =>
  act(actor, waiverId, 'decide on waivers', (tx) => (grant
    ? { kind: 'grant', by: actor.by, at: tx.now, until, conditions, reason }
    : { kind: 'refuse', by: actor.by, at: tx.now, reason }));

/** Takes one's own request back. */
export const withdrawWaiver = (actor: Actor, waiverId: string): Promise<Result<null>> =>
  act(actor, waiverId, 'ask for a waiver', (tx) => ({ kind: 'withdraw', by: actor.by, at: tx.now }));

/** Ends a granted waiver from this day on. */
export const revokeWaiver = (actor: Actor, waiverId: string, reason: string): Promise<Result<null>> =>
  act(actor, waiverId, 'decide on waivers', (tx) => ({ kind: 'revoke', by: actor.by, at: tx.now, reason }));

function act(actor: Actor, waiverId: string, action: 'ask for a waiver' | 'decide on waivers', how: (tx: Tx) => WaiverAct): Promise<Result<null>> {
  return commitIfOk(async (tx) => {
    const before = await findWaiver(tx, waiverId);
    if (!before) return err('not-found');
    const assignment = await assignmentFor(tx, actor, before.assignmentId, action);
    if (!assignment.ok) return assignment;
    await lockPerson(tx, before.personId);
    const after = actOn(before, how(tx), config().TIME_ZONE);
    if (!after.ok) return after;
    if (await saveWaiver(tx, after.value) === 0) return err('conflict.changed');
    await tell(tx, actor, after.value);
    await refreshPerson(tx, before.personId);
    return ok(null);
  });
}

/** What the clearance needs to know is in the event; the words are the person's own. */
async function tell(tx: Tx, actor: Actor, { id, state, personId, assignmentId, requirementCode, validFrom, validUntil, conditions, decisionReason, revokeReason }: Waiver): Promise<void> {
  await appendEvent(tx, {
    kind: `waiver.${state}`, subject: { kind: 'waiver', id }, personId, by: actor.by, cause: 'personnel',
    body: { waiverId: id, assignmentId, requirementCode, from: validFrom, until: validUntil },
    personal: { ...(state === 'revoked' ? { reason: revokeReason } : { reason: decisionReason, conditions }) },
  });
  await addJob(tx, 'certification.waiver-changed', { waiverId: id, state });
}

/** The file that was given as proof, for whoever may see or decide about the waiver; null when there is none. */
export async function openProof(actor: Actor, waiverId: string): Promise<{ content: Buffer; contentType: string; name: string } | null> {
  const found = await openWaiver(actor, waiverId);
  const key = found?.waiver.proofFile;
  const type = key ? typeOfKey(key) : undefined;
  if (!found || !key || !type) return null;
  return { content: await readFile(key), contentType: PROOF_TYPES[type], name: `waiver-${waiverId}.${type}` };
}

/** A waiver with whom it is about, for those who may see it. @throws ProblemError */
export async function openWaiver(actor: Actor, waiverId: string) {
  const waiver = await findWaiver(reader(), waiverId);
  const holder = waiver && await findHolder(reader(), waiver.assignmentId);
  if (!holder) return null;
  // Those for whom it was asked, and those where the person serves now.
  authorise(actor, 'see a waiver', { personId: waiver.personId, organisationPath: [holder.path, ...await pathsOfPerson(reader(), waiver.personId)] });
  return { waiver, holder };
}
