import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { authorise, can, scopePaths, POLICY, type Action, type Actor, type Role } from '~/identity';
import { covers, isRoot, outermost } from '~/identity/scope';
import { ProblemError } from '~/kernel/result';

const segment = fc.constantFrom('a', 'b', 'ab', 'c1', 'c12');
const path = fc.array(segment, { minLength: 1, maxLength: 4 }).map((parts) => `/${parts.join('/')}/`);
const paths = fc.array(path, { maxLength: 6 });

/** The same question asked segment by segment, as a person would. */
function coversBySegments(scope: string, at: string): boolean {
  const [wanted, had] = [scope, at].map((text) => text.split('/').filter(Boolean));
  return (wanted ?? []).every((part, i) => had?.[i] === part);
}

describe('a scope', () => {
  it('covers itself and what lies beneath it, never a sibling whose name begins alike', () => {
    fc.assert(fc.property(path, path, (scope, at) => {
      expect(covers(scope, at)).toBe(coversBySegments(scope, at));
    }));
  });

  it('is reduced to its outermost paths without gaining or losing a place', () => {
    fc.assert(fc.property(paths, path, (scope, at) => {
      const fewest = outermost(scope);
      expect(fewest.some((one) => covers(one, at))).toBe(scope.some((one) => covers(one, at)));
      expect(fewest.every((one) => !fewest.some((other) => other !== one && covers(other, one)))).toBe(true);
    }));
  });

  it.each([
    { at: '', name: 'an empty path' },
    { at: '/', name: 'a lone slash' },
    { at: 'a/', name: 'a path that does not begin at the root' },
    { at: '/a', name: 'a path without its closing slash' },
  ])('$name covers nothing', ({ at }) => {
    expect(covers(at, '/a/')).toBe(false);
  });

  it('is the root only with one segment', () => {
    expect([isRoot('/a/'), isRoot('/a/b/'), isRoot('/'), isRoot('')]).toEqual([true, false, false, false]);
  });
});

const anActor = (roles: Actor['roles'], personId: string | null = 'p1'): Actor =>
  ({ accountId: 'a1', personId, signInId: 's1', signInName: 'li', roles, by: 'account:a1' });
const holding = (role: Role, ...organisationPaths: string[]) => anActor(organisationPaths.map((organisationPath) => ({ role, organisationPath })));

describe('the policy', () => {
  it('lets HR act within its subtrees and nowhere else', () => {
    fc.assert(fc.property(paths, path, (scope, at) => {
      expect(can(holding('hr', ...scope), 'make an intake', { organisationPath: at })).toBe(scope.some((one) => covers(one, at)));
    }));
  });

  it('gives a role nothing that belongs to another role', () => {
    expect(can(holding('inspector', '/r/'), 'make an intake', { organisationPath: '/r/' })).toBe(false);
    expect(can(holding('administrator', '/r/'), 'see a person', { organisationPath: '/r/' })).toBe(false);
  });

  it('refuses what concerns an organisation when none is named', () => {
    expect(can(holding('hr', '/r/'), 'make an intake')).toBe(false);
    expect(can(holding('hr', '/r/'), 'make an intake', { organisationPath: [] })).toBe(false);
  });

  it('needs one of several appointments in scope', () => {
    expect(can(holding('hr', '/r/a/'), 'see a person', { organisationPath: ['/r/b/', '/r/a/x/'] })).toBe(true);
    expect(can(holding('hr', '/r/a/'), 'see a person', { organisationPath: ['/r/b/', '/r/ab/'] })).toBe(false);
  });

  it('keeps what concerns the whole deployment for roles held at the root', () => {
    expect(can(holding('administrator', '/r/'), 'see failed jobs')).toBe(true);
    expect(can(holding('administrator', '/r/a/'), 'see failed jobs')).toBe(false);
  });

  it('lets everybody see their own learning and nobody that of others', () => {
    expect(can(anActor([]), 'see own learning', { personId: 'p1' })).toBe(true);
    expect(can(anActor([]), 'see own learning', { personId: 'p2' })).toBe(false);
    expect(can(anActor([], null), 'see own learning', { personId: null })).toBe(false);
    expect(can(anActor([]), 'see own learning')).toBe(false);
  });

  it('tells an unknown visitor to sign in and a known one that it is denied', () => {
    const refusal = (actor: Actor | null) => {
      try {
        authorise(actor, 'see items');
        return null;
      } catch (error) {
        return error instanceof ProblemError ? error.problem.code : error;
      }
    };
    expect(refusal(null)).toBe('access.sign-in');
    expect(refusal(anActor([]))).toBe('access.denied');
    expect(refusal(holding('author', '/r/x/'))).toBeNull();
  });

  it('opens only public pages to visitors without an account', () => {
    const open = Object.keys(POLICY).filter((action) => can(null, action as Action, { personId: 'p1', organisationPath: '/r/' }));
    expect(open.sort()).toEqual(['check a credential', 'check a receipt', 'read open courses', 'sign in', 'use public pages']);
  });

  it('answers the outermost paths of a role', () => {
    const actor = anActor([{ role: 'hr', organisationPath: '/r/a/' }, { role: 'hr', organisationPath: '/r/a/b/' }, { role: 'author', organisationPath: '/r/' }]);
    expect(scopePaths(actor, 'hr')).toEqual(['/r/a/']);
    expect(scopePaths(actor, ['hr', 'author'])).toEqual(['/r/']);
    expect(scopePaths(actor, 'invigilator')).toEqual([]);
  });
});
