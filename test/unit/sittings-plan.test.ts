import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clashOf } from '~/exams/sittings/clash';
import { whyNot, type TakenBefore } from '~/exams/sittings/eligibility';
import { checkPlan, type TypedPlan } from '~/exams/sittings/plan-check';
import { freeSeats, seatOrder, unseated } from '~/exams/sittings/seats';
import { hours, minutes } from '~/kernel/clock';

const START = Date.parse('2026-11-25T01:00:00Z');
const exam = { minutes: 60 };
const typed = (given: Partial<TypedPlan> = {}): TypedPlan => ({
  title: '第一场', mode: 'fixed', startsAt: START, endsAt: null, place: 'rooms', booking: 'self', capacity: null, bookFrom: null, bookUntil: null, lateMinutes: 15,
  lateRule: 'full', admission: true, checkIn: true, seb: 'off', networks: '', rooms: [{ name: 'A', seats: 10, seatsPerRow: 5 }, { name: 'B', seats: 8 }], ...given,
});

describe('a plan', () => {
  it('has as many places as seats, six a row, and ends when the last one has had the time', () => {
    expect(checkPlan(typed(), exam)).toMatchObject({ ok: true, value: {
      plan: { capacity: 18, endsAt: START + minutes(75), bookUntil: START, networks: [] },
      rooms: [{ name: 'A', seats: 10, seatsPerRow: 5 }, { name: 'B', seats: 8, seatsPerRow: 6 }],
    } });
  });

  it('ends with the exam’s minutes where late ones are cut', () => {
    expect(checkPlan(typed({ lateRule: 'cut' }), exam)).toMatchObject({ ok: true, value: { plan: { endsAt: START + minutes(60) } } });
  });

  it.each<{ name: string; given: Partial<TypedPlan>; code: string; field: string }>([
    { name: 'a window without an end', given: { mode: 'window' }, code: 'field.required', field: 'endsAt' },
    { name: 'an end before the beginning', given: { endsAt: START - 1 }, code: 'sitting.ends-before-start', field: 'endsAt' },
    { name: 'less time than the exam takes', given: { endsAt: START + minutes(59) }, code: 'sitting.too-short', field: 'endsAt' },
    { name: 'booking after the beginning', given: { bookUntil: START + 1 }, code: 'sitting.book-until', field: 'bookUntil' },
    { name: 'booking that closes before it opens', given: { bookFrom: START - 5, bookUntil: START - 5 }, code: 'sitting.book-window', field: 'bookFrom' },
    { name: 'no room', given: { rooms: [{}, {}] }, code: 'sitting.rooms-missing', field: 'rooms[0].name' },
    { name: 'a room without seats', given: { rooms: [{ name: 'A' }] }, code: 'sitting.room-incomplete', field: 'rooms[0].seats' },
    { name: 'seats without a name', given: { rooms: [{ seats: 5 }] }, code: 'sitting.room-incomplete', field: 'rooms[0].name' },
    { name: 'two rooms of one name', given: { rooms: [{ name: 'A', seats: 5 }, {}, { name: 'A', seats: 5 }] }, code: 'sitting.room-twice', field: 'rooms[2].name' },
    { name: 'more places than seats', given: { capacity: 19 }, code: 'sitting.capacity-seats', field: 'capacity' },
    { name: 'no number of places at home', given: { place: 'remote' }, code: 'field.required', field: 'capacity' },
    { name: 'networks that are none', given: { networks: '10.0.0.0/8 考场' }, code: 'sitting.network', field: 'networks' },
    { name: 'networks of a room that are none', given: { rooms: [{ name: 'A', seats: 5, networks: '10.0/8' }] }, code: 'sitting.network', field: 'rooms[0].networks' },
  ])('is refused with $name, at its field', ({ given, code, field }) => {
    expect(checkPlan(typed(given), exam)).toMatchObject({ ok: false, error: { code, field } });
  });

  it('needs no rooms at home, and forgets those typed', () => {
    expect(checkPlan(typed({ place: 'remote', capacity: 500 }), exam)).toMatchObject({ ok: true, value: { plan: { capacity: 500 }, rooms: [] } });
  });
});

describe('seats', () => {
  const rooms = fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 4 }).map((sizes) => sizes.map((seats, i) => ({ id: `r${i}`, seats })));
  const key = (seat: { roomId: string; seat: number }) => `${seat.roomId} ${seat.seat}`;

  it('are all given once, whatever the seed, and the same way for the same seed', () => {
    fc.assert(fc.property(rooms, fc.option(fc.string()), (given, seed) => {
      const order = seatOrder(given, seed);
      expect(order).toEqual(seatOrder(given, seed));
      expect(order.map(key).sort()).toEqual(seatOrder(given, null).map(key).sort());
      expect(new Set(order.map(key)).size).toBe(given.reduce((sum, room) => sum + room.seats, 0));
    }));
  });

  it('are never given twice', () => {
    fc.assert(fc.property(rooms, fc.integer({ min: 0, max: 40 }), fc.integer({ min: 0, max: 40 }), (given, first, second) => {
      const order = seatOrder(given, 'seed');
      const taken = freeSeats(order, [], first);
      const more = freeSeats(order, taken, second);
      expect(new Set([...taken, ...more].map(key)).size).toBe(taken.length + more.length);
      expect(taken.length + more.length).toBe(Math.min(order.length, first + second));
    }));
  });

  it('that vanish with a room or a row are found', () => {
    const bookings = [{ roomId: 'a', seat: 5 }, { roomId: 'a', seat: 6 }, { roomId: 'b', seat: 1 }];
    expect(unseated(bookings, [{ id: 'a', seats: 5 }])).toEqual([{ roomId: 'a', seat: 6 }, { roomId: 'b', seat: 1 }]);
    expect(unseated(bookings, [{ id: 'a', seats: 6 }, { id: 'b', seats: 1 }])).toEqual([]);
  });
});

describe('somebody who wants a place', () => {
  const limits = { maxAttempts: 2, coolingOffHours: 24 };
  const failed = (handedInAt: number): TakenBefore => ({ state: 'released', handedInAt, passed: false });

  it.each<{ name: string; attempts: TakenBefore[]; why: string | null }>([
    { name: 'may have one who has taken nothing', attempts: [], why: null },
    { name: 'may have one who failed long ago', attempts: [failed(START - hours(48))], why: null },
    { name: 'may have one whose attempt was voided', attempts: [{ state: 'void', handedInAt: null, passed: null }, failed(START - hours(48))], why: null },
    { name: 'may not who has passed', attempts: [{ state: 'released', handedInAt: 1, passed: true }], why: 'exam.passed' },
    { name: 'may not who is writing', attempts: [{ state: 'in-progress', handedInAt: null, passed: null }], why: 'exam.in-progress' },
    { name: 'may not who waits for a result', attempts: [{ state: 'graded', handedInAt: 1, passed: null }], why: 'exam.awaiting-result' },
    { name: 'may not who has used up the attempts', attempts: [failed(1), failed(2)], why: 'exam.no-attempts-left' },
    { name: 'may not whose waiting time ends after the last start', attempts: [failed(START - hours(23))], why: 'exam.cooling-off' },
  ])('$name', ({ attempts, why }) => {
    expect(whyNot(limits, attempts, START)).toBe(why);
  });

  const here = { id: 'here', examId: 'e', mode: 'fixed' as const, startsAt: START, endsAt: START + hours(2) };
  const held = (given: Partial<Parameters<typeof clashOf>[1][number]>) => ({ sittingId: 'there', examId: 'other', title: '另一场', startsAt: START - hours(1), endsAt: START + hours(1), ...given });

  it('cannot be in two sittings at once, and says in which one they are', () => {
    expect(clashOf(here, [held({})], [], 'Asia/Shanghai')).toEqual({ code: 'booking.clash', params: { title: '另一场', at: '2026-11-25 08:00' } });
  });

  it('has one place per exam, at whatever time', () => {
    expect(clashOf(here, [held({ examId: 'e', startsAt: START + hours(50), endsAt: START + hours(52) })], [], 'Asia/Shanghai')).toMatchObject({ code: 'booking.has-place' });
  });

  it('may sit in one after the other, and where they are already', () => {
    expect(clashOf(here, [held({ startsAt: START + hours(2), endsAt: START + hours(4) }), held({ sittingId: 'here', examId: 'e' })], [], 'Asia/Shanghai')).toBeNull();
  });

  // The exam is on 25 November from 9 to 11.
  it.each([
    { event: ['2026-11-25', '2026-11-25'], mode: 'fixed', days: 0, clashes: true },
    { event: ['2026-11-23', '2026-11-27'], mode: 'fixed', days: 0, clashes: true },
    { event: ['2026-11-26', '2026-11-27'], mode: 'fixed', days: 0, clashes: false },
    { event: ['2026-11-23', '2026-11-24'], mode: 'fixed', days: 0, clashes: false },
    { event: ['2026-11-25', '2026-11-26'], mode: 'window', days: 2, clashes: false },
    { event: ['2026-11-25', '2026-11-27'], mode: 'window', days: 2, clashes: true },
  ] as const)('with an event from $event.0 to $event.1 and a $mode of $days more days: clash $clashes', ({ event: [fromOn, untilOn], mode, days, clashes }) => {
    const sitting = { ...here, mode, endsAt: here.endsAt + hours(24 * days) };
    const found = clashOf(sitting, [], [{ personId: 'p', title: '电子政务培训', fromOn, untilOn }], 'Asia/Shanghai');
    expect(found).toEqual(clashes ? { code: 'booking.clash-event', params: { title: '电子政务培训', from: fromOn, until: untilOn } } : null);
  });
});
