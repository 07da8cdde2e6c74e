import { qrPath } from '~/certification';
import { reader } from '~/db';
import { accommodationsOf, candidatesOfSitting, findExam, lastStart, networksFor, organisationPathOf, roomsOf, type Sitting, type SittingCandidate } from '~/exams';
import { dateAt } from '~/kernel/calendar';
import { config, publicUrl } from '~/kernel/config';
import { ProblemError } from '~/kernel/result';
import { organisationTree } from '~/people';
import type { Lang } from '~/text';
import type { ShownTicket } from './ticket';

/** Where the QR code of a ticket leads: to whoever may admit its bearer. */
const ticketAddress = (ticket: string): string => `${publicUrl()}/sittings/ticket/${ticket}`;

/** The admission tickets of those who have a place in a sitting; of one of them with `only`. */
export async function ticketsOf(sitting: Sitting, lang: Lang, only?: string): Promise<ShownTicket[]> {
  const { candidates } = await candidatesOfSitting(reader(), { sittingId: sitting.id, state: 'booked', pageSize: 100_000, ...(only !== undefined && { search: only }) });
  const [exam, rooms, path, units] = await Promise.all([
    findExam(reader(), sitting.examId), roomsOf(reader(), sitting.id), organisationPathOf(reader(), sitting.id), organisationTree(reader()),
  ]);
  if (!exam) throw new ProblemError({ code: 'not-found' });
  const date = dateAt(sitting.startsAt, config().TIME_ZONE);
  return Promise.all(candidates.filter((row) => only === undefined || row.ticket === only).map(async (row): Promise<ShownTicket> => ({
    ...bearer(row), exam: exam.title[lang], minutes: exam.minutes, sitting: sitting.title, holder: units.find((one) => one.path === path)?.name ?? '',
    mode: sitting.mode, startsAt: sitting.startsAt, endsAt: sitting.endsAt, lastStart: lastStart(sitting), admission: sitting.admission, checkIn: sitting.checkIn,
    seb: sitting.seb === 'required', networks: networksFor(sitting, rooms.find((room) => room.id === row.roomId) ?? null).length > 0,
    accommodations: (await accommodationsOf(reader(), row.personId, exam.id, date)).map(({ extraMinutes, factorPercent }) => ({ extraMinutes, factorPercent })),
    qr: qrPath(ticketAddress(row.ticket)),
  })));
}

const bearer = ({ id, ticket, name, number, organisation, room, seat }: SittingCandidate) => ({ bookingId: id, ticket, name, number, organisation, room, seat });
