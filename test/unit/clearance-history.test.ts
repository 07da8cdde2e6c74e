import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clearance } from '~/certification/clearance';
import { assignmentsIn, type HistoryEvent } from '~/certification/history';
import { gateOn, judgeAll, rowsOf } from '~/certification/known';
import { addDays, startOfDate } from '~/kernel/calendar';
import { hours } from '~/kernel/clock';

const ZONE = 'Asia/Shanghai';
const REQUIREMENTS = [{ code: 'course', kind: 'course', targetId: 'c1' }, { code: 'exam', kind: 'exam', targetId: 'e1' }];
const at = (day: number, hour = 9) => startOfDate(addDays('2026-05-01', day), ZONE) + hours(hour);

/** Something that happens on the nth day. */
type Happening = (day: number) => Omit<HistoryEvent, 'person_id' | 'at' | 'recorded_at'>;

const evidence = (kind: string, ref: string, targetId: string, passed: boolean, revision: number, more: object = {}): Happening => () =>
  ({ kind: 'evidence.recorded', subject_id: ref, cause: 'rule', body: { kind, ref, targetId, passed, facts: { percent: passed ? 80 : 40, revision }, ...more } });
const act = (kind: string, subject_id: string, body: object, cause = 'personnel'): Happening => () => ({ kind, subject_id, cause, body });

const made = (id: string, programmeId: string, more: object = {}): Happening => act('assignment.made', id, {
  version: 1, startOfDuty: '2026-05-10', dueOn: '2026-05-08', appointmentId: 'ap', programmeVersionId: `v-${programmeId}`, programmeId, gate: 'before-start-of-duty',
  requirements: REQUIREMENTS, tree: { kind: 'all' }, validity: { kind: 'from-completion', period: { count: 2, unit: 'months' }, window: { count: 1, unit: 'months' } }, ...more,
}, 'rule');

const BEGIN: Happening[] = [made('a1', 'p1'), made('a2', 'p2', { requirements: [REQUIREMENTS[0]], tree: { kind: 'any', of: [{ kind: 'requirement', code: 'course' }] }, validity: { kind: 'for-ever' } })];

const anyHappening: fc.Arbitrary<Happening> = fc.oneof(
  fc.tuple(fc.constantFrom('x', 'y'), fc.boolean(), fc.integer({ min: 0, max: 3 })).map(([ref, passed, revision]) => evidence('exam-result', ref, 'e1', passed, revision)),
  fc.constantFrom('m', 'n').map((ref) => evidence('course-completion', ref, 'c1', true, 0, { validUntil: ref === 'm' ? '2026-06-01' : null })),
  fc.constantFrom(
    act('waiver.granted', 'w1', { assignmentId: 'a1', requirementCode: null, from: '2026-05-05', until: '2026-05-30' }),
    act('waiver.granted', 'w2', { assignmentId: 'a1', requirementCode: 'exam', from: '2026-05-12', until: '2026-06-20' }),
    act('waiver.revoked', 'w1', { assignmentId: 'a1', requirementCode: null, from: '2026-05-05', until: '2026-05-30' }),
    act('credential.suspended', 'k1', { assignmentId: 'a1' }), act('credential.reinstated', 'k1', { assignmentId: 'a1' }),
    act('credential.revoked', 'k1', { assignmentId: 'a1', reason: 'result-annulled' }), act('credential.revoked', 'k1', { assignmentId: 'a1', reason: 'attempt-voided' }, 'rule'),
    act('credential.extended', 'k1', { assignmentId: 'a1', until: '2026-09-30' }),
    act('assignment.replanned', 'a1', { version: 2, startOfDuty: '2026-05-20', dueOn: '2026-05-15' }, 'rule'),
    act('assignment.ended', 'a2', { version: 2 }, 'rule'),
  ),
);
/** One thing of a kind a day, as the tables would let it happen: revisions only grow. */
const anyHistory = fc.uniqueArray(anyHappening.map((make) => make(0)), {
  maxLength: 12, selector: (event) => `${event.kind} ${event.subject_id} ${(event.body as { facts?: { revision: number } }).facts?.revision ?? ''}`,
}).map((all): HistoryEvent[] => [...BEGIN.map((make) => make(0)), ...all].map((event, i) => {
  const day = Math.max(0, i - 1) * 3;
  return { ...event, person_id: 'p', at: at(day), recorded_at: at(day, 10) };
}));

describe('what the ledger says about clearances', () => {
  it('does not depend on the order in which its events arrive', () => {
    fc.assert(fc.property(anyHistory.chain((all) => fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length }))), fc.integer({ min: 0, max: 90 }), ([all, shuffled], day) => {
      const rows = (history: HistoryEvent[]) => rowsOf(assignmentsIn(history), addDays('2026-05-01', day), ZONE).sort((a, b) => (a.assignmentId < b.assignmentId ? -1 : 1));
      expect(rows(shuffled)).toEqual(rows(all));
    }));
  });

  it('is in the row of every list as the function answers, after any sequence of events', () => {
    fc.assert(fc.property(anyHistory, fc.integer({ min: 0, max: 90 }), (history, day) => {
      const on = addDays('2026-05-01', day);
      const known = assignmentsIn(history);
      const rows = rowsOf(known, on, ZONE);
      expect(rows.map((row) => row.assignmentId).sort()).toEqual(known.filter(({ endedAt }) => endedAt === null).map(({ id }) => id).sort());
      for (const row of rows) {
        const one = known.find(({ id }) => id === row.assignmentId);
        if (!one) throw new Error('a row of nothing');
        expect(row).toMatchObject(clearanceFields(clearance({ ...one.input, on, zone: ZONE })));
      }
      const gates = new Set(rows.map(({ appointmentId, gate }) => `${appointmentId} ${gate}`));
      expect(rows.filter(({ leads }) => leads)).toHaveLength(gates.size);
    }));
  });

  it('stays in the row until the day that the row names', () => {
    fc.assert(fc.property(anyHistory, fc.integer({ min: 0, max: 60 }), fc.integer({ min: 1, max: 60 }), (history, day, more) => {
      const known = assignmentsIn(history);
      const [on, later] = [addDays('2026-05-01', day), addDays('2026-05-01', day + more)];
      const before = rowsOf(known, on, ZONE);
      if (before.some(({ changesOn }) => changesOn !== null && changesOn <= later)) return;
      expect(rowsOf(known, later, ZONE)).toEqual(before);
    }));
  });

  it('was the same at the time, when only what was recorded by then is read', () => {
    fc.assert(fc.property(anyHistory, fc.integer({ min: 0, max: 40 }), (history, day) => {
      const end = startOfDate(addDays('2026-05-01', day + 1), ZONE);
      const then = history.filter((event) => event.recorded_at < end);
      const asKnown = judgeAll(assignmentsIn(then), addDays('2026-05-01', day), ZONE);
      // What is recorded later with a later effect changes nothing about that day, except evidence whose very record was changed.
      const now = judgeAll(assignmentsIn(history.filter((event) => event.recorded_at < end || event.kind === 'waiver.granted')), addDays('2026-05-01', day), ZONE);
      for (const [id, { clearance: answer }] of asKnown) expect(now.get(id)?.clearance.status).toBe(answer.status);
    }));
  });

  it('opens a gate only when every programme of it does', () => {
    fc.assert(fc.property(anyHistory, fc.integer({ min: 0, max: 90 }), (history, day) => {
      const on = addDays('2026-05-01', day);
      const { open, programmes } = gateOn(assignmentsIn(history), 'before-start-of-duty', on, ZONE);
      const permits = programmes.map(({ clearance: { periods } }) => periods.some(({ from, until }) => from <= on && (until === null || on <= until)));
      expect(open).toBe(permits.length > 0 && permits.every(Boolean));
    }));
  });
});

const clearanceFields = ({ status, mayStartOn, until, periods, withdrawnOn, suspendedOn, expiredOn, lawUntil, done, total, requirements, changesOn }: ReturnType<typeof clearance>) =>
  ({ status, mayStartOn, until, periods, withdrawnOn, suspendedOn, expiredOn, lawUntil, done, total, requirements, changesOn });
