import { reader } from '~/db';
import { countBookings, findExam, findSitting, lastStart, maySeeSitting, organisationPathOf, roomsOf, type Sitting } from '~/exams';
import { can, type Actor } from '~/identity';
import { ProblemError } from '~/kernel/result';
import { organisationTree } from '~/people';
import type { Lang } from '~/text';

/** A sitting that the actor may see. @throws ProblemError `not-found` */
export async function seenSitting(actor: Actor, id: string): Promise<Sitting> {
  const sitting = await findSitting(reader(), id);
  if (!sitting || !(await maySeeSitting(reader(), actor, sitting.id))) throw new ProblemError({ code: 'not-found' });
  return sitting;
}

/** What pages show of a sitting; seeds and salts that nobody needs to see stay behind. */
export async function shownSitting(actor: Actor, id: string, lang: Lang) {
  const sitting = await seenSitting(actor, id);
  const [exam, counts, rooms, path] = await Promise.all([
    findExam(reader(), sitting.examId), countBookings(reader(), id), roomsOf(reader(), id), organisationPathOf(reader(), id),
  ]);
  const organisation = (await organisationTree(reader())).find((one) => one.path === path);
  return {
    id: sitting.id, code: sitting.code, title: sitting.title, state: sitting.state, endReason: sitting.endReason, mode: sitting.mode, startsAt: sitting.startsAt,
    endsAt: sitting.endsAt, place: sitting.place, booking: sitting.booking, capacity: sitting.capacity, bookFrom: sitting.bookFrom, bookUntil: sitting.bookUntil,
    lateRule: sitting.lateRule, admission: sitting.admission, checkIn: sitting.checkIn, seb: sitting.seb, networks: sitting.networks, seatSeed: sitting.seatSeed,
    exam: exam?.title[lang] ?? '', examSlug: exam?.slug ?? '', minutes: exam?.minutes ?? 0, delivery: exam?.delivery ?? 'sittings',
    organisation: organisation?.name ?? '', lastStart: lastStart(sitting), booked: counts.booked, waiting: counts.waiting,
    rooms: rooms.map(({ id: roomId, name, seats, seatsPerRow, networks }) => ({ id: roomId, name, seats, seatsPerRow, networks })),
    planner: path !== null && can(actor, 'plan sittings', { organisationPath: path }),
  };
}
