import { inTransaction, type By, type Tx } from '~/db';
import { dateAt } from '~/kernel/calendar';
import { config } from '~/kernel/config';
import { findAssignment, lockPerson } from '../assignments.repository';
import { findClearance, type StoredClearance } from '../clearances.repository';
import { credentialsOf, type Credential } from '../credentials.repository';
import { findVersion } from '../programme.repository';
import { refreshPerson } from '../refresh.service';
import { isNodeMet, nodeOf } from '../requirement-tree';
import { changeCredential } from './change.service';

const BY: By = 'system:certification';
/** Why a rule suspends; what it suspended for this it reinstates. */
const GROUND_ENDED = 'ground-ended';

/**
 * Brings credentials that rest on other credentials in line with them (decision 028): one whose clearance does not hold any
 * more rests by rule, and counts again once every requirement is met. What rests on that one follows in turn.
 */
export async function settleGrounds(personId: string): Promise<void> {
  await inTransaction(async (tx) => {
    await lockPerson(tx, personId);
    await refreshPerson(tx, personId);
    // Each round changes one credential of a chain that has an end: nothing is suspended and reinstated by the same evidence.
    const most = (await credentialsOf(tx, personId)).length;
    for (let round = 0; round < most && await settleOne(tx, personId); round += 1) await refreshPerson(tx, personId);
  });
}

/** @returns false when all is as it should be */
async function settleOne(tx: Tx, personId: string): Promise<boolean> {
  for (const credential of await credentialsOf(tx, personId)) {
    const judged = await findClearance(tx, credential.assignment_id);
    if (!judged || !judged.requirements.some(({ kind }) => kind === 'credential')) continue;
    const change = hasLostGround(tx, credential, judged) ? 'suspend' : await isFoundedAgain(tx, credential, judged) ? 'reinstate' : null;
    if (change !== null) return changeCredential(tx, credential, change, { by: BY, cause: 'rule', reason: GROUND_ENDED, explanation: '' });
  }
  return false;
}

/** A waiver carries the permission, and a suspension would end it: the credential is left to whoever granted the waiver. */
function hasLostGround(tx: Tx, { state, valid_until: until }: Credential, { status, withdrawnOn, suspendedOn }: StoredClearance): boolean {
  if (state !== 'valid' || (until !== null && until < dateAt(tx.now, config().TIME_ZONE))) return false;
  return status === 'not-cleared' && withdrawnOn === null && suspendedOn === null;
}

async function isFoundedAgain(tx: Tx, { state, state_cause: cause, state_reason: reason, assignment_id: id }: Credential, { requirements }: StoredClearance): Promise<boolean> {
  if (state !== 'suspended' || cause !== 'rule' || reason !== GROUND_ENDED) return false;
  const version = await findVersion(tx, (await findAssignment(tx, id))?.programme_version_id ?? '');
  return version !== null && isNodeMet(nodeOf(version.tree, requirements.map(({ code }) => code)), (index) => requirements[index]?.state === 'met');
}
