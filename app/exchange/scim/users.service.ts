import { commitIfOk, inTransaction, reader, type Doer, type Reader, type Tx } from '~/db';
import { accountOfPerson, closeAccount, foldName, isSignInName, openAccount, renameAccount, reopenAccount, type ActingApplication } from '~/identity';
import { dateAt } from '~/kernel/calendar';
import { config } from '~/kernel/config';
import { err, ok, type Result } from '~/kernel/result';
import {
  addAppointmentTx, correctAppointmentTx, correctPersonTx, correctStaffNumberTx, createPerson, endAppointmentTx, findHeld, heldBy, isPersonNumber, moveAppointmentTx, personsByNumber,
} from '~/people';
import { noteChange, type FreshScimChange, type Warning } from './changes.repository';
import { isActive, userNameOf, type Given, type RegisteredUser, type SaidUser } from './mapping';
import { markRemoved, ownerOfName, placeNamed, removedUser, saveUser, userSeen, type Sight } from './users.repository';

/** What a change through the protocol may lean on: who asks, and what the version was that they saw. */
export interface Asking {
  application: ActingApplication;
  /** Refuses when the user is not the one that was seen; told as 412. */
  expect?: (user: RegisteredUser) => boolean;
}

const CAUSE = 'scim';
const changerOf = ({ application }: Asking): Doer => ({ by: application.by, cause: CAUSE });
export const sightOf = ({ id, organisationPath }: ActingApplication): Sight => ({ applicationId: id, path: organisationPath });
const today = (tx: Tx): string => dateAt(tx.now, config().TIME_ZONE);

/** A post that nobody named. Personnel offices see it in the list of changes and correct it. */
const POST_UNNAMED = '待定';

/** Why it was not done, for the list of changes; the transaction that refused is gone. */
export async function noteRefused(application: ActingApplication, problem: string, personId: string | null = null): Promise<void> {
  const known = personId !== null && (await userSeen(reader(), sightOf(application), personId)) !== null;
  await inTransaction((tx) => noteChange(tx, application.id, { what: 'refused', problem, personId: known ? personId : null }));
}

/** Takes somebody up: a person with number, main appointment and account, invited to activate it. @returns the person's id */
export const createUser = (asking: Asking, said: SaidUser): Promise<Result<string>> => commitIfOk(async (tx) => {
  const { application } = asking;
  const again = await returning(tx, asking, said);
  if (again !== null) return takeUpAgain(tx, asking, again, said);
  if (!isSignInName(said.userName)) return err('person.number-form', undefined, 'userName');
  const free = await freeName(tx, asking, said.userName, null);
  if (!free.ok) return free;
  const warnings: Warning[] = [];
  const number = numberOf(said);
  const usable = number === undefined ? ok(undefined) : await usableNumber(tx, asking, number, null, warnings);
  if (!usable.ok) return usable;
  const numbers = usable.value === undefined ? [] : [{ kind: 'staff' as const, value: usable.value }];
  const person = await createPerson(tx, changerOf(asking), { name: nameOf(said), email: said.email ?? null, phone: said.phone ?? null, numbers });
  if (!person.ok) return person;
  const appointed = await appointTo(tx, asking, person.value, said, warnings);
  if (!appointed.ok) return appointed;
  const opened = await openAccount(tx, changerOf(asking), { personId: person.value, signInName: said.userName });
  if (!opened.ok) return opened;
  await keep(tx, asking, person.value, said);
  if (said.active === false) {
    const closed = await deactivate(tx, asking, person.value);
    if (!closed.ok) return closed;
  }
  await noteChange(tx, application.id, { what: 'created', personId: person.value, warnings });
  return ok(person.value);
});

const nameOf = (said: SaidUser): string => said.name ?? said.displayName?.slice(0, 80) ?? said.userName;

/** The staff number: as it is said, else the sign-in name where that can be one. An address, for example, is none. */
const numberOf = ({ employeeNumber, userName }: SaidUser): string | undefined => employeeNumber ?? (isPersonNumber(userName) ? userName : undefined);

/** Somebody whom this directory had removed and who comes back: the same number and the same name. */
async function returning(tx: Tx, { application }: Asking, said: SaidUser): Promise<string | null> {
  const number = numberOf(said);
  const owner = number === undefined ? (await ownerOfName(tx, foldName(said.userName)))?.person_id : (await personsByNumber(tx, [number])).get(number);
  const known = owner ? await removedUser(tx, application.id, owner) : null;
  return known?.name === nameOf(said) ? known.person_id : null;
}

/** Whether the sign-in name can be given to this person. One whose owner the directory removed is taken from the closed account. */
async function freeName(tx: Tx, { application }: Asking, userName: string, personId: string | null): Promise<Result<null>> {
  const owner = await ownerOfName(tx, foldName(userName));
  if (!owner || (personId !== null && owner.person_id === personId)) return ok(null);
  const removed = owner.state === 'closed' && owner.person_id !== null && (await removedUser(tx, application.id, owner.person_id)) !== null;
  if (!removed) return err('field.taken', { value: userName }, 'userName');
  return renameAccount(tx, owner.account_id, `${userName.slice(0, 40)}.${owner.account_id.slice(-6)}`);
}

/** The number, if it can be this person's. A number is one human being's for life: one that the directory removed keeps it, with a warning. */
async function usableNumber(tx: Tx, { application }: Asking, number: string, personId: string | null, warnings: Warning[]): Promise<Result<string | undefined>> {
  const owner = (await personsByNumber(tx, [number])).get(number);
  if (owner === undefined || owner === personId) return ok(number);
  if (!(await removedUser(tx, application.id, owner))) return err('person.number-taken', { value: number }, 'employeeNumber');
  warnings.push({ code: 'number-kept', given: number });
  return ok(undefined);
}

async function takeUpAgain(tx: Tx, asking: Asking, personId: string, said: SaidUser): Promise<Result<string>> {
  const warnings: Warning[] = [];
  await keep(tx, asking, personId, said);
  const corrected = await correctPersonTx(tx, changerOf(asking), personId, { name: nameOf(said), email: said.email ?? null, phone: said.phone ?? null });
  if (!corrected.ok) return corrected;
  const named = await signInAs(tx, asking, personId, said.userName);
  if (!named.ok) return named;
  if (said.active !== false) {
    const active = await reactivate(tx, asking, personId, said, warnings);
    if (!active.ok) return active;
  }
  await noteChange(tx, asking.application.id, { what: 'taken-up', personId, warnings });
  return ok(personId);
}

/** The organisation that a directory names by code or name; unknown ones lead to the application's own, with a warning. */
async function placeOf(from: Reader, { application }: Asking, said: SaidUser, warnings: Warning[]): Promise<string | null> {
  for (const text of [said.department, said.organization]) {
    const found = text === undefined ? null : await placeNamed(from, application.organisationPath, text);
    if (found) return found.id;
  }
  const given = said.department ?? said.organization;
  if (given !== undefined) warnings.push({ code: 'place-unknown', given });
  return null;
}

/** The superior by the id of a user or by a number; null: none; undefined: nothing was said, or nobody was found. */
async function superiorOf(from: Reader, { application }: Asking, said: SaidUser, warnings: Warning[]): Promise<string | null | undefined> {
  if (said.manager === undefined || said.manager === null) return said.manager;
  const byId = await userSeen(from, sightOf(application), said.manager);
  if (byId) return byId.id;
  const byNumber = (await personsByNumber(from, [said.manager])).get(said.manager);
  if (byNumber !== undefined && await userSeen(from, sightOf(application), byNumber)) return byNumber;
  warnings.push({ code: 'manager-unknown', given: said.manager });
  return undefined;
}

async function appointTo(tx: Tx, asking: Asking, personId: string, said: SaidUser, warnings: Warning[]): Promise<Result<string>> {
  const organisationId = (await placeOf(tx, asking, said, warnings)) ?? asking.application.organisationId;
  const superiorId = await superiorOf(tx, asking, said, warnings);
  return addAppointmentTx(tx, changerOf(asking), {
    personId, organisationId, kind: said.kind ?? 'staff', nature: 'main', post: said.title ?? POST_UNNAMED, rank: said.rank ?? null, startOfDuty: said.startOfDuty ?? today(tx), endsOn: null,
    superiorId: superiorId === personId ? null : superiorId ?? null,
  });
}

async function keep(tx: Tx, { application }: Asking, personId: string, said: SaidUser): Promise<void> {
  const given: Given = { ...said.given, ...(said.manager && !(await userSeen(tx, sightOf(application), said.manager)) && { manager: said.manager }) };
  await saveUser(tx, application.id, personId, { externalId: said.externalId, displayName: said.displayName, given });
}

/** Ends what runs in the application's subtree, from today; who then serves nowhere can no longer sign in. */
async function deactivate(tx: Tx, asking: Asking, personId: string): Promise<Result<null>> {
  for (const one of await heldBy(tx, personId)) {
    if (!one.organisationPath.startsWith(asking.application.organisationPath)) continue;
    const ended = await endAppointmentTx(tx, changerOf(asking), one, today(tx));
    if (!ended.ok) return ended;
  }
  if ((await heldBy(tx, personId)).length > 0) return ok(null);
  const account = await accountOfPerson(tx, personId);
  return !account || account.state === 'closed' ? ok(null) : closeAccount(tx, changerOf(asking), account.id, CAUSE);
}

async function reactivate(tx: Tx, asking: Asking, personId: string, said: SaidUser, warnings: Warning[]): Promise<Result<null>> {
  if ((await heldBy(tx, personId)).length === 0) {
    const appointed = await appointTo(tx, asking, personId, said, warnings);
    if (!appointed.ok) return appointed;
  }
  const account = await accountOfPerson(tx, personId);
  if (!account) {
    const opened = await openAccount(tx, changerOf(asking), { personId, signInName: said.userName });
    return opened.ok ? ok(null) : opened;
  }
  return account.state === 'closed' ? reopenAccount(tx, changerOf(asking), account.id, CAUSE) : ok(null);
}

/** Brings a person in line with what a directory says; what it says nothing about stays. */
export const replaceUser = (asking: Asking, id: string, said: SaidUser): Promise<Result<string>> => commitIfOk(async (tx) => {
  const before = await userSeen(tx, sightOf(asking.application), id);
  if (!before) return err('not-found');
  if (asking.expect && !asking.expect(before)) return err('conflict.changed');
  const warnings: Warning[] = [];
  const fields: string[] = [];
  for (const step of [changeNames, changeFacts, changePost]) {
    const done = await step(tx, asking, before, said, { fields, warnings });
    if (!done.ok) return done;
  }
  const turned = await turn(tx, asking, before, said, warnings);
  if (!turned.ok) return turned;
  if (before.externalId !== said.externalId) fields.push('externalId');
  if (said.displayName !== null && said.displayName !== (before.displayName ?? before.name)) fields.push('displayName');
  await keep(tx, asking, id, said.displayName === null && before.displayName !== null ? { ...said, displayName: before.displayName } : said);
  const what: FreshScimChange['what'] = turned.value ?? 'changed';
  if (fields.length > 0 || warnings.length > 0 || turned.value !== null) await noteChange(tx, asking.application.id, { what, personId: id, fields, warnings });
  return ok(id);
});

interface Told {
  fields: string[];
  warnings: Warning[];
}
type Step = (tx: Tx, asking: Asking, before: RegisteredUser, said: SaidUser, told: Told) => Promise<Result<null>>;

const changeNames: Step = async (tx, asking, before, said, { fields, warnings }) => {
  const former = userNameOf(before);
  const renamed = foldName(former) !== foldName(said.userName);
  const follows = renamed && before.staffNumber !== null && foldName(before.staffNumber) === foldName(former);
  const number = said.employeeNumber ?? (follows ? numberOf(said) : undefined);
  if (number !== undefined && (before.staffNumber === null || foldName(before.staffNumber) !== foldName(number))) {
    const usable = await usableNumber(tx, asking, number, before.id, warnings);
    if (!usable.ok) return usable;
    const corrected = usable.value === undefined ? ok(null) : await correctStaffNumberTx(tx, changerOf(asking), before.id, usable.value);
    if (!corrected.ok) return corrected;
    fields.push('employeeNumber');
  }
  if (renamed) fields.push('userName');
  return signInAs(tx, asking, before.id, said.userName);
};

/** Lets the account, if there is one, be known by this name. */
async function signInAs(tx: Tx, asking: Asking, personId: string, userName: string): Promise<Result<null>> {
  const account = await accountOfPerson(tx, personId);
  if (!account || foldName(account.signInName) === foldName(userName)) return ok(null);
  const free = await freeName(tx, asking, userName, personId);
  return free.ok ? renameAccount(tx, account.id, userName) : free;
}

const changeFacts: Step = async (tx, asking, before, said, { fields }) => {
  const after = { name: said.name ?? before.name, email: said.email === undefined ? before.email : said.email, phone: said.phone === undefined ? before.phone : said.phone };
  for (const key of ['name', 'email', 'phone'] as const) if (after[key] !== before[key]) fields.push(key);
  const corrected = await correctPersonTx(tx, changerOf(asking), before.id, after);
  return corrected.ok ? ok(null) : corrected;
};

const changePost: Step = async (tx, asking, before, said, { fields, warnings }) => {
  if (before.post === null || said.active === false) return ok(null);
  const place = await placeOf(tx, asking, said, warnings);
  const superior = await superiorOf(tx, asking, said, warnings);
  const held = await findHeld(tx, before.post.id);
  if (!held) return ok(null);
  const corrected = await correctAppointmentTx(tx, changerOf(asking), held, {
    kind: said.kind ?? held.kind, nature: held.nature, post: said.title ?? held.post, rank: said.rank ?? held.rank, startOfDuty: said.startOfDuty ?? held.startOfDuty, endsOn: held.endsOn,
    superiorId: superior === undefined ? held.superiorId : superior,
  });
  if (!corrected.ok) return corrected;
  if (corrected.value) fields.push('appointment');
  if (place === null || place === held.organisationId) return ok(null);
  const anew = await findHeld(tx, held.id);
  const moved = anew ? await moveAppointmentTx(tx, changerOf(asking), anew, place) : ok(null);
  if (moved.ok) fields.push('department');
  return moved;
};

/** Switches somebody off or on. @returns which of the two was done */
async function turn(tx: Tx, asking: Asking, before: RegisteredUser, said: SaidUser, warnings: Warning[]): Promise<Result<'deactivated' | 'reactivated' | null>> {
  if (said.active === undefined || said.active === isActive(before)) return ok(null);
  const done = said.active ? await reactivate(tx, asking, before.id, said, warnings) : await deactivate(tx, asking, before.id);
  return done.ok ? ok(said.active ? 'reactivated' : 'deactivated') : done;
}

/** The directory removes somebody: switched off, and no longer in its sight. Nothing is deleted. */
export const removeUser = (asking: Asking, id: string): Promise<Result<null>> => commitIfOk(async (tx) => {
  const before = await userSeen(tx, sightOf(asking.application), id);
  if (!before) return err('not-found');
  if (asking.expect && !asking.expect(before)) return err('conflict.changed');
  const off = await deactivate(tx, asking, id);
  if (!off.ok) return off;
  await markRemoved(tx, asking.application.id, id);
  await noteChange(tx, asking.application.id, { what: 'removed', personId: id });
  return ok(null);
});
