import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  endOfPeriod, holdsResult, isClosed, isFinal, isHeard, mayAppeal, mayDecide, mayDecideAppeal, mayState, type Consequence, type Finding,
} from '~/exams/integrity/finding';
import { networkOf, sumUp, toRecord } from '~/exams/integrity/observation';
import { days, seconds } from '~/kernel/clock';

const T0 = Date.parse('2026-09-30T02:00:00Z');
const ZONE = 'Asia/Shanghai';
const finding = (given: Partial<Finding> = {}): Finding => ({
  state: 'proposed', personId: 'candidate', proposedBy: 'account:1', hearUntil: T0 + days(3), consequence: null, decidedBy: null, appealUntil: null, ...given,
});
const actor = (n: number, personId: string | null = `p${n}`) => ({ by: `account:${n}`, personId });

/** A step that somebody tries at some time; refused ones change nothing. */
type Step = { what: 'state' | 'decide' | 'appeal' | 'decide appeal' | 'wait'; who: number; outcome: 'dismissed' | Consequence; up: boolean; days: number };

const step: fc.Arbitrary<Step> = fc.record({
  what: fc.constantFrom('state' as const, 'decide' as const, 'appeal' as const, 'decide appeal' as const, 'wait' as const),
  who: fc.integer({ min: 1, max: 4 }), outcome: fc.constantFrom('dismissed' as const, 'warning' as const, 'void' as const),
  up: fc.boolean(), days: fc.integer({ min: 0, max: 4 }),
});

interface World {
  now: number;
  finding: Finding;
  heardAt: number | null;
  decidedAt: number | null;
  appealedBy: string | null;
  appealDecidedBy: string | null;
}

function take(world: World, { what, who, outcome, up, days: wait }: Step): World {
  const { finding: f } = world;
  const now = world.now + days(wait);
  // Account 4 is the candidate's own, who is an adjudicator elsewhere.
  const by = actor(who, who === 4 ? 'candidate' : `p${who}`);
  const next = { ...world, now };
  if (what === 'state' && mayState(f) === null) return { ...next, heardAt: now, finding: { ...f, state: 'heard' } };
  if (what === 'decide' && mayDecide(f, by, now) === null) {
    const upheld = outcome !== 'dismissed';
    return { ...next, decidedAt: now, finding: {
      ...f, state: upheld ? 'upheld' : 'dismissed', consequence: upheld ? outcome : null, decidedBy: by.by, appealUntil: upheld ? now + days(5) : null,
    } };
  }
  if (what === 'appeal' && mayAppeal(f, now) === null) return { ...next, appealedBy: by.by, finding: { ...f, state: 'appealed' } };
  if (what === 'decide appeal' && mayDecideAppeal(f, by) === null) {
    return { ...next, appealDecidedBy: by.by, finding: { ...f, state: up ? 'appeal-upheld' : 'appeal-dismissed' } };
  }
  return next;
}

describe('a finding', () => {
  it('is never decided unheard, by its proposer or by the person concerned, and its appeal never by either who came before', () => {
    fc.assert(fc.property(fc.array(step, { maxLength: 25 }), (steps) => {
      let world: World = { now: T0, finding: finding(), heardAt: null, decidedAt: null, appealedBy: null, appealDecidedBy: null };
      for (const one of steps) world = take(world, one);
      const { finding: f, heardAt, decidedAt, appealDecidedBy } = world;
      if (decidedAt !== null) {
        expect(heardAt !== null || decidedAt > f.hearUntil).toBe(true);
        expect(f.decidedBy).not.toBe('account:1');
        expect(f.decidedBy).not.toBe('account:4');
      }
      if (appealDecidedBy !== null) expect(['account:1', 'account:4', f.decidedBy]).not.toContain(appealDecidedBy);
    }), { numRuns: 500 });
  });

  it('is carried out only when no appeal is possible any more, so that nothing has to be undone', () => {
    fc.assert(fc.property(fc.array(step, { maxLength: 25 }), (steps) => {
      let world: World = { now: T0, finding: finding(), heardAt: null, decidedAt: null, appealedBy: null, appealDecidedBy: null };
      let final = false;
      for (const one of steps) {
        world = take(world, one);
        if (final) expect(isFinal(world.finding, world.now)).toBe(true);
        final = isFinal(world.finding, world.now);
        if (final) expect([mayAppeal(world.finding, world.now), mayDecideAppeal(world.finding, actor(3))]).not.toContain(null);
        // Whoever waits for the result waits as long as it is open whether the attempt counts, and no longer.
        const mayBecomeVoid = ['proposed', 'heard'].includes(world.finding.state) || (world.finding.consequence === 'void' && !['dismissed', 'appeal-upheld'].includes(world.finding.state));
        expect(holdsResult(world.finding)).toBe(mayBecomeVoid);
        if (isClosed(world.finding, world.now)) expect(mayState(world.finding)).toBe('finding.decided');
      }
    }), { numRuns: 500 });
  });

  it('counts periods in working days, to the end of the last one', () => {
    // The national holidays of October 2026 lie between; the 10th is worked instead.
    expect(endOfPeriod(Date.parse('2026-09-07T02:00:00Z'), 3, ZONE)).toBe(Date.parse('2026-09-10T16:00:00Z') - 1);
    expect(endOfPeriod(Date.parse('2026-09-11T02:00:00Z'), 1, ZONE)).toBe(Date.parse('2026-09-14T16:00:00Z') - 1);
    expect(endOfPeriod(T0, 1, ZONE)).toBeGreaterThan(T0 + days(7));
  });

  it('may be decided at once after the statement, else only after the period', () => {
    expect(mayDecide(finding(), actor(2), T0 + days(3))).toBe('finding.not-heard');
    expect(mayDecide(finding(), actor(2), T0 + days(3) + 1)).toBeNull();
    expect(mayDecide(finding({ state: 'heard' }), actor(2), T0)).toBeNull();
    expect(isHeard(finding({ state: 'dismissed' }), T0 + days(9))).toBe(false);
  });

  it('says why not', () => {
    expect(mayDecide(finding({ state: 'heard' }), actor(1), T0)).toBe('finding.proposer');
    expect(mayDecide(finding({ state: 'heard' }), actor(2, 'candidate'), T0)).toBe('finding.own');
    expect(mayAppeal(finding({ state: 'upheld', appealUntil: T0 }), T0 + 1)).toBe('finding.too-late');
    expect(mayAppeal(finding({ state: 'dismissed' }), T0)).toBe('finding.nothing-to-appeal');
    expect(mayDecideAppeal(finding({ state: 'appealed', decidedBy: 'account:2' }), actor(2))).toBe('finding.decider');
    expect(mayDecideAppeal(finding({ state: 'appealed', decidedBy: 'account:2' }), actor(1))).toBe('finding.proposer');
    expect(mayDecideAppeal(finding({ state: 'appealed', decidedBy: 'account:2' }), actor(3))).toBeNull();
  });
});

describe('observations', () => {
  const attempt = { id: 'a', startedAt: T0 };

  it('are recorded only of kinds that are on, begun within the attempt, for no longer than it has lasted', () => {
    const now = T0 + seconds(100);
    const sent = [
      { kind: 'left-page' as const, at: T0 + seconds(40), seconds: 9000 },
      { kind: 'paste' as const, at: T0 + seconds(50), count: 12 },
      { kind: 'left-page' as const, at: T0 - seconds(60), seconds: 5 },
      { kind: 'left-page' as const, at: now + seconds(60), seconds: 5 },
    ];
    expect(toRecord(sent, attempt, ['left-page'], now)).toEqual([{ id: `a/left-page/${T0 + 40_000}`, kind: 'left-page', at: T0 + seconds(40), seconds: 65, count: null }]);
    expect(toRecord(sent, attempt, [], now)).toEqual([]);
    expect(toRecord(sent, attempt, ['paste'], now)).toMatchObject([{ count: 12, seconds: null }]);
  });

  it('sum up kind by kind, without the notes', () => {
    expect(sumUp([
      { kind: 'left-page', seconds: 5, count: null }, { kind: 'note', seconds: null, count: null }, { kind: 'left-page', seconds: 7, count: null }, { kind: 'paste', seconds: null, count: 3 },
    ])).toEqual([{ kind: 'left-page', times: 2, seconds: 12, count: null }, { kind: 'paste', times: 1, seconds: null, count: 3 }]);
  });

  it.each([
    { address: '10.1.2.3', network: '10.1.2.3' },
    { address: '::ffff:10.1.2.3', network: '10.1.2.3' },
    { address: '2001:db8:0:1:aaaa:bbbb:cccc:dddd', network: '2001:db8:0:1' },
    { address: '2001:0DB8::1:0:0:0:1', network: '2001:db8:0:1' },
    { address: '2001:db8:0:1::9', network: '2001:db8:0:1' },
    { address: '::1', network: '0:0:0:0' },
    { address: 'fe80::1%eth0', network: 'fe80:0:0:0' },
  ])('see $address as a part of $network', ({ address, network }) => {
    expect(networkOf(address)).toBe(network);
  });
});
