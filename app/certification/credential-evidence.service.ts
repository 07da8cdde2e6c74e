import { addDays, dateAt, type PlainDate } from '~/kernel/calendar';
import { config } from '~/kernel/config';
import type { Tx } from '~/db';
import { credentialToShow, evidenceOfCredential, type CredentialToShow } from './credential-evidence.repository';
import type { EvidenceOfPerson } from './evidence.repository';
import { changeEvidenceTo, recordEvidence, type Recording } from './record-evidence.service';

/**
 * Brings the evidence that a credential is held in line with its state: recorded when it is issued, ended on the day before
 * it is revoked, suspended or superseded, recorded again when it is reinstated, so that the time between stays a gap.
 * Called in the transaction that changed the credential; does nothing when all is as it should be.
 */
export async function recordCredential(tx: Tx, credentialId: string, how: Recording): Promise<void> {
  const credential = await credentialToShow(tx, credentialId);
  if (!credential) return;
  const shown = await evidenceOfCredential(tx, credential);
  const open = shown.find(({ facts }) => facts['ended'] !== true);
  if (credential.state !== 'valid') {
    if (open) await end(tx, credential, open, how);
  } else if (!open) {
    await begin(tx, credential, shown.length, how);
  } else if ((open.validUntil ?? null) !== credential.valid_until) {
    await changeEvidenceTo(tx, credential.person_id, { ...open, validUntil: credential.valid_until }, how);
  }
}

async function begin(tx: Tx, credential: CredentialToShow, serial: number, how: Recording): Promise<void> {
  await recordEvidence(tx, credential.person_id, {
    kind: 'credential', ref: serial === 0 ? credential.id : `${credential.id}#${serial + 1}`, targetId: credential.programme_id, passed: true,
    at: serial === 0 ? credential.issued_at : credential.state_at, validUntil: credential.valid_until, facts: { number: credential.number },
  }, how);
}

async function end(tx: Tx, credential: CredentialToShow, open: EvidenceOfPerson, how: Recording): Promise<void> {
  const last = addDays(dateAt(credential.state_at, config().TIME_ZONE), -1);
  await changeEvidenceTo(tx, credential.person_id, { ...open, validUntil: earlier(last, credential.valid_until), facts: { ...open.facts, ended: true } }, how);
}

const earlier = (a: PlainDate, b: PlainDate | null): PlainDate => (b !== null && b < a ? b : a);
