import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { couldHandOver, judgeFileChange } from '~/exams/answers/file-rules';
import { isNewer, replacedBy, withoutRepeats, type LateChange } from '~/exams/answers/late';
import type { AttemptAtSave } from '~/exams/save-rules';

const NOW = 1_800_000_000_000;
const MINUTE = 60_000;

const aChange = fc.record({
  id: fc.uuid(), item: fc.constantFrom('x', 'y', 'z'), seq: fc.integer({ min: 1, max: 5 }), text: fc.constantFrom('"a"', '"b"', 'null'), receivedAt: fc.integer({ min: 0, max: 3 }),
}).map((one): LateChange => ({ ...one, device: 'd', changedAt: null, kind: 'late', counted: null, countedAt: null, countedBy: null, answerFileId: null }));

describe('late answers that are accepted', () => {
  it('replace what counts only by a higher number, and end with the highest, in whatever order they are named', () => {
    fc.assert(fc.property(fc.array(aChange, { maxLength: 12 }), fc.dictionary(fc.constantFrom('x', 'y', 'z'), fc.integer({ min: 1, max: 4 })), fc.infiniteStream(fc.nat()), (changes, before, order) => {
      const current = new Map(Object.entries(before).map(([item, seq]) => [item, { item, seq, text: '"old"' }]));
      const replaced = replacedBy(changes, current);
      const other = [...changes].map((change) => ({ change, at: order.next().value as number })).sort((a, b) => a.at - b.at).map(({ change }) => change);
      const byItem = (a: { item: string }, b: { item: string }) => (a.item < b.item ? -1 : 1);
      expect([...replacedBy(other, current)].sort(byItem)).toEqual([...replaced].sort(byItem));
      for (const item of ['x', 'y', 'z']) {
        const highest = Math.max(0, ...changes.filter((change) => change.item === item).map(({ seq }) => seq));
        const counts = replaced.find((one) => one.item === item)?.seq ?? current.get(item)?.seq ?? 0;
        expect(counts).toBe(Math.max(highest, current.get(item)?.seq ?? 0));
        expect(replaced.some((one) => one.item === item)).toBe(highest > 0 && isNewer({ item, seq: highest }, current));
      }
    }));
  });

  it('are named once however often they were sent', () => {
    fc.assert(fc.property(fc.array(aChange, { maxLength: 12 }), (changes) => {
      const once = withoutRepeats(changes);
      expect(withoutRepeats([...changes, ...changes])).toEqual(once);
      expect(new Set(once.map(({ item, seq, text }) => `${item} ${seq} ${text}`)).size).toBe(once.length);
    }));
  });
});

describe('a change in an answer file', () => {
  const open: AttemptAtSave = { state: 'in-progress', device: 'd1', deadlineAt: NOW, toleranceSeconds: 60, pausedAt: null, handedInAt: null, handInCause: null };
  const closed: AttemptAtSave = { ...open, state: 'graded', handedInAt: NOW, handInCause: 'deadline' };
  it.each([
    { name: 'is saved before the deadline', attempt: open, at: NOW, changedAt: null, verdict: 'saved' },
    { name: 'is saved while the exam stands still, although the deadline as it was has passed', attempt: { ...open, pausedAt: NOW - 1 }, at: NOW + 10 * MINUTE, changedAt: null, verdict: 'saved' },
    { name: 'counts by rule when it was in the invigilator’s hand before the deadline closed the exam', attempt: closed, at: NOW, changedAt: null, verdict: 'by-rule' },
    { name: 'counts by rule within the tolerance when it was changed in time', attempt: closed, at: NOW + MINUTE, changedAt: NOW, verdict: 'by-rule' },
    { name: 'is evidence within the tolerance when it was changed afterwards', attempt: open, at: NOW + MINUTE, changedAt: NOW + 1, verdict: 'late-within-tolerance' },
    { name: 'is evidence past the tolerance', attempt: closed, at: NOW + MINUTE + 1, changedAt: NOW - MINUTE, verdict: 'late' },
    { name: 'is evidence after the candidate handed in', attempt: { ...closed, handInCause: 'candidate' }, at: NOW - 1, changedAt: NOW - 2, verdict: 'handed-in' },
    { name: 'is evidence in a void attempt', attempt: { ...open, state: 'void' as const }, at: NOW - 1, changedAt: NOW - 2, verdict: 'handed-in' },
  ])('$name', ({ attempt, at, changedAt, verdict }) => {
    expect(judgeFileChange(attempt, 'd1', at, changedAt)).toBe(verdict);
  });

  it('is evidence from a device that is not the active one', () => {
    expect(judgeFileChange(open, 'd2', NOW - 1, NOW - 2)).toBe('other-device');
  });

  it('cannot be handed over before it was made, but for what a device may be wrong by', () => {
    expect(couldHandOver(NOW, NOW, NOW)).toBe(true);
    expect(couldHandOver(NOW - 2 * MINUTE, NOW, NOW)).toBe(true);
    expect(couldHandOver(NOW - 2 * MINUTE - 1, NOW, NOW)).toBe(false);
    expect(couldHandOver(NOW + 1, NOW, NOW)).toBe(false);
  });
});
