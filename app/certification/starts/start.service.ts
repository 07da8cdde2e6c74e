import { addJob, appendEvent, commitIfOk, type By, type Reader, type Tx } from '~/db';
import { authorise, type Actor } from '~/identity';
import { dateAt, type PlainDate } from '~/kernel/calendar';
import { config } from '~/kernel/config';
import { err, ok, type Result } from '~/kernel/result';
import { lockPerson } from '../assignments.repository';
import { findPost } from './posts.repository';
import type { Verdict } from './ground';
import { judgeGate } from './judge.service';
import { actOnStart, checkStartDay, type Start, type StartAct } from './start';
import { findStart, insertStart, saveStart, startsOf } from './starts.repository';

export interface AskedStart {
  /** Chosen by the form, so that a second press records nothing twice. */
  id: string;
  appointmentId: string;
  startedOn: PlainDate;
}

/** What came of recording: the start, or what is missing for it on that day. */
export type StartOutcome = { kind: 'recorded'; id: string } | { kind: 'missing'; verdict: Verdict };

/**
 * Records that somebody started on a day. Every programme of the gate must be in force on that day, by evidence or a
 * waiver; otherwise nothing is recorded and the answer says what is missing. What it rests on is kept with it.
 */
export const recordStart = (actor: Actor, asked: AskedStart): Promise<Result<StartOutcome>> => commitIfOk((tx) => recordStartTx(tx, byActor(actor), asked));

/** Who records a start, and whether they may do so at an organisation. */
export interface Recorder {
  by: By;
  personId: string | null;
  /** @throws ProblemError */
  authorise: (organisationPath: string) => void;
}

const byActor = (actor: Actor): Recorder => ({
  by: actor.by, personId: actor.personId, authorise: (organisationPath) => authorise(actor, 'record a start', { organisationPath }),
});

/** The same inside a transaction of the caller, and by whoever is allowed to. */
export async function recordStartTx(tx: Tx, recorder: Recorder, asked: AskedStart): Promise<Result<StartOutcome>> {
  const prepared = await prepare(tx, recorder, asked, false);
  if (!prepared.ok) return prepared;
  if (prepared.value.known) return ok({ kind: 'recorded', id: asked.id });
  const { personId } = prepared.value;
  const verdict = await judgeGate(tx, { personId, appointmentId: asked.appointmentId }, 'before-start-of-duty', asked.startedOn);
  if (verdict.basis === null) return ok({ kind: 'missing', verdict });
  const start = newStart(tx, recorder, { ...asked, personId, basis: verdict.basis, state: 'recorded', ground: verdict.ground, reason: '' });
  await insertStart(tx, start);
  await tell(tx, recorder, start, 'recorded');
  return ok({ kind: 'recorded', id: start.id });
}

/** Proposes that somebody start although something is missing. It counts once another person has confirmed it. */
export function proposeEmergencyStart(actor: Actor, asked: AskedStart & { reason: string }): Promise<Result<string>> {
  return commitIfOk(async (tx) => {
    const prepared = await prepare(tx, byActor(actor), asked, true);
    if (!prepared.ok) return prepared;
    if (prepared.value.known) return ok(asked.id);
    const { personId } = prepared.value;
    const { basis, ground } = await judgeGate(tx, { personId, appointmentId: asked.appointmentId }, 'before-start-of-duty', asked.startedOn);
    if (basis !== null) return err('start.no-emergency', {}, 'startedOn');
    const start = newStart(tx, actor, { ...asked, personId, basis: 'emergency', state: 'proposed', ground });
    await insertStart(tx, start);
    await tell(tx, actor, start, 'proposed');
    return ok(start.id);
  });
}

async function prepare(tx: Tx, recorder: Recorder, { id, appointmentId, startedOn }: AskedStart, emergency: boolean): Promise<Result<{ personId: string; known: boolean }>> {
  const post = await findPost(tx, appointmentId);
  if (!post) return err('not-found');
  recorder.authorise(post.path);
  if (post.person_id === recorder.personId) return err('start.own');
  if (post.ended_on !== null && startedOn > post.ended_on) return err('start.appointment-ended', {}, 'startedOn');
  const day = checkStartDay(startedOn, dateAt(tx.now, config().TIME_ZONE), emergency);
  if (!day.ok) return day;
  await lockPerson(tx, post.person_id);
  const earlier = await startsOf(tx, appointmentId);
  if (earlier.some((one) => one.id === id)) return ok({ personId: post.person_id, known: true });
  const open = earlier.find(({ state }) => state === 'recorded' || state === 'proposed');
  if (open) return err(open.state === 'recorded' ? 'start.recorded' : 'start.proposed');
  return ok({ personId: post.person_id, known: false });
}

type NewStart = Pick<Start, 'id' | 'personId' | 'appointmentId' | 'startedOn' | 'basis' | 'state' | 'ground' | 'reason'>;

const newStart = (tx: Tx, { by }: Pick<Recorder, 'by'>, given: NewStart): Start => ({
  ...given, askedAt: tx.now, askedBy: by, decidedAt: null, decidedBy: null, decisionReason: null,
  cancelledAt: null, cancelledBy: null, cancelReason: null, version: 1,
});

/** Confirms or refuses an emergency start that somebody else proposed. */
export const decideStart = (actor: Actor, startId: string, confirm: boolean, reason: string): Promise<Result<null>> =>
  act(actor, startId, (tx) => ({ kind: confirm ? 'confirm' : 'refuse', by: actor.by, at: tx.now, reason }));

/** Declares a record wrong, or takes one's own proposal back. The record stays, cancelled. */
export const cancelStart = (actor: Actor, startId: string, reason: string): Promise<Result<null>> =>
  act(actor, startId, (tx) => ({ kind: 'cancel', by: actor.by, at: tx.now, reason }));

function act(actor: Actor, startId: string, how: (tx: Tx) => StartAct): Promise<Result<null>> {
  return commitIfOk(async (tx) => {
    const before = await findStart(tx, startId);
    const post = before && await findPost(tx, before.appointmentId);
    if (!before || !post) return err('not-found');
    const todo = how(tx);
    authorise(actor, before.askedBy === actor.by ? 'record a start' : 'decide on starts', { organisationPath: post.path });
    if (before.personId === actor.personId) return err('start.own');
    const after = actOnStart(before, todo);
    if (!after.ok) return after;
    if (await saveStart(tx, after.value) === 0) return err('conflict.changed');
    await tell(tx, actor, after.value, after.value.state, todo.reason);
    return ok(null);
  });
}

async function tell(tx: Tx, doer: Pick<Recorder, 'by'>, { id, personId, appointmentId, startedOn, basis, ground, reason, decidedBy }: Start, what: Start['state'], because = reason): Promise<void> {
  await appendEvent(tx, {
    kind: `start.${what}`, subject: { kind: 'start', id }, personId, by: doer.by, cause: 'personnel',
    body: { startId: id, appointmentId, startedOn, basis, secondPerson: decidedBy !== null, ...((what === 'recorded' || what === 'proposed') && { ground }) },
    ...(because !== '' && { personal: { reason: because } }),
  });
  await addJob(tx, 'certification.start-changed', { startId: id, state: what });
}

/** A start with whom it is about, for those who may see it. @throws ProblemError */
export async function openStart(from: Reader, actor: Actor, startId: string) {
  const start = await findStart(from, startId);
  const post = start && await findPost(from, start.appointmentId);
  if (!post) return null;
  authorise(actor, 'see a start', { personId: start.personId, organisationPath: post.path });
  return { start, post };
}
