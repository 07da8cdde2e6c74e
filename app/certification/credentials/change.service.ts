import { addJob, appendEvent, type By, type Tx } from '~/db';
import { recordCredential } from '../credential-evidence.service';
import { moveState, type Credential } from '../credentials.repository';
import type { RevocationCause } from '../withdrawal';
import { overtakeActs } from './acts.repository';
import type { CredentialChange } from './state';

export interface Change {
  by: By;
  cause: RevocationCause;
  /** A code, for everybody to read. */
  reason: string;
  /** For the ledger and those who decide, never for the public. */
  explanation?: string;
  /** supersede: the number of the credential that takes its place. */
  successor?: string;
}

const EVENTS = {
  suspend: 'credential.suspended', reinstate: 'credential.reinstated', revoke: 'credential.revoked', supersede: 'credential.superseded',
} as const satisfies Record<CredentialChange, string>;

/**
 * Changes the state of a credential, with its event and the notice to its holder. What was asked for and cannot be
 * carried out any more is closed. The person must be locked; whoever calls judges them anew afterwards.
 * @returns false when the credential is in a state from which there is no such change
 */
export async function changeCredential(tx: Tx, credential: Credential, change: CredentialChange, { by, cause, reason, explanation, successor }: Change): Promise<boolean> {
  if (await moveState(tx, credential.id, change, { cause, reason }) === 0) return false;
  await appendEvent(tx, {
    kind: EVENTS[change], subject: { kind: 'credential', id: credential.id }, personId: credential.person_id, by, cause,
    body: { number: credential.number, reason, cause, assignmentId: credential.assignment_id, ...(successor !== undefined && { supersededBy: successor }) },
    ...(explanation !== undefined && { personal: { explanation } }),
  });
  await recordCredential(tx, credential.id, { by, cause });
  if (change === 'revoke' || change === 'supersede') await overtakeActs(tx, credential.id);
  // Of a renewal the new credential tells.
  if (reason !== 'renewed') await addJob(tx, 'certification.credential-changed', { credentialId: credential.id, change });
  return true;
}
