import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nextAttemptAt } from '~/exams/attempt-limits';
import { ATTEMPT_STATES, isHandedIn, mayMove } from '~/exams/attempt-state';
import { stateOfExam, type ExamStateInput } from '~/exams/exam-state';
import { isAnswer, matchesHash, newReceiptNumber, normalReceiptNumber, receiptHash, shortHash } from '~/exams/receipt';
import { checkResponse, type ItemShape } from '~/exams/response-check';
import { countsByRule, countsInSection, judgeChange, judgeSave, type AttemptAtSave } from '~/exams/save-rules';

const HOUR = 3_600_000;
const NOW = 1_800_000_000_000;

describe('the states of an attempt', () => {
  const order = ['prepared', 'in-progress', 'handed-in', 'graded', 'released'] as const;

  it('lead from preparation to release, and back only to writing, before the result is known', () => {
    const back = (from: string, to: string) => to === 'in-progress' && (from === 'handed-in' || from === 'graded');
    for (const [i, from] of order.entries()) for (const [j, to] of order.entries()) expect(mayMove(from, to)).toBe(j === i + 1 || back(from, to));
  });

  it('end in void and abandoned', () => {
    for (const to of ATTEMPT_STATES) {
      expect(mayMove('void', to)).toBe(false);
      expect(mayMove('abandoned', to)).toBe(false);
    }
  });

  it('count as handed in from the hand-in on', () => {
    expect(ATTEMPT_STATES.filter(isHandedIn)).toEqual(['handed-in', 'graded', 'released']);
  });
});

describe('the next attempt', () => {
  const limits = { maxAttempts: 2, coolingOffHours: 24 };
  const released = (handedInAt: number) => ({ state: 'released' as const, handedInAt });

  it('is possible at once when there was none', () => {
    expect(nextAttemptAt(limits, [])).toEqual({ kind: 'at', at: 0, left: 2 });
  });

  it('is possible a cooling-off after the last hand-in', () => {
    expect(nextAttemptAt(limits, [released(NOW)])).toEqual({ kind: 'at', at: NOW + 24 * HOUR, left: 1 });
  });

  it('does not exist once all are used', () => {
    expect(nextAttemptAt(limits, [released(NOW - HOUR), released(NOW)])).toEqual({ kind: 'none-left' });
  });

  it('is given back for one that was voided', () => {
    expect(nextAttemptAt(limits, [{ state: 'void', handedInAt: NOW }, released(NOW - HOUR)])).toMatchObject({ kind: 'at', left: 1 });
  });
});

describe('the state of an exam for a person', () => {
  const input = (given: Partial<Omit<ExamStateInput, 'exam'>> & { exam?: Partial<ExamStateInput['exam']> } = {}): ExamStateInput => ({
    courseDone: true, attempts: [], now: NOW, ...given,
    exam: { hasBank: true, practice: false, opensAt: null, closesAt: null, maxAttempts: 3, coolingOffHours: 24, ...given.exam },
  });
  const failed = { state: 'released' as const, handedInAt: NOW - HOUR, passed: false };
  const passed = { ...failed, passed: true };
  const running = { state: 'in-progress' as const, handedInAt: null, passed: null };

  it.each([
    { name: 'may start', given: {}, state: 'may-start' },
    { name: 'is not ready without a bank', given: { exam: { hasBank: false } }, state: 'not-ready' },
    { name: 'asks for the course first', given: { courseDone: false }, state: 'course-first' },
    { name: 'is not open yet', given: { exam: { opensAt: NOW + 1 } }, state: 'not-open', nextAt: NOW + 1 },
    { name: 'is open from the very instant', given: { exam: { opensAt: NOW } }, state: 'may-start' },
    { name: 'is closed from the very instant', given: { exam: { closesAt: NOW } }, state: 'closed' },
    { name: 'goes on although the window closed', given: { exam: { closesAt: NOW - 1, hasBank: false }, attempts: [running] }, state: 'in-progress' },
    { name: 'waits for the result', given: { attempts: [{ state: 'handed-in', handedInAt: NOW, passed: null }] }, state: 'awaiting-result' },
    { name: 'cools off after a failure', given: { attempts: [failed] }, state: 'cooling-off', nextAt: NOW + 23 * HOUR },
    { name: 'may start again after the cooling-off', given: { attempts: [failed], exam: { coolingOffHours: 1 } }, state: 'may-start' },
    { name: 'has no attempt left', given: { attempts: [failed, failed, failed] }, state: 'no-attempts-left' },
    { name: 'can be practised again after it was passed', given: { attempts: [passed], exam: { practice: true, coolingOffHours: 0 } }, state: 'may-start' },
    { name: 'is passed, whatever comes after', given: { attempts: [passed, failed], exam: { closesAt: NOW - 1 } }, state: 'passed' },
  ] as { name: string; given: Parameters<typeof input>[0]; state: string; nextAt?: number }[])('$name', ({ given, state, nextAt }) => {
    expect(stateOfExam(input(given))).toMatchObject({ state, nextAt: nextAt ?? null });
  });
});

describe('a receipt', () => {
  const responses = [{ item: 'i1', seq: 3, response: '"b"' }, { item: 'i2', seq: 1, response: '["a","c"]' }];

  it('has the same hash in whatever order the responses are read', () => {
    expect(receiptHash('a', NOW, responses)).toBe(receiptHash('a', NOW, [...responses].reverse()));
  });

  it('changes its hash with any response, number, attempt or instant', () => {
    const hash = receiptHash('a', NOW, responses);
    const others = [
      receiptHash('b', NOW, responses), receiptHash('a', NOW + 1, responses), receiptHash('a', NOW, responses.slice(1)),
      receiptHash('a', NOW, [{ item: 'i1', seq: 4, response: '"b"' }, { item: 'i2', seq: 1, response: '["a","c"]' }]),
      receiptHash('a', NOW, [{ item: 'i1', seq: 3, response: '"c"' }, { item: 'i2', seq: 1, response: '["a","c"]' }]),
    ];
    expect(new Set([hash, ...others]).size).toBe(6);
  });

  it('cannot be forged by moving text from one response into another', () => {
    fc.assert(fc.property(fc.array(fc.tuple(fc.string(), fc.string()), { maxLength: 4 }), fc.array(fc.tuple(fc.string(), fc.string()), { maxLength: 4 }), (a, b) => {
      const of = (pairs: [string, string][]) => pairs.map(([item, response]) => ({ item, seq: 1, response }));
      const same = JSON.stringify([...a].map((one) => JSON.stringify(one)).sort()) === JSON.stringify([...b].map((one) => JSON.stringify(one)).sort());
      expect(receiptHash('a', 1, of(a)) === receiptHash('a', 1, of(b))).toBe(same);
    }));
  });

  it('is recognised by its short and its long hash, however they are typed', () => {
    const hash = receiptHash('a', NOW, responses);
    expect(matchesHash(shortHash(hash), hash)).toBe(true);
    expect(matchesHash(` ${shortHash(hash).toUpperCase().replaceAll('-', ' ')} `, hash)).toBe(true);
    expect(matchesHash(hash, hash)).toBe(true);
    expect(matchesHash(hash.slice(0, 15), hash)).toBe(false);
    expect(matchesHash('', hash)).toBe(false);
  });

  it('has a number that survives being typed by hand', () => {
    const number = newReceiptNumber();
    expect(number).toMatch(/^HZ-[2-9A-Z]{5}-[2-9A-Z]{5}$/);
    expect(normalReceiptNumber(number.toLowerCase().replaceAll('-', ' '))).toBe(number);
    expect(normalReceiptNumber(number.slice(3))).toBe(number);
  });

  it('does not count a cleared response as an answer', () => {
    expect([isAnswer('null'), isAnswer('false'), isAnswer('""')]).toEqual([false, true, true]);
  });
});

describe('a response', () => {
  const choice = (type: ItemShape['type']): ItemShape => ({ type, letters: ['a', 'b', 'c'], lefts: [] });
  const match: ItemShape = { type: 'match', letters: ['a', 'b', 'c'], lefts: ['1', '2'] };

  it.each([
    { name: 'single', shape: choice('single'), value: 'b', text: '"b"' },
    { name: 'true-false', shape: choice('true-false'), value: false, text: 'false' },
    { name: 'multiple in whatever order', shape: choice('multiple'), value: ['c', 'a', 'c'], text: '["a","c"]' },
    { name: 'order', shape: choice('order'), value: ['c', 'a', 'b'], text: '["c","a","b"]' },
    { name: 'an order half done', shape: choice('order'), value: ['c'], text: '["c","",""]' },
    { name: 'match in whatever order', shape: match, value: { 2: 'a', 1: 'b' }, text: '{"1":"b","2":"a"}' },
    { name: 'a match half done', shape: match, value: { 2: 'a', 1: '' }, text: '{"2":"a"}' },
    { name: 'short as typed', shape: choice('short'), value: ' 凭证。', text: '" 凭证。"' },
    ...(['single', 'multiple', 'true-false', 'order', 'short'] as const).map((type) => ({ name: `a cleared ${type}`, shape: choice(type), value: null, text: 'null' })),
    { name: 'an empty choice as cleared', shape: choice('multiple'), value: [], text: 'null' },
    { name: 'an empty order as cleared', shape: choice('order'), value: ['', '', ''], text: 'null' },
    { name: 'an empty match as cleared', shape: match, value: {}, text: 'null' },
    { name: 'blank text as cleared', shape: choice('short'), value: '　 ', text: 'null' },
  ] as { name: string; shape: ItemShape; value: unknown; text: string }[])('is accepted and written canonically: $name', ({ shape, value, text }) => {
    expect(checkResponse(shape, value)).toEqual({ ok: true, text });
  });

  it.each([
    { name: 'an option that is not there', shape: choice('single'), value: 'z', reason: 'unknown-option' },
    { name: 'a list for a single choice', shape: choice('single'), value: ['a'], reason: 'wrong-shape' },
    { name: 'numbers', shape: choice('multiple'), value: [1], reason: 'wrong-shape' },
    { name: 'text for true-false', shape: choice('true-false'), value: 'true', reason: 'wrong-shape' },
    { name: 'more places than options', shape: choice('order'), value: ['a', 'b', 'c', 'a'], reason: 'wrong-shape' },
    { name: 'a left that is not there', shape: match, value: { 9: 'a' }, reason: 'unknown-option' },
    { name: 'a list for a match', shape: match, value: ['a'], reason: 'wrong-shape' },
    { name: 'endless text', shape: choice('short'), value: 'x'.repeat(501), reason: 'too-long' },
    { name: 'nothing at all', shape: choice('short'), value: undefined, reason: 'wrong-shape' },
  ] as { name: string; shape: ItemShape; value: unknown; reason: string }[])('is refused: $name', ({ shape, value, reason }) => {
    expect(checkResponse(shape, value)).toEqual({ ok: false, reason });
  });

  it('is judged without ever throwing, and what is accepted is accepted again', () => {
    const anyShape = fc.constantFrom(choice('single'), choice('multiple'), choice('true-false'), choice('order'), choice('short'), match);
    fc.assert(fc.property(anyShape, fc.jsonValue(), (shape, value) => {
      const checked = checkResponse(shape, value);
      if (checked.ok) expect(checkResponse(shape, JSON.parse(checked.text))).toEqual(checked);
    }));
  });
});

describe('a save', () => {
  const open: AttemptAtSave = { state: 'in-progress', device: 'd1', deadlineAt: NOW, toleranceSeconds: 60, pausedAt: null, handedInAt: null, handInCause: null };
  const closedBy = (handInCause: string): AttemptAtSave => ({ ...open, state: 'graded', handedInAt: NOW, handInCause });

  it.each([
    { name: 'counts until the very instant of the deadline', attempt: open, device: 'd1', at: NOW, verdict: 'open' },
    { name: 'is late a millisecond after', attempt: open, device: 'd1', at: NOW + 1, verdict: 'late-within-tolerance' },
    { name: 'is within the tolerance until its last millisecond', attempt: open, device: 'd1', at: NOW + 60_000, verdict: 'late-within-tolerance' },
    { name: 'is past the tolerance after that', attempt: open, device: 'd1', at: NOW + 60_001, verdict: 'late' },
    { name: 'does not count from another device', attempt: open, device: 'd2', at: NOW - 1, verdict: 'other-device' },
    { name: 'is told that the candidate has handed in', attempt: closedBy('candidate'), device: 'd1', at: NOW - 1, verdict: 'handed-in' },
    { name: 'is told so also after the deadline', attempt: closedBy('candidate'), device: 'd1', at: NOW + 1, verdict: 'handed-in' },
    { name: 'is late when the deadline has handed in', attempt: closedBy('deadline'), device: 'd1', at: NOW + 1, verdict: 'late-within-tolerance' },
    { name: 'does not count in a voided attempt', attempt: { ...open, state: 'void' as const }, device: 'd1', at: NOW - 1, verdict: 'void' },
    { name: 'counts as usual in the first ten seconds of a pause', attempt: { ...open, pausedAt: NOW - 60_000 }, device: 'd1', at: NOW - 50_000, verdict: 'open' },
    { name: 'waits for the end of a pause after that', attempt: { ...open, pausedAt: NOW - 60_000 }, device: 'd1', at: NOW - 49_999, verdict: 'paused' },
    { name: 'waits for the end of a pause also when the deadline as it was has passed', attempt: { ...open, pausedAt: NOW - 60_000 }, device: 'd1', at: NOW + 1, verdict: 'paused' },
    { name: 'is not late in a pause that began just before the deadline', attempt: { ...open, pausedAt: NOW - 1000 }, device: 'd1', at: NOW + 5000, verdict: 'open' },
  ])('$name', ({ attempt, device, at, verdict }) => {
    expect(judgeSave(attempt, device, at)).toBe(verdict);
  });

  it.each([
    { name: 'counts by rule when it was changed in time and came within the tolerance', attempt: open, verdict: 'late-within-tolerance' as const, changedAt: NOW, counts: true },
    { name: 'does not when it was changed after the deadline', attempt: open, verdict: 'late-within-tolerance' as const, changedAt: NOW + 1, counts: false },
    { name: 'does not when the device does not say when', attempt: open, verdict: 'late-within-tolerance' as const, changedAt: null, counts: false },
    { name: 'does not past the tolerance', attempt: open, verdict: 'late' as const, changedAt: NOW, counts: false },
    { name: 'does not once the attempt is handed in', attempt: closedBy('deadline'), verdict: 'late-within-tolerance' as const, changedAt: NOW, counts: false },
    { name: 'does not from another device', attempt: open, verdict: 'other-device' as const, changedAt: NOW, counts: false },
  ])('$name', ({ attempt, verdict, changedAt, counts }) => {
    expect(countsByRule(attempt, verdict, changedAt)).toBe(counts);
  });

  it.each([
    { name: 'takes nothing before it is entered', section: null, receivedAt: NOW, changedAt: NOW, counts: false },
    { name: 'without a limit of its own takes everything', section: { endsAt: null, leftAt: null }, receivedAt: NOW, changedAt: null, counts: true },
    { name: 'takes what arrives up to its end', section: { endsAt: NOW, leftAt: null }, receivedAt: NOW, changedAt: null, counts: true },
    { name: 'takes nothing more after its end', section: { endsAt: NOW, leftAt: null }, receivedAt: NOW + 1, changedAt: null, counts: false },
    { name: 'takes within the tolerance what was changed before its end', section: { endsAt: NOW, leftAt: null }, receivedAt: NOW + 60_000, changedAt: NOW, counts: true },
    { name: 'takes nothing past the tolerance', section: { endsAt: NOW, leftAt: null }, receivedAt: NOW + 60_001, changedAt: NOW, counts: false },
    { name: 'ends when it was left for good', section: { endsAt: NOW + 600_000, leftAt: NOW }, receivedAt: NOW + 1, changedAt: NOW + 1, counts: false },
  ])('a section $name', ({ section, receivedAt, changedAt, counts }) => {
    expect(countsInSection(section, { receivedAt, changedAt }, 60)).toBe(counts);
  });

  it('keeps the response with the highest number, in whatever order they come', () => {
    const changes = fc.array(fc.record({ seq: fc.integer({ min: 1, max: 6 }), text: fc.constantFrom('"a"', '"b"') }), { minLength: 1, maxLength: 20 });
    fc.assert(fc.property(changes, (sent) => {
      let current: { seq: number; text: string } | undefined;
      for (const { seq, text } of sent) {
        const verdict = judgeChange(current, seq, text);
        if (verdict === 'new') current = { seq, text };
        if (verdict === 'repeat') expect(current).toEqual({ seq, text });
      }
      const highest = Math.max(...sent.map(({ seq }) => seq));
      expect(current).toEqual({ seq: highest, text: sent.find(({ seq }) => seq === highest)?.text });
    }));
  });
});
