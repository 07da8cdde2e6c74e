import { addJob, appendEvent, inTransaction, reader, type By, type Tx } from '~/db';
import { dateAt } from '~/kernel/calendar';
import { config, publicUrl } from '~/kernel/config';
import { fileExists, putFile } from '~/kernel/files';
import { err, ok, type Result } from '~/kernel/result';
import { findAssignment, lockPerson, type Assignment } from './assignments.repository';
import { checkAddress, newCheckCode, pdfKey, type Snapshot } from './credential';
import {
  credentialByNumber, credentialOfAssignment, credentialsOf, credentialsOfAssignment, findCredential, holderOf, insertCredential, markRevoked, nextNumber, printedTitles,
  savePdfFile, type Credential,
} from './credentials.repository';
import { findClearance, type StoredClearance } from './clearances.repository';
import { collected, rendererAside } from '~/pdf';
import { drawCredential } from './credential-pdf/render';
import { evidenceOf } from './evidence.repository';
import { isAsked } from './gaps.repository';
import { findVersion } from './programme.repository';
import { refreshPerson } from './refresh.service';
import type { RevocationCause, RevocationReason, RevokeReason } from './withdrawal';

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
  return held?.state === 'valid' ? held.id : inTransaction((tx) => issue(tx, assignmentId));
}

/** A credential that was revoked is replaced once the assignment is cleared again. @returns the credential's id; null while the assignment is not cleared */
async function issue(tx: Tx, assignmentId: string): Promise<string | null> {
  const assignment = await findAssignment(tx, assignmentId);
  if (!assignment) return null;
  await lockPerson(tx, assignment.person_id);
  const former = await credentialOfAssignment(tx, assignmentId);
  if (former?.state === 'valid') return former.id;
  const cleared = await findClearance(tx, assignmentId);
  if (cleared?.status !== 'cleared') return null;
  const snapshot = { ...await snapshotOf(tx, assignment, cleared), replaces: former?.number ?? null };
  const id = await insertCredential(tx, { personId: assignment.person_id, assignmentId, snapshot, replaces: former?.id ?? null });
  await appendEvent(tx, {
    kind: 'credential.issued', subject: { kind: 'credential', id }, personId: assignment.person_id, by: BY, cause: 'rule',
    body: { number: snapshot.number, assignmentId, mayStartOn: snapshot.mayStartOn, replaces: snapshot.replaces }, personal: { snapshot },
  });
  await addJob(tx, 'certification.issued', { credentialId: id });
  return id;
}

async function snapshotOf(tx: Tx, assignment: Assignment, cleared: StoredClearance): Promise<Omit<Snapshot, 'replaces'>> {
  const zone = config().TIME_ZONE;
  const issuedOn = dateAt(tx.now, zone);
  const holder = await holderOf(tx, assignment.id);
  const version = await findVersion(tx, assignment.programme_version_id);
  if (!version || cleared.mayStartOn === null) throw new Error(`assignment ${assignment.id} cannot be printed`);
  const number = await nextNumber(tx, Number(issuedOn.slice(0, 4)));
  const checkCode = newCheckCode();
  return {
    number, checkCode, checkAddress: checkAddress(publicUrl(), number, checkCode), issuer: holder.issuer,
    name: holder.name, recruitmentNumber: holder.recruitment_number, organisation: holder.organisation, post: holder.post,
    programmeZh: version.title_zh, programmeEn: version.title_en, programmeVersion: version.number,
    requirements: await printedRequirements(tx, assignment, cleared),
    startOfDuty: cleared.startOfDuty, mayStartOn: cleared.mayStartOn, issuedOn, validUntil: null,
  };
}

async function printedRequirements(tx: Tx, assignment: Assignment, cleared: StoredClearance): Promise<Snapshot['requirements']> {
  const titles = await printedTitles(tx, assignment.programme_version_id, assignment.person_id);
  const evidence = await evidenceOf(tx, assignment.person_id);
  return cleared.requirements.map(({ kind, targetId, evidenceRef, at }) => {
    const title = titles.find((one) => one.kind === kind && one.target_id === targetId);
    const shown = evidence.find((one) => one.ref === evidenceRef);
    if (!title || !shown || at === null) throw new Error(`requirement of ${assignment.id} lacks its evidence`);
    return {
      kind, titleZh: title.title_zh, titleEn: title.title_en, on: dateAt(at, config().TIME_ZONE),
      percent: shown.facts.percent ?? null, cutScore: shown.facts.cutScore ?? null, minutes: title.minutes,
    };
  });
}

/** Renders the PDF from the snapshot when it was never made or has gone. */
export async function ensurePdf(credentialId: string): Promise<void> {
  const credential = await findCredential(reader(), credentialId);
  if (!credential) return;
  const key = credential.pdf_file ?? pdfKey(credential.number);
  if (credential.pdf_file !== null && await fileExists(key)) return;
  await putFile(key, await collected(render({ snapshot: credential.snapshot, issuedAt: credential.issued_at })));
  await inTransaction((tx) => savePdfFile(tx, credentialId, key));
}

/** Asks for the PDF to be rendered by a job, unless that is asked already: pages never render. */
export const requestPdf = ({ assignment_id: assignmentId }: Pick<Credential, 'assignment_id'>): Promise<void> =>
  inTransaction(async (tx) => {
    if (!await isAsked(tx, 'certification.cleared', { assignmentId })) await addJob(tx, 'certification.cleared', { assignmentId });
  });

/**
 * Takes a credential back, and with it the permission to start work: the check page says so from now on,
 * with the kind of reason. The explanation stays with the personnel office.
 */
export async function revokeCredential(by: By, number: string, reason: RevokeReason, explanation: string): Promise<Result<null>> {
  return inTransaction(async (tx) => {
    const credential = await credentialByNumber(tx, number);
    if (!credential) return err('not-found');
    await lockPerson(tx, credential.person_id);
    if (!await revoke(tx, credential, { by, cause: 'personnel', reason, explanation })) return err('certification.already-revoked');
    await refreshPerson(tx, credential.person_id);
    return ok(null);
  });
}

/**
 * Takes back the valid credentials of a person whose requirements are not met any more because a result was changed
 * or its attempt declared void. Whoever meets them later is cleared again and gets a new one.
 * The person must be locked and judged anew in this transaction.
 */
export async function revokeUnfounded(tx: Tx, personId: string, reason: 'result-annulled' | 'attempt-voided'): Promise<void> {
  for (const credential of await credentialsOf(tx, personId)) {
    if (credential.state !== 'valid' || (await findClearance(tx, credential.assignment_id))?.status === 'cleared') continue;
    await revoke(tx, credential, { by: BY, cause: 'rule', reason, explanation: '' });
    await refreshPerson(tx, personId);
  }
}

interface Revocation {
  by: By;
  cause: RevocationCause;
  reason: RevocationReason;
  explanation: string;
}

/** @returns false when it is revoked already */
async function revoke(tx: Tx, credential: Credential, { by, cause, reason, explanation }: Revocation): Promise<boolean> {
  if (await markRevoked(tx, credential.id, cause, reason) === 0) return false;
  await appendEvent(tx, {
    kind: 'credential.revoked', subject: { kind: 'credential', id: credential.id }, personId: credential.person_id, by,
    cause, body: { number: credential.number, reason, assignmentId: credential.assignment_id }, personal: { explanation },
  });
  return true;
}
