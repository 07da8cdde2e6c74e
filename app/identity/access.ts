import type { By } from '~/db';
import { noteDecision } from '~/kernel/decision';
import { ProblemError } from '~/kernel/result';
import { POLICY, type Action, type HeldRole, type Rule, type Where } from './policy';
import { covers, isRoot, outermost } from './scope';

/** Who asks: a signed-in account with its roles and where they hold. */
export interface Actor {
  accountId: string;
  /** The person behind the account; null for a pure account. */
  personId: string | null;
  signInId: string;
  signInName: string;
  roles: { role: HeldRole; organisationPath: string }[];
  by: By;
}

/** What is asked about. Several organisations (a person with two appointments): one in scope is enough. */
export interface Subject {
  personId?: string | null;
  organisationPath?: string | readonly string[];
}

/** Whether `actor` may do `action` to `subject`, by the policy table. */
export const can = (actor: Actor | null, action: Action, subject: Subject = {}): boolean =>
  allows(POLICY[action], actor, subject);

/**
 * Ends the request unless the policy table allows it.
 * @throws ProblemError `access.sign-in` without an account, else `access.denied`
 */
export function authorise(actor: Actor | null, action: Action, subject: Subject = {}): void {
  noteDecision();
  if (can(actor, action, subject)) return;
  throw new ProblemError({ code: actor ? 'access.denied' : 'access.sign-in' });
}

/**
 * The organisation paths under which the actor holds one of the roles, outermost only. Queries filter by
 * `path LIKE $p || '%'`; an empty answer means nothing may be seen.
 */
export function scopePaths(actor: Actor, role: HeldRole | readonly HeldRole[]): string[] {
  const wanted: readonly string[] = typeof role === 'string' ? [role] : role;
  return outermost(actor.roles.filter((held) => wanted.includes(held.role)).map((held) => held.organisationPath));
}

/** Where somebody may do something, for conditions of queries. Nothing in either: nowhere. */
export interface Reach {
  /** In these subtrees. */
  under: string[];
  /** In these subtrees, but not at their tops. */
  beneath: string[];
}

/**
 * Where the actor may do what the policy table grants by roles: what a list finds by it, `can` allows there. What it
 * grants otherwise (to oneself, to everybody) is not in it.
 */
export function reachOf(actor: Actor, action: Action): Reach {
  const rule: Rule = POLICY[action];
  const reaches = (rule.kind === 'any-of' ? rule.rules : [rule]).flatMap((one) => (one.kind === 'roles' ? [reachBy(scopePaths(actor, one.roles), one.where)] : []));
  return { under: outermost(reaches.flatMap(({ under }) => under)), beneath: outermost(reaches.flatMap(({ beneath }) => beneath)) };
}

function reachBy(scopes: string[], where: Where): Reach {
  switch (where) {
    case 'anywhere': case 'there': return { under: scopes, beneath: [] };
    case 'above': return { under: scopes.filter(isRoot), beneath: scopes.filter((scope) => !isRoot(scope)) };
    case 'root': return { under: scopes.filter(isRoot), beneath: [] };
  }
}

function allows(rule: Rule, actor: Actor | null, subject: Subject): boolean {
  if (rule.kind === 'everybody') return true;
  if (rule.kind === 'any-of') return rule.rules.some((one) => allows(one, actor, subject));
  if (!actor) return false;
  switch (rule.kind) {
    case 'signed-in': return true;
    case 'person': return actor.personId !== null;
    case 'self': return actor.personId !== null && subject.personId === actor.personId;
    case 'roles': return holds(scopePaths(actor, rule.roles), rule.where, subject);
  }
}

function holds(scopes: string[], where: Where, { organisationPath = [] }: Subject): boolean {
  if (where === 'anywhere') return scopes.length > 0;
  if (where === 'root') return scopes.some(isRoot);
  const places = typeof organisationPath === 'string' ? [organisationPath] : organisationPath;
  return scopes.some((scope) => places.some((place) => covers(scope, place) && (where === 'there' || scope !== place || isRoot(scope))));
}
