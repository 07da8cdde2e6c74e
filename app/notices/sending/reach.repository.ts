import { z } from 'zod';
import { execute, insert, json, places, rows, type Reader, type Tx } from '~/db';
import type { Instant } from '~/kernel/clock';
import { keyedHash } from '~/kernel/secrets';
import { CATEGORIES } from '../category';
import { maskAddress, type Addresses } from './channel';

const PersonRow = z.object({
  id: z.string(), name: z.string(), email: z.string().nullable(), phone: z.string().nullable(), staff_number: z.string().nullable(),
  channels: json(z.array(z.string())).nullable(), lang: z.enum(['zh', 'en', 'both']).nullable(), off: json(z.array(z.enum(CATEGORIES))).nullable(),
  seen_at: z.number().nullable(),
});

/** What is needed to reach somebody. */
export interface Reachable extends Addresses {
  id: string;
  name: string;
  /** The channels that they chose; null: whichever reaches them. */
  channels: string[] | null;
  lang: 'zh' | 'en' | 'both';
  /** The categories that they switched off. */
  off: readonly string[];
  /** When they last used the product; null: never. */
  seenAt: Instant | null;
  isBad(channel: string, address: string): boolean;
}

const BadRow = z.object({ person_id: z.string(), channel: z.string(), address_hash: z.string() });

/** How these people can be reached, in two queries however many they are. */
export async function reachablePeople(from: Reader, personIds: readonly string[]): Promise<Map<string, Reachable>> {
  if (personIds.length === 0) return new Map();
  const { list, params } = places([...personIds]);
  const found = await rows(from, PersonRow, `SELECT p.id, p.name, p.email, p.phone,
      (SELECT MIN(i.value) FROM identifiers i WHERE i.person_id = p.id AND i.kind = 'staff') AS staff_number, f.channels, f.lang, f.off,
      (SELECT MAX(s.seen_at) FROM sign_ins s JOIN accounts c ON c.id = s.account_id WHERE c.person_id = p.id AND c.state = 'active') AS seen_at
    FROM persons p LEFT JOIN notice_preferences f ON f.person_id = p.id WHERE p.id IN (${list})`, params);
  const bad = new Set((await rows(from, BadRow, `SELECT person_id, channel, address_hash FROM bad_addresses WHERE person_id IN (${list})`, params))
    .map((row) => `${row.person_id} ${row.channel} ${row.address_hash}`));
  return new Map(found.map(({ staff_number: staffNumber, seen_at: seenAt, lang, off, ...row }) => [row.id, {
    ...row, staffNumber, seenAt, lang: lang ?? 'both', off: off ?? [],
    isBad: (channel: string, address: string) => bad.size > 0 && bad.has(`${row.id} ${channel} ${hashOf(address)}`),
  }]));
}

const hashOf = (address: string): string => keyedHash(`address ${address.trim().toLowerCase()}`);

/** Remembers that an address refuses for good. */
export const markBad = (tx: Tx, given: { personId: string; channel: string; address: string; detail: string }): Promise<number> =>
  insert(tx, 'bad_addresses', [{
    person_id: given.personId, channel: given.channel, address_hash: hashOf(given.address), address: maskAddress(given.address), since: tx.now, detail: given.detail.slice(0, 500),
  }], 'ON CONFLICT (person_id, channel, address_hash) DO NOTHING');

const BadAddressRow = z.object({ person_id: z.string(), channel: z.string(), address: z.string(), since: z.number(), detail: z.string() });
export type BadAddress = z.infer<typeof BadAddressRow>;

export const badAddressesOf = (from: Reader, personId: string): Promise<BadAddress[]> =>
  rows(from, BadAddressRow, 'SELECT person_id, channel, address, since, detail FROM bad_addresses WHERE person_id = $personId ORDER BY since DESC', { personId });

/** The addresses of somebody on a channel count as good again. */
export const clearBad = (tx: Tx, personId: string, channel: string): Promise<number> =>
  execute(tx, 'DELETE FROM bad_addresses WHERE person_id = $personId AND channel = $channel', { personId, channel });
