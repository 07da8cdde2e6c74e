import { z } from 'zod';
import { execute, insert, maybeOne, type Reader, type Tx } from '~/db';
import type { Instant } from '~/kernel/clock';
import { decrypt, encrypt, keyedHash } from '~/kernel/secrets';

const AddressRow = z.object({ person_id: z.string(), token: z.string(), lang: z.enum(['zh', 'en']), made_at: z.number() })
  .transform(({ person_id: personId, token, made_at: madeAt, lang }): CalendarAddress => ({ personId, token: decrypt(token), lang, madeAt }));

/** Where a calendar programme finds somebody's dates: whoever knows the token sees them. */
export interface CalendarAddress {
  personId: string;
  token: string;
  lang: 'zh' | 'en';
  madeAt: Instant;
}

const COLUMNS = 'person_id, token, lang, made_at';
const hashOf = (token: string): string => keyedHash(`calendar ${token}`);

export const addressOfPerson = (from: Reader, personId: string): Promise<CalendarAddress | null> =>
  maybeOne(from, AddressRow, `SELECT ${COLUMNS} FROM calendar_addresses WHERE person_id = $personId`, { personId });

export const addressByToken = (from: Reader, token: string): Promise<CalendarAddress | null> =>
  maybeOne(from, AddressRow, `SELECT ${COLUMNS} FROM calendar_addresses WHERE token_hash = $hash`, { hash: hashOf(token) });

/** The one before, if there is one, works no longer. */
export const putAddress = (tx: Tx, { personId, token, lang }: Omit<CalendarAddress, 'madeAt'>): Promise<number> =>
  insert(tx, 'calendar_addresses', [{ person_id: personId, token_hash: hashOf(token), token: encrypt(token), lang, made_at: tx.now }],
    'ON CONFLICT (person_id) DO UPDATE SET token_hash = excluded.token_hash, token = excluded.token, lang = excluded.lang, made_at = excluded.made_at, version = calendar_addresses.version + 1');

export const deleteAddress = (tx: Tx, personId: string): Promise<number> =>
  execute(tx, 'DELETE FROM calendar_addresses WHERE person_id = $personId', { personId });
