import { reader } from '~/db';
import { candidatesOfSitting } from '~/exams';
import type { Actor } from '~/identity';
import { textFor, type Lang } from '~/text';
import type { RoomOnPaper } from './seat-plan';
import { shownSitting } from './shown-sitting.server';

/** A sitting with everybody who has a place, room by room, for sheets of paper. A remote one is one list without seats. */
export async function sittingOnPaper(actor: Actor, id: string, lang: Lang) {
  const sitting = await shownSitting(actor, id, lang);
  const { candidates } = await candidatesOfSitting(reader(), { sittingId: id, state: 'booked', pageSize: 100_000 });
  const people = (roomId: string | null) => candidates.filter((one) => one.roomId === roomId)
    .map(({ id: bookingId, name, ticket, number, organisation, seat }) => ({ id: bookingId, name, ticket, number, organisation, seat }));
  const rooms: RoomOnPaper[] = sitting.place === 'rooms'
    ? sitting.rooms.map(({ id: roomId, name, seats, seatsPerRow }) => ({ id: roomId, name, seats, seatsPerRow, people: people(roomId) }))
    : [{ id: 'remote', name: textFor(lang).t('sittings.place.remote'), seats: 0, seatsPerRow: 1, people: people(null) }];
  return { id, title: sitting.title, exam: sitting.exam, startsAt: sitting.startsAt, endsAt: sitting.endsAt, place: sitting.place, rooms, people: candidates.length };
}
