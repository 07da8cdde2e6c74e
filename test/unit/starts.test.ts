import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clearance, type ClearanceInput, type Evidence } from '~/certification/clearance';
import { gateOn, type KnownAssignment } from '~/certification/known';
import type { Tree } from '~/certification/requirement';
import { probationEnds } from '~/certification/starts/confirmation';
import { earliestStart, type EarliestInput, type Need, type PossibleSitting } from '~/certification/starts/earliest-start';
import { verdictOf } from '~/certification/starts/ground';
import { LARGEST_PROOF, proofType } from '~/certification/starts/proof';
import { provisional, type Pending } from '~/certification/starts/provisional';
import { actOnStart, checkStartDay, type Start, type StartAct } from '~/certification/starts/start';
import { actOn, asGranted, checkSpan, WAIVER_DAYS, type Waiver, type WaiverAct } from '~/certification/starts/waiver';
import { spanOfWaiver } from '~/certification/clearance';
import { addDays, daysBetween, startOfDate } from '~/kernel/calendar';
import { hours } from '~/kernel/clock';

const ZONE = 'Asia/Shanghai';
const TODAY = '2026-06-01';
const day = (n: number): string => addDays(TODAY, n);
const at = (date: string, hour = 10): number => startOfDate(date, ZONE) + hours(hour);
const PEOPLE = ['account:anna', 'account:bao', 'account:chen'] as const;

const asked = (given: Partial<Waiver> = {}): Waiver => ({
  id: 'w', personId: 'p', assignmentId: 'a', requirementCode: null, state: 'asked', askedFrom: day(0), askedUntil: day(30), validFrom: day(0), validUntil: day(30),
  reason: '', proof: '', proofFile: null, conditions: '', askedAt: at(TODAY), askedBy: 'account:anna', decidedAt: null, decidedBy: null, decisionReason: null,
  revokedAt: null, revokedBy: null, revokeReason: null, version: 1, ...given,
});
const input = (given: Partial<ClearanceInput> = {}): ClearanceInput => ({
  requirements: [{ code: 'course', kind: 'course', targetId: 'c' }, { code: 'exam', kind: 'exam', targetId: 'e' }],
  evidence: [], startOfDuty: '2026-07-01', on: TODAY, zone: ZONE, ...given,
});
const shown = (kind: Evidence['kind'], targetId: string, date: string): Evidence => ({ kind, ref: `${kind}-${date}`, targetId, passed: true, at: at(date), facts: {} });

describe('a waiver', () => {
  const act: fc.Arbitrary<(when: number) => WaiverAct> = fc.tuple(fc.constantFrom('grant', 'refuse', 'withdraw', 'revoke'), fc.constantFrom(...PEOPLE), fc.integer({ min: 0, max: 60 }))
    .map(([kind, by, until]) => (when: number): WaiverAct => {
      switch (kind) {
        case 'grant': return { kind, by, at: when, until: day(until), conditions: '', reason: 'r' };
        case 'withdraw': return { kind, by, at: when };
        default: return { kind, by, at: when, reason: 'r' };
      }
    });
  const story = fc.array(fc.tuple(act, fc.integer({ min: 0, max: 5 })), { maxLength: 8 });
  /** Plays the acts one after the other, days apart; what is refused changes nothing. */
  const play = (acts: [(when: number) => WaiverAct, number][]): Waiver[] => {
    const states = [asked({ askedFrom: day(3), askedUntil: day(30), validFrom: day(3) })];
    let passed = 0;
    for (const [make, days] of acts) {
      passed += days;
      const before = states.at(-1) as Waiver;
      const after = actOn(before, make(at(day(passed))), ZONE);
      states.push(after.ok ? after.value : before);
    }
    return states;
  };

  it('is never decided by who asked, whatever is tried in whatever order', () => {
    fc.assert(fc.property(story, (acts) => {
      for (const one of play(acts)) expect(one.decidedBy).not.toBe(one.askedBy);
    }));
  });

  it('never counts before its decision, outside what was asked for, or longer than was granted', () => {
    fc.assert(fc.property(story, fc.integer({ min: -5, max: 70 }), (acts, n) => {
      const waiver = play(acts).at(-1) as Waiver;
      const granted = asGranted(waiver);
      const { periods } = clearance(input({ startOfDuty: day(-10), waivers: granted ? [granted] : [], on: '9999-12-31' }));
      const counts = periods.some(({ from, until }) => from <= day(n) && (until === null || day(n) <= until));
      if (!counts) return;
      expect(['granted', 'revoked']).toContain(waiver.state);
      expect(day(n) >= waiver.askedFrom && day(n) <= waiver.askedUntil && day(n) <= waiver.validUntil).toBe(true);
      expect(startOfDate(day(n), ZONE) + hours(24) > (waiver.decidedAt ?? Infinity)).toBe(true);
    }));
  });

  it('never counts after the day on which it was revoked', () => {
    fc.assert(fc.property(story, fc.integer({ min: 0, max: 60 }), (acts, n) => {
      const waiver = play(acts).at(-1) as Waiver;
      const granted = asGranted(waiver);
      if (!granted || waiver.revokedAt === null) return;
      const span = spanOfWaiver(granted, ZONE, '9999-12-31');
      if (startOfDate(day(n), ZONE) > waiver.revokedAt) expect(span !== null && span.from <= day(n) && day(n) <= span.until).toBe(false);
    }));
  });

  it('ends where it is refused, taken back or revoked: nothing moves it any more', () => {
    fc.assert(fc.property(story, (acts) => {
      const states = play(acts).map(({ state }) => state);
      const ended = states.findIndex((state) => ['refused', 'withdrawn', 'revoked'].includes(state));
      if (ended >= 0) expect(new Set(states.slice(ended)).size).toBe(1);
    }));
  });

  it.each([
    { name: 'is granted by somebody else', act: { kind: 'grant', by: 'account:bao', at: at(day(2)), until: day(20), conditions: 'c', reason: 'r' }, then: { state: 'granted', validFrom: day(2), validUntil: day(20), conditions: 'c' } },
    { name: 'cannot be granted for longer than was asked', act: { kind: 'grant', by: 'account:bao', at: at(day(2)), until: day(31), conditions: '', reason: 'r' }, then: 'waiver.longer' },
    { name: 'cannot be granted once its time is over', act: { kind: 'grant', by: 'account:bao', at: at(day(31)), until: day(30), conditions: '', reason: 'r' }, then: 'waiver.past' },
    { name: 'cannot be refused by who asked', act: { kind: 'refuse', by: 'account:anna', at: at(TODAY), reason: 'r' }, then: 'waiver.own-request' },
    { name: 'cannot be taken back by anybody else', act: { kind: 'withdraw', by: 'account:bao', at: at(TODAY) }, then: 'waiver.not-asker' },
    { name: 'cannot be revoked before it is granted', act: { kind: 'revoke', by: 'account:bao', at: at(TODAY), reason: 'r' }, then: 'waiver.not-granted' },
  ] as { name: string; act: WaiverAct; then: string | Partial<Waiver> }[])('$name', ({ act: one, then }) => {
    const after = actOn(asked(), one, ZONE);
    if (typeof then === 'string') expect(after).toMatchObject({ ok: false, error: { code: then } });
    else expect(after).toMatchObject({ ok: true, value: then });
  });

  it.each([
    { name: 'the longest allowed', from: day(0), until: day(WAIVER_DAYS - 1), code: null },
    { name: 'a day longer', from: day(0), until: day(WAIVER_DAYS), code: 'waiver.too-long' },
    { name: 'one day only', from: day(0), until: day(0), code: null },
    { name: 'the end before the beginning', from: day(5), until: day(4), code: 'waiver.order' },
    { name: 'days that are past', from: day(-9), until: day(-1), code: 'waiver.past' },
    { name: 'the far future', from: day(181), until: day(190), code: 'waiver.too-far' },
  ])('asked for over $name: $code', ({ from, until, code }) => {
    const checked = checkSpan({ from, until }, TODAY);
    expect(checked.ok ? null : checked.error.code).toBe(code);
  });
});

describe('a start', () => {
  const start = (given: Partial<Start>): Start => ({
    id: 's', personId: 'p', appointmentId: 'ap', startedOn: TODAY, basis: 'emergency', state: 'proposed', ground: { gate: 'before-start-of-duty', on: TODAY, programmes: [] },
    reason: 'r', askedAt: at(TODAY), askedBy: 'account:anna', decidedAt: null, decidedBy: null, decisionReason: null, cancelledAt: null, cancelledBy: null, cancelReason: null, version: 1, ...given,
  });

  it('of an emergency counts only with two persons, and a cancelled one stays cancelled, whatever is tried', () => {
    const act: fc.Arbitrary<StartAct> = fc.record({ kind: fc.constantFrom('confirm', 'refuse', 'cancel'), by: fc.constantFrom(...PEOPLE), at: fc.constant(at(TODAY)), reason: fc.constant('r') });
    fc.assert(fc.property(fc.array(act, { maxLength: 8 }), (acts) => {
      let one = start({});
      for (const next of acts) {
        const after = actOnStart(one, next);
        if (one.state === 'cancelled' || one.state === 'refused') expect(after.ok).toBe(false);
        if (after.ok) one = after.value;
        if (one.state === 'recorded') expect(one.decidedBy !== null && one.decidedBy !== one.askedBy).toBe(true);
      }
    }));
  });

  it.each([
    { name: 'recorded is cancelled by somebody else', given: { basis: 'clearance', state: 'recorded' }, act: { kind: 'cancel', by: 'account:bao' }, code: null },
    { name: 'recorded is not cancelled by who recorded it', given: { basis: 'clearance', state: 'recorded' }, act: { kind: 'cancel', by: 'account:anna' }, code: 'start.own-record' },
    { name: 'proposed is taken back by who proposed it', given: {}, act: { kind: 'cancel', by: 'account:anna' }, code: null },
    { name: 'proposed is not taken back by others', given: {}, act: { kind: 'cancel', by: 'account:bao' }, code: 'start.not-proposer' },
    { name: 'recorded is not confirmed once more', given: { state: 'recorded' }, act: { kind: 'confirm', by: 'account:bao' }, code: 'start.decided' },
    { name: 'proposed is not confirmed by who proposed it', given: {}, act: { kind: 'confirm', by: 'account:anna' }, code: 'start.own-proposal' },
  ] as { name: string; given: Partial<Start>; act: Pick<StartAct, 'kind' | 'by'>; code: string | null }[])('$name', ({ given, act, code }) => {
    const after = actOnStart(start(given), { ...act, at: at(TODAY), reason: 'r' });
    expect(after.ok ? null : after.error.code).toBe(code);
  });

  it('is recorded when it has happened; only an emergency is proposed ahead', () => {
    expect(checkStartDay(day(0), TODAY, false).ok).toBe(true);
    expect(checkStartDay(day(1), TODAY, false)).toMatchObject({ error: { code: 'start.future' } });
    expect(checkStartDay(day(30), TODAY, true).ok).toBe(true);
    expect(checkStartDay(day(31), TODAY, true)).toMatchObject({ error: { code: 'start.too-far' } });
  });
});

describe('the ground of a start', () => {
  const assigned = (programmeId: string, given: Partial<ClearanceInput> = {}, more: Partial<KnownAssignment> = {}): KnownAssignment => ({
    id: `a-${programmeId}`, personId: 'p', appointmentId: 'ap', programmeId, programmeVersionId: `v-${programmeId}`, cycle: 1, follows: null, madeAt: at(TODAY), endedAt: null,
    input: { ...input(given), gate: 'before-start-of-duty', dueOn: '2026-06-26' }, ...more,
  });
  const verdictOn = (on: string, ...assignments: KnownAssignment[]) => verdictOf(gateOn(assignments, 'before-start-of-duty', on, ZONE));
  const all = [shown('course-completion', 'c', '2026-06-10'), shown('exam-result', 'e', '2026-06-20')];
  const course = all.slice(0, 1);
  const waiver = { id: 'w', requirementCode: 'exam', from: '2026-07-01', until: '2026-07-31', grantedAt: at('2026-06-25') };

  it('is a clearance when every programme is in force on the day, with the evidence of each requirement', () => {
    expect(verdictOn('2026-07-01', assigned('p', { evidence: all }))).toMatchObject({
      basis: 'clearance', ground: { on: '2026-07-01', programmes: [{ permitted: true, basis: 'evidence', requirements: [{ code: 'course', evidenceRef: 'course-completion-2026-06-10' }, { code: 'exam', state: 'met' }] }] },
    });
  });
  it('is a waiver when one of them rests on it', () => {
    expect(verdictOn('2026-07-01', assigned('p', { evidence: all }), assigned('q', { evidence: course, waivers: [waiver] })))
      .toMatchObject({ basis: 'waiver', ground: { programmes: [{ waiverId: null }, { waiverId: 'w', until: '2026-07-31' }] } });
  });
  it.each([
    { name: 'one programme of two is missing', on: '2026-07-01', of: [assigned('p', { evidence: all }), assigned('q')] },
    { name: 'the permission begins the day after', on: '2026-06-30', of: [assigned('p', { evidence: all })] },
    { name: 'the waiver ended the day before', on: '2026-08-01', of: [assigned('p', { evidence: course, waivers: [waiver] })] },
    { name: 'the result came later', on: '2026-07-01', of: [assigned('p', { evidence: [...course, shown('exam-result', 'e', '2026-07-02')] })] },
    { name: 'nothing is assigned', on: '2026-07-01', of: [] },
  ])('is none when $name', ({ on, of }) => {
    expect(verdictOn(on, ...of).basis).toBeNull();
  });
  it('is the cycle that is in force, while the next one is open', () => {
    const next = assigned('p', { countsFrom: '2026-06-25', evidence: all }, { id: 'next', cycle: 2, follows: 'a-p' });
    expect(verdictOn('2026-07-01', assigned('p', { evidence: all }), next)).toMatchObject({ basis: 'clearance', ground: { programmes: [{ assignmentId: 'a-p' }] } });
  });
});

describe('a provisional clearance', () => {
  const course = shown('course-completion', 'c', '2026-05-20');
  const result: Pending = { kind: 'result', code: 'exam', of: '2026-06-20', on: '2026-06-25' };
  const askedFor: Pending = { kind: 'waiver', code: 'exam', waiverId: 'w', on: '2026-07-01', until: '2026-07-31' };

  it('follows if the result that is awaited is a pass', () => {
    expect(provisional(input({ evidence: [course], startOfDuty: '2026-06-01' }), [result], TODAY)).toEqual({ on: '2026-06-25', until: null, basis: 'evidence', conditions: [result] });
  });
  it('begins with the start of duty, not before', () => {
    expect(provisional(input({ evidence: [course] }), [result], TODAY)?.on).toBe('2026-07-01');
  });
  it('prefers evidence to a waiver, and names only what is needed', () => {
    expect(provisional(input({ evidence: [course] }), [result, askedFor], TODAY)?.conditions).toEqual([result]);
    expect(provisional(input({ evidence: [course] }), [askedFor], TODAY)).toEqual({ on: '2026-07-01', until: '2026-07-31', basis: 'waiver', conditions: [askedFor] });
  });
  it('does not name what another branch of the tree makes needless', () => {
    const tree: Tree = { kind: 'any', of: [{ kind: 'requirement', code: 'course' }, { kind: 'requirement', code: 'exam' }] };
    const completion: Pending = { kind: 'completion', code: 'course', of: TODAY, on: TODAY };
    expect(provisional(input({ tree }), [completion, result], TODAY)?.conditions).toEqual([completion]);
  });
  it.each([
    { name: 'nothing is pending', evidence: [course], pending: [] },
    { name: 'what is pending is not enough', evidence: [], pending: [result] },
    { name: 'it is cleared already', evidence: [course, shown('exam-result', 'e', '2026-05-25')], pending: [result] },
  ])('is none when $name', ({ evidence, pending }) => {
    expect(provisional(input({ evidence }), pending, TODAY)).toBeNull();
  });
});

describe('the earliest start', () => {
  const sitting = (n: number, given: Partial<PossibleSitting> = {}): PossibleSitting =>
    ({ id: `s${n}`, title: '', startsAt: at(day(n), 9), endsAt: at(day(n), 11), free: 5, own: false, ...given });
  const exam = (given: Partial<Extract<Need, { kind: 'exam' }>> = {}): Need =>
    ({ kind: 'exam', code: 'exam', courseFirst: null, notBefore: null, closesAt: null, release: 'automatic', sittings: null, ...given });
  const plan = (needs: Need[], given: Partial<EarliestInput> = {}) =>
    earliestStart({ today: TODAY, startOfDuty: TODAY, zone: ZONE, tree: { kind: 'all' }, codes: ['course', 'exam'], met: [], needs, ...given });
  const study = (minutesLeft: number): Need => ({ kind: 'study', code: 'course', targetId: 'c', minutesLeft });

  it.each<{ name: string; needs: Need[]; on: string }>([
    { name: 'today when everything can be done today', needs: [study(240), exam()], on: day(0) },
    { name: 'the day on which the lessons are read, half a day each day', needs: [study(241), exam()], on: day(1) },
    { name: 'after the course that the exam asks for', needs: [study(700), exam({ courseFirst: { targetId: 'c', minutesLeft: 700 } })], on: day(2) },
    { name: 'after the cooling-off', needs: [study(0), exam({ notBefore: at(day(4)) })], on: day(4) },
    { name: 'three working days after an exam whose result a person releases', needs: [study(0), exam({ release: 'by-person' })], on: '2026-06-04' },
    { name: 'in the first sitting that has a place', needs: [study(0), exam({ sittings: [sitting(9), sitting(2, { free: 0 }), sitting(5)] })], on: day(5) },
    { name: 'in the sitting that is booked, however full', needs: [study(0), exam({ sittings: [sitting(2, { free: 0, own: true }), sitting(5)] })], on: day(2) },
    { name: 'in a sitting after the lessons', needs: [study(1000), exam({ courseFirst: { targetId: 'c', minutesLeft: 1000 }, sittings: [sitting(2), sitting(6)] })], on: day(6) },
    { name: 'when the result of what was handed in is there, not before today', needs: [study(0), { kind: 'result', code: 'exam', handedInAt: at(day(-20)), release: 'by-person' }], on: day(0) },
  ])('is $name', ({ needs, on }) => {
    expect(plan(needs)).toMatchObject({ kind: 'date', on });
  });

  it('is never before the start of duty', () => {
    expect(plan([study(0), exam()], { startOfDuty: day(30) })).toMatchObject({ kind: 'date', on: day(30) });
  });
  it('takes the quicker branch, and leaves out what it does not need', () => {
    const found = plan([study(4800), exam()], { tree: { kind: 'any', of: [{ kind: 'requirement', code: 'course' }, { kind: 'requirement', code: 'exam' }] } });
    expect(found).toMatchObject({ kind: 'date', on: TODAY, steps: [{ code: 'exam' }] });
  });
  it.each<{ name: string; needs: Need[]; why: string }>([
    { name: 'no attempt is left', needs: [study(0), { kind: 'unknown', code: 'exam', why: 'no-attempts-left' }], why: 'no-attempts-left' },
    { name: 'no sitting has a place', needs: [study(0), exam({ sittings: [sitting(3, { free: 0 })] })], why: 'no-sitting' },
    { name: 'the exam closes before the lessons are read', needs: [study(2400), exam({ courseFirst: { targetId: 'c', minutesLeft: 2400 }, closesAt: at(day(3)) })], why: 'exam-closed' },
  ])('cannot be told when $name', ({ needs, why }) => {
    expect(plan(needs)).toEqual({ kind: 'unknown', because: [{ code: 'exam', why }] });
  });

  it('is never earlier with more to study', () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: 9000 }), fc.integer({ min: 0, max: 9000 }), (a, b) => {
      const on = (minutes: number) => { const found = plan([study(minutes), exam({ courseFirst: { targetId: 'c', minutesLeft: minutes } })]); return found.kind === 'date' ? found.on : ''; };
      expect(daysBetween(on(Math.min(a, b)), on(Math.max(a, b)))).toBeGreaterThanOrEqual(0);
    }));
  });
});

describe('proof and probation', () => {
  it.each([
    { name: 'a PDF', bytes: Buffer.from('%PDF-1.7 …'), type: 'pdf' },
    { name: 'a PNG', bytes: Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0]), type: 'png' },
    { name: 'a JPEG', bytes: Buffer.from([0xff, 0xd8, 0xff, 0xe0]), type: 'jpg' },
    { name: 'a page of HTML', bytes: Buffer.from('<html>%PDF-'), type: null },
    { name: 'nothing', bytes: Buffer.alloc(0), type: null },
  ])('$name is told by its first bytes', ({ bytes, type }) => {
    const found = proofType(bytes);
    expect(found.ok ? found.value : null).toBe(type);
  });
  it('is at most 5 MB', () => {
    expect(proofType(Buffer.concat([Buffer.from('%PDF-'), Buffer.alloc(LARGEST_PROOF)]))).toMatchObject({ error: { code: 'proof.too-large' } });
  });
  it.each([['2026-07-01', '2027-06-30'], ['2027-03-01', '2028-02-29'], ['2028-02-29', '2029-02-27']])('a probation that began on %s ends on %s', (began, ends) => {
    expect(probationEnds(began)).toBe(ends);
  });
});
