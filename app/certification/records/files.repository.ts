import { z } from 'zod';
import { insert, maybeOne, rows, type By, type Reader, type Tx } from '~/db';
import { FILE_TYPES, type FileType } from './file-type';

export interface KeptFile {
  id: string;
  key: string;
  type: FileType;
  bytes: number;
  hash: string;
}

export async function insertFile(tx: Tx, file: KeptFile, by: By): Promise<void> {
  await insert(tx, 'record_files', [{
    id: file.id, file_key: file.key, type: file.type, bytes: file.bytes, hash: file.hash, uploaded_at: tx.now, uploaded_by: by,
  }]);
}

const Row = z.object({ id: z.string(), file_key: z.string(), type: z.enum(FILE_TYPES), bytes: z.number(), hash: z.string() });

export async function findFile(from: Reader, id: string): Promise<KeptFile | null> {
  const row = await maybeOne(from, Row, 'SELECT id, file_key, type, bytes, hash FROM record_files WHERE id = $id', { id });
  return row && { id: row.id, key: row.file_key, type: row.type, bytes: row.bytes, hash: row.hash };
}

const OwnerRow = z.object({ person_id: z.string().nullable(), path: z.string().nullable(), asked_at: z.number().nullable() });

/** Whose file it is: the persons of the evidence that it belongs to, with when it was handed in, or the organisation whose import it proves. */
export const ownersOfFile = (from: Reader, id: string) =>
  rows(from, OwnerRow, `SELECT person_id, NULL AS path, asked_at FROM external_evidence WHERE file_id = $id
    UNION ALL SELECT NULL AS person_id, o.path, NULL AS asked_at FROM past_imports i JOIN organisations o ON o.id = i.organisation_id WHERE i.scan_id = $id
    UNION ALL SELECT r.person_id, o.path, NULL AS asked_at FROM past_import_rows r JOIN past_imports i ON i.id = r.import_id
      JOIN organisations o ON o.id = i.organisation_id WHERE r.scan_id = $id`, { id });
