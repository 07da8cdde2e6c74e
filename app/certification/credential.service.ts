import { createHash } from 'node:crypto';
import { addJob, appendEvent, inTransaction, reader, type By, type Tx } from '~/db';
import { dateAt } from '~/kernel/calendar';
import { config } from '~/kernel/config';
import { fileExists, putFile } from '~/kernel/files';
import { collected, rendererAside } from '~/pdf';
import { findAssignment, lockPerson, type Assignment } from './assignments.repository';
import { findClearance } from './clearances.repository';
import { lookOf, pdfKey, type Snapshot } from './credential';
import { drawCredential, type CredentialToDraw } from './credential-pdf/render';
import { credentialOfAssignment, credentialsOf, credentialsOfAssignment, findCredential, insertCredential, savePdfFile, type Credential } from './credentials.repository';
import { recordCredential } from './credential-evidence.service';
import { changeCredential } from './credentials/change.service';
import { keepPdfHash } from './credentials/pdfs.repository';
import { newSnapshot } from './credentials/snapshot.service';
import { isLive } from './credentials/state';
import { findEmblem } from './credentials/templates.repository';
import { isAsked } from './gaps.repository';
import { refreshPerson } from './refresh.service';

const BY: By = 'system:certification';

const render = rendererAside('pdf-thread.js', drawCredential);

/**
 * Issues the credential of a cleared assignment, exactly once, and sees to it that its PDF exists. Run again
 * it does nothing, or renders PDFs that are missing, those of replaced credentials too.
 */
export async function issueCredential(assignmentId: string): Promise<void> {
  await issueUnprinted(assignmentId);
  // Outside the transaction: rendering takes far too long to keep others from writing.
  for (const { id } of await credentialsOfAssignment(reader(), assignmentId)) await ensurePdf(id);
}

/** Issues without rendering: whoever asks for the PDF later has it made then. @returns the id, or null while not cleared */
export async function issueUnprinted(assignmentId: string): Promise<string | null> {
  const held = await credentialOfAssignment(reader(), assignmentId);
  return held && held.state !== 'revoked' ? held.id : inTransaction((tx) => issue(tx, assignmentId));
}

/**
 * One credential for each cycle of an assignment. One that was revoked is replaced once the assignment is cleared again;
 * that of a new cycle takes the place of the one before.
 * @returns the credential's id; null while the assignment is not cleared
 */
async function issue(tx: Tx, assignmentId: string): Promise<string | null> {
  const assignment = await findAssignment(tx, assignmentId);
  if (!assignment) return null;
  await lockPerson(tx, assignment.person_id);
  const held = await credentialOfAssignment(tx, assignmentId);
  if (held && held.state !== 'revoked') return held.id;
  const cleared = await findClearance(tx, assignmentId);
  // What has run out since it was judged is no ground for a new one.
  if (cleared?.status !== 'cleared' || (cleared.until !== null && cleared.until < dateAt(tx.now, config().TIME_ZONE))) return null;
  const former = held ?? await ofFormerCycle(tx, assignment);
  const how = former?.state === 'revoked' ? 'revoked' : 'renewed';
  return insertIssued(tx, assignment, await newSnapshot(tx, assignment, cleared, former && { number: former.number, how }), { former, by: BY, cause: 'rule' });
}

const ofFormerCycle = async (tx: Tx, { follows }: Assignment): Promise<Credential | null> =>
  follows === null ? null : credentialOfAssignment(tx, follows);

/** Writes a new credential, with its event and jobs; the one before it is superseded if it still counts. */
export async function insertIssued(
  tx: Tx, assignment: Pick<Assignment, 'id' | 'person_id'>, snapshot: Snapshot, { former, by, cause }: { former: Credential | null; by: By; cause: 'rule' | 'personnel' },
): Promise<string> {
  const { number, mayStartOn, replaces, replacing } = snapshot;
  // Before the new one is there: at most one credential of an assignment may count.
  if (former && isLive(former.state)) {
    await changeCredential(tx, former, 'supersede', { by, cause, reason: replacing, successor: number });
  }
  const id = await insertCredential(tx, { personId: assignment.person_id, assignmentId: assignment.id, snapshot, replaces: former?.id ?? null });
  await appendEvent(tx, {
    kind: 'credential.issued', subject: { kind: 'credential', id }, personId: assignment.person_id, by, cause,
    body: { number, assignmentId: assignment.id, mayStartOn, replaces, ...(replaces !== null && { replacing }) }, personal: { snapshot },
  });
  await recordCredential(tx, id, { by, cause });
  await addJob(tx, 'certification.issued', { credentialId: id });
  return id;
}

/** Renders the PDF from the snapshot when it was never made or has gone. */
export async function ensurePdf(credentialId: string): Promise<void> {
  const credential = await findCredential(reader(), credentialId);
  if (!credential) return;
  const key = credential.pdf_file ?? pdfKey(credential.number);
  if (credential.pdf_file !== null && await fileExists(key)) return;
  const pdf = await renderPdf({ snapshot: credential.snapshot, issuedAt: credential.issued_at });
  await putFile(key, pdf);
  await inTransaction(async (tx) => {
    await savePdfFile(tx, credentialId, key);
    await keepPdfHash(tx, credentialId, createHash('sha256').update(pdf).digest('hex'));
  });
}

/** A credential as PDF, made in the rendering thread. */
export async function renderPdf(what: Omit<CredentialToDraw, 'emblem'>): Promise<Buffer> {
  const { emblem } = lookOf(what.snapshot);
  const png = emblem && await findEmblem(reader(), emblem.sha256);
  if (emblem && !png) throw new Error(`the emblem ${emblem.sha256} is gone`);
  return collected(render({ ...what, emblem: png }));
}

/** Asks for the PDF to be rendered by a job, unless that is asked already: pages never render. */
export const requestPdf = ({ assignment_id: assignmentId }: Pick<Credential, 'assignment_id'>): Promise<void> =>
  inTransaction(async (tx) => {
    if (!await isAsked(tx, 'certification.cleared', { assignmentId })) await addJob(tx, 'certification.cleared', { assignmentId });
  });

/**
 * Takes back the valid credentials of a person whose requirements are not met any more because a result was changed
 * or its attempt declared void. Whoever meets them later is cleared again and gets a new one. What has expired stays as it
 * is; what is suspended is looked at when it is reinstated.
 * The person must be locked and judged anew in this transaction.
 */
export async function revokeUnfounded(tx: Tx, personId: string, reason: 'result-annulled' | 'attempt-voided'): Promise<void> {
  const today = dateAt(tx.now, config().TIME_ZONE);
  for (const credential of await credentialsOf(tx, personId)) {
    if (credential.state !== 'valid' || (credential.valid_until !== null && credential.valid_until < today)) continue;
    const judged = await findClearance(tx, credential.assignment_id);
    if (!judged || judged.status === 'cleared') continue;
    await changeCredential(tx, credential, 'revoke', { by: BY, cause: 'rule', reason, explanation: '' });
    await refreshPerson(tx, personId);
  }
}
