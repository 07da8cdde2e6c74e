import { z } from 'zod';
import { SITTING_MODES, type ExamRoom, type Sitting, type TypedPlan } from '~/exams';
import { instantAt, localTimeAt } from '~/kernel/calendar';
import { config } from '~/kernel/config';

/** A time in the deployment's zone, as browsers write it. */
const LocalTime = z.string().refine((text) => instantAt(text, config().TIME_ZONE) !== null, 'field.date');
const whole = (min: number, max: number) => z.number().int().min(min, 'field.too-low').max(max, 'field.too-high');

/** More exam rooms than any building has; a form with more lines is none of ours. */
const MOST_ROOMS = 100;

const RoomLine = z.object({
  id: z.string().optional(), name: z.string().trim().max(60).optional(), seats: whole(1, 2000).optional(), seatsPerRow: whole(1, 60).optional(),
  networks: z.string().max(1000).optional(),
});

const fields = {
  title: z.string().trim().min(2, 'field.too-short').max(80),
  mode: z.enum(SITTING_MODES),
  startsAt: LocalTime,
  endsAt: LocalTime.optional(),
  place: z.enum(['rooms', 'remote']),
  booking: z.enum(['assigned', 'self']),
  capacity: whole(1, 100_000).optional(),
  bookFrom: LocalTime.optional(),
  bookUntil: LocalTime.optional(),
  lateMinutes: whole(0, 1440).optional(),
  lateRule: z.enum(['full', 'cut']),
  admission: z.boolean().default(false),
  checkIn: z.boolean().default(false),
  seb: z.enum(['off', 'required']),
  networks: z.string().max(2000).optional(),
  rooms: z.array(RoomLine.optional()).max(MOST_ROOMS).default([]),
};


export const NewSittingForm = z.object({ ...fields, examId: z.string(), organisationId: z.string() });
export const SittingForm = z.object({ ...fields, version: z.number().int(), confirmed: z.boolean().default(false) });
export type SittingFields = z.input<typeof NewSittingForm> & z.input<typeof SittingForm>;

const instantOf = (local: string | undefined): number | null => (local === undefined ? null : instantAt(local, config().TIME_ZONE));

/** What was typed, times as instants. */
export function typedPlan(form: Omit<z.output<typeof NewSittingForm>, 'examId' | 'organisationId'>): TypedPlan {
  return {
    title: form.title, mode: form.mode, startsAt: instantOf(form.startsAt) ?? 0, endsAt: instantOf(form.endsAt), place: form.place, booking: form.booking,
    capacity: form.capacity ?? null, bookFrom: instantOf(form.bookFrom), bookUntil: instantOf(form.bookUntil), lateMinutes: form.lateMinutes ?? null,
    lateRule: form.lateRule, admission: form.admission, checkIn: form.checkIn, seb: form.seb, networks: form.networks ?? '',
    rooms: form.rooms.map((room) => room ?? {}),
  };
}

const local = (at: number | null): string => (at === null ? '' : localTimeAt(at, config().TIME_ZONE));

/** A sitting as its form shows it. Without the times where another is made from it. */
export function fieldsOf(sitting: Sitting, rooms: ExamRoom[], copy: boolean) {
  const seats = rooms.reduce((sum, room) => sum + room.seats, 0);
  return {
    examId: sitting.examId, organisationId: sitting.organisationId, version: sitting.version, title: copy ? '' : sitting.title, mode: sitting.mode,
    startsAt: copy ? '' : local(sitting.startsAt), endsAt: copy ? '' : local(sitting.endsAt), place: sitting.place, booking: sitting.booking,
    // All seats: then the places follow when rooms are added.
    capacity: sitting.place === 'rooms' && sitting.capacity === seats ? '' : String(sitting.capacity),
    bookFrom: copy ? '' : local(sitting.bookFrom), bookUntil: copy || sitting.bookUntil === sitting.startsAt ? '' : local(sitting.bookUntil),
    lateMinutes: sitting.lateMinutes === null ? '' : String(sitting.lateMinutes), lateRule: sitting.lateRule, admission: sitting.admission ? 'on' : '',
    checkIn: sitting.checkIn ? 'on' : '', seb: sitting.seb, networks: sitting.networks.join(' '),
    rooms: rooms.map((room) => ({ id: copy ? '' : room.id, name: room.name, seats: String(room.seats), seatsPerRow: String(room.seatsPerRow), networks: room.networks.join(' ') })),
  };
}

/** What most sittings are like. */
export const USUAL = {
  mode: 'fixed', place: 'rooms', booking: 'assigned', lateMinutes: '15', lateRule: 'full', admission: 'on', checkIn: 'on', seb: 'off', rooms: [],
};
