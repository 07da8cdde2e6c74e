/**
 * Who may do what: the one table. An action is a short sentence's predicate; each route asks for one.
 * Add yours as one line.
 */
export const ROLES = ['administrator', 'hr', 'author', 'invigilator', 'adjudicator', 'inspector'] as const;
export type Role = (typeof ROLES)[number];
/** Roles whose powers do not end at a subtree: item banks are the whole deployment's, with their keys. */
export const BOUNDLESS_ROLES: readonly Role[] = ['author'];
/** A role as somebody has it: granted to the account, or `leader` where the person leads an organisation today. */
export type HeldRole = Role | 'leader';

/**
 * Where a role must be held.
 * - `anywhere`: in some subtree. The page then shows only what lies in `scopePaths(actor, role)`.
 * - `there`: in a subtree that holds the subject's organisation; without one given, nobody may.
 * - `above`: like `there`, but held at a superior of that organisation, or at the root, which has none.
 * - `root`: at the root organisation, for what concerns the whole deployment.
 */
export type Where = 'anywhere' | 'there' | 'above' | 'root';

export type Rule =
  | { kind: 'everybody' }
  | { kind: 'signed-in' }
  /** The person concerned: `subject.personId` is the actor's. */
  | { kind: 'self' }
  /** Anybody known to the personnel register; pure accounts of administrators learn nothing. */
  | { kind: 'person' }
  | { kind: 'roles'; roles: readonly HeldRole[]; where: Where }
  | { kind: 'any-of'; rules: readonly Rule[] };

const everybody: Rule = { kind: 'everybody' };
const anyAccount: Rule = { kind: 'signed-in' };
const self: Rule = { kind: 'self' };
const anyPerson: Rule = { kind: 'person' };
const role = (roles: HeldRole | readonly HeldRole[], where: Where): Rule =>
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
  'see what waits': role(['hr', 'administrator'], 'anywhere'),
  'revoke a credential': role(['hr', 'administrator'], 'there'),
  'suspend a credential': role(['hr', 'administrator'], 'there'),
  // By another account than the one that asked: the services see to it, and so do the tables.
  'decide on a revocation': role(['hr', 'administrator'], 'there'),
  'correct a credential': role('hr', 'there'),
  'see credential acts': role(['hr', 'administrator'], 'anywhere'),
  'issue credentials in bulk': role('hr', 'anywhere'),
  'see a clearance': anyOf(self, role(['hr', 'inspector'], 'there')),
  'ask for a waiver': role('hr', 'there'),
  'see waivers': role(['hr', 'administrator', 'inspector'], 'anywhere'),
  'see a waiver': anyOf(self, role(['hr', 'administrator', 'inspector'], 'there')),
  // The services see to it that it is another account than the one that asked; so do the tables.
  'decide on waivers': anyOf(role('administrator', 'there'), role('hr', 'above')),
  'see starts': role(['hr', 'administrator', 'inspector'], 'anywhere'),
  'see a start': anyOf(self, role(['hr', 'administrator', 'inspector'], 'there')),
  'record a start': role('hr', 'there'),
  'decide on starts': role(['hr', 'administrator'], 'there'),
  'see confirmations': role(['hr', 'inspector'], 'anywhere'),
  'see a confirmation': role(['hr', 'inspector'], 'there'),
  'confirm ranks': role('hr', 'there'),
  'see hours': role(['hr', 'inspector'], 'anywhere'),
  'see hours of a person': anyOf(self, role(['hr', 'inspector', 'administrator'], 'there')),
  'adjust hours': role(['hr', 'administrator'], 'there'),
  'ask for extensions': role('hr', 'there'),
  // By another account than the one that asked, as with waivers.
  'decide on extensions': anyOf(role('administrator', 'there'), role('hr', 'above')),
  'see extensions': role(['hr', 'administrator', 'inspector'], 'there'),
  'recertify': role(['hr', 'administrator'], 'root'),
  'remind people': role('hr', 'there'),
  'see hiring lists': role(['hr', 'inspector'], 'anywhere'),
  'see a hiring list': role(['hr', 'inspector'], 'there'),
  'make hiring lists': role('hr', 'there'),
  'see notices of people': role('hr', 'anywhere'),
  'see what was sent': anyOf(self, role('hr', 'there')),
  'see what is planned': role(['hr', 'administrator'], 'anywhere'),
  'hand slips over': role('hr', 'there'),
  'set notices': role('administrator', 'root'),
  'see intakes': role('hr', 'anywhere'),
  'make an intake': role('hr', 'there'),
  'see people': role(['hr', 'inspector'], 'anywhere'),
  'see a person': role(['hr', 'inspector'], 'there'),
  'help with signing in': role('hr', 'there'),
  'see a record': anyOf(self, role(['hr', 'inspector'], 'there')),
  'hand in evidence': anyOf(self, role('hr', 'there')),
  'see evidence': anyOf(self, role(['hr', 'inspector'], 'there')),
  'see evidence handed in': role('hr', 'anywhere'),
  'decide on evidence': role('hr', 'there'),
  'sign a declaration': self,
  'see events': role(['hr', 'inspector'], 'anywhere'),
  'see an event': role(['hr', 'inspector'], 'there'),
  'hold events': role('hr', 'there'),
  'see past imports': role('hr', 'anywhere'),
  'import the past': role('hr', 'there'),
  'see merges': role('hr', 'anywhere'),
  'merge people': role('hr', 'there'),
  'link numbers': role('hr', 'there'),
  // Leaders see figures of what they lead; whom they stand for only where the second line names them too.
  'see reports': role(['hr', 'inspector', 'leader'], 'anywhere'),
  'see people in reports': role(['hr', 'inspector'], 'there'),
  'see appraisals': role(['hr', 'inspector', 'leader'], 'anywhere'),
  'freeze appraisals': role('hr', 'there'),
  'correct appraisals': role('hr', 'there'),
  'see directory changes': role(['hr', 'administrator'], 'anywhere'),
  'see rosters': role(['hr', 'administrator'], 'anywhere'),
  'import rosters': role(['hr', 'administrator'], 'there'),
  'see transfers': role('hr', 'anywhere'),
  'transfer people': role('hr', 'there'),
  'change appointments': role('hr', 'there'),
  'correct a person': role('hr', 'there'),
  // In full, with a reason; masked ones are seen with the person.
  'see an identity number': role('hr', 'there'),

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
  'decide on key corrections': role('adjudicator', 'root'),
  'see findings': role(['invigilator', 'adjudicator'], 'anywhere'),
  'propose findings': role('invigilator', 'anywhere'),
  'answer a finding': self,
  'release results': anyOf(role('invigilator', 'anywhere'), role('administrator', 'root')),
  'set exams': role('administrator', 'root'),

  // programmes
  'see programmes': role('administrator', 'root'),
  'write programmes': role('administrator', 'root'),
  'publish programmes': role('administrator', 'root'),
  'set the calendar': role('administrator', 'root'),
  'see exceptions': role(['hr', 'inspector'], 'anywhere'),
  'see exceptions there': role(['hr', 'inspector'], 'there'),
  'decide on exceptions': role('hr', 'there'),

  // administration
  'see administration': role('administrator', 'anywhere'),
  'see units': role(['hr', 'inspector', 'administrator'], 'anywhere'),
  'see a unit': role(['hr', 'inspector', 'administrator'], 'there'),
  'administer organisations': role('administrator', 'there'),
  // Moving, merging and closing take something away from the superior: its administrators decide.
  'change the tree': role('administrator', 'above'),
  'administer applications': role('administrator', 'there'),
  'see accounts': role('administrator', 'anywhere'),
  'administer accounts': role('administrator', 'there'),
  'see failed jobs': role('administrator', 'root'),
  'set hour rules': role('administrator', 'root'),
  'close hour years': role('administrator', 'root'),
  'design credentials': role('administrator', 'root'),
} as const satisfies Record<string, Rule>;

export type Action = keyof typeof POLICY;
