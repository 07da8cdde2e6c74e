import { addJob, appendEvent, commitIfOk, inTransaction, reader, type By, type Tx } from '~/db';
import { authorise, can, type Actor } from '~/identity';
import { addDays, dateAt, startOfDate, type PlainDate } from '~/kernel/calendar';
import { config } from '~/kernel/config';
import { err, ok, type Result } from '~/kernel/result';
import { findHeld, markEnded, planEnd } from './appointments/appointment.repository';
import { lockPersons } from './lock.repository';
import { openOrganisation } from './organisations/open.service';
import { appoint } from './person.service';
import type { AppointmentKind } from './person.repository';
import { acceptedTransferOf, findPlace, findTransfer, insertTransfer, markTransfer, type Transfer } from './transfer.repository';

/** Proposes that somebody goes over to another organisation, which has to accept. @returns the transfer's id */
export const proposeTransfer = (actor: Actor, given: { appointmentId: string; organisationId: string; endsOn: PlainDate; reason: string }): Promise<Result<string>> => commitIfOk(async (tx) => {
  const place = await findPlace(tx, given.appointmentId);
  if (!place) return err('not-found');
  authorise(actor, 'transfer people', { personId: place.person_id, organisationPath: place.path });
  const to = await openOrganisation(tx, given.organisationId, 'organisationId');
  if (!to.ok) return to;
  if (to.value.id === place.organisation_id) return err('transfer.same-place', undefined, 'organisationId');
  if (place.ended_on !== null) return err('transfer.ended');
  const id = await insertTransfer(tx, { ...given, personId: place.person_id }, actor.by);
  await appendEvent(tx, {
    kind: 'transfer.proposed', subject: { kind: 'transfer', id }, personId: place.person_id, by: actor.by,
    body: { appointmentId: given.appointmentId, organisationId: given.organisationId, endsOn: given.endsOn }, personal: { reason: given.reason },
  });
  return ok(id);
});

/** A transfer for either side. Null when there is none. @throws ProblemError */
export async function openTransfer(actor: Actor, id: string): Promise<{ transfer: Transfer; gives: boolean; receives: boolean } | null> {
  authorise(actor, 'see transfers');
  const transfer = await findTransfer(reader(), id);
  if (!transfer) return null;
  const gives = can(actor, 'transfer people', { organisationPath: transfer.fromPath });
  const receives = can(actor, 'transfer people', { organisationPath: transfer.toPath });
  return gives || receives ? { transfer, gives, receives } : null;
}

export interface Accepted {
  kind: AppointmentKind;
  post: string;
  rank: string | null;
  startOfDuty: PlainDate;
  reason: string;
}

/** Takes somebody over: an appointment here, and the former one ends on its day. The history is the person's and comes along by itself. */
export const acceptTransfer = (actor: Actor, id: string, given: Accepted): Promise<Result<null>> => onTransfer(actor, id, 'toPath', async (tx, transfer) => {
  if (transfer.askedBy === actor.by || transfer.personId === actor.personId) return err('records.four-eyes');
  if (given.startOfDuty < transfer.endsOn) return err('transfer.dates', undefined, 'startOfDuty');
  const former = await findHeld(tx, transfer.appointmentId);
  if (former?.endedOn !== null) return err('transfer.ended');
  const place = await openOrganisation(tx, transfer.organisationId);
  if (!place.ok) return place;
  const zone = config().TIME_ZONE;
  // Before the new appointment, which takes its place as the main one. One that would end before it begins never begins.
  if (transfer.endsOn <= dateAt(tx.now, zone) || transfer.endsOn < former.startOfDuty) await end(tx, transfer.appointmentId, transfer.personId, transfer.endsOn, actor.by);
  else {
    await planEnd(tx, transfer.appointmentId, transfer.endsOn);
    await addJob(tx, 'people.transfer-ends', { transferId: id }, startOfDate(addDays(transfer.endsOn, 1), zone));
  }
  const { reason, ...appointment } = given;
  const newAppointmentId = await appoint(tx, actor, { ...appointment, nature: former.nature, personId: transfer.personId, organisationId: transfer.organisationId });
  if (await markTransfer(tx, id, 'accepted', { by: actor.by, reason, newAppointmentId }) === 0) return err('transfer.state');
  await appendEvent(tx, { kind: 'transfer.accepted', subject: { kind: 'transfer', id }, personId: transfer.personId, by: actor.by, body: { newAppointmentId }, personal: { reason } });
  return ok(null);
});

async function end(tx: Tx, appointmentId: string, personId: string, endedOn: PlainDate, by: By): Promise<void> {
  if (await markEnded(tx, appointmentId, endedOn) === 0) return;
  await appendEvent(tx, { kind: 'appointment.ended', subject: { kind: 'appointment', id: appointmentId }, personId, by, cause: 'transfer', body: { endedOn } });
  await addJob(tx, 'people.appointed', { appointmentId });
}

/** Ends the former appointment once its last day is over. Does nothing the second time. */
export const endTransferred = (transferId: string): Promise<void> => inTransaction(async (tx) => {
  const transfer = await acceptedTransferOf(tx, transferId);
  if (transfer) await end(tx, transfer.appointment_id, transfer.person_id, transfer.ends_on, transfer.decided_by as By);
});

export const refuseTransfer = (actor: Actor, id: string, reason: string): Promise<Result<null>> => onTransfer(actor, id, 'toPath', (tx, transfer) => close(tx, actor, transfer, 'refused', reason));

export const withdrawTransfer = (actor: Actor, id: string, reason: string): Promise<Result<null>> => onTransfer(actor, id, 'fromPath', (tx, transfer) => close(tx, actor, transfer, 'withdrawn', reason));

async function close(tx: Tx, actor: Actor, { id, personId }: Transfer, state: 'refused' | 'withdrawn', reason: string): Promise<Result<null>> {
  if (await markTransfer(tx, id, state, { by: actor.by, reason }) === 0) return err('transfer.state');
  await appendEvent(tx, { kind: state === 'refused' ? 'transfer.refused' : 'transfer.withdrawn', subject: { kind: 'transfer', id }, personId, by: actor.by, personal: { reason } });
  return ok(null);
}

const onTransfer = (actor: Actor, id: string, side: 'fromPath' | 'toPath', act: (tx: Tx, transfer: Transfer) => Promise<Result<null>>): Promise<Result<null>> => commitIfOk(async (tx) => {
  const found = await findTransfer(tx, id);
  if (!found) return err('not-found');
  authorise(actor, 'transfer people', { organisationPath: found[side] });
  await lockPersons(tx, [found.personId]);
  // Somebody may have been faster while this waited.
  const transfer = await findTransfer(tx, id);
  return transfer?.state === 'proposed' ? act(tx, transfer) : err('transfer.state');
});
