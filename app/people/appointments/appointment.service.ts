import { addJob, appendEvent, commitIfOk, inTransaction, reader, type By, type Doer, type Reader, type Tx } from '~/db';
import { authorise, type Actor } from '~/identity';
import { addDays, dateAt, startOfDate, type PlainDate } from '~/kernel/calendar';
import type { Instant } from '~/kernel/clock';
import { config } from '~/kernel/config';
import { err, ok, type Result } from '~/kernel/result';
import { lockPersons } from '../lock.repository';
import { openOrganisation } from '../organisations/open.service';
import { personsByNumber } from '../person.repository';
import { appoint, pathsOfPerson } from '../person.service';
import {
  findHeld, heldBy, mainTerms, markEnded, movesOf, namesAround, noteMoved, overdueEnds, place, planEnd, saveFields, type AppointmentFields, type HeldAppointment,
} from './appointment.repository';
import { overlap, type Nature, type Term } from './nature';

export interface FreshAppointment extends AppointmentFields {
  personId: string;
  organisationId: string;
  /** Ends the main appointment that the person has, on the day before this one starts. */
  endsFormer?: boolean;
}

/** Why a main appointment cannot stand beside those that the person has, or null. */
async function clash(from: Reader, personId: string, nature: Nature, term: Term, own = ''): Promise<Result<null>> {
  if (nature !== 'main') return ok(null);
  const mains = (await mainTerms(from, [personId])).get(personId) ?? [];
  return mains.some((one) => one.id !== own && overlap(one, term)) ? err('appointment.main-twice', undefined, 'nature') : ok(null);
}

const termOf = (one: Pick<AppointmentFields, 'startOfDuty' | 'endsOn'>): Term => ({ from: one.startOfDuty, until: one.endsOn });

const orderly = ({ startOfDuty, endsOn }: Pick<AppointmentFields, 'startOfDuty' | 'endsOn'>): Result<null> =>
  endsOn !== null && endsOn < startOfDuty ? err('appointment.dates', undefined, 'endsOn') : ok(null);

/** One more appointment for somebody who is registered. Does not ask who may. @returns its id */
export async function addAppointmentTx(tx: Tx, changer: Doer, given: FreshAppointment): Promise<Result<string>> {
  const { personId, organisationId, endsFormer = false, ...fields } = given;
  const dates = orderly(fields);
  if (!dates.ok) return dates;
  const organisation = await openOrganisation(tx, organisationId, 'organisationId');
  if (!organisation.ok) return organisation;
  await lockPersons(tx, [personId]);
  if (fields.superiorId === personId) return err('appointment.own-superior', undefined, 'superior');
  if (endsFormer && fields.nature === 'main') {
    for (const former of (await heldBy(tx, personId)).filter((one) => one.nature === 'main' && overlap(termOf(one), termOf(fields)))) {
      const lastDay = addDays(fields.startOfDuty, -1);
      // One that begins with the new one or after it has no day before.
      if (lastDay < former.startOfDuty) return err('appointment.main-twice', undefined, 'nature');
      const ended = await endAppointmentTx(tx, changer, former, lastDay);
      if (!ended.ok) return ended;
    }
  }
  const alone = await clash(tx, personId, fields.nature, termOf(fields));
  if (!alone.ok) return alone;
  const id = await appoint(tx, changer, { personId, organisationId, ...fields });
  if (fields.endsOn !== null) await askEnd(tx, id, fields.endsOn);
  return ok(id);
}

/**
 * Ends an appointment after its last day; at once when that day is today or past. One that has not begun is called off today;
 * no other ends before it began. Does not ask who may.
 */
export async function endAppointmentTx(tx: Tx, changer: Doer, one: HeldAppointment, lastDay: PlainDate, reason?: string): Promise<Result<null>> {
  if (one.endedOn !== null) return err('transfer.ended');
  const today = dateAt(tx.now, config().TIME_ZONE);
  if (lastDay < one.startOfDuty && lastDay !== today) return err('appointment.dates', undefined, 'lastDay');
  if (lastDay <= today) {
    await close(tx, changer, one, lastDay, reason);
    return ok(null);
  }
  if (await planEnd(tx, one.id, lastDay) === 0) return err('transfer.ended');
  await appendEvent(tx, {
    kind: 'appointment.end-planned', subject: { kind: 'appointment', id: one.id }, personId: one.personId, by: changer.by, cause: changer.cause,
    body: { endsOn: lastDay }, ...(reason && { personal: { reason } }),
  });
  await askEnd(tx, one.id, lastDay);
  return ok(null);
}

const askEnd = (tx: Tx, appointmentId: string, lastDay: PlainDate): Promise<void> =>
  addJob(tx, 'people.appointment-ends', { appointmentId }, startOfDate(addDays(lastDay, 1), config().TIME_ZONE));

async function close(tx: Tx, { by, cause }: Doer, one: Pick<HeldAppointment, 'id' | 'personId'>, endedOn: PlainDate, reason?: string): Promise<void> {
  if (await markEnded(tx, one.id, endedOn) === 0) return;
  await appendEvent(tx, {
    kind: 'appointment.ended', subject: { kind: 'appointment', id: one.id }, personId: one.personId, by, cause, body: { endedOn }, ...(reason && { personal: { reason } }),
  });
  await addJob(tx, 'people.appointed', { appointmentId: one.id });
}

const BY: By = 'system:appointments';

/** Ends an appointment whose planned last day is over. Does nothing before, nor the second time. */
export const endDueAppointment = (appointmentId: string): Promise<void> => inTransaction(async (tx) => {
  const one = await findHeld(tx, appointmentId);
  if (!one || one.endedOn !== null || one.endsOn === null || one.endsOn >= dateAt(tx.now, config().TIME_ZONE)) return;
  await close(tx, { by: BY, cause: 'plan' }, one, one.endsOn);
});

/** Ends what should have ended, for a sweep. */
export async function sweepAppointmentEnds(now: Instant): Promise<void> {
  for (const id of await overdueEnds(reader(), dateAt(now, config().TIME_ZONE), 500)) await endDueAppointment(id);
}

/** What was corrected, with what it was before. Posts and ranks are personal facts. */
function changes(before: HeldAppointment, after: AppointmentFields): { body: Record<string, unknown>; personal: Record<string, unknown> } {
  const changed = (keys: readonly (keyof AppointmentFields)[]) =>
    Object.fromEntries(keys.filter((key) => before[key] !== after[key]).map((key) => [key, { from: before[key], to: after[key] }]));
  return { body: changed(['kind', 'nature', 'startOfDuty', 'endsOn', 'superiorId']), personal: changed(['post', 'rank']) };
}

/**
 * Corrects what was registered wrongly of an appointment; whatever depends on it is decided anew by a job. Does not ask
 * who may.
 * @returns whether anything differed
 */
export async function correctAppointmentTx(tx: Tx, changer: Doer, one: HeldAppointment, after: AppointmentFields, reason?: string): Promise<Result<boolean>> {
  if (one.endedOn !== null) return err('transfer.ended');
  const dates = orderly(after);
  if (!dates.ok) return dates;
  if (after.superiorId === one.personId) return err('appointment.own-superior', undefined, 'superior');
  const { body, personal } = changes(one, after);
  if (Object.keys(body).length + Object.keys(personal).length === 0) return ok(false);
  await lockPersons(tx, [one.personId]);
  const alone = await clash(tx, one.personId, after.nature, termOf(after), one.id);
  if (!alone.ok) return alone;
  if (await saveFields(tx, one.id, one.version, after) === 0) return err('conflict.changed');
  await appendEvent(tx, {
    kind: 'appointment.corrected', subject: { kind: 'appointment', id: one.id }, personId: one.personId, by: changer.by, cause: changer.cause,
    body, personal: { ...personal, ...(reason && { reason }) },
  });
  await addJob(tx, 'people.appointed', { appointmentId: one.id });
  if (after.endsOn !== null && after.endsOn !== one.endsOn) await askEnd(tx, one.id, after.endsOn);
  return ok(true);
}

/** An appointment goes on in another organisation from today; its start of duty and what was learnt for it stay. Does not ask who may. */
export async function moveAppointmentTx(tx: Tx, changer: Doer, one: HeldAppointment, organisationId: string, reason?: string): Promise<Result<null>> {
  if (one.endedOn !== null) return err('transfer.ended');
  if (one.organisationId === organisationId) return err('transfer.same-place', undefined, 'organisationId');
  const to = await openOrganisation(tx, organisationId, 'organisationId');
  if (!to.ok) return to;
  if (await place(tx, one.id, one.version, organisationId) === 0) return err('conflict.changed');
  const on = dateAt(tx.now, config().TIME_ZONE);
  await noteMoved(tx, [{ id: one.id, from: one.organisationId, to: organisationId }], on, null);
  await appendEvent(tx, {
    kind: 'appointment.moved', subject: { kind: 'appointment', id: one.id }, personId: one.personId, by: changer.by, cause: changer.cause,
    body: { fromOrganisationId: one.organisationId, organisationId, on }, ...(reason && { personal: { reason } }),
  });
  await addJob(tx, 'people.appointed', { appointmentId: one.id });
  return ok(null);
}

/** Finds the person by whose staff or recruitment number somebody is named as superior; an empty text is nobody. */
export async function superiorNamed(from: Reader, number: string): Promise<Result<string | null>> {
  if (number.trim() === '') return ok(null);
  const found = (await personsByNumber(from, [number])).get(number);
  return found === undefined ? err('person.number-unknown', { value: number }, 'superior') : ok(found);
}

export interface AppointmentForm extends Omit<AppointmentFields, 'superiorId'> {
  /** Staff or recruitment number of the direct superior; empty: none. */
  superior: string;
  reason: string;
}

/** HR gives somebody one more appointment, in an organisation of its own scope. */
export const addAppointment = (actor: Actor, given: AppointmentForm & { personId: string; organisationId: string; endsFormer: boolean }): Promise<Result<string>> => commitIfOk(async (tx) => {
  const { superior, reason: _reason, ...fields } = given;
  const mine = { personId: given.personId, organisationPath: await pathsOfPerson(tx, given.personId) };
  authorise(actor, 'change appointments', mine);
  const organisation = await openOrganisation(tx, given.organisationId, 'organisationId');
  if (!organisation.ok) return organisation;
  authorise(actor, 'change appointments', { organisationPath: organisation.value.path });
  const named = await superiorNamed(tx, superior);
  return named.ok ? addAppointmentTx(tx, actor, { ...fields, superiorId: named.value }) : named;
});

export interface OpenAppointment {
  held: HeldAppointment;
  name: string;
  organisation: string;
  /** Staff or recruitment number of the direct superior. */
  superior: string | null;
  /** Where it belonged before, the latest first. */
  moves: { on: PlainDate; from: string; to: string }[];
}

/** An appointment as HR changes it; null when there is none. @throws ProblemError */
export async function openAppointment(actor: Actor, id: string): Promise<OpenAppointment | null> {
  const held = await findHeld(reader(), id);
  if (!held) return null;
  authorise(actor, 'change appointments', { personId: held.personId, organisationPath: held.organisationPath });
  return { held, ...await namesAround(reader(), id), moves: await movesOf(reader(), id) };
}

const onAppointment = <T>(actor: Actor, id: string, work: (tx: Tx, one: HeldAppointment) => Promise<Result<T>>): Promise<Result<T>> => commitIfOk(async (tx) => {
  const one = await findHeld(tx, id);
  if (!one) return err('not-found');
  authorise(actor, 'change appointments', { personId: one.personId, organisationPath: one.organisationPath });
  return work(tx, one);
});

export const endAppointment = (actor: Actor, id: string, given: { lastDay: PlainDate; reason: string }): Promise<Result<null>> =>
  onAppointment(actor, id, (tx, one) => endAppointmentTx(tx, actor, one, given.lastDay, given.reason));

/** @returns whether anything differed */
export const correctAppointment = (actor: Actor, id: string, given: AppointmentForm & { version: number }): Promise<Result<boolean>> => onAppointment(actor, id, async (tx, one) => {
  const { superior, reason, version, ...fields } = given;
  if (one.version !== version) return err('conflict.changed');
  const named = await superiorNamed(tx, superior);
  return named.ok ? correctAppointmentTx(tx, actor, one, { ...fields, superiorId: named.value }, reason) : named;
});

/** HR lets an appointment go on in another organisation of its own scope. */
export const moveAppointment = (actor: Actor, id: string, given: { organisationId: string; reason: string }): Promise<Result<null>> => onAppointment(actor, id, async (tx, one) => {
  const to = await openOrganisation(tx, given.organisationId, 'organisationId');
  if (!to.ok) return to;
  authorise(actor, 'change appointments', { organisationPath: to.value.path });
  return moveAppointmentTx(tx, actor, one, given.organisationId, given.reason);
});
