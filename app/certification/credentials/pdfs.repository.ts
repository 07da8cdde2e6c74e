import { z } from 'zod';
import { insert, maybeOne, type Reader, type Tx } from '~/db';

/** Remembers the bytes of a PDF that may be handed out. */
export const keepPdfHash = (tx: Tx, credentialId: string, sha256: string): Promise<number> =>
  insert(tx, 'credential_pdfs', [{ credential_id: credentialId, sha256, rendered_at: tx.now }], 'ON CONFLICT (credential_id, sha256) DO NOTHING');

/** The number of the credential whose PDF has exactly these bytes; null when the program never made such a file. */
export const numberOfPdf = async (from: Reader, sha256: string): Promise<string | null> =>
  (await maybeOne(from, z.object({ number: z.string() }), `SELECT c.number FROM credential_pdfs f JOIN credentials c ON c.id = f.credential_id
    WHERE f.sha256 = $sha256`, { sha256: sha256.toLowerCase() }))?.number ?? null;
