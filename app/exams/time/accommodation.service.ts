import { appendEvent, commitIfOk, reader, type Tx } from '~/db';
import { authorise, type Actor } from '~/identity';
import { findPerson, pathsOfPerson } from '~/people';
import { newId } from '~/kernel/id';
import { err, ok, type Result } from '~/kernel/result';
import { findExam } from '../exam.repository';
import { accommodationHistory, endAccommodation as end, findAccommodation, insertAccommodation, type Accommodation, type NewAccommodation } from './accommodation.repository';

/** Whoever is responsible for the person's organisation. @throws ProblemError for everybody else */
async function responsible(actor: Actor, personId: string): Promise<void> {
  authorise(actor, 'grant accommodations', { personId, organisationPath: await pathsOfPerson(reader(), personId) });
}

export interface PersonAccommodations {
  name: string;
  /** What holds first, then what has ended. */
  accommodations: Accommodation[];
}

/** All that a person was ever granted, for whoever is responsible for them. */
export async function accommodationsOfPerson(actor: Actor, personId: string): Promise<Result<PersonAccommodations>> {
  await responsible(actor, personId);
  const person = await findPerson(reader(), personId);
  return person ? ok({ name: person.name, accommodations: await accommodationHistory(reader(), personId) }) : err('not-found');
}

export type TypedAccommodation = Omit<NewAccommodation, 'id'> & {
  /** Chosen by the page: the same form sent twice grants once. */
  id?: string;
};

/**
 * Grants a person more time, in one exam or in all, from one day to another. It counts for exams that start while it
 * is valid; who is writing already is given time by the invigilator.
 */
export async function grantAccommodation(actor: Actor, { id = newId(), ...typed }: TypedAccommodation): Promise<Result<string>> {
  await responsible(actor, typed.personId);
  const { personId, examId, extraMinutes, factorPercent, validFrom, validUntil, reason } = typed;
  if (extraMinutes === 0 && factorPercent === 100) return err('accommodation.nothing', {}, 'extraMinutes');
  if (validUntil !== null && validUntil < validFrom) return err('accommodation.order', {}, 'validUntil');
  return commitIfOk(async (tx): Promise<Result<string>> => {
    if (examId !== null && !(await findExam(tx, examId))) return err('not-found');
    if (await insertAccommodation(tx, { id, ...typed }, actor.by) > 0) {
      await record(tx, actor, { kind: 'accommodation.granted', id, personId, body: { examId, extraMinutes, factorPercent, validFrom, validUntil }, reason });
    }
    return ok(id);
  });
}

/** Ends an accommodation, which stays on record. Whoever is writing keeps the time that they started with. */
export async function endAccommodation(actor: Actor, accommodationId: string, reason: string): Promise<Result<null>> {
  const known = await findAccommodation(reader(), accommodationId);
  if (!known) return err('not-found');
  await responsible(actor, known.personId);
  return commitIfOk(async (tx): Promise<Result<null>> => {
    if (await end(tx, accommodationId, actor.by, reason) === 0) return err('accommodation.ended');
    await record(tx, actor, { kind: 'accommodation.ended', id: accommodationId, personId: known.personId, body: {}, reason });
    return ok(null);
  });
}

/** The reason says something about the person, often about their health: it is personal. */
const record = (tx: Tx, actor: Actor, { kind, id, personId, body, reason }: { kind: string; id: string; personId: string; body: Record<string, unknown>; reason: string }): Promise<void> =>
  appendEvent(tx, { kind, subject: { kind: 'accommodation', id }, personId, by: actor.by, body, personal: { reason } });
