import { z } from 'zod';
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
  const value = parsed(text);
  const whole = SignedRecord.safeParse(value).data;
  // A field more or less is a change, if there is a signature to compare with.
  if (!whole) return { verdict: Claimed.safeParse(value).success ? 'altered' : 'not-a-record' };
  const { record, signature } = whole;
  const verdict = await signedText(canonical(record), signature, 'shanggang-record+json');
  return verdict === 'genuine' ? { verdict, record } : { verdict };
}

/** As much as must be there for a file to pass for a signed record at all. */
const Claimed = z.object({ record: z.object({ schema: z.string().startsWith('urn:shanggang:record:') }), signature: z.string() });

const Issuer = z.object({ record: z.object({ issuer: z.object({ name: z.string().max(200), url: z.string().max(300) }) }) });

/** What a file that passes for a signed record says of its issuer, believed or not; null when it is something else. */
export function readSigned(text: string): { issuer: { name: string; url: string } | null; signature: string } | null {
  const value = parsed(text);
  const claimed = Claimed.safeParse(value).data;
  return claimed ? { issuer: Issuer.safeParse(value).data?.record.issuer ?? null, signature: claimed.signature } : null;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\ufeff/, ''));
  } catch {
    return null;
  }
}
