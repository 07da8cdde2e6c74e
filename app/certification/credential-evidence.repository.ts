import { z } from 'zod';
import { maybeOne, rows, type Reader } from '~/db';
import { EvidenceRow, type EvidenceOfPerson } from './evidence.repository';

const CredentialRow = z.object({
  id: z.string(), number: z.string(), person_id: z.string(), programme_id: z.string(), state: z.enum(['valid', 'suspended', 'revoked', 'superseded']),
  issued_at: z.number(), valid_until: z.string().nullable(), state_at: z.number(),
});
export type CredentialToShow = z.infer<typeof CredentialRow>;

/** A credential with the programme that it is of; null when there is none. */
export const credentialToShow = (from: Reader, id: string): Promise<CredentialToShow | null> =>
  maybeOne(from, CredentialRow, `SELECT c.id, c.number, c.person_id, v.programme_id, c.state, c.issued_at, c.valid_until, c.state_at
    FROM credentials c JOIN assignments a ON a.id = c.assignment_id JOIN programme_versions v ON v.id = a.programme_version_id WHERE c.id = $id`, { id });

/** What says that the credential is or was held, the latest first. */
export const evidenceOfCredential = (from: Reader, { id, person_id: personId }: CredentialToShow): Promise<EvidenceOfPerson[]> =>
  rows(from, EvidenceRow, `SELECT person_id, kind, ref, target_id, passed, at, valid_until, facts FROM evidence
    WHERE person_id = $personId AND kind = 'credential' AND (ref = $id OR ref LIKE $again) ORDER BY at DESC, ref DESC`, { personId, id, again: `${id}#%` });
