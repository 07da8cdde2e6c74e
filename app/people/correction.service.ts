import { appendEvent, commitIfOk, reader, type Doer, type Tx } from '~/db';
import { accountOfPerson, authorise, foldName, renameAccount, type Actor } from '~/identity';
import { err, ok, type Result } from '~/kernel/result';
import { findToCorrect, readableNumber, savePerson, saveNumber } from './correction.repository';
import { saveLikeness } from './likeness.repository';
import { isPersonNumber, numberHash } from './number';
import { knownNumbers } from './person.repository';
import { addNumber, pathsOfPerson } from './person.service';

export interface PersonFacts {
  name: string;
  email: string | null;
  phone: string | null;
}

/** The person as HR corrects them. @throws ProblemError when they are out of scope; null when there is none */
export async function openCorrection(actor: Actor, personId: string): Promise<(PersonFacts & { id: string; version: number }) | null> {
  authorise(actor, 'correct a person', { personId, organisationPath: await pathsOfPerson(reader(), personId) });
  return findToCorrect(reader(), personId);
}

/**
 * Corrects a person's name, e-mail address or telephone number. What was issued under the former name stays as it is. Does not
 * ask who may.
 * @returns whether the name became another one
 */
export async function correctPersonTx(tx: Tx, changer: Doer, personId: string, after: PersonFacts, given: { version?: number; reason?: string } = {}): Promise<Result<{ renamed: boolean }>> {
  const before = await findToCorrect(tx, personId);
  if (!before) return err('not-found');
  const facts = { name: after.name.trim(), email: after.email?.trim() || null, phone: after.phone?.trim() || null };
  const changed = (['name', 'email', 'phone'] as const).filter((key) => before[key] !== facts[key]);
  if (changed.length === 0) return ok({ renamed: false });
  if (await savePerson(tx, { id: personId, ...facts }, given.version ?? before.version) === 0) return err('conflict.changed');
  if (changed.includes('name')) await saveLikeness(tx, [{ personId, name: facts.name, birthDate: null }]);
  await appendEvent(tx, {
    kind: 'person.corrected', subject: { kind: 'person', id: personId }, personId, by: changer.by, cause: changer.cause, body: { changed },
    personal: { ...Object.fromEntries(changed.map((key) => [key, { from: before[key], to: facts[key] }])), ...(given.reason && { reason: given.reason }) },
  });
  return ok({ renamed: changed.includes('name') });
}

export const correctPerson = (actor: Actor, personId: string, given: PersonFacts & { version: number; reason: string }): Promise<Result<{ renamed: boolean }>> => commitIfOk(async (tx) => {
  authorise(actor, 'correct a person', { personId, organisationPath: await pathsOfPerson(tx, personId) });
  const { version, reason, ...facts } = given;
  return correctPersonTx(tx, actor, personId, facts, { version, reason });
});

/**
 * Gives a person another staff number, or the first one. Whoever signs in with the former one signs in with the new one from
 * now on. Does not ask who may.
 */
export async function correctStaffNumberTx(tx: Tx, changer: Doer, personId: string, value: string): Promise<Result<null>> {
  const before = await readableNumber(tx, personId, 'staff');
  if (before && foldName(before.value) === foldName(value)) return ok(null);
  if (!before) {
    const added = await addNumber(tx, personId, { kind: 'staff', value });
    if (!added.ok) return added;
  } else {
    if (!isPersonNumber(value)) return err('person.number-form', undefined, 'staffNumber');
    if ((await knownNumbers(tx, [{ kind: 'staff', value }])).has(`staff ${numberHash('staff', value)}`)) return err('person.number-taken', { value }, 'staffNumber');
    await saveNumber(tx, before.id, 'staff', value);
    const account = await accountOfPerson(tx, personId);
    if (account && foldName(account.signInName) === foldName(before.value)) {
      const renamed = await renameAccount(tx, account.id, value);
      if (!renamed.ok) return renamed;
    }
  }
  await appendEvent(tx, {
    kind: 'person.number-corrected', subject: { kind: 'person', id: personId }, personId, by: changer.by, cause: changer.cause,
    body: { kind: 'staff' }, personal: { from: before?.value ?? null, to: value },
  });
  return ok(null);
}
