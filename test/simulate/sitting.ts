import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { database, execute, inTransaction, reader, rows, withoutWaitingForDisk } from '~/db';
import {
  act, applyIncident, appointInvigilator, assign, bookingsOf, checkInCode, decideIdentity, findExamBySlug, planSitting, prepareSittings, recordIncident,
  roomsOf, type Booking, type CreditLine, type ExamRoom,
} from '~/exams';
import { grantRole, type Actor } from '~/identity';
import { clock, hours, minutes } from '~/kernel/clock';
import { newId } from '~/kernel/id';
import { must, type Result } from '~/kernel/result';
import { adoptRootOrganisation } from '~/people';
import { HALL_EXAM, type Seat } from '../support/exam-hall';
import { countOf } from '../support/running-attempts';
import type { SittingClock } from './sitting-clock';

const SEATS_PER_ROOM = 40;
/** Assigned at a time. */
const AT_ONCE = 1000;
/** At which people are admitted at the same time. */
const DOORS = 8;
const BEFORE_THE_START = hours(1);
/** The share of people who must have begun before anything happens to them. */
const MOST = 0.7;
/** What is given to everybody in the middle. */
const GIVEN = 3;
const POWER_CUT = minutes(4);

/**
 * A real sitting for the simulated candidates: rooms with seats, an invigilator, everybody assigned, admitted and with
 * a paper ready; in its middle one room loses four minutes and all are given three.
 */
export class RealSitting {
  private credits: CreditLine[] = [];
  private incident: { roomId: string; from: number; to: number } | null = null;
  private grant: string | null = null;

  private constructor(private readonly id: string, private readonly invigilator: Actor, private readonly rooms: ExamRoom[], private readonly bookings: Map<string, Booking>) {}

  /** Everything up to the minute in which the doors open; then the clock stands at that minute. */
  static async prepare(seats: readonly Seat[], place: SittingClock, length: number): Promise<RealSitting> {
    const root = await adoptRootOrganisation();
    const [first] = seats;
    const exam = await findExamBySlug(reader(), HALL_EXAM);
    if (!first || !exam) throw new Error('a sitting without candidates or exam');
    const { invigilator, id } = await withoutWaitingForDisk(database(), async () => {
      await inTransaction((tx) => execute(tx, `UPDATE exams SET delivery = 'sittings' WHERE id = $id`, { id: exam.id }));
      const planner = actorOf(first.accountId, root.path);
      const startsAt = clock.now() + BEFORE_THE_START;
      const sittingId = must(await planSitting(planner, {
        examId: exam.id, organisationId: root.id, title: '模拟场次', mode: 'window', startsAt, endsAt: startsAt + length * 3, place: 'rooms', booking: 'assigned',
        capacity: null, bookFrom: null, bookUntil: null, lateMinutes: null, lateRule: 'full', admission: true, checkIn: true, seb: 'off', networks: '',
        rooms: Array.from({ length: Math.ceil(seats.length / SEATS_PER_ROOM) }, (_, i) => ({ name: `第${i + 1}考场`, seats: SEATS_PER_ROOM, seatsPerRow: 8 })),
      }));
      must(await inTransaction((tx) => grantRole(tx, planner, { accountId: first.accountId, role: 'invigilator', organisationId: root.id })));
      must(await appointInvigilator(planner, sittingId, { accountId: first.accountId, roomId: null }));
      for (let from = 0; from < seats.length; from += AT_ONCE) {
        must(await assign(planner, sittingId, { numbers: seats.slice(from, from + AT_ONCE).map((_, i) => `H${100_000 + from + i}`).join(' ') }));
      }
      const waiting = await bookingsOf(reader(), sittingId);
      const admit = async () => { for (let next = waiting.shift(); next; next = waiting.shift()) must(await decideIdentity(planner, next.id, 'admitted', '')); };
      await Promise.all(Array.from({ length: DOORS }, admit));
      for (let i = 0; i * AT_ONCE < seats.length; i += 1) await prepareSittings(startsAt);
      // People were told of their places days ago.
      await inTransaction((tx) => execute(tx, `UPDATE outbox SET status = 'done', done_at = $now WHERE status <> 'done'`, { now: tx.now }));
      place.jump(startsAt - clock.now() + minutes(1));
      place.jumps = 0;
      return { invigilator: planner, id: sittingId };
    });
    const bookings = new Map((await bookingsOf(reader(), id)).map((booking) => [booking.personId, booking]));
    return new RealSitting(id, invigilator, await roomsOf(reader(), id), bookings);
  }

  /** What somebody types to start: the code that is shown in their room just then. */
  startForm({ personId }: Seat): Record<string, string> {
    return { code: checkInCode({ id: this.id }, this.bookings.get(personId)?.roomId ?? null, clock.now()).code };
  }

  /** The power cut that the first room had just now is recorded and given back; then everybody is given time. */
  async intervene(tell: (line: string) => void): Promise<void> {
    const [room] = this.rooms;
    if (!room) throw new Error('a sitting without rooms');
    // On a slow machine the line at the start takes its time.
    while ((await countOf('SELECT COUNT(*) AS n FROM attempts WHERE started_at IS NOT NULL')) < this.bookings.size * MOST) await sleep(500);
    const to = clock.now() - minutes(1);
    this.incident = { roomId: room.id, from: to - POWER_CUT, to };
    const incidentId = newId();
    await again(() => recordIncident(this.invigilator, {
      id: incidentId, sittingId: this.id, title: '停电', basis: 'whole', recoveryMinutes: 0, ...this.incident as { roomId: string; from: number; to: number },
    }));
    this.credits = await again(() => applyIncident(this.invigilator, incidentId, { reopen: false }));
    tell(`a power cut in one room was given back to ${this.credits.filter(({ credit }) => credit > 0).length}`);
    const key = newId();
    const bookings = [...this.bookings.values()].map(({ id }) => id);
    const done = await again(() => act(this.invigilator, { sittingId: this.id, bookings }, { kind: 'time', minutes: GIVEN, reason: '全体补时', key }));
    this.grant = done.actId;
    tell(`${GIVEN} minutes were given to ${done.done}`);
  }

  /** What each attempt must have been given, reckoned here. @returns milliseconds by attempt, and how many got something wrong */
  async given(): Promise<{ ms: Map<string, number>; wrong: number }> {
    const { incident } = this;
    const ms = new Map<string, number>();
    if (!incident) return { ms, wrong: 1 };
    const times = await rows(reader(), Time, 'SELECT attempt_id, act_id, code, minutes FROM attempt_times');
    const started = new Map((await rows(reader(), Started, 'SELECT id, started_at, room_id FROM attempts WHERE started_at IS NOT NULL')).map((row) => [row.id, row]));
    let wrong = 0;
    for (const { attemptId, effect, credit } of this.credits) {
      const attempt = started.get(attemptId);
      const expected = effect === 'credit' || effect === 'open' ? incident.to - Math.max(incident.from, attempt?.started_at ?? 0) : 0;
      if (credit !== expected || attempt?.room_id !== incident.roomId) wrong += 1;
      if (expected > 0) ms.set(attemptId, expected);
    }
    for (const { attempt_id, act_id, code, minutes: given } of times) {
      if (code === 'incident' && !ms.has(attempt_id)) wrong += 1;
      if (code === 'grant' && (act_id !== this.grant || given !== GIVEN)) wrong += 1;
    }
    for (const { attempt_id, code } of times) if (code === 'grant') ms.set(attempt_id, (ms.get(attempt_id) ?? 0) + minutes(GIVEN));
    return { ms, wrong };
  }
}

const Time = z.object({ attempt_id: z.string(), act_id: z.string(), code: z.string(), minutes: z.number().nullable() });
const Started = z.object({ id: z.string(), started_at: z.number(), room_id: z.string().nullable() });

/** Who plans and watches: on duty for the whole deployment. */
const actorOf = (accountId: string, path: string): Actor => ({
  accountId, personId: null, signInId: '', signInName: 'invigilator', by: `account:${accountId}`,
  roles: (['administrator', 'hr', 'invigilator'] as const).map((role) => ({ role, organisationPath: path })),
});

/** The database may be busy with thousands of saves, or its server's process just be gone. */
async function again<T>(run: () => Promise<Result<T>>): Promise<T> {
  for (let tried = 1; ; tried += 1) {
    try {
      return must(await run());
    } catch (error) {
      if (tried === 5) throw error;
      await sleep(500);
    }
  }
}
