import { appendEvents, inTransaction, reader, type Tx } from '~/db';
import type { Actor } from '~/identity';
import { minutes } from '~/kernel/clock';
import { newId } from '~/kernel/id';
import { log } from '~/kernel/log';
import { err, ok, type Result } from '~/kernel/result';
import { insertPermit } from '../device.repository';
import { PERMIT_MINUTES } from '../device.service';
import { closeRunning } from '../hand-in.service';
import { insertObservation } from '../invigilation.repository';
import { signal } from '../live/live.repository';
import type { Exemption } from '../sittings/booking';
import { decideIdentity, exempt } from '../sittings/door.service';
import { giveTime, pause, resume } from '../time/acts.service';
import { findAct, recordAct, type Act, type NewAct } from './act.repository';
import type { ActOnPeople, Target } from './act-plan';
import { attemptsToActOn, insertMessages } from './acting.repository';
import { lookNow } from './console-hub.service';
import { planFor, type Whom } from './target.service';
import { voidAttempt } from './void.service';

export interface ActRequest {
  kind: ActOnPeople;
  reason: string;
  /** For giving time. */
  minutes?: number | null;
  /** For messages and notes. */
  text?: string | null;
  /** For letting pass at the door. */
  exemption?: Exemption | null;
  /** For what cannot be undone: how many people were named when it was confirmed. */
  named?: number | null;
  /** Id that the page chose: the same form sent twice acts once. */
  key?: string;
}

export interface ActDone {
  actId: string | null;
  /** How many it was done to, left out, and could not be done to. */
  done: number;
  omitted: number;
  failed: number;
}

/** Acts that end something for good are done to exactly those who were named, or not at all. */
const NAMED: ReadonlySet<ActOnPeople> = new Set(['hand-in', 'void']);

/**
 * Does one thing to several people, each with the same reason. Those to whom it does not apply any more are left out.
 * @returns `act.nobody` when it applies to none, `act.changed` when somebody else than confirmed would be ended
 */
export async function act(actor: Actor, whom: Whom, request: ActRequest): Promise<Result<ActDone>> {
  const before = request.key === undefined ? null : await findAct(reader(), request.key);
  if (before) return before.doneBy === actor.by ? ok({ actId: before.id, done: concerned(before), omitted: 0, failed: 0 }) : err('conflict.changed');
  const planned = await planFor(actor, whom, request);
  if (!planned.ok) return planned;
  const { applies, omitted } = planned.value;
  if (applies.length === 0) return err('act.nobody');
  if (NAMED.has(request.kind) && request.named !== applies.length) return err('act.changed', { count: applies.length });
  const done = await perform(actor, whom.sittingId, applies, request);
  if (!done.ok) return done;
  if (whom.sittingId !== null) await lookNow(whom.sittingId);
  return ok({ ...done.value, omitted: omitted.length });
}

const concerned = ({ body }: Act): number => (body.attempts ?? body.bookings ?? []).length;

type Performed = Result<Omit<ActDone, 'omitted'>>;

async function perform(actor: Actor, sittingId: string | null, targets: Target[], request: ActRequest): Promise<Performed> {
  const attempts = targets.flatMap(({ attemptId }) => (attemptId === null ? [] : [attemptId]));
  const all = (actId: string): Performed => ok({ actId, done: targets.length, failed: 0 });
  const start: Starting = { kind: request.kind, sittingId, reason: request.text || request.reason, by: actor.by, ...(request.key !== undefined && { id: request.key }) };
  switch (request.kind) {
    case 'time': {
      const given = await giveTime(actor, { attempts }, request.minutes ?? 0, request.reason, request.key);
      return given.ok ? all(given.value.actId) : given;
    }
    case 'pause': case 'resume': {
      const moved = await (request.kind === 'pause' ? pause : resume)(actor, { attempts }, request.reason, request.key);
      return moved.ok ? all(moved.value.actId) : moved;
    }
    case 'message': return all(await send(start, attempts));
    case 'note': return all(await note(start, targets));
    case 'device': return all(await permit(start, targets));
    case 'hand-in': return eachAlone(start, targets, (tx, target) => closeRunning(tx, target.attemptId ?? '', { cause: 'invigilator', by: actor.by }));
    case 'void': return eachAlone(start, targets, (tx, target) => voidAttempt(tx, target.attemptId ?? '', { by: actor.by, cause: 'invigilator', reason: request.reason }));
    case 'admit': case 'refuse': case 'exempt': return atTheDoor(actor, start, targets, request.exemption ?? null);
  }
}

const idsOf = (targets: readonly Target[]) => ({
  attempts: targets.flatMap(({ attemptId }) => (attemptId === null ? [] : [attemptId])),
  bookings: targets.flatMap(({ bookingId }) => (bookingId === null ? [] : [bookingId])),
});

/** What every act of a person records. */
type Starting = Pick<NewAct, 'id' | 'kind' | 'sittingId' | 'reason' | 'by'>;

const send = (start: Starting, attempts: string[]): Promise<string> =>
  inTransaction(async (tx) => {
    const actId = await recordAct(tx, { ...start, body: { attempts } });
    await insertMessages(tx, { attemptIds: attempts, actId, text: start.reason, by: start.by });
    await signal(tx, attempts);
    return actId;
  });

/** What an invigilator saw. An observation is no verdict: it decides nothing by itself. */
const note = (start: Starting, targets: Target[]): Promise<string> =>
  inTransaction(async (tx) => {
    const ids = idsOf(targets);
    const actId = await recordAct(tx, { ...start, body: ids });
    const noted = (await attemptsToActOn(tx, ids.attempts)).map((attempt) => ({ attempt, id: newId() }));
    for (const { attempt, id } of noted) await insertObservation(tx, { id, attemptId: attempt.id, kind: 'note', body: start.reason });
    await appendEvents(tx, noted.map(({ attempt, id }) => ({
      kind: 'observation.recorded', subject: { kind: 'attempt', id: attempt.id }, personId: attempt.person_id, by: start.by,
      cause: 'invigilator', body: { observationId: id, actId }, personal: { note: start.reason },
    })));
    return actId;
  });

/** Lets candidates whose devices broke go on with other ones: each once, within ten minutes. */
const permit = (start: Starting, targets: Target[]): Promise<string> =>
  inTransaction(async (tx) => {
    const ids = idsOf(targets);
    const permitted = (await attemptsToActOn(tx, ids.attempts)).map((attempt) => ({ attempt, id: newId() }));
    const actId = await recordAct(tx, { ...start, body: { ...ids, permits: permitted.map(({ id }) => id) } });
    const expiresAt = tx.now + minutes(PERMIT_MINUTES);
    for (const { attempt, id } of permitted) await insertPermit(tx, { id, attemptId: attempt.id, by: start.by, reason: start.reason, expiresAt });
    await appendEvents(tx, permitted.map(({ attempt, id }) => ({
      kind: 'device.permitted', subject: { kind: 'attempt', id: attempt.id }, personId: attempt.person_id, by: start.by,
      cause: 'invigilator', body: { permitId: id, actId }, personal: { reason: start.reason },
    })));
    await signal(tx, ids.attempts);
    return actId;
  });

/** Each in a transaction of its own: one that cannot be done keeps no other from it. The act is recorded first. */
async function eachAlone(start: Starting, targets: Target[], run: (tx: Tx, target: Target) => Promise<unknown>): Promise<Performed> {
  const actId = await inTransaction((tx) => recordAct(tx, { ...start, body: idsOf(targets) }));
  let done = 0;
  for (const target of targets) {
    try {
      if (await inTransaction((tx) => run(tx, target))) done += 1;
    } catch (error) {
      log().error({ attemptId: target.attemptId, err: error }, `an invigilator's ${start.kind} failed`);
    }
  }
  return ok({ actId, done, failed: targets.length - done });
}

/** Identity decisions and what is let pass: the door decides each, the act names those for whom it did. */
async function atTheDoor(actor: Actor, start: Starting, targets: Target[], exemption: Exemption | null): Promise<Performed> {
  const { kind, reason } = start;
  if (kind === 'exempt' && exemption === null) return err('field.choose', {}, 'exemption');
  const done: Target[] = [];
  for (const target of targets) {
    const id = target.bookingId ?? '';
    const result = exemption !== null && kind === 'exempt' ? await exempt(actor, id, exemption, reason)
      : await decideIdentity(actor, id, kind === 'admit' ? 'admitted' : 'refused', reason);
    if (result.ok) done.push(target);
    else if (targets.length === 1) return result;
  }
  if (done.length === 0) return err('act.nobody');
  const body = { ...idsOf(done), ...(kind === 'exempt' && exemption !== null && { exemption }) };
  const actId = await inTransaction((tx) => recordAct(tx, { ...start, body }));
  return ok({ actId, done: done.length, failed: targets.length - done.length });
}
