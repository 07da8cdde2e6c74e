import { randomBytes } from 'node:crypto';
import { execute, inTransaction, insert, one, reader } from '~/db';
import { z } from 'zod';
import { tokenHash } from '~/identity/sign-in.repository';
import { days, hours, minutes } from '~/kernel/clock';
import { newId } from '~/kernel/id';
import { adoptRootOrganisation } from '~/people';
import type { Seat } from './exam-hall';

export interface Watched {
  sittingId: string;
  rooms: string[];
  /** One for each seat, in their order. */
  bookings: string[];
}

export interface WatchedGiven {
  examId: string;
  seats: readonly Pick<Seat, 'personId'>[];
  /** Attempts that run already, by seat; the others have not started. */
  attempts?: readonly string[];
  rooms?: number;
  name?: (seat: number) => string;
  checkIn?: boolean;
}

/** A sitting that is held now, with everybody admitted to their place, as planning and the door would have written it. */
export async function watchedSitting({ examId, seats, attempts = [], rooms: count = 10, name, checkIn = true }: WatchedGiven): Promise<Watched> {
  const root = await adoptRootOrganisation();
  const sittingId = newId();
  const rooms = Array.from({ length: count }, newId);
  const perRoom = Math.ceil(seats.length / count);
  const bookings = seats.map(newId);
  const code = randomBytes(4).toString('hex');
  await inTransaction(async (tx) => {
    await insert(tx, 'sittings', [{
      id: sittingId, exam_id: examId, organisation_id: root.id, code, title: '2026 年下半年第一场', mode: 'window', starts_at: tx.now - minutes(20),
      ends_at: tx.now + hours(3), place: 'rooms', booking: 'assigned', capacity: seats.length, book_until: tx.now - hours(1), late_rule: 'full',
      admission: 1, check_in: checkIn ? 1 : 0, seb: 'off', seb_salt: 'salt', state: 'planned', created_at: tx.now - days(1), created_by: 'system:a test',
    }]);
    await insert(tx, 'exam_rooms', rooms.map((id, i) => ({ id, sitting_id: sittingId, name: `第 ${i + 1} 考场`, seats: perRoom, seats_per_row: 6, position: i })));
    await insert(tx, 'bookings', seats.map(({ personId }, i) => ({
      id: bookings[i] ?? '', sitting_id: sittingId, person_id: personId, room_id: rooms[Math.floor(i / perRoom)] ?? null, seat: (i % perRoom) + 1,
      ticket: `${code}${String(i + 1).padStart(4, '0')}`, state: 'booked', source: 'assigned', booked_at: tx.now - days(1), booked_by: 'system:a test',
      checked_in_at: tx.now - minutes(25), identity: 'admitted', identity_at: tx.now - minutes(22), identity_by: 'system:a test',
    })));
    for (const [i, attempt] of attempts.entries()) {
      await execute(tx, 'UPDATE attempts SET sitting_id = $sittingId, room_id = $room, booking_id = $booking WHERE id = $attempt', {
        sittingId, room: rooms[Math.floor(i / perRoom)] ?? null, booking: bookings[i] ?? '', attempt,
      });
    }
    if (name) {
      for (const [i, { personId }] of seats.entries()) await execute(tx, 'UPDATE persons SET name = $name WHERE id = $personId', { personId, name: name(i) });
    }
  });
  return { sittingId, rooms, bookings };
}

/** The cookie of an invigilator of the whole deployment. */
export async function invigilatorCookie(): Promise<string> {
  const root = await adoptRootOrganisation();
  const token = randomBytes(32).toString('base64url');
  await inTransaction(async (tx) => {
    const accountId = newId();
    await insert(tx, 'accounts', [{ id: accountId, person_id: null, sign_in_name: `jiankao-${accountId}`, password_hash: '-', state: 'active', created_at: tx.now }]);
    await insert(tx, 'roles', [{ id: newId(), account_id: accountId, role: 'invigilator', organisation_id: root.id, created_at: tx.now }]);
    await insert(tx, 'sign_ins', [{
      id: newId(), token_hash: tokenHash(token), account_id: accountId, created_at: tx.now, seen_at: tx.now, expires_at: tx.now + days(7), ended_at: null,
      address: '127.0.0.1', agent: 'a test',
    }]);
  });
  return `sid=${token}`;
}

/** The id of an exam by its slug. */
export const examIdOf = async (slug: string): Promise<string> =>
  (await one(reader(), z.object({ id: z.string() }), 'SELECT id FROM exams WHERE slug = $slug', { slug })).id;

