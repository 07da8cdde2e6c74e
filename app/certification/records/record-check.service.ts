import { appendEvent, inTransaction } from '~/db';
import type { Instant } from '~/kernel/clock';
import { publicUrl } from '~/kernel/config';
import { findPerson } from '~/people';
import { survivorOf } from './merge/merge.repository';
import type { LifeRecord } from './record';
import { readSigned, verifyRecord } from './record-key.service';
import { signerOf } from './signing.service';

/**
 * What a record for life turned out to be that somebody brought as a file.
 * - `genuine`: signed here, and nothing was changed since
 * - `altered`: the signature does not belong to what is written
 * - `key-leaked`: signed with a key of ours that others may have
 * - `impostor`: it says that it comes from here, and was signed by somebody else
 * - `elsewhere`: it says that it comes from another installation, which alone can check it
 */
export type RecordVerdict = 'genuine' | 'altered' | 'key-leaked' | 'impostor' | 'elsewhere';

export interface CheckedRecord {
  verdict: RecordVerdict;
  /** What the file says of itself, as it can be read; believed only when it is genuine. */
  issuer: { name: string; url: string } | null;
  /** Only when it is genuine. */
  record: LifeRecord | null;
  /** The key that it was signed with, and since when it signs no more. */
  key: { kid: string; retiredAt: Instant | null } | null;
}

/** Judges a file that may be a signed record; null when it is something else. Nothing of it is kept but that it was checked. */
export async function checkRecordFile(content: Buffer): Promise<CheckedRecord | null> {
  const text = content.toString('utf8');
  const said = readSigned(text);
  if (!said) return null;
  const checked = await verifyRecord(text);
  const { issuer, signature } = said;
  const nothing = { issuer, record: null, key: null };
  switch (checked.verdict) {
    case 'not-a-record': return null;
    case 'altered': return { ...nothing, verdict: 'altered' };
    case 'unknown-key': {
      if ((await signerOf(signature))?.state === 'leaked') return { ...nothing, verdict: 'key-leaked' };
      return { ...nothing, verdict: issuer !== null && issuer.url !== publicUrl() ? 'elsewhere' : 'impostor' };
    }
    case 'genuine': {
      const key = await signerOf(signature);
      await noteChecked(checked.record.person.id);
      return { verdict: 'genuine', issuer, record: checked.record, key: key && { kid: key.kid, retiredAt: key.state === 'active' ? null : key.endedAt } };
    }
  }
}

/** Whose record it is sees that it was checked; by whom, nobody knows. */
async function noteChecked(personId: string): Promise<void> {
  await inTransaction(async (tx) => {
    const owner = await survivorOf(tx, personId) ?? personId;
    if (await findPerson(tx, owner)) await appendEvent(tx, { kind: 'record.checked', subject: { kind: 'person', id: owner }, personId: owner, by: 'system:check page' });
  });
}
