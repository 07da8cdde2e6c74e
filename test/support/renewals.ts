import { z } from 'zod';
import { assignFor, recordCompletion, recordResult, openWindow, sweepWindows, type Validity } from '~/certification';
import { inTransaction, reader, rows } from '~/db';
import { dateAt } from '~/kernel/calendar';
import { clock } from '~/kernel/clock';
import { clearancesOfPeople } from '~/certification/clearances.repository';
import { assignmentsIn } from '~/certification/history';
import { historiesOf } from '~/certification/history.repository';
import { rowsOf } from '~/certification/known';
import { insertProgramme } from '~/certification/programme.repository';
import { differingFields } from '~/certification/projection';
import { turnClearances } from '~/certification/turn.service';
import { aResult, completeCourse, somebody, type City } from './certification';

export const YEARLY: Validity = { kind: 'from-last-expiry', period: { count: 1, unit: 'years' }, window: { count: 3, unit: 'months' } };

let made = 0;

/** A programme of the course and the exam for everybody of one organisation that ends. @returns its version and its slug */
export async function anEndingProgramme(city: City, validity: Validity = YEARLY): Promise<string> {
  made += 1;
  const versionId = await inTransaction((tx) => insertProgramme(tx, {
    slug: `ending-${made}`, titleZh: `定期培训 ${made}`, titleEn: `Regular training ${made}`, gate: 'none', validity, by: 'system:a test', effectiveOn: '2026-01-01',
    dueRule: { kind: 'after-start', workingDays: 20 }, appliesTo: { kind: 'organisation', ids: [city.bureau.id] },
    requirements: [{ code: 'course', kind: 'course', targetId: city.course.id }, { code: 'exam', kind: 'exam', targetId: city.exam.id }],
  }));
  if (versionId === null) throw new Error('the programme is there already');
  return versionId;
}

/** Learns the course and passes the exam, and lets the jobs run. */
export async function doesBoth(personId: string, city: City): Promise<void> {
  await recordCompletion(await completeCourse(personId, city.course));
  await recordResult(await aResult(personId, city.exam, { percent: 90 }));
}

/** Somebody who has done everything today. */
export async function aHolder(city: City, given: { startOfDuty?: string } = {}): Promise<{ personId: string; appointmentId: string }> {
  const person = await somebody(city, { kind: 'staff', startOfDuty: '2026-03-02', ...given });
  await assignFor(person.appointmentId);
  await doesBoth(person.personId, city);
  return person;
}

/** The sweep, and every job that it asked for. */
export async function windowsOpen(): Promise<void> {
  await sweepWindows(clock.now());
  for (const id of await askedWindows()) await openWindow(id);
}

export const askedWindows = async (): Promise<string[]> =>
  (await rows(reader(), z.object({ payload: z.string() }), `SELECT payload FROM outbox WHERE name = 'certification.window' AND status = 'waiting' ORDER BY payload`))
    .map(({ payload }) => (JSON.parse(payload) as { assignmentId: string }).assignmentId);

const Cycle = z.object({
  id: z.string(), cycle: z.number(), follows: z.string().nullable(), counts_from: z.string().nullable(), due_on: z.string(), status: z.string(),
  cleared_until: z.string().nullable(), rule_until: z.string().nullable(), expired_on: z.string().nullable(), may_start_on: z.string().nullable(),
  version: z.string(),
});

/** The cycles of an appointment under programmes that end. */
export const cyclesOf = (appointmentId: string) => rows(reader(), Cycle, `SELECT a.id, a.cycle, a.follows, a.counts_from, a.due_on, c.status, c.cleared_until, c.rule_until,
    c.expired_on, c.may_start_on, a.programme_version_id AS version
  FROM assignments a JOIN clearances c ON c.assignment_id = a.id JOIN programme_versions v ON v.id = a.programme_version_id JOIN programmes p ON p.id = v.programme_id
  WHERE a.appointment_id = $appointmentId AND p.slug LIKE 'ending-%' ORDER BY a.cycle`, { appointmentId });


/**
 * Where the lists and the ledger differ about people of an organisation, both as of today. The check of the program itself
 * goes by times of recording, which never go back, as the clock does from test to test.
 */
export async function differencesIn(organisationId: string): Promise<{ assignmentId: string; fields: string[] }[]> {
  await turnClearances(clock.now());
  const people = (await rows(reader(), z.object({ person_id: z.string() }), 'SELECT person_id FROM appointments WHERE organisation_id = $organisationId', { organisationId }))
    .map((row) => row.person_id);
  const histories = await historiesOf(reader(), people);
  const stored = new Map((await clearancesOfPeople(reader(), people)).map((row) => [row.assignmentId, row]));
  const rebuilt = people.flatMap((personId) => rowsOf(assignmentsIn(histories.get(personId) ?? []), dateAt(clock.now(), 'Asia/Shanghai'), 'Asia/Shanghai'));
  const compared = rebuilt.map((row) => {
    const kept = stored.get(row.assignmentId);
    return { assignmentId: row.assignmentId, fields: kept ? [...differingFields(kept, row), ...(kept.leads === row.leads ? [] : ['leads'])] : ['missing'] };
  });
  return [...compared.filter(({ fields }) => fields.length > 0), ...(rebuilt.length === stored.size ? [] : [{ assignmentId: 'all', fields: ['count'] }])];
}
