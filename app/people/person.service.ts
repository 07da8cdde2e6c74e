import { addJobs, appendEvent, appendEvents, inTransaction, reader, type Doer, type Reader, type Tx } from '~/db';
import { authorise, foldWidth, type Actor } from '~/identity';
import { newId } from '~/kernel/id';
import { err, ok, type Err, type Result } from '~/kernel/result';
import { birthDateIn } from './likeness';
import { saveLikeness } from './likeness.repository';
import { mainTerms } from './appointments/appointment.repository';
import { natureBeside, type Nature, type Term } from './appointments/nature';
import { readNationalNumber } from './national-number';
import { isPersonNumber, numberHash, type NumberKind } from './number';
import {
  appointmentsOf, findPerson, insertAppointments, insertNumbers, insertPersons, knownNumbers, numbersOf,
  type Appointment, type NewAppointment, type Person, type PersonNumber,
} from './person.repository';

export interface NewPerson {
  name: string;
  email?: string | null;
  phone?: string | null;
  numbers?: PersonNumber[];
}

/** Registers persons with their numbers. @returns the ids, in order; all or none */
export async function createPersons(tx: Tx, actor: Doer, fresh: readonly NewPerson[]): Promise<Result<string[]>> {
  const made = fresh.map((person) => ({ ...person, id: newId() }));
  const numbers = [];
  for (const { id, numbers: own = [] } of made) {
    for (const { kind, value } of own) {
      const spelled = spell(kind, value);
      if (!spelled.ok) return spelled;
      numbers.push({ id: newId(), personId: id, kind, value: spelled.value });
    }
  }
  const free = await allFree(tx, numbers);
  if (!free.ok) return free;
  await insertPersons(tx, made.map(({ id, name, email, phone }) => ({ id, name: name.trim(), email: email ?? null, phone: phone ?? null })));
  await insertNumbers(tx, numbers);
  const born = new Map(numbers.flatMap(({ personId, kind, value }) => (kind === 'national' ? [[personId, birthDateIn(value)] as const] : [])));
  await saveLikeness(tx, made.map(({ id, name }) => ({ personId: id, name: name.trim(), birthDate: born.get(id) ?? null })));
  await appendEvents(tx, made.map(({ id, name, email, phone, numbers: own = [] }) => ({
    kind: 'person.registered', subject: { kind: 'person', id }, personId: id, by: actor.by, cause: actor.cause,
    personal: { name, email: email ?? null, phone: phone ?? null, numbers: own },
  })));
  return ok(made.map(({ id }) => id));
}

/** A number in its one spelling, or why it cannot be one. */
function spell(kind: NumberKind, value: string): Result<string> {
  if (kind !== 'national') return isPersonNumber(value) ? ok(foldWidth(value)) : err('person.number-form', undefined, `${kind}Number`);
  const read = readNationalNumber(value);
  return read.ok ? read : err(read.error.code, undefined, 'nationalNumber');
}

async function allFree(from: Reader, numbers: PersonNumber[]): Promise<Result<null>> {
  const known = await knownNumbers(from, numbers);
  for (const { kind, value } of numbers) {
    const key = `${kind} ${numberHash(kind, value)}`;
    if (known.has(key)) return numberTaken(kind, value);
    known.add(key);
  }
  return ok(null);
}

const numberTaken = (kind: NumberKind, value: string): Err =>
  (kind === 'national' ? err('national-number.taken', undefined, 'nationalNumber') : err('person.number-taken', { value }, `${kind}Number`));

/** Adds a number to a person who is registered already. */
export async function addNumber(tx: Tx, personId: string, { kind, value }: PersonNumber): Promise<Result<null>> {
  const spelled = spell(kind, value);
  if (!spelled.ok) return spelled;
  const free = await allFree(tx, [{ kind, value: spelled.value }]);
  if (!free.ok) return free;
  await insertNumbers(tx, [{ id: newId(), personId, kind, value: spelled.value }]);
  const person = kind === 'national' ? await findPerson(tx, personId) : null;
  if (person) await saveLikeness(tx, [{ personId, name: person.name, birthDate: birthDateIn(spelled.value) }]);
  return ok(null);
}

/** Registers one person. @returns the id */
export async function createPerson(tx: Tx, actor: Doer, fresh: NewPerson): Promise<Result<string>> {
  const made = await createPersons(tx, actor, [fresh]);
  return made.ok ? ok(made.value[0] ?? '') : made;
}

/** Appoints persons to posts, and tells the rooms that decide what they must learn. @returns the appointments' ids, in order */
export async function appointAll(tx: Tx, actor: Doer, fresh: readonly NewAppointment[]): Promise<string[]> {
  const natures = await naturesOf(tx, fresh);
  const made = fresh.map((one, i) => ({ ...one, id: newId(), nature: natures[i] ?? 'main' }));
  await insertAppointments(tx, made);
  await appendEvents(tx, made.map((one) => ({
    kind: 'person.appointed', subject: { kind: 'appointment', id: one.id }, personId: one.personId, by: actor.by, cause: actor.cause,
    body: { organisationId: one.organisationId, kind: one.kind, nature: one.nature, startOfDuty: one.startOfDuty, endsOn: one.endsOn ?? null, intakeId: one.intakeId ?? null },
    personal: { post: one.post, rank: one.rank ?? null },
  })));
  await addJobs(tx, made.map(({ id }) => ({ name: 'people.appointed', payload: { appointmentId: id } })));
  return made.map(({ id }) => id);
}

/** What each of these is: as it says, else the main appointment, or beside the main one that the person has or gets before it. */
async function naturesOf(from: Reader, fresh: readonly NewAppointment[]): Promise<Nature[]> {
  const mains: Map<string, Term[]> = await mainTerms(from, [...new Set(fresh.filter((one) => one.nature === undefined).map((one) => one.personId))]);
  return fresh.map((one) => {
    const term = { from: one.startOfDuty, until: one.endsOn ?? null };
    const own = mains.get(one.personId) ?? [];
    const nature = one.nature ?? natureBeside(own, term);
    if (nature === 'main') mains.set(one.personId, [...own, term]);
    return nature;
  });
}

/** Appoints one person. @returns the appointment's id */
export async function appoint(tx: Tx, actor: Doer, fresh: NewAppointment): Promise<string> {
  const [id] = await appointAll(tx, actor, [fresh]);
  return id ?? '';
}

export interface PersonCard extends Person {
  /** The identity number masked. */
  numbers: PersonNumber[];
  /** Those that run first, the main one before others; then those that ended. */
  appointments: Appointment[];
}

/** A person with numbers and appointments, or null. For showing it to others use `openPersonCard`. */
export async function personCard(from: Reader, id: string): Promise<PersonCard | null> {
  const person = await findPerson(from, id);
  return person && { ...person, numbers: await numbersOf(from, id), appointments: await appointmentsOf(from, id) };
}

/** The paths of the organisations in which the person serves or will serve: whose HR may see them. Of somebody who left, where they served last. */
export const pathsOfPerson = async (from: Reader, personId: string): Promise<string[]> => pathsIn(await appointmentsOf(from, personId));

function pathsIn(appointments: readonly Appointment[]): string[] {
  const running = appointments.filter((one) => one.endedOn === null);
  if (running.length > 0) return running.map((one) => one.organisationPath);
  const last = [...appointments].sort((a, b) => ((a.endedOn ?? '') < (b.endedOn ?? '') ? 1 : -1))[0];
  return last ? [last.organisationPath] : [];
}

/** A person's card for somebody else's eyes: that it was read is an event in the ledger. @throws ProblemError */
export async function openPersonCard(actor: Actor, id: string): Promise<PersonCard | null> {
  const card = await personCard(reader(), id);
  if (!card) return null;
  authorise(actor, 'see a person', { personId: id, organisationPath: pathsIn(card.appointments) });
  await inTransaction((tx) => appendEvent(tx, { kind: 'person.read', subject: { kind: 'person', id }, personId: id, by: actor.by }));
  return card;
}
