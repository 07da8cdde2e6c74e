import { afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { z } from 'zod';
import {
  askWaiver, assignFor, cancelConfirmation, cancelStart, decideStart, decideWaiver, openClearance, openProof, outlooksOf, proposeEmergencyStart, recordCompletion,
  recordConfirmation, recordResult, recordStart, revokeWaiver, startsAmong, withdrawWaiver, type StartOutcome,
} from '~/certification';
import { execute, inTransaction, one, reader, rows } from '~/db';
import type { Actor } from '~/identity';
import { clock, resetClock } from '~/kernel/clock';
import { useConfig } from '~/kernel/config';
import { newId } from '~/kernel/id';
import { must, type Result } from '~/kernel/result';
import { adoptRootOrganisation } from '~/people';
import * as clearanceRoute from '~/routes/hr.clearance.$id';
import * as startRoute from '~/routes/hr.clearance.$id_.start';
import * as ownRoute from '~/routes/my.clearance.$id';
import * as confirmationsRoute from '~/routes/hr.confirmations._index';
import * as startsRoute from '~/routes/hr.starts._index';
import * as startsCsv from '~/routes/hr.starts[.]csv';
import * as proofRoute from '~/routes/hr.waivers.$id.proof';
import * as waiversRoute from '~/routes/hr.waivers._index';
import { anActor, aRequest, aSignedInAccount } from '../support/actors';
import { aCity, aResult, completeCourse, countOf, itIs, somebody, type City } from '../support/certification';
import { testConfig } from '../support/config';
import { onEveryDatabase } from '../support/databases';
import { answerOf, routeArgs } from '../support/routes';

const codeOf = (result: Result<unknown>): string | null => (result.ok ? null : result.error.code);
const Assignment = z.object({ id: z.string() });

onEveryDatabase('waivers and starts', (dialect) => {
  let city: City;
  let hr: Actor;
  let chief: Actor;
  beforeAll(async () => {
    useConfig(testConfig());
    itIs('2026-05-04');
    city = await aCity();
    const root = await adoptRootOrganisation();
    hr = { ...anActor({ hr: [city.bureau.path] }), by: 'account:hr', accountId: 'hr' };
    chief = { ...anActor({ hr: [root.path] }), by: 'account:chief', accountId: 'chief' };
  });
  beforeEach(() => itIs('2026-06-22'));
  afterEach(resetClock);

  const recruit = async (given: Parameters<typeof somebody>[1] = {}) => {
    const person = await somebody(city, given);
    await assignFor(person.appointmentId);
    const { id: assignmentId } = await one(reader(), Assignment, 'SELECT id FROM assignments WHERE person_id = $personId', { personId: person.personId });
    return { ...person, assignmentId };
  };
  const pass = async (personId: string) => {
    await recordCompletion(await completeCourse(personId, city.course));
    await recordResult(await aResult(personId, city.exam, { percent: 90 }));
  };
  const request = (assignmentId: string, given: Partial<Parameters<typeof askWaiver>[1]> = {}) => ({
    id: newId(), assignmentId, requirementCode: null, from: '2026-07-01', until: '2026-07-31', reason: '考试推迟', proof: '培训中心通知', conditions: '由专人带教', file: null, ...given,
  });
  const granted = { grant: true, until: '2026-07-15', conditions: '只在内勤', reason: '同意' };
  const statusOf = async (assignmentId: string) => (await one(reader(), z.object({ status: z.string() }), 'SELECT status FROM clearances WHERE assignment_id = $assignmentId', { assignmentId })).status;
  const events = (kind: string, personId: string) => countOf('ledger_events', 'kind = $kind AND person_id = $personId', { kind, personId });
  const start = (appointmentId: string, startedOn: string, by = hr) => recordStart(by, { id: newId(), appointmentId, startedOn });
  const missing = (outcome: StartOutcome) => (outcome.kind === 'missing' ? outcome.verdict.ground.programmes.flatMap(({ requirements }) => requirements.filter(({ state }) => state !== 'met').map(({ code }) => code)) : null);

  it('clear somebody until the end of what another person granted, and not by the asker', async () => {
    const { personId, assignmentId, appointmentId } = await recruit();
    const id = must(await askWaiver(hr, request(assignmentId)));
    expect(await statusOf(assignmentId)).toBe('not-cleared');
    expect(codeOf(await askWaiver(hr, request(assignmentId)))).toBe('waiver.asked');
    // The asker with every power there is still decides nothing.
    expect(codeOf(await decideWaiver({ ...chief, by: hr.by }, id, granted))).toBe('waiver.own-request');
    must(await decideWaiver(chief, id, granted));
    expect(codeOf(await decideWaiver(chief, id, granted))).toBe('waiver.decided');
    expect(await statusOf(assignmentId)).toBe('waived');
    expect(await events('waiver.asked', personId)).toBe(1);
    expect(await events('waiver.granted', personId)).toBe(1);
    const page = await openClearance(chief, assignmentId, { on: '2026-07-15', knownOn: null }, clock.now());
    expect(page?.view?.periods).toEqual([{ from: '2026-07-01', until: '2026-07-15', basis: 'waiver', waiverId: id }]);
    itIs('2026-07-01');
    const outcome = must(await start(appointmentId, '2026-07-01'));
    expect(outcome.kind).toBe('recorded');
    const [stored] = await rows(reader(), z.object({ basis: z.string(), ground: z.string() }), 'SELECT basis, ground FROM starts WHERE person_id = $personId', { personId });
    expect(stored?.basis).toBe('waiver');
    expect(stored?.ground).toContain(id);
  });

  it('are decided above the asker: not by HR of the same organisation', async () => {
    const { assignmentId } = await recruit();
    const id = must(await askWaiver(hr, request(assignmentId)));
    await expect(decideWaiver({ ...hr, by: 'account:colleague' }, id, granted)).rejects.toMatchObject({ problem: { code: 'access.denied' } });
    must(await withdrawWaiver(hr, id));
    expect(codeOf(await decideWaiver(chief, id, granted))).toBe('waiver.decided');
  });

  it('cannot be decided by the asker in the table itself', async () => {
    const { assignmentId } = await recruit();
    const id = must(await askWaiver(hr, request(assignmentId)));
    await expect(inTransaction((tx) => execute(tx, `UPDATE waivers SET state = 'granted', decided_by = asked_by WHERE id = $id`, { id }))).rejects.toThrow();
  });

  it('end with the day on which a waiver is revoked', async () => {
    const { assignmentId, appointmentId } = await recruit();
    const id = must(await askWaiver(hr, request(assignmentId)));
    must(await decideWaiver(chief, id, { ...granted, until: '2026-07-31' }));
    itIs('2026-07-05');
    must(await revokeWaiver(chief, id, '条件没有遵守'));
    itIs('2026-07-06');
    expect(must(await start(appointmentId, '2026-07-06')).kind).toBe('missing');
    expect(must(await start(appointmentId, '2026-07-05')).kind).toBe('recorded');
  });

  it('waive one requirement only, and what else is missing stays missing', async () => {
    const { personId, assignmentId, appointmentId } = await recruit();
    const [course = '', exam = ''] = (await rows(reader(), z.object({ code: z.string() }), `SELECT r.code FROM requirements r JOIN assignments a ON a.programme_version_id = r.programme_version_id
      WHERE a.id = $assignmentId ORDER BY r.position`, { assignmentId })).map(({ code }) => code);
    must(await decideWaiver(chief, must(await askWaiver(hr, request(assignmentId, { requirementCode: exam }))), granted));
    itIs('2026-07-01');
    expect(missing(must(await start(appointmentId, '2026-07-01')))).toEqual([course, exam]);
    itIs('2026-06-30');
    await recordCompletion(await completeCourse(personId, city.course));
    itIs('2026-07-01');
    expect(must(await start(appointmentId, '2026-07-01')).kind).toBe('recorded');
    expect(codeOf(await askWaiver(hr, request(assignmentId, { requirementCode: 'no-such' })))).toBe('field.choose');
  });

  it('refuse a start with exactly what is missing, and record it once everything is met', async () => {
    const { personId, appointmentId, assignmentId } = await recruit({ startOfDuty: '2026-06-20' });
    const refused = must(await start(appointmentId, '2026-06-22'));
    expect(missing(refused)?.length).toBe(2);
    expect(await countOf('starts', 'person_id = $personId', { personId })).toBe(0);
    const { cookie } = await aSignedInAccount({ role: 'hr', organisationId: city.bureau.id });
    const answer = await answerOf(() => startRoute.action(routeArgs(aRequest('/', { cookie, form: { __form: 'record', key: newId(), startedOn: '2026-06-22' } }), { id: assignmentId })));
    expect(answer.status).toBe(422);
    expect(answer.text).toContain('refused');
    await pass(personId);
    const id = newId();
    must(await recordStart(hr, { id, appointmentId, startedOn: '2026-06-22' }));
    must(await recordStart(hr, { id, appointmentId, startedOn: '2026-06-22' }));
    expect(await events('start.recorded', personId)).toBe(1);
    expect(codeOf(await start(appointmentId, '2026-06-22'))).toBe('start.recorded');
    expect(codeOf(await start(appointmentId, '2026-06-23'))).toBe('start.future');
    expect(codeOf(await cancelStart(hr, id, '日期有误'))).toBe('start.own-record');
    must(await cancelStart(chief, id, '日期有误'));
    expect(must(await start(appointmentId, '2026-06-22')).kind).toBe('recorded');
    expect(await countOf('starts', 'person_id = $personId', { personId })).toBe(2);
  });

  it('let two persons start somebody in an emergency, which every list shows', async () => {
    const { personId, appointmentId, assignmentId } = await recruit();
    const asked = { id: newId(), appointmentId, startedOn: '2026-06-23', reason: '=1+1 防汛值守，人手不足' };
    const id = must(await proposeEmergencyStart(hr, asked));
    expect(codeOf(await decideStart(hr, id, true, '同意'))).toBe('start.own-proposal');
    expect(codeOf(await start(appointmentId, '2026-06-22'))).toBe('start.proposed');
    must(await decideStart(chief, id, true, '情况属实'));
    expect((await startsAmong(reader(), [assignmentId])).get(assignmentId)).toMatchObject({ basis: 'emergency', state: 'recorded' });
    expect(await events('start.proposed', personId)).toBe(1);
    const { cookie } = await aSignedInAccount({ role: 'hr', organisationId: city.bureau.id });
    const list = await answerOf(() => startsRoute.loader(routeArgs(aRequest('/hr/starts?basis=emergency', { cookie }))));
    expect(list.text).toContain(id);
    const csv = await answerOf(() => startsCsv.loader(routeArgs(aRequest('/hr/starts.csv?basis=emergency', { cookie }))));
    expect(csv.text).toContain(`'=1+1`);
    const { personId: cleared, appointmentId: other } = await recruit({ startOfDuty: '2026-06-20' });
    await pass(cleared);
    expect(codeOf(await proposeEmergencyStart(hr, { ...asked, id: newId(), appointmentId: other }))).toBe('start.no-emergency');
    await expect(inTransaction((tx) => execute(tx, 'UPDATE starts SET decided_by = asked_by WHERE id = $id', { id }))).rejects.toThrow();
  });

  it('show what was known on an earlier day, and what differs from now', async () => {
    // A year of its own: what this process records never looks earlier than what it recorded before.
    const day = (n: number) => `${dialect === 'sqlite' ? 2028 : 2029}-08-${String(n).padStart(2, '0')}`;
    itIs(day(10));
    const { personId, assignmentId } = await recruit({ startOfDuty: day(8) });
    itIs(day(12));
    await pass(personId);
    itIs(day(22));
    const then = await openClearance(chief, assignmentId, { on: day(15), knownOn: day(11) }, clock.now());
    expect(then?.view?.status).toBe('not-cleared');
    expect(then?.compared?.status).toBe('cleared');
    const before = await openClearance(chief, assignmentId, { on: day(11), knownOn: null }, clock.now());
    expect([before?.view?.status, before?.compared?.status]).toEqual(['not-cleared', 'cleared']);
    expect((await openClearance(chief, assignmentId, { on: day(15), knownOn: day(9) }, clock.now()))?.view).toBeNull();
    const { cookie } = await aSignedInAccount({ role: 'inspector', organisationId: city.bureau.id });
    const page = await answerOf(() => clearanceRoute.loader(routeArgs(aRequest(`/hr/clearance/x?on=${day(15)}&known=${day(11)}`, { cookie }), { id: assignmentId })));
    expect(page.text).toContain(`"knownOn":"${day(11)}"`);
    const { cookie: own } = await aSignedInAccount({ personId });
    expect((await answerOf(() => ownRoute.loader(routeArgs(aRequest('/my/clearance/x', { cookie: own }), { id: assignmentId })))).status).toBe(200);
    const { cookie: stranger } = await aSignedInAccount({ personId: (await somebody(city)).personId });
    expect((await answerOf(() => ownRoute.loader(routeArgs(aRequest('/my/clearance/x', { cookie: stranger }), { id: assignmentId })))).problem?.code).toBe('access.denied');
  });

  it('tell what will be, and the earliest possible start', async () => {
    const { personId, assignmentId } = await recruit({ startOfDuty: '2026-06-20' });
    await recordCompletion(await completeCourse(personId, city.course));
    await aResult(personId, city.exam, { percent: 90, released: false });
    const { [assignmentId]: outlook } = await outlooksOf(reader(), personId, clock.now());
    expect(outlook?.provisional).toMatchObject({ basis: 'evidence', conditions: [{ kind: 'result', of: '2026-06-22' }] });
    expect(outlook?.earliest).toMatchObject({ kind: 'date' });
    const { personId: fresh, assignmentId: none } = await recruit();
    expect((await outlooksOf(reader(), fresh, clock.now()))[none]).toMatchObject({ provisional: null, earliest: { kind: expect.stringMatching(/date|unknown/) as string } });
  });

  it('keep a document safely: by its content, for who may see it, never shown by the page', async () => {
    const { personId, assignmentId } = await recruit();
    expect(codeOf(await askWaiver(hr, request(assignmentId, { file: Buffer.from('<script>') })))).toBe('proof.type');
    const id = must(await askWaiver(hr, request(assignmentId, { file: Buffer.from('%PDF-1.7 proof') })));
    expect((await openProof(chief, id))?.contentType).toBe('application/pdf');
    const { cookie } = await aSignedInAccount({ role: 'hr', organisationId: city.bureau.id });
    const file = await proofRoute.loader(routeArgs(aRequest('/', { cookie }), { id }));
    expect(file.headers.get('content-disposition')).toMatch(/^attachment/);
    expect(file.headers.get('x-content-type-options')).toBe('nosniff');
    const { cookie: stranger } = await aSignedInAccount({ personId });
    expect((await answerOf(() => proofRoute.loader(routeArgs(aRequest('/', { cookie: stranger }), { id })))).status).toBe(200);
    const { cookie: nobody } = await aSignedInAccount();
    expect((await answerOf(() => proofRoute.loader(routeArgs(aRequest('/', { cookie: nobody }), { id })))).problem?.code).toBe('access.denied');
    expect((await answerOf(() => waiversRoute.loader(routeArgs(aRequest('/hr/waivers?state=asked', { cookie }))))).text).toContain(id);
  });

  it('confirm a rank only after the probation, with everything met, and cancel it by another person', async () => {
    itIs('2026-06-22');
    const { personId, appointmentId, assignmentId } = await recruit();
    const asked = (confirmedOn: string) => ({ id: newId(), appointmentId, confirmedOn, note: '' });
    expect(codeOf(await recordConfirmation(hr, asked('2026-06-22')))).toBe('confirmation.too-early');
    itIs('2027-07-05');
    expect(must(await recordConfirmation(hr, asked('2027-07-05')))).toMatchObject({ kind: 'missing', verdict: { ground: { programmes: [] } } });
    // The same programme at the other gate stands for one that was made for it.
    await inTransaction(async (tx) => {
      const versionId = newId();
      await execute(tx, `INSERT INTO programme_versions (id, programme_id, number, state, title_zh, title_en, gate, due_rule, applies_to, tree, validity, effective_on, created_at, created_by)
        SELECT $versionId, programme_id, number + 900 + CAST($salt AS BIGINT), 'published', title_zh, title_en, 'before-confirmation', due_rule, applies_to, tree, validity, effective_on, created_at, created_by
        FROM programme_versions WHERE id = (SELECT programme_version_id FROM assignments WHERE id = $assignmentId)`, { versionId, assignmentId, salt: 1 });
      await execute(tx, `INSERT INTO requirements (id, programme_version_id, code, position, kind, course_id) VALUES ($id, $versionId, 'course', 1, 'course', $courseId)`, { id: newId(), versionId, courseId: city.course.id });
      await execute(tx, `INSERT INTO assignments (id, person_id, appointment_id, programme_version_id, assigned_at, due_on, start_of_duty) VALUES ($id, $personId, $appointmentId, $versionId, CAST($at AS BIGINT), '2027-06-30', '2026-07-01')`,
        { id: newId(), personId, appointmentId, versionId, at: tx.now });
    });
    expect(must(await recordConfirmation(hr, asked('2027-07-05'))).kind).toBe('missing');
    await pass(personId);
    const id = newId();
    expect(must(await recordConfirmation(hr, { ...asked('2027-07-05'), id })).kind).toBe('recorded');
    expect(codeOf(await recordConfirmation(hr, asked('2027-07-05')))).toBe('confirmation.recorded');
    expect(codeOf(await cancelConfirmation(hr, id, '录入有误'))).toBe('confirmation.own-record');
    const { cookie } = await aSignedInAccount({ role: 'hr', organisationId: city.bureau.id });
    const list = () => answerOf(() => confirmationsRoute.loader(routeArgs(aRequest('/hr/confirmations?which=confirmed', { cookie }))));
    expect((await list()).text).toContain(appointmentId);
    must(await cancelConfirmation(chief, id, '录入有误'));
    expect((await list()).text).not.toContain(appointmentId);
    expect(codeOf(await cancelConfirmation(chief, id, '录入有误'))).toBe('confirmation.cancelled');
  });
});
