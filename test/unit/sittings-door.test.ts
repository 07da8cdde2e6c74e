import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { checkInCode, inNetworks, isCheckInCode, judgeDoor, type Booking, type DoorInput, type ExamRoom, type Place, type Sitting } from '~/exams';
import { bookingPhase, lastStart, overlap } from '~/exams/sittings/sitting';
import { readNetwork, splitNetworks } from '~/exams/sittings/network';
import { minutes } from '~/kernel/clock';
import { testSecrets } from '../support/databases';

const START = Date.parse('2026-11-25T01:00:00Z');
const END = START + minutes(90);

const sitting = (given: Partial<Sitting> = {}): Sitting => ({
  id: 's', examId: 'e', organisationId: 'o', code: '26112501', title: '第一场', mode: 'fixed', startsAt: START, endsAt: END, place: 'rooms', booking: 'self',
  capacity: 10, bookFrom: null, bookUntil: START, lateMinutes: 15, lateRule: 'full', admission: false, checkIn: false, seb: 'off', sebSalt: 'x', sebKeys: [],
  networks: [], seatSeed: null, state: 'planned', createdAt: 0, closedAt: null, endReason: null, version: 1, ...given,
});
const booking = (given: Partial<Booking> = {}): Booking => ({
  id: 'b', sittingId: 's', personId: 'p', roomId: 'r', seat: 1, ticket: '26112501-0001', state: 'booked', source: 'self', bookedAt: 0, bookedBy: 'account:p',
  promotedAt: null, endedAt: null, endReason: null, checkedInAt: null, identity: null, identityAt: null, identityReason: null, version: 1, ...given,
});
const room = (given: Partial<ExamRoom> = {}): ExamRoom => ({ id: 'r', sittingId: 's', name: '第一考场', seats: 10, seatsPerRow: 5, networks: [], position: 0, ...given });

interface Given {
  sitting?: Partial<Sitting>;
  booking?: Partial<Booking>;
  room?: Partial<ExamRoom> | null;
  exemptions?: Place['exemptions'];
  now?: number;
  address?: string;
  sebPasses?: boolean;
}

const at = (given: Given): DoorInput => ({
  place: { sitting: sitting(given.sitting), booking: booking(given.booking), room: given.room === null ? null : room(given.room), exemptions: given.exemptions ?? [] },
  now: given.now ?? START, zone: 'Asia/Shanghai', address: given.address ?? '10.1.1.1', sebPasses: given.sebPasses ?? false,
});
const code = (given: Given): string => {
  const verdict = judgeDoor(at(given));
  return verdict.open ? 'open' : verdict.code;
};

describe('the door', () => {
  it('is shut for who has no place', () => {
    expect(judgeDoor({ ...at({}), place: null })).toEqual({ open: false, code: 'door.no-place' });
  });

  it.each<{ name: string; given: Given; code: string }>([
    { name: 'opens at the beginning', given: {}, code: 'open' },
    { name: 'is shut a moment before it', given: { now: START - 1 }, code: 'door.not-open' },
    { name: 'is open at the last instant for late ones', given: { now: START + minutes(15) }, code: 'open' },
    { name: 'is shut after it', given: { now: START + minutes(15) + 1 }, code: 'door.too-late' },
    { name: 'lets late ones in who were exempted', given: { now: START + minutes(16), exemptions: ['late'] }, code: 'open' },
    { name: 'is open until the end where nothing is said about being late', given: { now: END - 1, sitting: { lateMinutes: null } }, code: 'open' },
    { name: 'is shut when the sitting is over, whatever was exempted', given: { now: END, exemptions: ['late', 'network', 'seb'] }, code: 'door.over' },
    { name: 'is shut once the sitting was closed', given: { sitting: { state: 'closed' } }, code: 'door.over' },
    { name: 'is shut for a sitting that is cancelled', given: { sitting: { state: 'cancelled' } }, code: 'door.cancelled' },
    { name: 'is shut for who waits', given: { booking: { state: 'waiting', roomId: null, seat: null }, room: null }, code: 'door.waiting' },
    { name: 'is shut for a place given up', given: { booking: { state: 'cancelled' } }, code: 'door.no-place' },
    { name: 'is shut for a place moved', given: { booking: { state: 'moved' } }, code: 'door.no-place' },
    { name: 'is shut for who was excused', given: { booking: { state: 'excused' } }, code: 'door.no-place' },
    { name: 'asks for admission where that is required', given: { sitting: { admission: true } }, code: 'door.not-admitted' },
    { name: 'opens for who was admitted', given: { sitting: { admission: true }, booking: { identity: 'admitted' } }, code: 'open' },
    { name: 'is shut for who was refused, even where nobody is checked', given: { booking: { identity: 'refused' } }, code: 'door.refused' },
    { name: 'asks for the code where that is required', given: { sitting: { checkIn: true } }, code: 'door.check-in' },
    { name: 'opens for who has entered the code', given: { sitting: { checkIn: true }, booking: { checkedInAt: START } }, code: 'open' },
    { name: 'asks for the identity check before the code', given: { sitting: { checkIn: true, admission: true } }, code: 'door.not-admitted' },
    { name: 'is shut to another network', given: { sitting: { networks: ['10.2.0.0/16'] } }, code: 'door.network' },
    { name: 'is open to the right network', given: { sitting: { networks: ['10.2.0.0/16', '10.1.1.0/24'] } }, code: 'open' },
    { name: 'goes by the networks of the room where it has its own', given: { sitting: { networks: ['10.1.0.0/16'] }, room: { networks: ['10.9.0.0/16'] } }, code: 'door.network' },
    { name: 'goes by the networks of the sitting where the room has none', given: { sitting: { networks: ['10.9.0.0/16'] }, room: {} }, code: 'door.network' },
    { name: 'goes by the networks of the sitting at home', given: { sitting: { networks: ['10.1.0.0/16'], place: 'remote' }, room: null }, code: 'open' },
    { name: 'lets another network pass that was exempted', given: { sitting: { networks: ['10.2.0.0/16'] }, exemptions: ['network'] }, code: 'open' },
    { name: 'asks for the browser where that is required', given: { sitting: { seb: 'required' } }, code: 'door.seb' },
    { name: 'opens to the right browser', given: { sitting: { seb: 'required' }, sebPasses: true }, code: 'open' },
    { name: 'lets another browser pass that was exempted', given: { sitting: { seb: 'required' }, exemptions: ['seb'] }, code: 'open' },
    { name: 'does not take one exemption for another', given: { sitting: { seb: 'required' }, exemptions: ['network', 'late'] }, code: 'door.seb' },
  ])('$name', ({ given, code: expected }) => {
    expect(code(given)).toBe(expected);
  });

  it('says when it opens and until when it was open, in local time', () => {
    expect(judgeDoor(at({ now: START - minutes(5) }))).toMatchObject({ params: { at: '2026-11-25 09:00' } });
    expect(judgeDoor(at({ now: START + minutes(20) }))).toMatchObject({ params: { at: '2026-11-25 09:15' } });
  });

  const givens = fc.record({
    now: fc.integer({ min: START - minutes(30), max: END + minutes(30) }),
    sebPasses: fc.boolean(),
    address: fc.constantFrom('10.1.1.1', '10.2.1.1', '::ffff:10.1.1.1', 'fd00::1', 'nonsense'),
    exemptions: fc.subarray(['seb', 'network', 'late'] as const).map((kinds) => [...kinds]),
    sitting: fc.record({
      state: fc.constantFrom('planned', 'closed', 'cancelled'), lateMinutes: fc.option(fc.integer({ min: 0, max: 120 })), admission: fc.boolean(), checkIn: fc.boolean(),
      seb: fc.constantFrom('off', 'required'), networks: fc.subarray(['10.1.0.0/16', 'fd00::/8']),
    }),
    booking: fc.record({
      state: fc.constantFrom('booked', 'waiting', 'cancelled', 'moved', 'excused'), identity: fc.constantFrom('admitted', 'refused', null), checkedInAt: fc.constantFrom(START, null),
    }),
  });

  it('never opens outside the sitting, nor for anybody without a place', () => {
    fc.assert(fc.property(givens, (given) => {
      if (code(given) !== 'open') return;
      expect(given.booking.state).toBe('booked');
      expect(given.sitting.state).toBe('planned');
      expect(given.now).toBeGreaterThanOrEqual(START);
      expect(given.now).toBeLessThan(END);
    }), { numRuns: 1000 });
  });

  it('opens no less with an exemption more, and no more with a demand more', () => {
    fc.assert(fc.property(givens, (given) => {
      const open = code(given) === 'open';
      if (open) expect(code({ ...given, exemptions: ['seb', 'network', 'late'] })).toBe('open');
      if (!open) expect(code({ ...given, sitting: { ...given.sitting, admission: true, checkIn: true, seb: 'required' } })).not.toBe('open');
    }), { numRuns: 1000 });
  });
});

describe('networks', () => {
  it.each([
    ['10.20.3.0/24', '10.20.3.0/24'], ['10.20.3.15', '10.20.3.15/32'], [' 192.168.0.0/16 ', '192.168.0.0/16'], ['fd00::/8', 'fd00::/8'], ['::1', '::1/128'],
    ['10.20.3.0/33', null], ['10.20.3/24', null], ['10.20.3.0/', null], ['10.20.3.0/24/1', null], ['考场', null], ['', null], ['fe80::1%eth0', null], ['10.0.0.0/-1', null],
  ])('reads “%s” as %s', (typed, network) => {
    expect(readNetwork(typed)).toBe(network);
  });

  it('takes spaces, lines and Chinese commas between them', () => {
    expect(splitNetworks('10.1.0.0/16， 10.2.0.0/16、10.3.0.0/16\n10.4.0.0/16;')).toEqual(['10.1.0.0/16', '10.2.0.0/16', '10.3.0.0/16', '10.4.0.0/16']);
  });

  it('finds an IPv4 client that comes over IPv6', () => {
    expect(inNetworks('::ffff:10.1.2.3', ['10.1.0.0/16'])).toBe(true);
    expect(inNetworks('::FFFF:10.2.2.3', ['10.1.0.0/16'])).toBe(false);
    expect(inNetworks('fd12::9', ['10.1.0.0/16', 'fd00::/8'])).toBe(true);
    expect(inNetworks('unknown', ['0.0.0.0/0'])).toBe(false);
  });
});

describe('the check-in code', () => {
  beforeAll(testSecrets);

  it('counts in its minute and the next, and never a minute later', () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: 10 ** 9 }), fc.integer({ min: 0, max: 59_999 }), (minute, ms) => {
      const shown = checkInCode({ id: 's' }, 'r', minutes(minute) + ms);
      expect(shown.code).toMatch(/^\d{6}$/);
      expect(shown.until).toBe(minutes(minute + 1));
      expect(isCheckInCode({ id: 's' }, 'r', shown.code, minutes(minute + 1) + 59_999)).toBe(true);
      const later = [2, 3].map((on) => [on, checkInCode({ id: 's' }, 'r', minutes(minute + on)).code, checkInCode({ id: 's' }, 'r', minutes(minute + on - 1)).code] as const);
      for (const [on, ...codes] of later) expect(isCheckInCode({ id: 's' }, 'r', shown.code, minutes(minute + on))).toBe(codes.includes(shown.code));
    }));
  });

  it('is another one in another room and another sitting', () => {
    const codes = new Set([['s', 'r'], ['s', 'q'], ['t', 'r'], ['s', null]].map(([id, roomId]) => checkInCode({ id: id ?? '' }, roomId ?? null, START).code));
    expect(codes.size).toBe(4);
  });

  it('may be typed with a gap or in full-width digits', () => {
    const { code: shown } = checkInCode({ id: 's' }, null, START);
    const wide = [...shown].map((digit) => String.fromCharCode(digit.charCodeAt(0) + 0xfee0)).join('');
    expect(isCheckInCode({ id: 's' }, null, `${shown.slice(0, 3)} ${shown.slice(3)}`, START)).toBe(true);
    expect(isCheckInCode({ id: 's' }, null, wide, START)).toBe(true);
    expect(isCheckInCode({ id: 's' }, null, '', START)).toBe(false);
  });
});

describe('a sitting', () => {
  it('lets nobody start after its end, however long one may be late', () => {
    fc.assert(fc.property(fc.option(fc.integer({ min: 0, max: 500 })), (lateMinutes) => {
      expect(lastStart({ startsAt: START, endsAt: END, lateMinutes })).toBeLessThanOrEqual(END);
    }));
  });

  it('overlaps another in both directions or none, and not one that begins when it ends', () => {
    const span = fc.tuple(fc.integer({ min: 0, max: 50 }), fc.integer({ min: 1, max: 50 })).map(([from, length]) => ({ startsAt: from, endsAt: from + length }));
    fc.assert(fc.property(span, span, (a, b) => {
      expect(overlap(a, b)).toBe(overlap(b, a));
    }));
    expect(overlap({ startsAt: 0, endsAt: 5 }, { startsAt: 5, endsAt: 9 })).toBe(false);
  });

  it('takes bookings from when they open until the set time, and none once cancelled or begun', () => {
    const open = sitting({ bookFrom: START - 100, bookUntil: START - 50 });
    expect([-101, -100, -51, -50, 0].map((ms) => bookingPhase(open, START + ms))).toEqual(['not-yet', 'open', 'open', 'over', 'over']);
    expect(bookingPhase({ ...open, state: 'cancelled' }, START - 80)).toBe('over');
  });
});
