import { appendEvent, type By, type Tx } from '~/db';
import { lockPerson } from './assignments.repository';
import type { Evidence } from './evidence';
import { changeEvidence, findEvidence, insertEvidence } from './evidence.repository';
import { refreshPerson } from './refresh.service';

/** Who recorded evidence and why: a rule for what the program noticed itself, an office or an import for the rest. */
export interface Recording {
  by: By;
  cause: string;
}

/**
 * Records a piece of evidence once, by its kind and reference, and judges the person anew.
 * @returns false when it was recorded before
 */
export async function recordEvidence(tx: Tx, personId: string, evidence: Evidence, how: Recording): Promise<boolean> {
  await lockPerson(tx, personId);
  if (!await insertEvidence(tx, personId, evidence)) return false;
  await tellEvidence(tx, personId, evidence, how);
  await refreshPerson(tx, personId);
  return true;
}

/**
 * Changes a piece of evidence, as the next revision, and judges the person anew. `facts.void` annuls it. Credentials that
 * nothing carries any more are left to the caller (`revokeUnfounded`).
 * @returns false when there is no such evidence of that person
 */
export async function changeEvidenceTo(tx: Tx, personId: string, evidence: Evidence, how: Recording): Promise<boolean> {
  await lockPerson(tx, personId);
  const known = await findEvidence(tx, evidence.kind, evidence.ref);
  if (known?.personId !== personId) return false;
  const { kind, ref, targetId, passed, at, validUntil = null, facts } = evidence;
  const changed: Evidence = { kind, ref, targetId, passed, at, validUntil, facts: { ...facts, revision: (known.facts.revision ?? 0) + 1 } };
  await changeEvidence(tx, changed);
  await tellEvidence(tx, personId, changed, how);
  await refreshPerson(tx, personId);
  return true;
}

const tellEvidence = (tx: Tx, personId: string, { at, ...body }: Evidence, { by, cause }: Recording): Promise<void> =>
  appendEvent(tx, { kind: 'evidence.recorded', subject: { kind: 'evidence', id: body.ref }, personId, at, by, cause, body });
