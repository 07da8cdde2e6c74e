import { afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import {
  actsOf, askRevocation, assignFor, carryOutRevocation, credentialsOf, findClearance, issueUnprinted, openActs, recordCompletion, reinstateCredential, settleGrounds, statusOf, suspendCredential, sweep, type Credential,
} from '~/certification';
import { liveAssignments } from '~/certification/assignments.repository';
import { findVersion, insertProgramme } from '~/certification/programme.repository';
import { execute, inTransaction, reader } from '~/db';
import { clock, resetClock } from '~/kernel/clock';
import { useConfig } from '~/kernel/config';
import { must } from '~/kernel/result';
import { drainOutbox } from '~jobs/drain';
import { anOrganisation } from '../support/actors';
import { aCity, completeCourse, countOf, itIs, somebody, tenTimes, type City } from '../support/certification';
import { testConfig } from '../support/config';
import { onEveryDatabase } from '../support/databases';
import { differencesIn } from '../support/renewals';

let made = 0;

onEveryDatabase('a credential that rests on another one', () => {
  let all: City;
  let city: City;
  beforeAll(async () => {
    useConfig(testConfig());
    itIs('2026-03-02');
    all = await aCity();
  });
  beforeEach(async () => {
    itIs('2026-03-02');
    await inTransaction(async (tx) => { await execute(tx, `UPDATE appointments SET ended_on = '2026-03-01'`); await execute(tx, `UPDATE outbox SET status = 'done'`); });
    city = { ...all, bureau: await anOrganisation() };
  });
  afterEach(resetClock);

  async function programme(requirement: { kind: 'course' | 'credential'; targetId: string }): Promise<string> {
    made += 1;
    const id = await inTransaction((tx) => insertProgramme(tx, {
      slug: `resting-${made}`, titleZh: `项目 ${made}`, titleEn: `Programme ${made}`, gate: 'none', validity: { kind: 'for-ever' }, by: 'system:a test', effectiveOn: '2026-01-01',
      dueRule: { kind: 'after-start', workingDays: 20 }, appliesTo: { kind: 'organisation', ids: [city.bureau.id] }, requirements: [{ code: 'a', ...requirement }],
    }));
    return (id && (await findVersion(reader(), id))?.programme_id) ?? '';
  }

  /** Holds a credential for a course, one that asks for it, and one that asks for that one, in this order. */
  async function chain(): Promise<{ personId: string; assignments: string[] }> {
    const ground = await programme({ kind: 'course', targetId: city.course.id });
    const second = await programme({ kind: 'credential', targetId: ground });
    await programme({ kind: 'credential', targetId: second });
    const { personId, appointmentId } = await somebody(city, { kind: 'staff', startOfDuty: '2026-03-02' });
    await assignFor(appointmentId);
    await recordCompletion(await completeCourse(personId, city.course));
    const live = await liveAssignments(reader(), personId);
    const versions = await Promise.all(live.map(async ({ id, programme_version_id: version }) => ({ id, title: (await findVersion(reader(), version))?.title_zh ?? '' })));
    const assignments = versions.filter(({ title }) => title.startsWith('项目')).sort((a, b) => Number(a.title.slice(3)) - Number(b.title.slice(3))).map(({ id }) => id);
    for (const id of assignments) expect(await issueUnprinted(id)).not.toBeNull();
    return { personId, assignments };
  }

  const held = async (personId: string, assignments: string[]): Promise<Credential[]> => {
    const found = await credentialsOf(reader(), personId);
    return assignments.flatMap((id) => found.find(({ assignment_id }) => assignment_id === id) ?? []);
  };
  const states = async (personId: string, assignments: string[]) => (await held(personId, assignments)).map(({ state }) => state);
  const cleared = (assignments: string[]) => Promise.all(assignments.map(async (id) => (await findClearance(reader(), id))?.status));
  const agree = async (): Promise<void> => expect(await differencesIn(city.bureau.id)).toEqual([]);

  it('rests when that one is revoked, and so does what rests on it: by rule, once, told to its holder', async () => {
    const { personId, assignments } = await chain();
    expect(await cleared(assignments)).toEqual(['cleared', 'cleared', 'cleared']);
    itIs('2026-04-01');
    const [first, second] = await held(personId, assignments);
    must(await carryOutRevocation('account:second', must(await askRevocation('account:hr', first?.number ?? '', 'misconduct', '代考')), '属实'));
    await drainOutbox();
    await tenTimes(() => settleGrounds(personId));
    expect(await states(personId, assignments)).toEqual(['revoked', 'suspended', 'suspended']);
    expect(await cleared(assignments)).toEqual(['not-cleared', 'not-cleared', 'not-cleared']);
    expect(await countOf('ledger_events', `kind = 'credential.suspended' AND person_id = $personId AND cause = 'rule'`, { personId })).toBe(2);
    expect(await countOf('notices', `kind = 'credential-suspended' AND person_id = $personId`, { personId })).toBe(2);
    expect(second && statusOf((await held(personId, assignments))[1] ?? second, '2026-04-01')).toMatchObject({ state: 'suspended', reason: 'ground-ended' });
    await agree();
  });

  it('counts again once that one is reinstated, and the days between stay a gap', async () => {
    const { personId, assignments } = await chain();
    itIs('2026-04-01');
    const [first] = await held(personId, assignments);
    must(await suspendCredential('account:hr', first?.number ?? '', 'inquiry', '核查'));
    await drainOutbox();
    expect(await states(personId, assignments)).toEqual(['suspended', 'suspended', 'suspended']);
    itIs('2026-04-10');
    const act = (await openActs(reader(), [city.bureau.path])).find(({ number }) => number === first?.number);
    must(await reinstateCredential('account:second', act?.id ?? '', 'inquiry-closed', '没有问题'));
    await drainOutbox();
    expect(await states(personId, assignments)).toEqual(['valid', 'valid', 'valid']);
    expect((await findClearance(reader(), assignments[2] ?? ''))?.periods).toEqual([
      { from: '2026-03-02', until: '2026-03-31', basis: 'evidence' }, { from: '2026-04-10', until: null, basis: 'evidence' },
    ]);
    await agree();
  });

  it('stays suspended when an office suspended it, whatever becomes of the other', async () => {
    const { personId, assignments } = await chain();
    itIs('2026-04-01');
    const [first, second] = await held(personId, assignments);
    for (const one of [second, first]) must(await suspendCredential('account:hr', one?.number ?? '', 'inquiry', '核查'));
    await drainOutbox();
    itIs('2026-04-10');
    const act = (await openActs(reader(), [city.bureau.path])).find(({ number }) => number === first?.number);
    must(await reinstateCredential('account:second', act?.id ?? '', 'inquiry-closed', '没有问题'));
    await drainOutbox();
    expect(await states(personId, assignments)).toEqual(['valid', 'suspended', 'suspended']);
    expect((await actsOf(reader(), second?.id ?? '')).map(({ state }) => state)).toEqual(['in-force']);
    await agree();
  });

  it('is found by the sweep when its job was lost', async () => {
    const { personId, assignments } = await chain();
    const [first] = await held(personId, assignments);
    must(await suspendCredential('account:hr', first?.number ?? '', 'inquiry', '核查'));
    await inTransaction((tx) => execute(tx, `UPDATE outbox SET status = 'done'`));
    await sweep(clock.now());
    await drainOutbox();
    expect(await states(personId, assignments)).toEqual(['suspended', 'suspended', 'suspended']);
    await sweep(clock.now());
    expect(await countOf('outbox', `name = 'certification.grounds' AND status = 'waiting'`)).toBe(0);
  });
});
