import { afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { z } from 'zod';
import {
  askExtension, askRevocation, askWaiver, assignFor, carryOutRevocation, decideExtension, decideStart, decideWaiver, extensionsOf, issueCredential, proposeEmergencyStart, revokeWaiver, waiversOf, credentialsOf,
} from '~/certification';
import { turnClearances } from '~/certification/turn.service';
import { execute, inTransaction, insert, reader, rows } from '~/db';
import type { Actor } from '~/identity';
import { clock, hours, resetClock } from '~/kernel/clock';
import { useConfig } from '~/kernel/config';
import { newId } from '~/kernel/id';
import { must } from '~/kernel/result';
import { planNotices } from '~/notices';
import { adoptRootOrganisation, type Organisation } from '~/people';
import { drainOutbox } from '~jobs/drain';
import { JOBS } from '~jobs/registry';
import { anActor, anOrganisation } from '../support/actors';
import { aCity, itIs, somebody, tenTimes, type City } from '../support/certification';
import { testConfig } from '../support/config';
import { onEveryDatabase } from '../support/databases';
import { aHolder, anEndingProgramme, cyclesOf } from '../support/renewals';

onEveryDatabase('what offices decide', () => {
  let all: City;
  let city: City;
  let root: Organisation;
  let clerk: { personId: string; actor: Actor };
  let chief: { personId: string; actor: Actor };

  beforeAll(async () => {
    useConfig(testConfig());
    itIs('2026-03-02');
    all = await aCity();
    root = await adoptRootOrganisation();
  });
  beforeEach(async () => {
    itIs('2026-03-02');
    await inTransaction(async (tx) => {
      await execute(tx, `UPDATE appointments SET ended_on = '2026-03-01'`);
      await execute(tx, `UPDATE outbox SET status = 'done'`);
      await execute(tx, 'DELETE FROM notice_plans');
      await execute(tx, `DELETE FROM settings WHERE name = 'notices.endings'`);
      await execute(tx, 'DELETE FROM roles');
    });
    city = { ...all, bureau: await anOrganisation() };
    clerk = await officer('hr', city.bureau);
    chief = await officer('administrator', root);
  });
  afterEach(resetClock);

  /** Somebody with an account and a role, who can be told things. */
  async function officer(role: 'hr' | 'administrator', where: Organisation): Promise<{ personId: string; actor: Actor }> {
    const { personId } = await somebody({ ...city, bureau: await anOrganisation() }, { kind: 'staff', startOfDuty: '2020-03-02' });
    const accountId = newId();
    await inTransaction(async (tx) => {
      await insert(tx, 'accounts', [{ id: accountId, person_id: personId, sign_in_name: accountId, state: 'active', created_at: 1 }]);
      await insert(tx, 'roles', [{ id: newId(), account_id: accountId, role, organisation_id: where.id, created_at: 1 }]);
    });
    return { personId, actor: { ...anActor({ [role]: [where.path] }), by: `account:${accountId}`, personId } };
  }

  const told = async (personId: string): Promise<string[]> =>
    (await rows(reader(), z.object({ kind: z.string() }), 'SELECT kind FROM notices WHERE person_id = $personId', { personId })).map(({ kind }) => kind)
      .filter((kind) => /^(?:waiver|extension|start|clearance|team)-/.test(kind)).sort();

  async function openAssignment(): Promise<{ personId: string; appointmentId: string; assignmentId: string }> {
    await anEndingProgramme(city);
    const person = await somebody(city, { kind: 'staff', startOfDuty: '2026-03-02' });
    await assignFor(person.appointmentId);
    return { ...person, assignmentId: (await cyclesOf(person.appointmentId))[0]?.id ?? '' };
  }

  const asked = async (assignmentId: string, until = '2026-04-30'): Promise<string> => must(await askWaiver(clerk.actor, {
    id: newId(), assignmentId, requirementCode: null, from: '2026-03-02', until, reason: '培训停课', proof: '通知', conditions: '', file: null,
  }));

  it('about a waiver reach the person, who decides, and who asked: each once, however often the jobs run', async () => {
    const { personId, assignmentId } = await openAssignment();
    const id = await asked(assignmentId);
    await tenTimes(() => JOBS['certification.waiver-changed']?.run({ waiverId: id, state: 'asked' }, { now: clock.now() }) ?? Promise.resolve());
    await drainOutbox();
    expect([await told(personId), await told(chief.personId), await told(clerk.personId)]).toEqual([['waiver-asked'], ['waiver-to-decide'], []]);
    must(await decideWaiver(chief.actor, id, { grant: true, until: '2026-04-15', conditions: '有人带岗', reason: '同意' }));
    await drainOutbox();
    must(await revokeWaiver(chief.actor, id, '情况有变'));
    await drainOutbox();
    await drainOutbox();
    expect(await told(personId)).toEqual(['waiver-asked', 'waiver-granted', 'waiver-revoked']);
    expect(await told(clerk.personId)).toEqual(['waiver-decided-granted', 'waiver-decided-revoked']);
    const [granted] = await rows(reader(), z.object({ params: z.string() }), `SELECT params FROM notices WHERE person_id = $personId AND kind = 'waiver-granted'`, { personId });
    expect(JSON.parse(granted?.params ?? '{}')).toMatchObject({ untilOn: '2026-04-15', conditions: '有人带岗', page: `/my/clearance/${assignmentId}` });
  });

  it('that was asked for in vain is said with its reason, and a decision that came first is not asked for any more', async () => {
    const { personId, assignmentId } = await openAssignment();
    const id = await asked(assignmentId);
    must(await decideWaiver(chief.actor, id, { grant: false, until: '2026-04-15', conditions: '', reason: '理由不足' }));
    await drainOutbox();
    expect([await told(personId), await told(chief.personId), await told(clerk.personId)]).toEqual([['waiver-refused'], [], ['waiver-decided-refused']]);
  });

  it('about a waiver that ends is said a week and a day before, once, and to HR with the week', async () => {
    const { personId, assignmentId } = await openAssignment();
    must(await decideWaiver(chief.actor, await asked(assignmentId), { grant: true, until: '2026-04-15', conditions: '', reason: '同意' }));
    await drainOutbox();
    const plan = async (day: string): Promise<string[]> => {
      await planNotices(itIs(day));
      await planNotices(clock.now() + hours(1));
      return (await told(personId)).filter((kind) => kind === 'waiver-ends');
    };
    expect(await plan('2026-04-07')).toEqual(['waiver-ends']);
    expect(await plan('2026-04-08')).toHaveLength(2);
    expect(await plan('2026-04-09')).toHaveLength(2);
    expect(await plan('2026-04-14')).toHaveLength(3);
    expect((await told(clerk.personId)).filter((kind) => kind.startsWith('team-'))).toEqual(['team-ends']);
    expect((await waiversOf(reader(), assignmentId))[0]?.state).toBe('granted');

    itIs('2026-04-16');
    await turnClearances(clock.now());
    await drainOutbox();
    await planNotices(clock.now());
    expect((await told(personId)).filter((kind) => kind === 'clearance-lost')).toEqual(['clearance-lost']);
    expect((await told(clerk.personId)).filter((kind) => kind.startsWith('team-'))).toEqual(['team-ends', 'team-lost']);
  });

  it('of a waiver ends the reminders at once, also one that waits to be sent', async () => {
    const { personId, assignmentId } = await openAssignment();
    await drainOutbox();
    const reminders = async () => (await rows(reader(), z.object({ step: z.string(), dropped_at: z.number().nullable() }), `SELECT step, dropped_at FROM notices WHERE person_id = $personId AND kind = 'reminder' ORDER BY created_at`, { personId }))
      .map(({ step, dropped_at: dropped }) => `${step.split(':')[1]}${dropped === null ? '' : ' dropped'}`);
    await planNotices(itIs('2026-03-16'));
    expect(await reminders()).toEqual(['before-14']);
    const id = await asked(assignmentId);
    must(await decideWaiver(chief.actor, id, { grant: true, until: '2026-04-30', conditions: '', reason: '同意' }));
    await drainOutbox();
    expect(await reminders()).toEqual(['before-14 dropped']);
    for (const day of ['2026-03-23', '2026-03-27', '2026-03-30', '2026-03-31', '2026-04-07']) await planNotices(itIs(day));
    expect(await reminders()).toEqual(['before-14 dropped']);
  });

  it('about an extension reach who decides, then the person and who asked', async () => {
    await anEndingProgramme(city);
    const { personId, appointmentId } = await aHolder(city);
    const id = (await cyclesOf(appointmentId))[0]?.id ?? '';
    must(await askExtension(clerk.actor, { id: newId(), assignmentId: id, until: '2027-04-30', reason: '援藏' }));
    await drainOutbox();
    expect([await told(personId), await told(chief.personId)]).toEqual([[], ['extension-to-decide']]);
    must(await decideExtension(chief.actor, (await extensionsOf(reader(), id))[0]?.id ?? '', { grant: true, reason: '同意' }));
    await drainOutbox();
    expect([await told(personId), await told(clerk.personId)]).toEqual([['extension-granted'], ['extension-decided-granted']]);
  });

  it('about an emergency start reach who confirms it first, and afterwards the person and who proposed it', async () => {
    await inTransaction((tx) => execute(tx, `UPDATE programme_versions SET gate = 'before-start-of-duty' WHERE gate = 'none'`));
    const person = await somebody(city, { startOfDuty: '2026-03-02' });
    await assignFor(person.appointmentId);
    const id = must(await proposeEmergencyStart(clerk.actor, { id: newId(), appointmentId: person.appointmentId, startedOn: '2026-03-02', reason: '防汛' }));
    await drainOutbox();
    expect([await told(person.personId), await told(chief.personId)]).toEqual([[], ['start-to-confirm']]);
    must(await decideStart(chief.actor, id, true, '属实'));
    await drainOutbox();
    expect([await told(person.personId), await told(clerk.personId)]).toEqual([['start-emergency'], ['start-decided-confirmed']]);
    expect(await told(chief.personId)).toEqual(['start-to-confirm', 'team-emergency']);
  });

  it('about a revocation is said to the person once, as what happened to the credential, and to HR as somebody who cannot work', async () => {
    await anEndingProgramme(city);
    const { personId, appointmentId } = await aHolder(city);
    await issueCredential((await cyclesOf(appointmentId))[0]?.id ?? '');
    const [held] = await credentialsOf(reader(), personId);
    must(await carryOutRevocation('account:second', must(await askRevocation('account:hr', held?.number ?? '', 'misconduct', '代考')), '属实'));
    await drainOutbox();
    await planNotices(clock.now());
    expect(await told(personId)).toEqual([]);
    expect((await rows(reader(), z.object({ kind: z.string() }), `SELECT kind FROM notices WHERE person_id = $personId AND kind = 'credential-revoked'`, { personId })).length).toBe(1);
    expect(await told(clerk.personId)).toEqual(['team-lost']);
  });
});
