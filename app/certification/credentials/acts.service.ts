import { appendEvent, commitIfOk, type By, type Tx } from '~/db';
import { err, ok, type Result } from '~/kernel/result';
import { missingCharacters } from '~/pdf';
import { findAssignment, lockPerson } from '../assignments.repository';
import { insertIssued, revokeUnfounded } from '../credential.service';
import { credentialByNumber, type Credential } from '../credentials.repository';
import { refreshPerson } from '../refresh.service';
import type { RevokeReason } from '../withdrawal';
import { closeAct, findAct, insertAct, type CredentialAct } from './acts.repository';
import { changeCredential } from './change.service';
import type { Correction, ReinstateReason, SuspendReason } from './reasons';
import { correctedSnapshot } from './snapshot.service';
import { isAnother, isLive } from './state';

/** Runs `act` on a credential whose person is locked and whose state is read after that. */
const onCredential = <T>(number: string, act: (tx: Tx, credential: Credential) => Promise<Result<T>>): Promise<Result<T>> =>
  commitIfOk(async (tx) => {
    const found = await credentialByNumber(tx, number);
    if (!found) return err('not-found');
    await lockPerson(tx, found.person_id);
    return act(tx, await credentialByNumber(tx, number) ?? found);
  });

/** Asks for a revocation. Nothing changes until another person has decided. @returns the act's id */
export const askRevocation = (by: By, number: string, reason: RevokeReason, explanation: string): Promise<Result<string>> =>
  onCredential(number, async (tx, credential) => {
    if (!isLive(credential.state)) return err('credential.settled');
    const id = await insertAct(tx, { credentialId: credential.id, kind: 'revocation', state: 'asked', reason, explanation, by });
    if (id === null) return err('credential.asked-already');
    await tell(tx, credential, 'credential.revocation-asked', by, { act: id, reason }, explanation);
    return ok(id);
  });

/** Runs `decide` on an open act, the credential's person locked. */
const onAct = (id: string, kind: CredentialAct['kind'], decide: (tx: Tx, act: CredentialAct, credential: Credential) => Promise<Result<null>>): Promise<Result<null>> =>
  commitIfOk(async (tx) => {
    const found = await findAct(tx, id);
    if (!found || found.kind !== kind) return err('not-found');
    await lockPerson(tx, found.person_id);
    const act = await findAct(tx, id) ?? found;
    const credential = await credentialByNumber(tx, act.number);
    if (!credential) return err('not-found');
    if (act.state !== 'asked' && act.state !== 'in-force') return err('credential.decided');
    return decide(tx, act, credential);
  });

/** Carries a revocation out, by another person than who asked: the check page says so from now on, and the permission ends. */
export const carryOutRevocation = (by: By, id: string, note: string): Promise<Result<null>> =>
  onAct(id, 'revocation', async (tx, act, credential) => {
    if (!isAnother(act.asked_by, by)) return err('credential.second-person');
    await closeAct(tx, id, 'carried-out', { by, note });
    const explanation = note === '' ? act.explanation : `${act.explanation}\n${note}`;
    if (!await changeCredential(tx, credential, 'revoke', { by, cause: 'personnel', reason: act.reason, explanation })) return err('credential.settled');
    await refreshPerson(tx, credential.person_id);
    return ok(null);
  });

/** Refuses a revocation, by another person than who asked. */
export const refuseRevocation = (by: By, id: string, note: string): Promise<Result<null>> =>
  onAct(id, 'revocation', async (tx, act, credential) => {
    if (!isAnother(act.asked_by, by)) return err('credential.second-person');
    await closeAct(tx, id, 'refused', { by, note });
    await tell(tx, credential, 'credential.revocation-refused', by, { act: id }, note);
    return ok(null);
  });

/** Takes back what one asked for oneself. */
export const withdrawRevocation = (by: By, id: string): Promise<Result<null>> =>
  onAct(id, 'revocation', async (tx, act, credential) => {
    if (act.asked_by !== by) return err('access.denied');
    await closeAct(tx, id, 'withdrawn', { by, note: '' });
    await tell(tx, credential, 'credential.revocation-withdrawn', by, { act: id });
    return ok(null);
  });

/** Suspends at once, for it can be undone: until it is reinstated the permission to work rests. */
export const suspendCredential = (by: By, number: string, reason: SuspendReason, explanation: string): Promise<Result<null>> =>
  onCredential(number, async (tx, credential) => {
    if (!await changeCredential(tx, credential, 'suspend', { by, cause: 'personnel', reason, explanation })) return err('credential.settled');
    await insertAct(tx, { credentialId: credential.id, kind: 'suspension', state: 'in-force', reason, explanation, by });
    await refreshPerson(tx, credential.person_id);
    return ok(null);
  });

/** Lifts a suspension, by another person than who made it. What lost its ground meanwhile is revoked by rule. */
export const reinstateCredential = (by: By, id: string, reason: ReinstateReason, note: string): Promise<Result<null>> =>
  onAct(id, 'suspension', async (tx, act, credential) => {
    if (!isAnother(act.asked_by, by)) return err('credential.second-person');
    await closeAct(tx, id, 'lifted', { by, note });
    if (!await changeCredential(tx, credential, 'reinstate', { by, cause: 'personnel', reason, explanation: note })) return err('credential.settled');
    await refreshPerson(tx, credential.person_id);
    await revokeUnfounded(tx, credential.person_id, 'result-annulled');
    return ok(null);
  });

/** Puts right what is printed: a new credential with the next number takes the place of the wrong one. @returns its number */
export const correctCredential = (by: By, number: string, correction: Correction, explanation: string): Promise<Result<string>> =>
  onCredential(number, async (tx, credential) => {
    if (credential.state !== 'valid') return err('credential.settled');
    const changed = changedFacts(credential, correction);
    if (Object.keys(changed).length === 0) return err('credential.nothing-corrected');
    const missing = missingCharacters(Object.values(changed).join(''));
    if (missing.length > 0) return err('credential.missing-characters', { characters: missing.join(' ') });
    const assignment = await findAssignment(tx, credential.assignment_id);
    if (!assignment) return err('not-found');
    const snapshot = await correctedSnapshot(tx, credential.assignment_id, credential.snapshot, changed);
    // What was extended since stays extended.
    const successorId = await insertIssued(tx, assignment, { ...snapshot, validUntil: credential.valid_until }, { former: credential, by, cause: 'personnel' });
    await insertAct(tx, { credentialId: credential.id, kind: 'correction', state: 'carried-out', reason: Object.keys(changed).join(' '), explanation, by, successorId });
    await refreshPerson(tx, credential.person_id);
    return ok(snapshot.number);
  });

function changedFacts({ snapshot }: Credential, correction: Correction): Correction {
  const given = Object.entries(correction).map(([fact, value]) => [fact, value.normalize('NFC').trim()] as const);
  return Object.fromEntries(given.filter(([fact, value]) => value !== '' && value !== snapshot[fact as keyof Correction]));
}

const tell = (tx: Tx, credential: Credential, kind: string, by: By, body: Record<string, string>, explanation = ''): Promise<void> =>
  appendEvent(tx, {
    kind, subject: { kind: 'credential', id: credential.id }, personId: credential.person_id, by, cause: 'personnel',
    body: { number: credential.number, assignmentId: credential.assignment_id, ...body }, ...(explanation !== '' && { personal: { explanation } }),
  });
