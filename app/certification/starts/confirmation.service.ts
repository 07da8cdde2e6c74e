import { appendEvent, commitIfOk, type Tx } from '~/db';
import { authorise, type Actor } from '~/identity';
import { dateAt, type PlainDate } from '~/kernel/calendar';
import { config } from '~/kernel/config';
import { err, ok, type Result } from '~/kernel/result';
import { lockPerson } from '../assignments.repository';
import { probationEnds } from './confirmation';
import { cancelRecorded, confirmationsOf, findConfirmation, insertConfirmation } from './confirmations.repository';
import type { Ground, Verdict } from './ground';
import { judgeGate } from './judge.service';
import { findPost, type Post } from './posts.repository';
import { startsOf } from './starts.repository';

export interface AskedConfirmation {
  id: string;
  appointmentId: string;
  confirmedOn: PlainDate;
  note: string;
}

export type ConfirmationOutcome = { kind: 'recorded'; id: string } | { kind: 'missing'; verdict: Verdict };

/**
 * Records that somebody's rank was confirmed. The probation must be over and every programme of that gate in force on
 * the day; otherwise nothing is recorded and the answer says what is missing.
 */
export function recordConfirmation(actor: Actor, asked: AskedConfirmation): Promise<Result<ConfirmationOutcome>> {
  return commitIfOk<ConfirmationOutcome>(async (tx) => {
    const { id, appointmentId, confirmedOn, note } = asked;
    const post = await findPost(tx, appointmentId);
    if (!post) return err('not-found');
    authorise(actor, 'confirm ranks', { organisationPath: post.path });
    if (post.person_id === actor.personId) return err('confirmation.own');
    await lockPerson(tx, post.person_id);
    const earlier = await confirmationsOf(tx, appointmentId);
    if (earlier.some((one) => one.id === id)) return ok({ kind: 'recorded', id });
    if (earlier.some(({ state }) => state === 'recorded')) return err('confirmation.recorded');
    const day = await checkDay(tx, post, confirmedOn);
    if (!day.ok) return day;
    const verdict = await judgeGate(tx, { personId: post.person_id, appointmentId }, 'before-confirmation', confirmedOn);
    if (verdict.basis === null) return ok({ kind: 'missing', verdict });
    const { basis, ground } = verdict;
    await insertConfirmation(tx, { id, personId: post.person_id, appointmentId, confirmedOn, basis, ground, note, recordedBy: actor.by });
    await tell(tx, actor, 'recorded', { id, personId: post.person_id, appointmentId, confirmedOn, ground }, note);
    return ok({ kind: 'recorded', id });
  });
}

async function checkDay(tx: Tx, post: Post, on: PlainDate): Promise<Result<null>> {
  if (on > dateAt(tx.now, config().TIME_ZONE)) return err('confirmation.future', {}, 'confirmedOn');
  const start = (await startsOf(tx, post.appointment_id)).find(({ state }) => state === 'recorded');
  return on <= probationEnds(start?.startedOn ?? post.start_of_duty) ? err('confirmation.too-early', {}, 'confirmedOn') : ok(null);
}

/** Declares a confirmation wrong: another person than recorded it. The record stays, cancelled. */
export function cancelConfirmation(actor: Actor, confirmationId: string, reason: string): Promise<Result<null>> {
  return commitIfOk(async (tx) => {
    const found = await findConfirmation(tx, confirmationId);
    const post = found && await findPost(tx, found.appointmentId);
    if (!post) return err('not-found');
    authorise(actor, 'confirm ranks', { organisationPath: post.path });
    if (found.recordedBy === actor.by) return err('confirmation.own-record');
    if (await cancelRecorded(tx, confirmationId, actor.by, reason) === 0) return err('confirmation.cancelled');
    await tell(tx, actor, 'cancelled', found, reason);
    return ok(null);
  });
}

const tell = (tx: Tx, actor: Actor, what: 'recorded' | 'cancelled', { id, personId, appointmentId, confirmedOn, ground }: { id: string; personId: string; appointmentId: string; confirmedOn: PlainDate; ground: Ground }, reason: string): Promise<void> =>
  appendEvent(tx, {
    kind: `confirmation.${what}`, subject: { kind: 'confirmation', id }, personId, by: actor.by, cause: 'personnel',
    body: { confirmationId: id, appointmentId, confirmedOn, ...(what === 'recorded' && { ground }) },
    ...(reason !== '' && { personal: { reason } }),
  });
