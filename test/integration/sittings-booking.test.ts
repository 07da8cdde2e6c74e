import { afterEach, beforeEach, expect, it } from 'vitest';
import { z } from 'zod';
import { inTransaction, insert, reader, rows } from '~/db';
import {
  book, bookingsOf, cancelBooking, changeSitting, countBookings, findBooking, moveBooking, nextPlace, offersFor, placeOf, waitingBefore, type Exam, type Sitting,
} from '~/exams';
import { advanceClock, clock, hours, minutes, resetClock, setClock } from '~/kernel/clock';
import { useConfig } from '~/kernel/config';
import { newId } from '~/kernel/id';
import { must } from '~/kernel/result';
import type { Organisation } from '~/people';
import { anOrganisation } from '../support/actors';
import { testConfig } from '../support/config';
import { onEveryDatabase } from '../support/databases';
import { anExam, type TestCandidate } from '../support/exams';
import { aMember, aPlan, aSitting, plannerOf } from '../support/sittings';

const T0 = Date.parse('2026-07-01T01:00:00Z');
const now = { wait: false };
const orWait = { wait: true };

let unit: Organisation;
let exam: Exam;

const members = async (count: number): Promise<TestCandidate[]> => {
  const made: TestCandidate[] = [];
  for (let i = 0; i < count; i += 1) made.push(await aMember(unit));
  return made;
};
const code = (answer: { ok: boolean; error?: { code: string } }): string => (answer.ok ? 'ok' : answer.error?.code ?? '');
const jobsFor = async (bookingId: string): Promise<string[]> =>
  (await rows(reader(), z.object({ name: z.string() }), `SELECT name FROM outbox WHERE payload LIKE '%' || $bookingId || '%' ORDER BY created_at, id`, { bookingId })).map(({ name }) => name);

/** Everybody has a seat of their own that exists, nobody has two, and no more have one than there are. */
async function checkSeats(sitting: Sitting): Promise<void> {
  const booked = (await bookingsOf(reader(), sitting.id)).filter((one) => one.state === 'booked');
  expect(booked.length).toBeLessThanOrEqual(sitting.capacity);
  expect(new Set(booked.map((one) => `${one.roomId} ${one.seat}`)).size).toBe(booked.length);
  expect(new Set(booked.map((one) => one.ticket)).size).toBe(booked.length);
  for (const one of booked) expect(one.seat).toBeGreaterThan(0);
}

onEveryDatabase('a place in a sitting', () => {
  beforeEach(async () => {
    useConfig(testConfig());
    setClock(T0);
    unit = await anOrganisation();
    exam = await anExam();
  });
  afterEach(() => resetClock());

  it('is booked with seat and ticket, is what counts for the exam, and is told', async () => {
    const sitting = await aSitting(exam, unit);
    const [one] = await members(1);
    if (!one) throw new Error();
    const { bookingId, state } = must(await book(one.actor, sitting.id, now));
    expect(state).toBe('booked');
    expect(await placeOf(reader(), exam.id, one.personId, clock.now())).toMatchObject({
      booking: { id: bookingId, ticket: `${sitting.code}-0001`, seat: expect.any(Number) as number }, sitting: { id: sitting.id }, room: { name: '第一考场' }, exemptions: [],
    });
    expect((await nextPlace(reader(), one.personId, clock.now()))?.booking.id).toBe(bookingId);
    expect(await jobsFor(bookingId)).toEqual(['exams.booked']);
  });

  it('is one, pressed twice or ten times at once', async () => {
    const sitting = await aSitting(exam, unit);
    const [one] = await members(1);
    if (!one) throw new Error();
    const answers = await Promise.all(Array.from({ length: 10 }, () => book(one.actor, sitting.id, now)));
    expect(new Set(answers.map((answer) => must(answer).bookingId)).size).toBe(1);
    expect(await countBookings(reader(), sitting.id)).toEqual({ booked: 1, waiting: 0, made: 1 });
  });

  it('is not given twice when many want the last ones at once', async () => {
    const sitting = await aSitting(exam, unit, { rooms: [{ name: 'A', seats: 3, seatsPerRow: 3 }, { name: 'B', seats: 1, seatsPerRow: 1 }] });
    const crowd = await members(12);
    const answers = await Promise.all(crowd.map((one) => book(one.actor, sitting.id, now)));
    expect(answers.filter(({ ok }) => ok)).toHaveLength(4);
    expect(new Set(answers.map(code))).toEqual(new Set(['ok', 'booking.full']));
    await checkSeats(sitting);
  });

  it('that is freed goes to who waits longest, at once, with a seat, and that person is told', async () => {
    const sitting = await aSitting(exam, unit, { rooms: [{ name: 'A', seats: 2, seatsPerRow: 2 }] });
    const [first, second, third, fourth] = await members(4);
    if (!first || !second || !third || !fourth) throw new Error();
    const held = must(await book(first.actor, sitting.id, orWait));
    must(await book(second.actor, sitting.id, orWait));
    const waiting = [];
    for (const one of [third, fourth]) {
      advanceClock(minutes(1));
      waiting.push(must(await book(one.actor, sitting.id, orWait)));
    }
    expect(waiting.map(({ state }) => state)).toEqual(['waiting', 'waiting']);
    const positions = [];
    for (const { bookingId } of waiting) positions.push(await waitingBefore(reader(), (await findBooking(reader(), bookingId)) ?? { id: '', sittingId: '', bookedAt: 0 }));
    expect(positions).toEqual([0, 1]);
    must(await cancelBooking(first.actor, held.bookingId));
    const [up, still] = waiting;
    expect(await findBooking(reader(), up?.bookingId ?? '')).toMatchObject({ state: 'booked', seat: expect.any(Number) as number, promotedAt: clock.now() });
    expect(await findBooking(reader(), still?.bookingId ?? '')).toMatchObject({ state: 'waiting', seat: null });
    expect(await jobsFor(up?.bookingId ?? '')).toEqual(['exams.promoted']);
    await checkSeats(sitting);
  });

  it('is kept by exactly as many as there are places, while many cancel and book at once', async () => {
    const sitting = await aSitting(exam, unit, { rooms: [{ name: 'A', seats: 5, seatsPerRow: 5 }] });
    const crowd = await members(12);
    const answers = await Promise.all(crowd.map((one) => book(one.actor, sitting.id, orWait)));
    const leave = () => crowd.slice(0, 6).map(async (one, i) => cancelBooking(one.actor, answers[i]?.ok ? answers[i].value.bookingId : ''));
    expect((await Promise.all([...leave(), ...leave()])).map(code)).toEqual(Array.from({ length: 12 }, () => 'ok'));
    expect(await countBookings(reader(), sitting.id)).toEqual({ booked: 5, waiting: 1, made: 12 });
    await checkSeats(sitting);
  });

  it('is no longer given to who waits after the end of booking', async () => {
    const sitting = await aSitting(exam, unit, { rooms: [{ name: 'A', seats: 1, seatsPerRow: 1 }], bookUntil: T0 + hours(20) });
    const [first, second] = await members(2);
    if (!first || !second) throw new Error();
    const held = must(await book(first.actor, sitting.id, now));
    const waits = must(await book(second.actor, sitting.id, orWait));
    setClock(T0 + hours(20));
    expect(code(await cancelBooking(first.actor, held.bookingId))).toBe('booking.over');
    expect(await findBooking(reader(), waits.bookingId)).toMatchObject({ state: 'waiting' });
    expect(code(await cancelBooking(second.actor, waits.bookingId))).toBe('ok');
  });

  it('moves to another sitting of the exam, once, and the old one goes to who waits', async () => {
    const here = await aSitting(exam, unit, { rooms: [{ name: 'A', seats: 1, seatsPerRow: 1 }] });
    const there = await aSitting(exam, unit, { startsAt: T0 + hours(48) });
    const [first, second] = await members(2);
    if (!first || !second) throw new Error();
    const held = must(await book(first.actor, here.id, now));
    const waits = must(await book(second.actor, here.id, orWait));
    expect(code(await book(first.actor, there.id, now))).toBe('booking.has-place');
    const moved = must(await moveBooking(first.actor, held.bookingId, there.id));
    expect(must(await moveBooking(first.actor, held.bookingId, there.id))).toBe(moved);
    expect(await findBooking(reader(), held.bookingId)).toMatchObject({ state: 'moved' });
    expect(await findBooking(reader(), moved)).toMatchObject({ state: 'booked', sittingId: there.id });
    expect(await findBooking(reader(), waits.bookingId)).toMatchObject({ state: 'booked' });
    expect(await jobsFor(moved)).toEqual(['exams.moved']);
  });

  it('crosswise: two who change sittings at the same moment do not stop each other', async () => {
    const [here, there] = [await aSitting(exam, unit), await aSitting(exam, unit, { startsAt: T0 + hours(48) })];
    const crowd = await members(6);
    const held = await Promise.all(crowd.map(async (one, i) => must(await book(one.actor, (i % 2 ? here : there).id, now)).bookingId));
    const moved = await Promise.all(crowd.map((one, i) => moveBooking(one.actor, held[i] ?? '', (i % 2 ? there : here).id)));
    expect(moved.map(code)).toEqual(Array.from({ length: 6 }, () => 'ok'));
    expect(await countBookings(reader(), here.id)).toMatchObject({ booked: 3, made: 6 });
    await checkSeats(here);
    await checkSeats(there);
  });

  it('cannot be had at the same time as another, of whatever exam, and not by booking both at once', async () => {
    const other = await anExam();
    const [one, two] = [await aSitting(exam, unit), await aSitting(other, unit, { startsAt: T0 + hours(24.5), title: '另一场' })];
    const [first] = await members(1);
    if (!first) throw new Error();
    const answers = await Promise.all([book(first.actor, one.id, now), book(first.actor, two.id, now)]);
    expect(answers.map(code).sort()).toEqual(['booking.clash', 'ok']);
    const [offer] = (await offersFor(reader(), answers[0].ok ? other : exam, first.personId, clock.now()));
    expect(offer?.problem).toMatchObject({ code: 'booking.clash' });
  });

  it('is for people of the organisation that holds the sitting, and for those who may take the exam', async () => {
    const sitting = await aSitting(exam, unit);
    const stranger = await aMember(await anOrganisation());
    const [passed] = await members(1);
    if (!passed) throw new Error();
    const [attemptId, paperId] = [newId(), newId()];
    await inTransaction(async (tx) => {
      await insert(tx, 'papers', [{ id: paperId, exam_id: exam.id, seed: 'x', entries: '[]', created_at: 1 }]);
      await insert(tx, 'attempts', [{
        id: attemptId, exam_id: exam.id, person_id: passed.personId, number: 1, paper_id: paperId, state: 'released', prepared_at: 1, started_at: 1,
        deadline_at: 2, handed_in_at: 2, hand_in_cause: 'candidate', device: 'd', device_at: 1,
      }]);
      await insert(tx, 'results', [{ attempt_id: attemptId, exam_id: exam.id, person_id: passed.personId, points: 1, max_points: 1, percent: 100, cut_score: 60, passed: 1, graded_at: 2, released_at: 2 }]);
    });
    expect(code(await book(stranger.actor, sitting.id, now))).toBe('not-found');
    expect(await offersFor(reader(), exam, stranger.personId, clock.now())).toEqual([]);
    expect(code(await book(passed.actor, sitting.id, now))).toBe('exam.passed');
  });

  it('is booked from the set time until the set time, and not where places are assigned', async () => {
    const sitting = await aSitting(exam, unit, { bookFrom: T0 + hours(1), bookUntil: T0 + hours(2) });
    const assigned = await aSitting(exam, unit, { booking: 'assigned', startsAt: T0 + hours(70) });
    const [one] = await members(1);
    if (!one) throw new Error();
    expect(code(await book(one.actor, sitting.id, now))).toBe('booking.not-open');
    setClock(T0 + hours(2));
    expect(code(await book(one.actor, sitting.id, now))).toBe('booking.over');
    expect(code(await book(one.actor, assigned.id, now))).toBe('booking.assigned-only');
    expect((await offersFor(reader(), exam, one.personId, clock.now())).map(({ phase }) => phase)).toEqual(['over']);
  });

  it('opens for those who wait when the planner adds seats', async () => {
    const sitting = await aSitting(exam, unit, { rooms: [{ name: 'A', seats: 1, seatsPerRow: 1 }] });
    const crowd = await members(3);
    for (const one of crowd) must(await book(one.actor, sitting.id, orWait));
    const room = (await placeOf(reader(), exam.id, crowd[0]?.personId ?? '', clock.now()))?.room;
    must(await changeSitting(plannerOf(unit), sitting.id, aPlan({ startsAt: sitting.startsAt, rooms: [{ id: room?.id, name: 'A', seats: 2, seatsPerRow: 2 }] }), { version: sitting.version, confirmed: false }));
    expect(await countBookings(reader(), sitting.id)).toEqual({ booked: 2, waiting: 1, made: 3 });
  });

  it('of somebody else cannot be cancelled or moved', async () => {
    const sitting = await aSitting(exam, unit);
    const [one, other] = await members(2);
    if (!one || !other) throw new Error();
    const { bookingId } = must(await book(one.actor, sitting.id, now));
    expect(code(await cancelBooking(other.actor, bookingId))).toBe('not-found');
    expect(code(await moveBooking(other.actor, bookingId, sitting.id))).toBe('not-found');
  });
});
