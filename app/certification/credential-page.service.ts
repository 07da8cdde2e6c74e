import { appendEvent, inTransaction, reader } from '~/db';
import { authorise, type Actor } from '~/identity';
import { fileExists, readFile } from '~/kernel/files';
import { pathsOfPerson } from '~/people';
import { readNumber } from './credential';
import { credentialByNumber, type Credential } from './credentials.repository';
import { requestPdf } from './credential.service';

/**
 * A credential for its holder or for those whose scope it is in; null when there is none.
 * @throws ProblemError when the actor may not see it
 */
export async function openCredential(actor: Actor, typedNumber: string): Promise<Credential | null> {
  const number = readNumber(typedNumber);
  const credential = number && await credentialByNumber(reader(), number);
  if (!credential) return null;
  // Those where it was earned answer for it; those where its holder serves now see what they take over.
  const organisationPath = [credential.organisation_path, ...await pathsOfPerson(reader(), credential.person_id)];
  authorise(actor, 'see a credential', { personId: credential.person_id, organisationPath });
  return credential;
}

/** Whether the PDF can be had now; when it cannot, a job is asked to render it. */
export async function pdfReady(credential: Credential): Promise<boolean> {
  if (credential.pdf_file !== null && await fileExists(credential.pdf_file)) return true;
  await requestPdf(credential);
  return false;
}

/** The PDF itself, null while it is being made. Handing it to anybody but the holder is an event in the ledger. */
export async function readPdf(actor: Actor, credential: Credential): Promise<Buffer | null> {
  if (credential.pdf_file === null || !await pdfReady(credential)) return null;
  if (actor.personId !== credential.person_id) {
    await inTransaction((tx) => appendEvent(tx, {
      kind: 'credential.downloaded', subject: { kind: 'credential', id: credential.id }, personId: credential.person_id, by: actor.by,
    }));
  }
  return readFile(credential.pdf_file);
}
