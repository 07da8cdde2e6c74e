import { appendEvent, commitIfOk, reader } from '~/db';
import { authorise, type Actor } from '~/identity';
import { err, ok, type Result } from '~/kernel/result';
import { fullNationalNumber } from './person.repository';
import { pathsOfPerson, personCard, type PersonCard } from './person.service';

/** The person whose identity number somebody means to read, with the number masked; null when there is none. @throws ProblemError */
export async function openFullNumber(actor: Actor, personId: string): Promise<Pick<PersonCard, 'id' | 'name'> & { masked: string } | null> {
  authorise(actor, 'see an identity number', { personId, organisationPath: await pathsOfPerson(reader(), personId) });
  const card = await personCard(reader(), personId);
  const masked = card?.numbers.find((one) => one.kind === 'national')?.value;
  return card && masked !== undefined ? { id: card.id, name: card.name, masked } : null;
}

/** A person's identity number as it is, for somebody who says what for: the event that tells who read it and why is committed before. */
export const readFullNumber = (actor: Actor, personId: string, reason: string): Promise<Result<string>> => commitIfOk(async (tx) => {
  authorise(actor, 'see an identity number', { personId, organisationPath: await pathsOfPerson(tx, personId) });
  const number = await fullNationalNumber(tx, personId);
  if (number === null) return err('not-found');
  await appendEvent(tx, { kind: 'person.identity-number-read', subject: { kind: 'person', id: personId }, personId, by: actor.by, personal: { reason } });
  return ok(number);
});
