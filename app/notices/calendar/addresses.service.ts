import { randomBytes } from 'node:crypto';
import { appendEvent, inTransaction, type Reader } from '~/db';
import type { Actor } from '~/identity';
import type { Lang } from '~/text';
import { tell } from '../tell.service';
import { addressByToken, addressOfPerson, deleteAddress, putAddress, type CalendarAddress } from './addresses.repository';

type Person = Pick<Actor, 'by'> & { personId: string };

/** Nobody guesses 192 bits. */
const BYTES = 24;

/** Makes the secret address of somebody's calendar, or another one in its place, of which they are told. */
export const renewCalendarAddress = ({ by, personId }: Person, lang: Lang): Promise<void> =>
  inTransaction(async (tx) => {
    const isFirst = await addressOfPerson(tx, personId) === null;
    await putAddress(tx, { personId, lang, token: randomBytes(BYTES).toString('base64url') });
    await appendEvent(tx, { kind: 'notices.calendar-made', subject: { kind: 'person', id: personId }, personId, by, cause: 'personnel', body: { lang, renewed: !isFirst } });
    if (!isFirst) await tell(tx, [{ personId, content: { kind: 'security', params: { what: 'calendar-renewed', doneAt: tx.now } }, step: `calendar-renewed:${tx.now}` }]);
  });

/** Takes the address down; whoever asks for it finds nothing. */
export const revokeCalendarAddress = ({ by, personId }: Person): Promise<void> =>
  inTransaction(async (tx) => {
    if (await deleteAddress(tx, personId) === 0) return;
    await appendEvent(tx, { kind: 'notices.calendar-revoked', subject: { kind: 'person', id: personId }, personId, by, cause: 'personnel', body: {} });
  });

export const calendarAddressOf = (from: Reader, personId: string): Promise<CalendarAddress | null> => addressOfPerson(from, personId);

/** Whose calendar an address leads to; null for one that never was or is not any more. */
export const openCalendar = (from: Reader, token: string): Promise<CalendarAddress | null> =>
  (/^[\w-]{32}$/.test(token) ? addressByToken(from, token) : Promise.resolve(null));
