import type { Tx } from '~/db';
import { revokeUnfounded } from '../credential.service';
import type { Evidence } from '../evidence';
import { findEvidence } from '../evidence.repository';
import { changeEvidenceTo, recordEvidence, type Recording } from '../record-evidence.service';

/** Makes something count as evidence; what counted before is changed to what it is now. */
export async function count(tx: Tx, personId: string, evidence: Evidence, how: Recording): Promise<void> {
  if (await recordEvidence(tx, personId, evidence, how)) return;
  const known = await findEvidence(tx, evidence.kind, evidence.ref);
  if (!known || (known.passed === evidence.passed && known.facts.void !== true)) return;
  await changeEvidenceTo(tx, personId, evidence, how);
  if (known.passed && !evidence.passed) await revokeUnfounded(tx, personId, 'result-annulled');
}

/**
 * Evidence that counts for nothing from now on; a credential that rests on it and on nothing else is revoked. Does
 * nothing when there is none, or the second time.
 */
export async function annul(tx: Tx, personId: string, kind: Evidence['kind'], ref: string, how: Recording): Promise<void> {
  const known = await findEvidence(tx, kind, ref);
  if (!known || known.facts.void === true) return;
  await changeEvidenceTo(tx, personId, { ...known, passed: false, at: tx.now, facts: { ...known.facts, void: true } }, how);
  if (known.passed) await revokeUnfounded(tx, personId, 'result-annulled');
}
