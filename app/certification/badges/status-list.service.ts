import { createHash } from 'node:crypto';
import { inTransaction, reader } from '~/db';
import { clock, days, hours, minutes, type Instant } from '~/kernel/clock';
import { publicUrl } from '~/kernel/config';
import { listAddress } from './badge';
import { didOf } from './did-key';
import { findKey, type KeyRecord } from './keys.repository';
import { opened } from './keys.service';
import { withProof } from './proof';
import { endPlaces, findList, LIST_LENGTH, withdrawnPlaces } from './status.repository';

export interface PublishedList {
  body: string;
  etag: string;
}

interface Kept extends PublishedList {
  address: string;
  /** What it was made from. */
  positions: string;
  readAt: Instant;
  signedAt: Instant;
}

/** How long a list is not looked at again: the longest that a revocation stays unseen here. */
const LOOK_AGAIN = minutes(1);
/** Verifiers may keep a list so long. */
export const TTL = minutes(3);
/** Signed anew well before its end, though nothing changed: an old one cannot be passed off as the newest for ever. */
const SIGN_AGAIN = hours(12);
const GOOD_FOR = days(2);

const lists = new Map<number, Kept>();

/** A status list, signed with the key of the badges that stand in it; null when there is none of this number. */
export async function statusList(number: number): Promise<PublishedList | null> {
  const now = clock.now();
  const kept = lists.get(number);
  if (kept && kept.address === listAddress(publicUrl(), number) && Math.abs(now - kept.readAt) < LOOK_AGAIN) return kept;
  const list = await findList(reader(), number);
  const key = list && await findKey(reader(), list.key_id);
  if (!key) return null;
  const withdrawn = await withdrawnPlaces(reader(), number);
  if (withdrawn.some((one) => one.ended_at === null)) await inTransaction((tx) => endPlaces(tx, number));
  return keep(number, key, withdrawn.map((one) => one.position), kept, now);
}

async function keep(number: number, key: KeyRecord, places: number[], kept: Kept | undefined, now: Instant): Promise<Kept> {
  const address = listAddress(publicUrl(), number);
  const positions = key.state === 'leaked' ? 'all' : places.join();
  const same = kept?.positions === positions && kept.address === address && Math.abs(now - kept.signedAt) < SIGN_AGAIN;
  const next = same ? { ...kept, readAt: now } : { ...await sign(address, key, places, now), address, positions, readAt: now, signedAt: now };
  lists.set(number, next);
  return next;
}

async function sign(address: string, key: KeyRecord, places: number[], now: Instant): Promise<PublishedList> {
  const { createCredential, createList } = await import('@digitalbazaar/vc-bitstring-status-list');
  const list = await createList({ length: LIST_LENGTH });
  // What a leaked key signed may have been signed by anybody.
  const withdrawn = key.state === 'leaked' ? Array.from({ length: LIST_LENGTH }, (_, i) => i) : places;
  for (const position of withdrawn) list.setStatus(position, true);
  const pair = opened(key);
  const made = await createCredential({ id: address, list, statusPurpose: 'revocation' });
  const credential = {
    ...made, issuer: didOf(pair.publicKey), validFrom: instant(now), validUntil: instant(now + GOOD_FOR),
    credentialSubject: { ...(made['credentialSubject'] as object), ttl: TTL },
  };
  const body = JSON.stringify(await withProof(credential, pair, now));
  return { body, etag: `"${createHash('sha256').update(body).digest('hex').slice(0, 32)}"` };
}

const instant = (at: Instant): string => new Date(at).toISOString().replace(/\.\d+Z$/, 'Z');

/** Tests only: what was published is looked at again. */
export const forgetLists = (): void => lists.clear();
