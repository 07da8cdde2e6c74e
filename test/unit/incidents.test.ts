import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assess, type AttemptInIncident, type IncidentTime } from '~/exams/incidents/credit';
import { coveredBy, windowAfter } from '~/exams/incidents/window';
import { minutesToKeep } from '~/exams/time/clamp.service';

const MINUTE = 60_000;
const T0 = 1_800_000_000_000;
const at = (minutes: number) => T0 + minutes * MINUTE;
/** Minutes since T0, to read results by. */
const shown = (instant: number | null) => (instant === null ? null : (instant - T0) / MINUTE);
const outage = (given: Partial<IncidentTime> = {}): IncidentTime => ({ from: at(12), to: at(26), basis: 'evidence', recoveryMinutes: 5, ...given });
const writer = (given: Partial<AttemptInIncident> = {}): AttemptInIncident => ({
  startedAt: T0, state: 'in-progress', handedInAt: null, handInCause: null, lastContactAt: at(40), gaps: [], otherRuns: false, ...given,
});
const found = (incident: IncidentTime, attempt: AttemptInIncident, now: number) => {
  const { effect, lost } = assess(incident, attempt, now);
  return { effect, lost: lost.map(({ from, to, cap }) => [shown(from), shown(to), shown(cap)]) };
};

describe('what an incident cost one candidate', () => {
  it.each([
    { name: 'is the time from its beginning to the first contact after it', attempt: { gaps: [{ from: at(11.8), to: at(27) }] }, effect: 'credit', lost: [[12, 27, null]] },
    { name: 'begins with the last contact when somebody could still write for a while', attempt: { gaps: [{ from: at(14), to: at(25) }] }, effect: 'credit', lost: [[14, 25, null]] },
    { name: 'ends with the recovery time for who came back much later', attempt: { gaps: [{ from: at(11.5), to: at(39) }] }, effect: 'credit', lost: [[12, 31, null]] },
    { name: 'is every silence within it when the power came and went', attempt: { gaps: [{ from: at(12), to: at(15) }, { from: at(18), to: at(27) }] }, effect: 'credit', lost: [[12, 15, null], [18, 27, null]] },
    { name: 'is nothing for who wrote on through it', attempt: {}, effect: 'worked-on', lost: [] },
    { name: 'is nothing for a silence before or after it', attempt: { gaps: [{ from: at(3), to: at(12) }, { from: at(26), to: at(30) }] }, effect: 'worked-on', lost: [] },
    { name: 'goes on for who is not back yet, at most to the end of the recovery time', attempt: { lastContactAt: at(11.9) }, now: at(28), effect: 'open', lost: [[12, null, 31]] },
    { name: 'ends with the recovery time when that is over and nobody is back', attempt: { lastContactAt: at(11.9) }, now: at(50), effect: 'credit', lost: [[12, 31, null]] },
    { name: 'is nothing for a silence that is too short to be one', attempt: { lastContactAt: at(25.5) }, now: at(26), effect: 'worked-on', lost: [] },
    { name: 'counts from the start for who started during it', attempt: { startedAt: at(20), lastContactAt: at(20) }, now: at(27), effect: 'open', lost: [[20, null, 31]] },
    { name: 'is nothing for who started after it', attempt: { startedAt: at(26) }, effect: 'not-there', lost: [] },
    { name: 'is nothing for who had handed in before it', attempt: { state: 'graded', handedInAt: at(10), handInCause: 'candidate' }, effect: 'not-there', lost: [] },
    { name: 'is nothing that counts for who handed in during it', attempt: { state: 'handed-in', handedInAt: at(20), handInCause: 'candidate', lastContactAt: at(12) }, effect: 'over', lost: [] },
    { name: 'is nothing for who handed in by the deadline and had been writing until then', attempt: { state: 'handed-in', handedInAt: at(20), handInCause: 'deadline', lastContactAt: at(19.9) }, effect: 'worked-on', lost: [] },
    { name: 'is nothing for a void attempt', attempt: { state: 'void', lastContactAt: at(12) }, effect: 'void', lost: [] },
    { name: 'reopens who was handed in by the deadline while cut off, with all they had left', attempt: { state: 'handed-in', handedInAt: at(20), handInCause: 'deadline', lastContactAt: at(11) }, now: at(50), effect: 'reopen', lost: [[12, 20, null], [20, null, 55]] },
    { name: 'reopens who was back and ran out of time before the credit came', attempt: { state: 'graded', handedInAt: at(40), handInCause: 'deadline', lastContactAt: at(39.9), gaps: [{ from: at(12), to: at(26) }] }, now: at(45), effect: 'reopen', lost: [[12, 26, null], [40, null, 50]] },
    { name: 'does not wait for who is still there when it reopens', attempt: { state: 'handed-in', handedInAt: at(40), handInCause: 'deadline', lastContactAt: at(39.9), gaps: [{ from: at(12), to: at(26) }] }, now: at(40.5), effect: 'reopen', lost: [[12, 26, null], [40, 40.5, null]] },
    { name: 'leaves alone whose result is known', attempt: { state: 'released', handedInAt: at(20), handInCause: 'deadline', lastContactAt: at(11) }, effect: 'released', lost: [] },
    { name: 'leaves alone who writes another attempt by now', attempt: { state: 'graded', handedInAt: at(20), handInCause: 'deadline', lastContactAt: at(11), otherRuns: true }, effect: 'other-attempt', lost: [] },
  ] as { name: string; attempt: Partial<AttemptInIncident>; now?: number; effect: string; lost: (number | null)[][] }[])('$name', ({ attempt, now, effect, lost }) => {
    expect(found(outage(), writer(attempt), now ?? at(41))).toEqual({ effect, lost });
  });

  it('names the last contact before the first silence and the first contact after the last one', () => {
    const attempt = writer({ gaps: [{ from: at(12), to: at(15) }], lastContactAt: at(18) });
    expect(assess(outage(), attempt, at(28))).toMatchObject({ effect: 'open', lastBefore: at(12), firstAfter: null });
    expect(assess(outage(), { ...attempt, gaps: [...attempt.gaps, { from: at(18), to: at(29) }], lastContactAt: at(30) }, at(30))).toMatchObject({ effect: 'credit', lastBefore: at(12), firstAfter: at(29) });
  });

  it('is the whole of it for everybody where there is no evidence to go by', () => {
    expect(found(outage({ basis: 'whole' }), writer(), at(41))).toEqual({ effect: 'credit', lost: [[12, 26, null]] });
    expect(found(outage({ basis: 'whole' }), writer({ startedAt: at(20) }), at(41))).toEqual({ effect: 'credit', lost: [[20, 26, null]] });
  });

  const anAttempt = fc.record({
    startedAt: fc.integer({ min: -30, max: 50 }).map(at), lastContactAt: fc.option(fc.integer({ min: -10, max: 60 }).map(at)),
    gaps: fc.array(fc.record({ from: fc.integer({ min: 0, max: 50 }), long: fc.integer({ min: 1, max: 20 }) }).map(({ from, long }) => ({ from: at(from), to: at(from + long) })), { maxLength: 4 }),
  }).map(writer);

  it('never begins before the incident or the attempt, and never lasts longer than the incident and its recovery', () => {
    fc.assert(fc.property(anAttempt, fc.constantFrom('evidence' as const, 'whole' as const), fc.integer({ min: 26, max: 90 }).map(at), (attempt, basis, now) => {
      const incident = outage({ basis });
      const { lost } = assess(incident, attempt, now);
      for (const { from, to, cap } of lost) {
        expect(from).toBeGreaterThanOrEqual(Math.max(incident.from, attempt.startedAt));
        expect(to ?? cap).toBeGreaterThanOrEqual(from);
        expect(to ?? cap).toBeLessThanOrEqual(incident.to + 5 * MINUTE);
      }
    }), { numRuns: 1000 });
  });
});

describe('the window after incidents', () => {
  it('is longer by what stood still before the start, and by nothing after it', () => {
    const incidents = [{ from: at(10), to: at(24) }, { from: at(20), to: at(30) }];
    expect(shown(windowAfter(at(60), incidents, at(40)))).toBe(80);
    expect(shown(windowAfter(at(60), incidents, at(22)))).toBe(72);
    expect(shown(windowAfter(at(60), incidents, at(5)))).toBe(60);
  });

  it('counts what several cover once, whatever their order', () => {
    const spans = fc.array(fc.record({ from: fc.integer({ min: 0, max: 40 }), long: fc.integer({ min: 0, max: 20 }) }).map(({ from, long }) => ({ from, to: from + long })), { maxLength: 6 });
    fc.assert(fc.property(spans, (some) => {
      const minutes = new Set(some.flatMap(({ from, to }) => Array.from({ length: to - from }, (_, i) => from + i)));
      expect(coveredBy(some)).toBe(minutes.size);
      expect(coveredBy([...some].reverse())).toBe(minutes.size);
    }));
  });
});

describe('what is kept of time that is taken back', () => {
  it('is nothing when a minute is left anyway', () => {
    expect(minutesToKeep(at(30), at(10), at(9))).toBe(0);
  });

  it('is as many minutes as it takes to leave one', () => {
    expect(minutesToKeep(at(30), at(10), at(12))).toBe(3);
    expect(minutesToKeep(at(30), at(10), at(12.5))).toBe(4);
  });

  it('gives nobody more than they had', () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 0, max: 60 }), fc.integer({ min: 0, max: 3600 }), (given, left, seconds) => {
      const [before, after] = [at(left + given), at(left)];
      const kept = after + minutesToKeep(before, after, T0 + seconds * 1000) * MINUTE;
      expect(kept).toBeLessThanOrEqual(Math.max(before, after));
      expect(kept).toBeGreaterThanOrEqual(Math.min(before, T0 + seconds * 1000 + MINUTE));
    }));
  });
});
