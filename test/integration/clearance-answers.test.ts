import { afterEach, beforeAll, expect, it } from 'vitest';
import {
  allRecruits, assignFor, clearanceAsKnown, gateAsKnown, issueUnprinted, recordCompletion, recordResult, rebuildProjections, recruitCounts, recruitList, type RecruitFilter, type Requirement,
} from '~/certification';
import { liveAssignments, lockPerson } from '~/certification/assignments.repository';
import { recordCredential } from '~/certification/credential-evidence.service';
import { insertProgramme, type NewProgramme } from '~/certification/programme.repository';
import { changeEvidenceTo, recordEvidence } from '~/certification/record-evidence.service';
import { refreshPerson } from '~/certification/refresh.service';
import { turnClearances } from '~/certification/turn.service';
import { appendEvent, execute, inTransaction, insert, reader } from '~/db';
import { dateAt } from '~/kernel/calendar';
import { clock, resetClock } from '~/kernel/clock';
import { useConfig } from '~/kernel/config';
import { newId } from '~/kernel/id';
import { aCity, aResult, completeCourse, countOf, itIs, somebody, type City } from '../support/certification';
import { testConfig } from '../support/config';
import { onEveryDatabase } from '../support/databases';

const BY = { by: 'system:a test', cause: 'personnel' } as const;
const YEAR = { kind: 'from-completion' as const, period: { count: 1, unit: 'years' as const }, window: { count: 3, unit: 'months' as const } };

let latestYear = 2028;

onEveryDatabase('a clearance', () => {
  let city: City;
  beforeAll(async () => {
    useConfig(testConfig());
    itIs('2026-05-04');
    city = await aCity();
  });
  afterEach(resetClock);

  /** Replaces the standard programme for whoever is appointed from now on. */
  async function programme(more: Partial<NewProgramme> & { requirements: Requirement[] }): Promise<string> {
    const slug = `p-${newId()}`;
    const versionId = await inTransaction(async (tx) => {
      await execute(tx, `UPDATE programme_versions SET state = 'withdrawn' WHERE state = 'published'`);
      return insertProgramme(tx, { slug, titleZh: '测试', titleEn: 'Test', dueRule: { kind: 'before-start', workingDays: 3 }, appliesTo: { kind: 'appointment', kinds: ['recruit'] }, effectiveOn: '2026-01-01', by: 'system:a test', ...more });
    });
    if (versionId === null) throw new Error(slug);
    return versionId;
  }
  const external = (code: string): Requirement => ({ code, kind: 'external', targetId: code, params: { titleZh: code, titleEn: code } });
  const show = (personId: string, code: string, validUntil: string | null = null) => inTransaction((tx) => recordEvidence(tx, personId, {
    kind: 'external', ref: newId(), targetId: code, passed: true, at: tx.now, validUntil, facts: {},
  }, BY));

  async function recruit(startOfDuty = '2026-07-01'): Promise<{ personId: string; appointmentId: string; assignmentId: string }> {
    const person = await somebody(city, { startOfDuty });
    await assignFor(person.appointmentId);
    const [assignment] = await liveAssignments(reader(), person.personId);
    return { ...person, assignmentId: assignment?.id ?? '' };
  }

  async function waive({ personId, assignmentId }: { personId: string; assignmentId: string }, from: string, until: string, requirementCode: string | null = null): Promise<string> {
    const id = newId();
    await inTransaction(async (tx) => {
      await lockPerson(tx, personId);
      await insert(tx, 'waivers', [{
        id, person_id: personId, assignment_id: assignmentId, requirement_code: requirementCode, state: 'granted', valid_from: from, valid_until: until,
        reason: '紧急', proof: '会议纪要', asked_at: tx.now, asked_by: 'account:1', decided_at: tx.now, decided_by: 'account:2',
      }]);
      await appendEvent(tx, { kind: 'waiver.granted', subject: { kind: 'waiver', id }, personId, by: 'system:a test', body: { assignmentId, requirementCode, from, until } });
      await refreshPerson(tx, personId);
    });
    return id;
  }

  const filter = (): RecruitFilter => ({ paths: [city.bureau.path], today: dateAt(clock.now(), 'Asia/Shanghai') });
  const listed = async (personId: string) => {
    const all = (await recruitList(reader(), { ...filter(), page: 1 }, clock.now())).recruits.filter((one) => one.personId === personId);
    expect(all).toHaveLength(1);
    return all[0];
  };
  const answer = async (assignmentId: string, on: string, knownOn?: string) => (await clearanceAsKnown(reader(), assignmentId, { on, knownOn }))?.clearance;
  const agrees = async () => expect(await rebuildProjections({ check: true })).toEqual([]);

  it('is given by one of several ways, and by enough of many', async () => {
    itIs('2026-06-01');
    await programme({ requirements: ['a', 'b', 'c'].map(external), tree: { kind: 'some', least: 2, of: ['a', 'b', 'c'].map((code) => ({ kind: 'requirement', code })) } });
    const one = await recruit();
    await show(one.personId, 'a');
    expect(await listed(one.personId)).toMatchObject({ status: 'not-yet', done: 1, total: 2, reason: { code: 'external-missing' } });
    await show(one.personId, 'c');
    expect(await listed(one.personId)).toMatchObject({ status: 'may-start', done: 2, total: 2, mayStartOn: '2026-07-01' });

    await programme({ requirements: ['a', 'b'].map(external), tree: { kind: 'any', of: [{ kind: 'requirement', code: 'a' }, { kind: 'requirement', code: 'b' }] } });
    const other = await recruit();
    await show(other.personId, 'b');
    expect(await listed(other.personId)).toMatchObject({ status: 'may-start', done: 1, total: 1 });
    await agrees();
  });

  it('under a waiver is shown as such, and ends in lists by the day alone', async () => {
    itIs('2026-07-06');
    await programme({ requirements: [external('a')] });
    const one = await recruit();
    const before = await recruitCounts(reader(), filter());
    await waive(one, '2026-07-06', '2026-07-20');
    expect(await listed(one.personId)).toMatchObject({ status: 'under-waiver', mayStartOn: '2026-07-06', until: '2026-07-20', reason: { code: 'clearance-waived', params: { untilOn: '2026-07-20' } } });
    expect(await recruitCounts(reader(), filter())).toMatchObject({ underWaiver: before.underWaiver + 1, notYet: before.notYet - 1 });
    await agrees();
    itIs('2026-07-21');
    expect(await listed(one.personId)).toMatchObject({ status: 'overdue', mayStartOn: null });
    await agrees();
    await turnClearances(clock.now());
    expect(await listed(one.personId)).toMatchObject({ status: 'overdue', reason: { code: 'external-missing' } });
    expect(await countOf('ledger_events', `kind = 'assignment.not-cleared' AND subject_id = $id`, { id: one.assignmentId })).toBe(1);
    await agrees();
  });

  it('that runs out is shown as expired, never as permitted, before anything runs', async () => {
    itIs('2026-06-01');
    await programme({ requirements: [external('a'), external('b')], validity: YEAR });
    const [rule, evidence] = [await recruit(), await recruit()];
    for (const { personId } of [rule, evidence]) await show(personId, 'a');
    await show(rule.personId, 'b');
    await show(evidence.personId, 'b', '2026-12-31');
    expect(await listed(rule.personId)).toMatchObject({ status: 'may-start', until: '2027-06-01' });
    expect(await listed(evidence.personId)).toMatchObject({ status: 'may-start', until: '2026-12-31' });
    itIs('2027-01-01');
    expect(await listed(evidence.personId)).toMatchObject({ status: 'expired', mayStartOn: null, reason: { code: 'clearance-expired', params: { on: '2026-12-31' } } });
    await turnClearances(clock.now());
    expect(await listed(evidence.personId)).toMatchObject({ status: 'expired', done: 1 });
    expect(await listed(rule.personId)).toMatchObject({ status: 'may-start' });
    itIs('2027-06-02');
    const expired = (await recruitList(reader(), { ...filter(), status: 'expired', page: 1 }, clock.now())).recruits.map(({ personId }) => personId);
    expect(expired).toEqual(expect.arrayContaining([rule.personId, evidence.personId]));
    await turnClearances(clock.now());
    await agrees();
  });

  it('rests while its credential is suspended, and what its credential opened rests with it', async () => {
    itIs('2026-06-01');
    const first = await programme({ requirements: [external('a')] });
    const one = await recruit();
    await show(one.personId, 'a');
    const credentialId = await issueUnprinted(one.assignmentId) ?? '';
    const programmeId = (await clearanceAsKnown(reader(), one.assignmentId, { on: '2026-06-01' }))?.assignment.programmeId ?? '';
    await programme({ requirements: [{ code: 'held', kind: 'credential', targetId: programmeId }] });
    await inTransaction((tx) => execute(tx, `UPDATE programme_versions SET state = 'published' WHERE id = $first`, { first }));
    await assignFor(one.appointmentId);
    const second = (await liveAssignments(reader(), one.personId)).find(({ id }) => id !== one.assignmentId)?.id ?? '';
    const may = async (assignmentId: string, on: string) => (await answer(assignmentId, on))?.status;
    expect([await may(one.assignmentId, '2026-07-01'), await may(second, '2026-07-01')]).toEqual(['cleared', 'cleared']);

    const change = (state: string, kind: string) => inTransaction(async (tx) => {
      await lockPerson(tx, one.personId);
      await execute(tx, 'UPDATE credentials SET state = $state, state_at = $now WHERE id = $credentialId', { state, credentialId, now: tx.now });
      await appendEvent(tx, { kind, subject: { kind: 'credential', id: credentialId }, personId: one.personId, by: 'system:a test', cause: 'personnel', body: { assignmentId: one.assignmentId, reason: 'x' } });
      await recordCredential(tx, credentialId, BY);
      await refreshPerson(tx, one.personId);
    });
    itIs('2026-07-10');
    await change('suspended', 'credential.suspended');
    expect(await listed(one.personId)).toMatchObject({ status: 'suspended', reason: { code: 'credential-suspended', params: { on: '2026-07-10' } } });
    expect(await may(second, '2026-07-10')).toBe('not-cleared');
    itIs('2026-07-20');
    await change('valid', 'credential.reinstated');
    expect(await listed(one.personId)).toMatchObject({ status: 'may-start' });
    expect((await answer(second, '2026-07-20'))?.periods).toEqual([
      { from: '2026-07-01', until: '2026-07-09', basis: 'evidence' }, { from: '2026-07-20', until: null, basis: 'evidence' },
    ]);
    await agrees();
  });

  it('is answered for any day, as it was known on any other', async () => {
    // The time of recording never goes back, not even from one database to the next.
    const year = (latestYear += 1);
    const day = (monthDay: string) => `${year}-${monthDay}`;
    itIs(day('06-01'));
    await programme({ requirements: [{ code: 'course', kind: 'course', targetId: city.course.id }, { code: 'exam', kind: 'exam', targetId: city.exam.id }] });
    const one = await recruit(day('07-01'));
    await recordCompletion(await completeCourse(one.personId, city.course));
    itIs(day('06-20'));
    await recordResult(await aResult(one.personId, city.exam, { percent: 80 }));
    itIs(day('07-10'));
    const waiverId = await waive(one, day('07-12'), day('07-31'));
    itIs(day('07-15'));
    const evidence = await clearanceAsKnown(reader(), one.assignmentId, { on: day('07-15') });
    const exam = evidence?.assignment.input.evidence.find(({ kind }) => kind === 'exam-result');
    if (!exam) throw new Error('no exam');
    await inTransaction((tx) => changeEvidenceTo(tx, one.personId, { ...exam, passed: false, at: tx.now, facts: { ...exam.facts, void: true } }, BY));

    expect(await answer(one.assignmentId, day('07-01'), day('05-31'))).toBeUndefined();
    expect(await answer(one.assignmentId, day('07-01'), day('06-19'))).toMatchObject({ status: 'not-cleared', done: 1 });
    expect(await answer(one.assignmentId, day('07-01'), day('06-20'))).toMatchObject({ status: 'cleared', mayStartOn: day('07-01') });
    // For a day before the result, known or not, it was not there.
    expect(await answer(one.assignmentId, day('06-19'), day('07-14'))).toMatchObject({ status: 'not-cleared' });
    // Since the attempt is void nothing was ever shown; as known before, it was.
    expect(await answer(one.assignmentId, day('07-05'))).toMatchObject({ status: 'not-cleared' });
    expect(await answer(one.assignmentId, day('07-05'), day('07-14'))).toMatchObject({ status: 'cleared' });
    expect(await answer(one.assignmentId, day('07-15'))).toMatchObject({ status: 'waived', waiverId, until: day('07-31') });
    expect(await gateAsKnown(reader(), one.appointmentId, 'before-start-of-duty', { on: day('07-15') })).toMatchObject({ open: true, basis: 'waiver', until: day('07-31') });
    expect(await gateAsKnown(reader(), one.appointmentId, 'before-start-of-duty', { on: day('07-05') })).toMatchObject({ open: false, basis: null });
    expect(await gateAsKnown(reader(), one.appointmentId, 'before-confirmation', { on: day('07-15') })).toMatchObject({ open: false, programmes: [] });
    await agrees();
  });

  it('has one line for one person however many programmes, the one that forbids', async () => {
    itIs('2026-06-01');
    const first = await programme({ requirements: [external('a')] });
    await programme({ requirements: [external('b')] });
    await inTransaction((tx) => execute(tx, `UPDATE programme_versions SET state = 'published' WHERE id = $first`, { first }));
    const one = await recruit();
    expect(await liveAssignments(reader(), one.personId)).toHaveLength(2);
    await show(one.personId, 'a');
    expect(await listed(one.personId)).toMatchObject({ status: 'not-yet', done: 0 });
    await show(one.personId, 'b');
    expect(await listed(one.personId)).toMatchObject({ status: 'may-start' });
    const exported: string[] = [];
    for await (const step of allRecruits(reader(), filter(), clock.now())) exported.push(...step.map(({ personId }) => personId));
    expect(exported.filter((id) => id === one.personId)).toHaveLength(1);
    await agrees();
  });
});
