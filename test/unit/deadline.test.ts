import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { deadline, type DeadlineInput, type PersonalTime, type TimeGrant } from '~/exams/deadline';

const MINUTE = 60_000;
const START = 1_800_000_000_000;
const at = (minutes: number) => START + minutes * MINUTE;
interface Given {
  minutes?: number;
  closesAt?: number | null;
  late?: 'cut' | 'full';
  cutsExtra?: boolean;
  accommodations?: PersonalTime[];
  grants?: TimeGrant[];
}
const input = (given: Given = {}): DeadlineInput => ({
  exam: { minutes: given.minutes ?? 60 },
  window: { closesAt: given.closesAt ?? null, late: given.late ?? 'cut', cutsExtra: given.cutsExtra ?? false },
  attempt: { startedAt: START },
  accommodations: given.accommodations ?? [],
  grants: given.grants ?? [],
});
const person = (id: string, extraMinutes: number, factorPercent = 100): PersonalTime => ({ id, extraMinutes, factorPercent });
const given = (id: string, minutes: number): TimeGrant => ({ id, code: 'grant', minutes });
const lost = (id: string, from: number, to: number): TimeGrant => ({ id, code: 'interval', from: at(from), to: at(to) });

describe('the deadline', () => {
  it.each([
    { name: 'is the start and the minutes of the exam', given: {}, minutes: 60, cutBy: null },
    { name: 'is not touched by a window that closes later', given: { closesAt: at(61) }, minutes: 60, cutBy: null },
    { name: 'is cut by a window that closes earlier, and says so', given: { closesAt: at(40) }, minutes: 40, cutBy: 'window' },
    { name: 'is at once when the window is closed already', given: { closesAt: at(-5) }, minutes: 0, cutBy: 'window' },
    { name: 'adds minutes that were granted', given: { grants: [{ id: 'a', code: 'grant', minutes: 15 }] }, minutes: 75, cutBy: null },
    { name: 'lets no window swallow what was granted', given: { closesAt: at(60), grants: [{ id: 'a', code: 'grant', minutes: 15 }] }, minutes: 75, cutBy: null },
    { name: 'credits exactly the time that was lost', given: { grants: [{ id: 'a', code: 'interval', from: at(10), to: at(24) }] }, minutes: 74, cutBy: null },
    { name: 'credits overlapping intervals once', given: { grants: [{ id: 'a', code: 'interval', from: at(10), to: at(24) }, { id: 'b', code: 'interval', from: at(20), to: at(30) }] }, minutes: 80, cutBy: null },
    { name: 'does not credit what was lost before the start', given: { grants: [{ id: 'a', code: 'interval', from: at(-10), to: at(5) }] }, minutes: 65, cutBy: null },
    { name: 'does not credit what was lost after the end', given: { grants: [{ id: 'a', code: 'interval', from: at(60), to: at(70) }] }, minutes: 60, cutBy: null },
    { name: 'credits what was lost in time that was itself credited', given: { grants: [{ id: 'a', code: 'interval', from: at(50), to: at(70) }, { id: 'b', code: 'interval', from: at(75), to: at(80) }] }, minutes: 85, cutBy: null },
    { name: 'lets somebody who starts late have the exam\'s full time where the rule says so', given: { closesAt: at(40), late: 'full' }, minutes: 60, cutBy: null },
    { name: 'adds personal extra minutes', given: { accommodations: [person('a', 20)] }, minutes: 80, cutBy: null },
    { name: 'lengthens the exam by a personal factor', given: { accommodations: [person('a', 0, 150)] }, minutes: 90, cutBy: null },
    { name: 'adds extra minutes to the longer exam, and does not lengthen them too', given: { accommodations: [person('a', 20, 150)] }, minutes: 110, cutBy: null },
    { name: 'takes the largest factor of several once', given: { accommodations: [person('a', 0, 125), person('b', 0, 150)] }, minutes: 90, cutBy: null },
    { name: 'takes the most extra minutes of several once', given: { accommodations: [person('a', 30), person('b', 20)] }, minutes: 90, cutBy: null },
    { name: 'takes the factor of one and the minutes of another', given: { accommodations: [person('a', 0, 150), person('b', 10)] }, minutes: 100, cutBy: null },
    { name: 'lets the window cut the exam\'s time and never the personal time', given: { closesAt: at(40), accommodations: [person('a', 0, 150)] }, minutes: 70, cutBy: 'window' },
    { name: 'lets the window cut personal time where the author says so, and says so', given: { closesAt: at(70), cutsExtra: true, accommodations: [person('a', 0, 150)] }, minutes: 70, cutBy: 'window-extra' },
    { name: 'gives no personal time after a window that cuts both', given: { closesAt: at(40), cutsExtra: true, accommodations: [person('a', 30)] }, minutes: 40, cutBy: 'window-extra' },
    { name: 'does not speak of a cut when the window leaves personal time whole', given: { closesAt: at(90), cutsExtra: true, accommodations: [person('a', 30)] }, minutes: 90, cutBy: null },
    { name: 'cuts neither when who starts late gets all the time', given: { closesAt: at(40), late: 'full', cutsExtra: true, accommodations: [person('a', 30)] }, minutes: 90, cutBy: null },
    { name: 'lets a window that cuts personal time not cut what was granted on the day', given: { closesAt: at(40), cutsExtra: true, accommodations: [person('a', 30)], grants: [given('g', 5)] }, minutes: 45, cutBy: 'window-extra' },
    { name: 'adds up personal time, a cut window, a grant, an incident and a pause that overlap', minutes: 40 + 30 + 5 + 18, cutBy: 'window',
      given: { closesAt: at(40), accommodations: [person('a', 0, 150)], grants: [given('g', 5), lost('i', 10, 24), lost('p', 20, 28)] } },
    { name: 'credits an incident in time that only the personal time gave', minutes: 100, cutBy: null, given: { accommodations: [person('a', 30)], grants: [lost('i', 80, 90)] } },
    { name: 'does not credit an incident in time that the window took', minutes: 70, cutBy: 'window-extra',
      given: { closesAt: at(70), cutsExtra: true, accommodations: [person('a', 0, 150)], grants: [lost('i', 75, 85)] } },
    { name: 'credits an incident that began in time which was granted', minutes: 80, cutBy: null, given: { grants: [given('g', 10), lost('i', 65, 75)] } },
    { name: 'credits all of an incident that goes on after the end', minutes: 90, cutBy: null, given: { grants: [lost('i', 50, 80)] } },
    { name: 'credits an incident that covers the whole attempt once', minutes: 120, cutBy: null, given: { grants: [lost('i', -10, 60)] } },
    { name: 'gives nothing for an interval of no length', minutes: 60, cutBy: null, given: { grants: [lost('i', 10, 10)] } },
    { name: 'gives nothing for an interval that ends before it begins', minutes: 60, cutBy: null, given: { grants: [lost('i', 30, 10)] } },
    { name: 'gives the rest of an interval that another one holds in part', minutes: 75, cutBy: null, given: { grants: [lost('i', 10, 20), lost('j', 5, 15)] } },
    { name: 'takes no time away by a negative grant', minutes: 60, cutBy: null, given: { grants: [given('g', -5)] } },
  ] as { name: string; given: Given; minutes: number; cutBy: 'window' | 'window-extra' | null }[])('$name', ({ given, minutes, cutBy }) => {
    const found = deadline(input(given));
    expect(found.at).toBe(at(minutes));
    expect(found.cutBy).toBe(cutBy);
  });

  it('names the parts that lead from the start to it', () => {
    const found = deadline(input({
      closesAt: at(50), accommodations: [person('f', 0, 110), person('m', 4)], grants: [given('g', 5), lost('i', 1, 3), lost('j', 2, 6)],
    }));
    expect(found.parts).toEqual([
      { code: 'exam', ms: 60 * MINUTE }, { code: 'window', ms: -10 * MINUTE },
      { code: 'factor', id: 'f', ms: 6 * MINUTE }, { code: 'extra', id: 'm', ms: 4 * MINUTE },
      { code: 'grant', id: 'g', ms: 5 * MINUTE }, { code: 'interval', id: 'i', ms: 2 * MINUTE }, { code: 'interval', id: 'j', ms: 3 * MINUTE },
    ]);
    expect(deadline(input({ closesAt: at(62), cutsExtra: true, accommodations: [person('f', 0, 110)] })).parts).toEqual([
      { code: 'exam', ms: 60 * MINUTE }, { code: 'factor', id: 'f', ms: 6 * MINUTE }, { code: 'window-extra', ms: -4 * MINUTE },
    ]);
  });

  const anyGrant = fc.oneof(
    fc.record({ id: fc.string({ minLength: 1 }), minutes: fc.integer({ min: 0, max: 60 }) }).map(({ id, minutes }) => given(id, minutes)),
    fc.record({ id: fc.string({ minLength: 1 }), from: fc.integer({ min: -100, max: 200 }), long: fc.integer({ min: 0, max: 90 }) })
      .map(({ id, from, long }) => lost(id, from, from + long)),
  );
  const anyPerson = fc.record({ id: fc.uuid(), extraMinutes: fc.integer({ min: 0, max: 120 }), factorPercent: fc.integer({ min: 100, max: 400 }) });
  const anyInput = fc.record({
    minutes: fc.integer({ min: 1, max: 600 }),
    closesAt: fc.option(fc.integer({ min: -60, max: 700 }).map(at)),
    late: fc.constantFrom('cut' as const, 'full' as const),
    cutsExtra: fc.boolean(),
    accommodations: fc.array(anyPerson, { maxLength: 4 }),
    grants: fc.array(anyGrant, { maxLength: 8 }),
  }).map(input);
  const sum = (parts: { ms: number }[]) => parts.reduce((ms, part) => ms + part.ms, 0);
  const check = (property: (one: DeadlineInput) => void) => fc.assert(fc.property(anyInput, property), { numRuns: 400 });

  it('is the start plus the sum of its parts in whole milliseconds, and never before the start', () => {
    check((one) => {
      const found = deadline(one);
      expect(found.at).toBe(START + sum(found.parts));
      expect(Number.isInteger(found.at)).toBe(true);
      expect(found.at).toBeGreaterThanOrEqual(START);
    });
  });

  it('is never made earlier by a grant, an interval or an accommodation', () => {
    fc.assert(fc.property(anyInput, anyGrant, anyPerson, (one, more, also) => {
      const { at: before } = deadline(one);
      expect(deadline({ ...one, grants: [...one.grants, more] }).at).toBeGreaterThanOrEqual(before);
      expect(deadline({ ...one, accommodations: [...one.accommodations, also] }).at).toBeGreaterThanOrEqual(before);
    }), { numRuns: 400 });
  });

  it('is never made later by a window', () => {
    fc.assert(fc.property(anyInput, fc.integer({ min: -60, max: 700 }).map(at), (one, closesAt) => {
      const open = { ...one, window: { ...one.window, closesAt: null } };
      expect(deadline({ ...one, window: { ...one.window, closesAt } }).at).toBeLessThanOrEqual(deadline(open).at);
    }));
  });

  it('does not depend on the order of grants and accommodations, and counts the same interval and accommodation once', () => {
    check((one) => {
      const found = deadline(one);
      const turned = deadline({ ...one, grants: [...one.grants].reverse(), accommodations: [...one.accommodations].reverse() });
      expect(turned.at).toBe(found.at);
      expect(turned.cutBy).toBe(found.cutBy);
      const intervals = one.grants.filter((grant) => grant.code === 'interval');
      expect(deadline({ ...one, grants: [...one.grants, ...intervals], accommodations: [...one.accommodations, ...one.accommodations] }).at).toBe(found.at);
    });
  });

  it('moves by exactly the minutes granted when nothing was lost', () => {
    check((one) => {
      const grants = one.grants.filter((grant) => grant.code === 'grant');
      expect(deadline({ ...one, grants }).at - deadline({ ...one, grants: [] }).at).toBe(grants.reduce((ms, grant) => ms + grant.minutes * MINUTE, 0));
    });
  });

  it('gives back exactly the union of what was lost within the attempt', () => {
    check((one) => {
      const found = deadline(one);
      const credited = sum(found.parts.filter((part) => part.code === 'interval'));
      // Counted minute by minute: every lost minute after the start, as long as there was time to lose it in.
      let end = (deadline({ ...one, grants: one.grants.filter((grant) => grant.code === 'grant') }).at - START) / MINUTE;
      let minutes = 0;
      const intervals = one.grants.flatMap((grant) => (grant.code === 'interval' ? [grant] : []));
      const starts = [...intervals].sort((a, b) => a.from - b.from);
      const counted = new Set<number>();
      for (const interval of starts) {
        const fresh: number[] = [];
        for (let minute = Math.max(0, (interval.from - START) / MINUTE); minute < (interval.to - START) / MINUTE; minute += 1) {
          if (!counted.has(minute)) fresh.push(minute);
        }
        const [first] = fresh;
        if (first === undefined || first >= end) continue;
        fresh.forEach((minute) => counted.add(minute));
        minutes += fresh.length;
        end += fresh.length;
      }
      expect(credited).toBe(minutes * MINUTE);
    });
  });

  it('cuts personal time only where the author says so, and granted time never', () => {
    check((one) => {
      const parts = deadline(one).parts;
      const of = (...codes: string[]) => sum(parts.filter((part) => codes.includes(part.code)));
      if (!one.window.cutsExtra) expect(of('window-extra')).toBe(0);
      expect(of('exam', 'window')).toBeGreaterThanOrEqual(0);
      expect(of('factor', 'extra', 'window-extra')).toBeGreaterThanOrEqual(0);
      expect(of('grant')).toBe(one.grants.reduce((ms, grant) => ms + (grant.code === 'grant' ? grant.minutes * MINUTE : 0), 0));
      if (one.window.closesAt !== null && one.window.late === 'cut' && one.window.cutsExtra) {
        expect(START + of('exam', 'window', 'factor', 'extra', 'window-extra')).toBeLessThanOrEqual(Math.max(START, one.window.closesAt));
      }
    });
  });
});
