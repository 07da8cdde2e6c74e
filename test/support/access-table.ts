import { ROLES, type Role } from './roles';

/** What somebody gets to see: `sign-in` is the way there, `denied` the worded refusal, `broken` never right. */
export type Seen = 'yes' | 'sign-in' | 'denied' | 'broken';

type Row = Record<Role, Seen>;

const row = (seen: (role: Role) => Seen): Row => Object.fromEntries(ROLES.map((role) => [role, seen(role)])) as Row;

const everybody = row(() => 'yes');
const signedIn = row((role) => (role === 'visitor' ? 'sign-in' : 'yes'));
const only = (...roles: Role[]): Row => row((role) => (role === 'visitor' ? 'sign-in' : roles.includes(role) ? 'yes' : 'denied'));
/** Somebody else's attempt: for nobody of these, whatever their role. */
const nobodyElse = only();
/** Signing out leads to signing in. */
const toSignIn = row(() => 'sign-in');

/**
 * Every route of the program and what each role may see of it. A new route without a line here fails the
 * suite; so does one that answers differently from its line.
 */
export const ACCESS: Record<string, Row> = {
  'GET /': everybody,
  'GET /*': everybody,
  'GET /account': signedIn,
  'POST /account': signedIn,
  'GET /activate': everybody,
  'POST /activate': everybody,
  'GET /admin': only('administrator'),
  'GET /admin/accounts': only('administrator'),
  'GET /admin/accounts.csv': only('administrator'),
  'GET /admin/accounts/:id': only('administrator'),
  'POST /admin/accounts/:id': only('administrator'),
  'GET /admin/accounts/new': only('administrator'),
  'POST /admin/accounts/new': only('administrator'),
  'GET /admin/banks': only('administrator'),
  'POST /admin/banks': only('administrator'),
  'GET /admin/exams': only('administrator'),
  'POST /admin/exams': only('administrator'),
  'GET /admin/jobs': only('administrator'),
  'POST /admin/jobs': only('administrator'),
  'GET /admin/organisations': only('administrator'),
  'POST /admin/organisations': only('administrator'),
  'GET /attempts/:id': nobodyElse,
  'POST /attempts/:id': nobodyElse,
  'GET /attempts/:id/clock': nobodyElse,
  'GET /attempts/:id/hand-in': nobodyElse,
  'POST /attempts/:id/hand-in': nobodyElse,
  'GET /attempts/:id/receipt': nobodyElse,
  'GET /attempts/:id/result': nobodyElse,
  'GET /author': only('author', 'administrator'),
  'GET /author/blueprints/:exam': only('author', 'administrator'),
  'GET /author/blueprints/:exam/preview': only('author'),
  'GET /author/items': only('author'),
  'GET /author/items/:id': only('author'),
  'POST /author/items/:id': only('author'),
  'GET /author/items/:id/edit': only('author'),
  'POST /author/items/:id/edit': only('author'),
  'GET /author/items/new': only('author'),
  'POST /author/items/new': only('author'),
  'GET /check': everybody,
  'GET /check/:number': everybody,
  'GET /courses': everybody,
  'GET /courses/:slug': everybody,
  'POST /courses/:slug': nobodyElse,
  'GET /courses/:slug/:lesson': signedIn,
  'POST /courses/:slug/:lesson': signedIn,
  'GET /courses/:slug/media/:file': everybody,
  'GET /courses/:slug/practice': signedIn,
  'POST /courses/:slug/practice': signedIn,
  'GET /credentials/:number': only('hr'),
  'GET /credentials/:number.pdf': only('hr'),
  'GET /exams/:slug': signedIn,
  'POST /exams/:slug': signedIn,
  'GET /home': signedIn,
  'GET /hours': signedIn,
  'GET /hr': only('hr'),
  'GET /hr/clearance/:id': only('recruit', 'hr'),
  'POST /hr/clearance/:id': only('hr'),
  'GET /hr/intakes': only('hr'),
  'GET /hr/intakes/:id': only('hr'),
  'GET /hr/intakes/:id/slips': only('hr'),
  'POST /hr/intakes/:id/slips': only('hr'),
  'GET /hr/intakes/new': only('hr'),
  'POST /hr/intakes/new': only('hr'),
  'GET /hr/intakes/template.csv': only('hr'),
  'GET /hr/people': only('hr'),
  'GET /hr/people.csv': only('hr'),
  'GET /hr/people/:id': only('hr'),
  'POST /hr/people/:id': only('hr'),
  'GET /hr/recruits.csv': only('hr'),
  'GET /invigilate': only('invigilator'),
  'GET /invigilate/:exam': only('invigilator'),
  'POST /invigilate/:exam': only('invigilator', 'administrator'),
  'GET /invigilate/:exam/:attempt': only('invigilator'),
  'POST /invigilate/:exam/:attempt': only('invigilator'),
  'POST /language': everybody,
  'GET /notices': signedIn,
  'POST /notices': signedIn,
  'GET /receipts': everybody,
  'GET /sign-in': everybody,
  'POST /sign-in': everybody,
  'GET /sign-out': everybody,
  'POST /sign-out': toSignIn,
};
