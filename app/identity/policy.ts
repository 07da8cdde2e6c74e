/**
 * Who may do what: the one table. An action is a short sentence's predicate; each route asks for one.
 * Add yours as one line.
 */
export const ROLES = ['administrator', 'hr', 'author', 'invigilator', 'adjudicator', 'inspector'] as const;
export type Role = (typeof ROLES)[number];

/**
 * Where a role must be held.
 * - `anywhere`: in some subtree. The page then shows only what lies in `scopePaths(actor, role)`.
 * - `there`: in a subtree that holds the subject's organisation; without one given, nobody may.
 * - `root`: at the root organisation, for what concerns the whole deployment.
 */
export type Where = 'anywhere' | 'there' | 'root';

export type Rule =
  | { kind: 'everybody' }
  | { kind: 'signed-in' }
  /** The person concerned: `subject.personId` is the actor's. */
  | { kind: 'self' }
  /** Anybody known to the personnel register; pure accounts of administrators learn nothing. */
  | { kind: 'person' }
  | { kind: 'roles'; roles: readonly Role[]; where: Where }
  | { kind: 'any-of'; rules: readonly Rule[] };

const everybody: Rule = { kind: 'everybody' };
const anyAccount: Rule = { kind: 'signed-in' };
const self: Rule = { kind: 'self' };
const anyPerson: Rule = { kind: 'person' };
const role = (roles: Role | readonly Role[], where: Where): Rule =>
  ({ kind: 'roles', roles: typeof roles === 'string' ? [roles] : roles, where });
const anyOf = (...rules: Rule[]): Rule => ({ kind: 'any-of', rules });

export const POLICY = {
  // open to all
  'use public pages': everybody,
  'sign in': everybody,
  'read open courses': everybody,
  'check a credential': everybody,
  'check a receipt': everybody,

  // one's own
  'manage own account': anyAccount,
  'see own home': anyAccount,
  'read notices': anyPerson,
  'see courses': anyAccount,
  'learn': anyPerson,
  'see own learning': self,
  'preview courses': role(['author', 'administrator'], 'anywhere'),
  'take an exam': self,
  'see a credential': anyOf(self, role(['hr', 'inspector'], 'there')),

  // personnel
  'see who may start': role(['hr', 'inspector'], 'anywhere'),
  'revoke a credential': role(['hr', 'administrator'], 'there'),
  'see a clearance': anyOf(self, role(['hr', 'inspector'], 'there')),
  'see intakes': role('hr', 'anywhere'),
  'make an intake': role('hr', 'there'),
  'see people': role(['hr', 'inspector'], 'anywhere'),
  'see a person': role(['hr', 'inspector'], 'there'),
  'help with signing in': role('hr', 'there'),

  // items and exams
  'see items': role('author', 'anywhere'),
  'write items': role('author', 'anywhere'),
  'see blueprints': role(['author', 'administrator'], 'anywhere'),
  'load items': role('administrator', 'root'),
  'choose item banks': role('administrator', 'root'),
  'invigilate': role('invigilator', 'anywhere'),
  'see sittings': role(['administrator', 'hr', 'invigilator'], 'anywhere'),
  'plan sittings': role(['administrator', 'hr'], 'there'),
  'decide on excuses': role(['administrator', 'hr'], 'there'),
  'grant accommodations': role(['administrator', 'hr'], 'there'),
  'adjudicate': role('adjudicator', 'anywhere'),
  'adjudicate there': role('adjudicator', 'there'),
  'see findings': role(['invigilator', 'adjudicator'], 'anywhere'),
  'propose findings': role('invigilator', 'anywhere'),
  'answer a finding': self,
  'release results': anyOf(role('invigilator', 'anywhere'), role('administrator', 'root')),
  'set exams': role('administrator', 'root'),

  // administration
  'see administration': role('administrator', 'anywhere'),
  'administer organisations': role('administrator', 'there'),
  'see accounts': role('administrator', 'anywhere'),
  'administer accounts': role('administrator', 'there'),
  'see failed jobs': role('administrator', 'root'),
} as const satisfies Record<string, Rule>;

export type Action = keyof typeof POLICY;
