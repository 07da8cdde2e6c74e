import path from 'node:path';
import { QueryTypes, Sequelize } from 'sequelize';

/**
 * A value for each parameter in the program's addresses, from a demonstration city, so that every page can
 * be opened: keyed by `pattern name`, or by `name` alone where it means the same everywhere.
 */
export async function samplesOf(dataDir: string, recruitNumber: string): Promise<Record<string, string>> {
  const db = new Sequelize({ dialect: 'sqlite', storage: path.join(dataDir, 'shanggang.sqlite'), logging: false });
  const value = async (sql: string): Promise<string> => {
    const [row] = await db.query<{ v: string }>(sql, { type: QueryTypes.SELECT, raw: true });
    if (!row) throw new Error(`the demonstration has nothing for: ${sql}`);
    return row.v;
  };
  try {
    const person = await value(`SELECT person_id AS v FROM identifiers WHERE kind = 'recruitment' AND value = '${recruitNumber}'`);
    const account = await value(`SELECT id AS v FROM accounts WHERE person_id = '${person}'`);
    const hourRule = await value(`SELECT id AS v FROM hour_rules WHERE code = 'national' ORDER BY number LIMIT 1`);
    const intake = await value('SELECT id AS v FROM intakes ORDER BY id LIMIT 1');
    const unit = await value('SELECT id AS v FROM organisations WHERE parent_id IS NOT NULL ORDER BY code LIMIT 1');
    const roster = await value('SELECT id AS v FROM roster_imports ORDER BY id LIMIT 1');
    const item = await value('SELECT id AS v FROM items ORDER BY id LIMIT 1');
    const running = await value(`SELECT id AS v FROM attempts WHERE state = 'in-progress' LIMIT 1`);
    const released = await value(`SELECT id AS v FROM attempts WHERE state = 'released' LIMIT 1`);
    const assignment = await value(`SELECT id AS v FROM assignments WHERE person_id = '${person}' ORDER BY id LIMIT 1`);
    const appointment = await value(`SELECT appointment_id AS v FROM assignments WHERE id = '${assignment}'`);
    const act = await value('SELECT id AS v FROM credential_acts ORDER BY id LIMIT 1');
    const template = await value('SELECT id AS v FROM credential_templates ORDER BY id LIMIT 1');
    const credential = await value(`SELECT number AS v FROM credentials WHERE state = 'valid' ORDER BY number LIMIT 1`);
    const sitting = await value('SELECT id AS v FROM sittings WHERE starts_at > (SELECT MAX(recorded_at) FROM incidents) ORDER BY starts_at LIMIT 1');
    const incident = await value(`SELECT id AS v FROM incidents WHERE state = 'recorded'`);
    const finding = await value(`SELECT id AS v FROM findings WHERE state = 'proposed'`);
    const late = await value('SELECT DISTINCT attempt_id AS v FROM response_log WHERE counted IS NULL AND outcome NOT IN (\'accepted\', \'stale\')');
    const held = await value(`SELECT sitting_id AS v FROM incidents WHERE id = '${incident}'`);
    const heldBooking = await value(`SELECT booking_id AS v FROM attempts WHERE id = '${late}'`);
    const booking = await value(`SELECT id AS v FROM bookings WHERE sitting_id = '${sitting}' ORDER BY ticket LIMIT 1`);
    const ticket = await value(`SELECT ticket AS v FROM bookings WHERE id = '${booking}'`);
    const notice = await value(`SELECT id AS v FROM notices WHERE person_id = '${person}' ORDER BY id LIMIT 1`);
    const nameOf = (owner: string) => value(`SELECT c.sign_in_name AS v FROM accounts c WHERE c.person_id = (${owner})`);
    const programme = await value(`SELECT id AS v FROM programmes WHERE slug = 'before-start-of-duty'`);
    const version = await value(`SELECT id AS v FROM programme_versions WHERE programme_id = '${programme}'`);
    const waiver = await value(`SELECT id AS v FROM waivers WHERE state = 'asked'`);
    const start = await value(`SELECT id AS v FROM starts WHERE basis = 'emergency'`);
    const exception = await value(`SELECT id AS v FROM assignment_exceptions WHERE state = 'open' ORDER BY id LIMIT 1`);
    const recertification = await value('SELECT id AS v FROM recertifications ORDER BY id LIMIT 1');
    const evidence = await value(`SELECT id AS v FROM external_evidence WHERE state = 'asked'`);
    const event = await value('SELECT id AS v FROM classroom_events ORDER BY id LIMIT 1');
    const past = await value(`SELECT id AS v FROM past_imports WHERE state = 'asked'`);
    const merge = await value(`SELECT id AS v FROM person_merges WHERE state = 'proposed'`);
    const transfer = await value(`SELECT id AS v FROM transfers WHERE state = 'proposed'`);
    const done = {
      'past import': await value(`SELECT id AS v FROM past_imports WHERE state = 'applied'`), merge: await value(`SELECT id AS v FROM person_merges WHERE state = 'merged'`),
      parting: await value(`SELECT id AS v FROM person_merges WHERE state = 'parted'`), transfer: await value(`SELECT id AS v FROM transfers WHERE state = 'accepted'`),
    };
    const run = await value('SELECT id AS v FROM credential_runs ORDER BY id LIMIT 1');
    const application = await value('SELECT id AS v FROM applications ORDER BY id LIMIT 1');
    const webhook = await value('SELECT id AS v FROM webhooks ORDER BY id LIMIT 1');
    const pledge = await value(`SELECT assignment_id AS v FROM declarations ORDER BY id LIMIT 1`);
    return {
      '/hr/waivers/:id id': waiver, '/hr/waivers/:id/proof id': waiver, '/hr/starts/:id id': start, '/hr/exceptions/:id id': exception, '/admin/recertifications/:id id': recertification,
      '/hr/past-imports/:id id': past, '/hr/merges/:id id': merge, '/hr/transfers/:id id': transfer, ...Object.fromEntries(Object.entries(done).map(([what, id]) => [`${what} done`, id])),
      '/hr/evidence/:id id': evidence, '/hr/events/:id id': event, '/hr/events/:id/sheet id': event,
      ...Object.fromEntries(['', '/all.zip', '/list.csv'].map((page) => [`/hr/credential-runs/:id${page} id`, run])),
      'holder name': await nameOf(`SELECT person_id FROM assignments WHERE id = '${pledge}'`), assignment: pledge, code: 'pledge',
      '/admin/programmes/:id id': programme, ...Object.fromEntries(VERSION_PAGES.map((page) => [`/admin/programmes/versions/:id${page} id`, version])),
      '/notices/:id id': notice, '/hr/notices/:id id': notice, key: 'assigned', token: 'unknown',
      'running name': await nameOf(`SELECT person_id FROM attempts WHERE id = '${running}'`),
      'finding name': await nameOf(`SELECT person_id FROM findings WHERE id = '${finding}'`),
      'booking name': await nameOf(`SELECT person_id FROM bookings WHERE id = '${booking}'`),
      '/hr/credential-acts/:id id': act, ...Object.fromEntries(['', '/preview.pdf', '/preview.svg'].map((page) => [`/admin/credential-templates/:id${page} id`, template])),
      slug: 'e-government-foundations', exam: 'e-government-foundations', lesson: '01-what-and-why', file: 'missing.svg', '/credentials/:number/:file file': 'badge.json', list: '1', number: credential,
      '/hr/intakes/:id id': intake, ...Object.fromEntries(['', '/bad.xlsx', '/columns', '/slips'].map((page) => [`/hr/rosters/:id${page} id`, roster])), '/hr/intakes/:id/slips id': intake, '/hr/people/:id id': person, ...Object.fromEntries(['', '/change', '/edit'].map((page) => [`/hr/units/:id${page} id`, unit])), '/hr/hours/:id id': person, '/admin/hour-rules/:id id': hourRule, '/hr/people/:id/accommodations id': person, ...Object.fromEntries(['appointments/new', 'appointments/:appointment', 'edit', 'evidence', 'identity-number', 'record', 'record.json', 'record.pdf', 'staff-number', 'transfer'].map((page) => [`/hr/people/:id/${page} id`, person])), '/admin/accounts/:id id': account, '/admin/applications/:id id': application, '/admin/applications/:id/webhooks id': application, '/admin/webhooks/:id id': webhook,
      '/author/items/:id id': item, '/author/items/:id/edit id': item, '/hr/clearance/:id id': assignment, '/my/clearance/:id id': assignment, '/hr/clearance/:id/start id': assignment, '/hr/clearance/:id/waiver id': assignment, '/hr/clearance/:id/extension id': assignment, '/hr/confirmations/:id id': appointment, appointment,
      '/attempts/:id id': running, '/attempts/:id/clock id': running, '/attempts/:id/hand-in id': running, '/attempts/:id/section id': running,
      '/attempts/:id/receipt id': released, '/attempts/:id/result id': released, attempt: running,
      ...Object.fromEntries(SITTING_PAGES.map((page) => [`${page} id`, sitting])), '/bookings/:id id': booking, booking, ticket,
      sitting: held, incident, '/invigilate/sittings/:sitting/candidates/:booking booking': heldBooking,
      '/adjudicate/:attempt attempt': late, '/findings/:id id': finding, '/my/findings/:id id': finding,
    };
  } finally {
    await db.close();
  }
}

/** Pages about a version of a programme. */
const VERSION_PAGES = ['', '/condition', '/move', '/preview', '/publish', '/requirement'];

/** Pages about a sitting whose address names it `:id`. */
const SITTING_PAGES = [
  '/sittings/:id', '/sittings/:id/assign', '/sittings/:id/attendance', '/sittings/:id/candidates.csv', '/sittings/:id/candidates/:booking', '/sittings/:id/edit', '/sittings/:id/plan',
  '/sittings/:id/seb', '/sittings/:id/seb-end', '/sittings/:id/seb-start', '/sittings/:id/shanggang.seb', '/sittings/:id/tickets',
];

/** The address that a pattern means in the demonstration city. */
export const addressOf = (pattern: string, samples: Record<string, string>): string =>
  pattern
    .replace(/:(\w+)/g, (_, name: string) => samples[`${pattern} ${name}`] ?? samples[name] ?? `missing-${name}`)
    .replace(/\*$/, 'no-such-page');
