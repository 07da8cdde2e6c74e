import type { LifeRecord } from './record';
import { canonical, SignedRecord } from './record';
import { signedText, signText, type Signed } from './signing.service';

/** The record with the deployment's signature. */
export async function signRecord(record: LifeRecord): Promise<SignedRecord> {
  return { record, signature: await signText(canonical(record), 'shanggang-record+json') };
}

/** As `Signed`; `not-a-record`: no signed record at all. */
export type RecordCheck = { verdict: 'genuine'; record: LifeRecord } | { verdict: Exclude<Signed, 'genuine'> | 'not-a-record' };

/** Whether a file that somebody brings is a record that was signed here and is unchanged. */
export async function verifyRecord(text: string): Promise<RecordCheck> {
  const read = readRecord(text);
  if (read === 'not-json') return { verdict: 'not-a-record' };
  // A field more or less is a change, if there is a signature to compare with.
  if (!read.whole) return { verdict: read.signed ? 'altered' : 'not-a-record' };
  const { record, signature } = read.whole;
  const verdict = await signedText(canonical(record), signature, 'shanggang-record+json');
  return verdict === 'genuine' ? { verdict, record } : { verdict };
}

function readRecord(text: string): 'not-json' | { whole: SignedRecord | null; signed: boolean } {
  try {
    const value: unknown = JSON.parse(text.replace(/^\ufeff/, ''));
    const parsed = SignedRecord.safeParse(value);
    const signed = typeof value === 'object' && value !== null && 'record' in value && 'signature' in value;
    return { whole: parsed.success ? parsed.data : null, signed };
  } catch {
    return 'not-json';
  }
}
