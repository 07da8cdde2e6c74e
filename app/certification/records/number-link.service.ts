import { z } from 'zod';
import { appendEvent, commitIfOk, maybeOne, reader, type Reader } from '~/db';
import { accountOfPerson, addSignInName, authorise, takenSignInNames, foldName, type Actor } from '~/identity';
import { err, ok, type Result } from '~/kernel/result';
import { addNumber, pathsOfPerson, personCard, type PersonCard } from '~/people';

const StartRow = z.object({ started_on: z.string(), organisation: z.string() });

/** That a person's start of duty is on record; null when it is not. */
const startOf = (from: Reader, personId: string) =>
  maybeOne(from, StartRow, `SELECT s.started_on, o.name AS organisation FROM starts s JOIN appointments a ON a.id = s.appointment_id
    JOIN organisations o ON o.id = a.organisation_id WHERE s.person_id = $personId AND s.state = 'recorded' ORDER BY s.started_on DESC, s.id DESC LIMIT 1`, { personId });

export interface LinkPage {
  card: PersonCard;
  start: { on: string; organisation: string } | null;
  hasAccount: boolean;
}

/** The person to whom a staff number is to be linked. Null when there is none. @throws ProblemError */
export async function openNumberLink(actor: Actor, personId: string): Promise<LinkPage | null> {
  authorise(actor, 'link numbers', { personId, organisationPath: await pathsOfPerson(reader(), personId) });
  const card = await personCard(reader(), personId);
  if (!card) return null;
  const start = await startOf(reader(), personId);
  return { card, start: start && { on: start.started_on, organisation: start.organisation }, hasAccount: (await accountOfPerson(reader(), personId)) !== null };
}

/** Whether the number can be linked, before it is confirmed. */
export async function checkStaffNumber(from: Reader, personId: string, staffNumber: string): Promise<Result<null>> {
  const card = await personCard(from, personId);
  if (!card) return err('not-found');
  if (card.numbers.some((one) => one.kind === 'staff')) return err('link.has-staff-number');
  if (!(await startOf(from, personId))) return err('link.not-started');
  const names = await takenSignInNames(from, [staffNumber]);
  return names.has(foldName(staffNumber)) ? err('person.number-taken', { value: staffNumber }, 'staffNumber') : ok(null);
}

/** Links a staff number to somebody who has started; from now on they sign in with either number. */
export const linkStaffNumber = (actor: Actor, personId: string, staffNumber: string): Promise<Result<null>> => commitIfOk(async (tx) => {
  authorise(actor, 'link numbers', { personId, organisationPath: await pathsOfPerson(tx, personId) });
  const free = await checkStaffNumber(tx, personId, staffNumber);
  if (!free.ok) return free;
  const added = await addNumber(tx, personId, { kind: 'staff', value: staffNumber });
  if (!added.ok) return added;
  const account = await accountOfPerson(tx, personId);
  if (account && !(await addSignInName(tx, account.id, staffNumber))) return err('person.number-taken', { value: staffNumber }, 'staffNumber');
  await appendEvent(tx, {
    kind: 'person.number-linked', subject: { kind: 'person', id: personId }, personId, by: actor.by, body: { kind: 'staff', signsIn: account !== null }, personal: { staffNumber },
  });
  return ok(null);
});
