import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countsInSection } from '~/exams/save-rules';
import { deadlineOfBasis, type AttemptTime, type TimeBasis } from '~/exams/time/basis';
import { judgeMove, moveTo, sectionDeadline, sectionStates, settle, withNewEnds, type EnteredSection, type Sections } from '~/exams/time/sections';
import type { ExamSection } from '~/exams/exam-section';

const MINUTE = 60_000;
const T0 = 1_800_000_000_000;
const at = (minutes: number) => T0 + minutes * MINUTE;
const section = (minutes: number | null, oneWay = false): ExamSection => ({ title: { zh: '部分', en: 'Part' }, lines: 1, minutes, oneWay });
const basis = (given: Partial<TimeBasis> = {}): TimeBasis => ({
  minutes: 60, startedAt: T0, window: { closesAt: null, late: 'cut', cutsExtra: false }, accommodations: [], sections: [], ...given,
});
let made = 0;
const time = (given: Partial<AttemptTime>): AttemptTime => ({ id: `t${made += 1}`, actId: 'a', code: 'grant', minutes: null, from: null, to: null, cap: null, madeAt: T0, ...given });
const grant = (minutes: number, madeAt: number) => time({ minutes, madeAt: at(madeAt) });
const lost = (from: number, to: number, madeAt: number) => time({ code: 'incident', from: at(from), to: at(to), madeAt: at(madeAt) });
const sections = (rules: ExamSection[], given: Partial<Sections> = {}): Sections => ({ rules, current: 0, entered: [], basis: basis(), times: [], ...given });
const shown = ({ current, entered }: { current: number; entered: readonly EnteredSection[] }) => ({
  current, entered: entered.map((one) => [one.section, (one.enteredAt - T0) / MINUTE, one.endsAt === null ? null : (one.endsAt - T0) / MINUTE, one.leftAt === null ? null : (one.leftAt - T0) / MINUTE]),
});
const three = [section(20, true), section(15), section(null)];

describe('when a section’s time is up', () => {
  const end = (minutes: number | null, given: { times?: AttemptTime[]; basis?: Partial<TimeBasis>; enteredAt?: number } = {}) => {
    const found = sectionDeadline({ basis: basis(given.basis), times: given.times ?? [], section: section(minutes), enteredAt: at(given.enteredAt ?? 0) });
    return found === null ? null : (found - T0) / MINUTE;
  };

  it.each([
    { name: 'is its minutes after it was entered', found: () => end(20, { enteredAt: 5 }), wanted: 25 },
    { name: 'is never when it has no limit of its own', found: () => end(null), wanted: null },
    { name: 'is never behind the end of the exam', found: () => end(20, { enteredAt: 50 }), wanted: 60 },
    { name: 'is later by a personal factor', found: () => end(20, { basis: { accommodations: [{ id: 'a', extraMinutes: 0, factorPercent: 150 }] } }), wanted: 30 },
    { name: 'is later by its share of personal extra minutes, rounded up', found: () => end(20, { basis: { accommodations: [{ id: 'a', extraMinutes: 10, factorPercent: 100 }] } }), wanted: 24 },
    { name: 'moves by minutes that were given while it was open', found: () => end(20, { times: [grant(5, 10)] }), wanted: 25 },
    { name: 'does not move by minutes that were given before it was entered', found: () => end(20, { enteredAt: 20, times: [grant(5, 10)] }), wanted: 40 },
    { name: 'moves by what was lost within it', found: () => end(20, { times: [lost(5, 12, 13)] }), wanted: 27 },
    { name: 'moves by all of an incident that is settled while it is open, also by what the section before lost', found: () => end(20, { enteredAt: 20, times: [lost(15, 25, 26)] }), wanted: 50 },
    { name: 'moves only by what lay within it of an incident that was settled before', found: () => end(20, { enteredAt: 20, times: [lost(15, 25, 19)] }), wanted: 45 },
    { name: 'counts overlapping incidents once', found: () => end(20, { times: [lost(5, 12, 13), lost(10, 14, 15)] }), wanted: 29 },
  ])('$name', ({ found, wanted }) => expect(found()).toBe(wanted));
});

describe('the sections of an exam', () => {
  it('begin with the first one at the start', () => {
    expect(shown(settle(sections(three), at(3)))).toEqual({ current: 0, entered: [[0, 0, 20, null]] });
  });

  it('move on by themselves at the very instant when time is up, whenever somebody looks', () => {
    for (const looked of [21, 30, 34.9]) {
      expect(shown(settle(sections(three), at(looked)))).toEqual({ current: 1, entered: [[0, 0, 20, 20], [1, 20, 35, null]] });
    }
    const once = settle(sections(three), at(50));
    const twice = settle(sections(three, settle(sections(three), at(21))), at(50));
    expect(shown(once)).toEqual({ current: 2, entered: [[0, 0, 20, 20], [1, 20, 35, 35], [2, 35, null, null]] });
    expect(twice.entered).toEqual(once.entered);
  });

  it('count for a save what they show: the open one up to the very end, one left for good no longer, one ahead not yet', () => {
    const counts = (found: { entered: readonly EnteredSection[] }, section: number, when: number) =>
      countsInSection(found.entered.find((one) => one.section === section) ?? null, { receivedAt: when, changedAt: null }, 0);
    const here = settle(sections(three), at(5));
    expect([at(20), at(20) + 1].map((when) => counts(here, 0, when))).toEqual([true, false]);
    expect(counts(here, 1, at(5))).toBe(false);
    const second = moveTo(sections(three, here), here, 1, at(5));
    expect([at(5), at(5) + 1].map((when) => counts(second, 0, when))).toEqual([true, false]);
    expect([at(20), at(20) + 1].map((when) => counts(second, 1, when))).toEqual([true, false]);
  });

  it('are entered in their order, and a one-way section is never entered again', () => {
    const here = settle(sections(three), at(5));
    expect(judgeMove(three, here, 2, at(5))).toEqual({ ok: false, code: 'section.ahead' });
    expect(judgeMove(three, here, 7, at(5))).toEqual({ ok: false, code: 'section.over' });
    expect(judgeMove(three, here, 0, at(5))).toEqual({ ok: true, closes: false });
    expect(judgeMove(three, here, 1, at(5))).toEqual({ ok: true, closes: true });
    const second = moveTo(sections(three, here), here, 1, at(5));
    expect(shown(second)).toEqual({ current: 1, entered: [[0, 0, 20, 5], [1, 5, 20, null]] });
    expect(judgeMove(three, second, 0, at(6))).toEqual({ ok: false, code: 'section.over' });
    expect(sectionStates(3, second, at(6))).toEqual(['over', 'open', 'ahead']);
  });

  it('may be gone back to while their time lasts, which runs on meanwhile', () => {
    const rules = [section(20), section(null)];
    const second = moveTo(sections(rules), settle(sections(rules), at(5)), 1, at(5));
    expect(sectionStates(2, second, at(19))).toEqual(['back', 'open']);
    expect(judgeMove(rules, second, 0, at(19))).toEqual({ ok: true, closes: false });
    const back = moveTo(sections(rules, second), second, 0, at(19));
    expect(sectionStates(2, back, at(19))).toEqual(['open', 'back']);
    expect(shown(settle(sections(rules, back), at(21)))).toEqual({ current: 1, entered: [[0, 0, 20, 20], [1, 5, null, null]] });
  });

  it('stay with the last one when all time of their own is up', () => {
    const rules = [section(10), section(10)];
    const over = settle(sections(rules), at(40));
    expect(shown(over)).toEqual({ current: 1, entered: [[0, 0, 10, 10], [1, 10, 20, 20]] });
    expect(sectionStates(2, over, at(40))).toEqual(['over', 'over']);
  });

  it('go back to one without a limit when the last one’s time is up', () => {
    const rules = [section(null), section(10)];
    const second = moveTo(sections(rules), settle(sections(rules), at(5)), 1, at(5));
    expect(shown(settle(sections(rules, second), at(16)))).toEqual({ current: 0, entered: [[0, 0, null, null], [1, 5, 15, 15]] });
  });

  it('are opened again by time that is given back to the open one after it was up', () => {
    const rules = [section(10)];
    const over = settle(sections(rules), at(12));
    const given = { ...sections(rules, over), times: [lost(5, 9, 12)] };
    expect(withNewEnds(given).map((one) => [one.endsAt, one.leftAt])).toEqual([[at(14), null]]);
    expect(withNewEnds(sections(rules, over))).toEqual(over.entered);
  });

  const aRule = fc.record({ minutes: fc.option(fc.integer({ min: 1, max: 40 })), oneWay: fc.boolean() }).map(({ minutes, oneWay }) => section(minutes, oneWay));
  const aTime = fc.oneof(
    fc.record({ minutes: fc.integer({ min: 1, max: 20 }), madeAt: fc.integer({ min: 0, max: 60 }) }).map(({ minutes, madeAt }) => grant(minutes, madeAt)),
    fc.record({ from: fc.integer({ min: 0, max: 60 }), long: fc.integer({ min: 1, max: 20 }), after: fc.integer({ min: 0, max: 20 }) }).map(({ from, long, after }) => lost(from, from + long, from + long + after)),
  );
  const world = fc.record({
    rules: fc.array(aRule, { minLength: 1, maxLength: 5 }), times: fc.array(aTime, { maxLength: 4 }),
    steps: fc.array(fc.record({ after: fc.integer({ min: 0, max: 15 }), target: fc.integer({ min: 0, max: 4 }) }), { maxLength: 12 }),
  });

  it('never let anybody into a section that was over, nor behind the deadline, whatever is pressed and when', () => {
    fc.assert(fc.property(world, ({ rules, times, steps }) => {
      const input = sections(rules, { times });
      const { at: deadline } = deadlineOfBasis(basis(), times);
      let now = T0;
      let standing = settle(input, now);
      const over = new Set<number>();
      for (const { after, target } of steps) {
        now = Math.min(deadline, now + after * MINUTE);
        standing = settle({ ...input, ...standing }, now);
        const verdict = judgeMove(rules, standing, target, now);
        if (verdict.ok) {
          expect(over.has(target)).toBe(false);
          const left = standing.current;
          standing = moveTo({ ...input, ...standing }, standing, target, now);
          if (verdict.closes) over.add(left);
        }
        const states = sectionStates(rules.length, standing, now);
        states.forEach((state, i) => state === 'over' && over.add(i));
        over.forEach((i) => expect(states[i]).toBe('over'));
        expect(states.filter((state) => state === 'open').length).toBeLessThanOrEqual(1);
        for (const { enteredAt, endsAt } of standing.entered) {
          expect(enteredAt).toBeLessThanOrEqual(now);
          if (endsAt !== null) expect(endsAt).toBeLessThanOrEqual(deadline);
        }
      }
    }), { numRuns: 300 });
  });

  it('end the same way however often somebody looks', () => {
    fc.assert(fc.property(world, fc.array(fc.integer({ min: 0, max: 60 }), { maxLength: 6 }), ({ rules, times }, looks) => {
      const input = sections(rules, { times });
      const end = at(60);
      let standing = settle(input, T0);
      for (const look of [...looks].sort((a, b) => a - b)) standing = settle({ ...input, ...standing }, at(look));
      const last = settle({ ...input, ...standing }, end);
      const direct = settle(input, end);
      expect(last.current).toBe(direct.current);
      expect(last.entered).toEqual(direct.entered);
    }), { numRuns: 200 });
  });
});
