import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readPrefix } from '~/certification/credentials/issuer';
import { networkOf } from '~/certification/credentials/network';
import { CREDENTIAL_CHANGES, CREDENTIAL_STATES, isAnother, isLive, standingOn, stateAfter, statesBefore } from '~/certification/credentials/state';

const changes = fc.array(fc.constantFrom(...CREDENTIAL_CHANGES));

/** The states that a credential goes through; a change that cannot be made changes nothing. */
const states = (made: readonly (typeof CREDENTIAL_CHANGES)[number][]) =>
  made.reduce<(typeof CREDENTIAL_STATES)[number][]>((past, change) => {
    const now = past.at(-1) ?? 'valid';
    return [...past, stateAfter(now, change) ?? now];
  }, ['valid']);

describe('the states of a credential', () => {
  it('never leave revoked or superseded, whatever is tried', () => {
    fc.assert(fc.property(changes, (made) => {
      const past = states(made);
      const settled = past.findIndex((state) => !isLive(state));
      return settled < 0 || past.slice(settled).every((state) => state === past[settled]);
    }));
  });

  it('come back to valid only from a suspension', () => {
    fc.assert(fc.property(changes, (made) => {
      const past = states(made);
      return past.every((state, i) => i === 0 || state !== 'valid' || past[i - 1] === 'valid' || past[i - 1] === 'suspended');
    }));
  });

  it('are told alike from both sides', () => {
    for (const change of CREDENTIAL_CHANGES) {
      expect(statesBefore(change)).toEqual(CREDENTIAL_STATES.filter((state) => stateAfter(state, change) !== null));
      expect(new Set(statesBefore(change).map((state) => stateAfter(state, change))).size).toBe(1);
    }
  });

  it.each([
    { name: 'before the first day', on: '2026-06-30', state: 'valid', is: 'not-yet' },
    { name: 'on the first day', on: '2026-07-01', state: 'valid', is: 'valid' },
    { name: 'on the last day', on: '2027-06-30', state: 'valid', is: 'valid' },
    { name: 'after the last day', on: '2027-07-01', state: 'valid', is: 'expired' },
    { name: 'revoked, whatever the day', on: '2027-07-01', state: 'revoked', is: 'revoked' },
  ] as const)('$name it is told as $is', ({ on, state, is }) => {
    expect(standingOn(on, { state, validFrom: '2026-07-01', validUntil: '2027-06-30' })).toBe(is);
  });

  it('are decided on by another person', () => {
    expect(isAnother('account:a', 'account:b')).toBe(true);
    expect(isAnother('account:a', 'account:a')).toBe(false);
  });
});

describe('issuers and networks', () => {
  it('have prefixes that cannot be taken for anything else', () => {
    expect(['sg', 'ＹＪＤＳ', 'A1'].map(readPrefix)).toEqual(['SG', 'YJDS', 'A1']);
    expect(['S', '1A', 'TOOLONGPREFIX', 'A-B', ''].map(readPrefix)).toEqual([null, null, null, null, null]);
  });

  it('are told apart by what is routed in public', () => {
    expect(['10.1.2.3', '::ffff:192.168.0.9', '172.31.0.1', '::1', 'fd00::1'].map(networkOf)).toEqual(Array(5).fill('internal'));
    expect(['172.32.0.1', '8.8.8.8', '2001:db8::1', 'nonsense'].map(networkOf)).toEqual(Array(4).fill('public'));
  });
});
