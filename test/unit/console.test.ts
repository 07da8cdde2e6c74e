import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ConsoleRow, ConsoleState } from '~/exams';
import { judgeUndo, UNDO_WITHIN } from '~/exams/console/act';
import { planAct, type Target } from '~/exams/console/act-plan';
import { attention, LAST_MINUTES, RECENT, SILENT_AFTER, START_WITHIN, UNREAD_AFTER, type Watched } from '~/exams/console/attention';
import { changesBetween, remembered } from '~/exams/console/state';
import { after, ago, inNeed, shownRows } from '~/ui/console/view';

const NOW = 10_000_000;
const SITTING = { admission: true, startsAt: NOW - 60_000 };

const watched = (given: Partial<Watched> = {}): Watched => ({
  identity: 'admitted', checkedInAt: NOW - 90_000, state: 'in-progress', startedAt: NOW - 60_000, deadlineAt: NOW + 3_600_000, contactAt: NOW - 5000,
  pausedAt: null, saved: 5, total: 40, observedAt: null, otherDeviceAt: null, unreadSince: null, ...given,
});

const target = (given: Partial<Target> = {}): Target => ({
  id: 'b1', bookingId: 'b1', attemptId: 'a1', roomId: 'r1', name: '王', seat: 1, state: 'in-progress', identity: 'admitted', exempt: [], pausedAt: null,
  deadlineAt: NOW + 1000, ...given,
});

const row = (id: string, given: Partial<ConsoleRow> = {}): ConsoleRow => ({
  id, attempt: `a-${id}`, room: 'r1', seat: 1, ticket: `T${id}`, name: id, organisation: null, identity: 'admitted', checkedInAt: null, exempt: [],
  state: 'in-progress', item: 1, contactAt: NOW, saved: 0, total: 10, observed: 0, deadlineAt: NOW + 60_000, pausedAt: null, handedInAt: null, unread: 0,
  permit: false, needs: [], since: null, ...given,
});

describe('an invigilator is asked to look', () => {
  it.each([
    { name: 'at nobody who writes and is heard of', given: {}, needs: [] },
    { name: 'at whoever was not heard of for a minute', given: { contactAt: NOW - SILENT_AFTER - 1 }, needs: ['silent'] },
    { name: 'not yet at whoever was silent for exactly that long', given: { contactAt: NOW - SILENT_AFTER }, needs: [] },
    { name: 'at whoever stands still, and not because they are silent', given: { pausedAt: NOW - 1000, contactAt: NOW - 900_000 }, needs: ['paused'] },
    { name: 'at a second device first, whatever else there is', given: { otherDeviceAt: NOW - 1000, contactAt: NOW - 900_000 }, needs: ['second-device', 'silent'] },
    { name: 'no more at a device that gave up long ago', given: { otherDeviceAt: NOW - RECENT - 1 }, needs: [] },
    { name: 'at somebody with much unanswered in the last minutes', given: { deadlineAt: NOW + LAST_MINUTES }, needs: ['time-short'] },
    { name: 'not at somebody who has answered nearly everything by then', given: { deadlineAt: NOW + LAST_MINUTES, saved: 39 }, needs: [] },
    { name: 'at what was observed lately', given: { observedAt: NOW - 1000 }, needs: ['observed'] },
    { name: 'at a message that was not read', given: { unreadSince: NOW - UNREAD_AFTER - 1 }, needs: ['unread'] },
    { name: 'at whoever is here and not admitted', given: { identity: null, state: null, contactAt: null }, needs: ['at-door'] },
    { name: 'not at whoever never came', given: { identity: null, checkedInAt: null, state: null, contactAt: null }, needs: [] },
    { name: 'at nobody who has handed in', given: { state: 'handed-in' as const, contactAt: 0, observedAt: NOW }, needs: [] },
  ])('$name', ({ given, needs }) => {
    expect(attention(watched(given), SITTING, NOW).needs).toEqual(needs);
  });

  it('at whoever was admitted and does not begin, some minutes after the others could', () => {
    const waiting = watched({ state: null, contactAt: null });
    expect(attention(waiting, { ...SITTING, startsAt: NOW - START_WITHIN - 1 }, NOW)).toEqual({ needs: ['not-started'], since: NOW - START_WITHIN - 1 });
    expect(attention(waiting, SITTING, NOW).needs).toEqual([]);
  });
});

describe('an act', () => {
  const plan = (kind: Parameters<typeof planAct>[0]['kind'], given: Partial<Target>, rooms: ReadonlySet<string | null> | null = null) => {
    const { applies, omitted } = planAct({ kind, targets: [target(given)], rooms, now: NOW });
    return applies.length === 1 ? 'yes' : omitted[0]?.why;
  };

  it.each([
    { kind: 'pause', given: {}, answer: 'yes' },
    { kind: 'pause', given: { pausedAt: 1 }, answer: 'paused-already' },
    { kind: 'pause', given: { deadlineAt: NOW }, answer: 'time-up' },
    { kind: 'resume', given: {}, answer: 'not-paused' },
    { kind: 'time', given: { state: null }, answer: 'not-started' },
    { kind: 'hand-in', given: { state: 'released' }, answer: 'not-writing' },
    { kind: 'void', given: { state: 'released' }, answer: 'yes' },
    { kind: 'void', given: { state: 'void' }, answer: 'void-already' },
    { kind: 'admit', given: { state: null, identity: null }, answer: 'yes' },
    { kind: 'admit', given: { identity: null }, answer: 'started' },
    { kind: 'refuse', given: { state: null, identity: 'refused' }, answer: 'decided-already' },
  ] as const)('$kind on $given: $answer', ({ kind, given, answer }) => {
    expect(plan(kind, given)).toBe(answer);
  });

  it('never reaches a room that is not one’s own', () => {
    expect(plan('pause', {}, new Set(['r2']))).toBe('other-room');
  });

  it('can be undone for a quarter of an hour, once, if it is of a kind that can', () => {
    const done = { kind: 'time', doneAt: NOW, undoneAt: null };
    expect(judgeUndo(done, NOW + UNDO_WITHIN)).toEqual({ ok: true });
    expect(judgeUndo(done, NOW + UNDO_WITHIN + 1)).toEqual({ ok: false, code: 'act.too-late' });
    expect(judgeUndo({ ...done, undoneAt: 1 }, NOW)).toEqual({ ok: false, code: 'act.undone' });
    expect(judgeUndo({ ...done, kind: 'message' }, NOW)).toEqual({ ok: false, code: 'act.not-undoable' });
  });
});

describe('the console', () => {
  it('knows after any changes exactly what the server knows', () => {
    const some = fc.uniqueArray(fc.record({ id: fc.constantFrom('a', 'b', 'c', 'd', 'e'), saved: fc.nat(3) }), { selector: ({ id }) => id });
    fc.assert(fc.property(some, some, (before, then) => {
      const state = (rows: typeof before, now: number): ConsoleState => ({ now, codes: [], rows: rows.map(({ id, saved }) => row(id, { saved })) });
      const [first, second] = [state(before, 1), state(then, 2)];
      const told = after(first, changesBetween(remembered(first), second));
      const byId = (one: ConsoleState) => [...one.rows].sort((x, y) => (x.id < y.id ? -1 : 1));
      expect(byId(told)).toEqual(byId(second));
    }));
  });

  it('leaves rows that did not change as they are, so that they are not drawn again', () => {
    const state: ConsoleState = { now: 1, codes: [], rows: [row('a'), row('b')] };
    const next = after(state, { now: 2, codes: [], rows: [row('b', { saved: 1 })], gone: [] });
    expect(next.rows[0]).toBe(state.rows[0]);
  });

  it('finds by a part of the name or ticket, by the seat, by need', () => {
    const rows = [row('王小明', { seat: 12, ticket: '2601' }), row('李红', { seat: 2, needs: ['silent'], since: 1 })];
    const found = (given: object) => shownRows(rows, { search: '', room: '', state: '', need: false, sort: 'seat', ...given }).map(({ id }) => id);
    expect(found({ search: '小' })).toEqual(['王小明']);
    expect(found({ search: '260' })).toEqual(['王小明']);
    expect(found({ search: '12' })).toEqual(['王小明']);
    expect(found({ need: true })).toEqual(['李红']);
    expect(found({ state: 'paused' })).toEqual([]);
    expect(found({ sort: 'name' })).toEqual(['李红', '王小明']);
  });

  it('lists who needs somebody by urgency, then by how long they have waited', () => {
    const rows = [row('a', { needs: ['unread'], since: 1 }), row('b', { needs: ['silent'], since: 9 }), row('c', { needs: ['silent'], since: 5 }), row('d')];
    expect(inNeed(rows, ['silent', 'unread']).map(({ id }) => id)).toEqual(['c', 'b', 'a']);
  });

  it('tells times in steps', () => {
    expect([5, 25, 100, 150, 8000].map((s) => ago(NOW - s * 1000, NOW))).toEqual([
      { unit: 'now', n: 0 }, { unit: 'seconds', n: 20 }, { unit: 'seconds', n: 100 }, { unit: 'minutes', n: 2 }, { unit: 'hours', n: 2 },
    ]);
  });
});
