import { afterEach, beforeEach, expect, it } from 'vitest';
import { z } from 'zod';
import {
  assignFor, checkCredential, credentialsOf, issueUnprinted, myDuties, rebuildProjections, recordCompletion, recordResult, withdrawResult,
  type Credential,
} from '~/certification';
import { execute, inTransaction, insert, one, reader, rows } from '~/db';
import { findAttempt, handIn, saveResponses, startAttempt, voidAttempt } from '~/exams';
import { clock, resetClock } from '~/kernel/clock';
import { useConfig } from '~/kernel/config';
import { drainOutbox } from '~jobs/drain';
import { aCity, aResult, completeCourse, countOf, itIs, somebody, tenTimes, type City, revokedByTwo } from '../support/certification';
import { testConfig } from '../support/config';
import { onEveryDatabase } from '../support/databases';
import { aStartedAttempt, DEVICE, rightResponse, type StartedAttempt } from '../support/exams';

const Id = z.object({ id: z.string() });
const WHY = { by: 'account:invigilator', cause: 'invigilator', reason: '由他人代考' } as const;

const declareVoid = (attemptId: string) => inTransaction((tx) => voidAttempt(tx, attemptId, WHY));
/** Lets every job run, without rendering. */
const settle = () => drainOutbox({ 'certification.cleared': (payload) => issueUnprinted(z.object({ assignmentId: z.string() }).parse(payload).assignmentId) });
const evidenceOf = (attemptId: string) => rows(reader(), z.object({ passed: z.number(), at: z.number(), facts: z.string() }), 'SELECT passed, at, facts FROM evidence WHERE ref = $attemptId', { attemptId });

onEveryDatabase('an attempt that is declared void', () => {
  beforeEach(() => {
    useConfig(testConfig());
    itIs('2026-07-01');
  });
  afterEach(() => resetClock());

  async function handedIn(): Promise<StartedAttempt> {
    const started = await aStartedAttempt({ items: 6, maxAttempts: 1 });
    const changes = started.items.map((item) => ({ item: item.item, seq: 1, response: rightResponse(item.type) }));
    await saveResponses({ attemptId: started.attemptId, tokenHash: started.candidate.tokenHash, device: DEVICE, receivedAt: clock.now(), changes });
    await handIn(started.candidate.actor, started.attemptId, DEVICE);
    return started;
  }

  /** The only attempt that the exam allows may be taken once more. */
  async function expectGivenBack({ candidate, exam, attemptId }: StartedAttempt): Promise<void> {
    const again = await startAttempt(candidate.actor, exam.id, DEVICE);
    expect(again).toMatchObject({ ok: true });
    expect(again.ok && again.value).not.toBe(attemptId);
  }

  it('while it runs is over for good, proves nothing and is given back', async () => {
    const running = await aStartedAttempt({ items: 6, maxAttempts: 1 });
    expect(await declareVoid(running.attemptId)).toBe(true);
    expect(await declareVoid(running.attemptId)).toBe(false);
    await settle();
    const saved = await saveResponses({ attemptId: running.attemptId, tokenHash: running.candidate.tokenHash, device: DEVICE, receivedAt: clock.now(), changes: [] });
    expect(saved).toMatchObject({ outcome: 'void' });
    expect(await evidenceOf(running.attemptId)).toEqual([]);
    await expectGivenBack(running);
  });

  it('after it was handed in is not graded any more, and is given back', async () => {
    const started = await handedIn();
    await declareVoid(started.attemptId);
    await settle();
    expect(await findAttempt(reader(), started.attemptId)).toMatchObject({ state: 'void' });
    expect(await countOf('results', 'attempt_id = $id AND released_at IS NOT NULL', { id: started.attemptId })).toBe(0);
    expect(await countOf('receipts', 'attempt_id = $id', { id: started.attemptId })).toBe(1);
    expect(await evidenceOf(started.attemptId)).toEqual([]);
    await expectGivenBack(started);
  });

  it('after its result was released is evidence no more, and is given back', async () => {
    const started = await handedIn();
    await settle();
    expect(await evidenceOf(started.attemptId)).toMatchObject([{ passed: 1 }]);
    expect(await startAttempt(started.candidate.actor, started.exam.id, DEVICE)).toMatchObject({ ok: false, error: { code: 'exam.passed' } });
    const at = itIs('2026-07-03');
    await declareVoid(started.attemptId);
    await settle();
    const [withdrawn] = await evidenceOf(started.attemptId);
    expect(withdrawn).toMatchObject({ passed: 0, at });
    expect(JSON.parse(withdrawn?.facts ?? '')).toMatchObject({ void: true, revision: 1 });
    await expectGivenBack(started);
  });

  it('before its release was heard of never becomes evidence, in whatever order the two are told', async () => {
    const started = await handedIn();
    await drainOutbox({ 'marking.released': () => Promise.resolve() });
    await declareVoid(started.attemptId);
    await withdrawResult(started.attemptId);
    await recordResult(started.attemptId);
    await settle();
    expect(await evidenceOf(started.attemptId)).toEqual([]);
  });
});

onEveryDatabase('a credential whose result does not count any more', () => {
  let city: City;
  beforeEach(async () => {
    useConfig(testConfig());
    itIs('2026-07-01');
    city = await aCity();
    await inTransaction(async (tx) => {
      await insert(tx, 'item_banks', [{ id: 'bank', slug: 'bank', title: '题库', origin: 'own', created_at: 0 }], 'ON CONFLICT (id) DO NOTHING');
      await execute(tx, `UPDATE exams SET bank_id = 'bank', max_attempts = 2 WHERE id = $id`, { id: city.exam.id });
    });
  });
  afterEach(() => resetClock());

  interface Holder { personId: string; assignmentId: string; attemptId: string; credential: Credential }

  async function holder(): Promise<Holder> {
    itIs('2026-07-01');
    const { personId, appointmentId } = await somebody(city);
    await assignFor(appointmentId);
    await recordCompletion(await completeCourse(personId, city.course));
    const attemptId = await aResult(personId, city.exam, { percent: 80 });
    await recordResult(attemptId);
    await settle();
    const { id: assignmentId } = await one(reader(), Id, 'SELECT id FROM assignments WHERE person_id = $personId', { personId });
    const [credential] = await credentialsOf(reader(), personId);
    if (!credential) throw new Error('no credential was issued');
    return { personId, assignmentId, attemptId, credential };
  }

  const dutyOf = async (personId: string) => (await myDuties(reader(), personId, clock.now()))[0];
  const serial = ({ number }: Credential) => Number(number.slice(-6));
  /** @returns the attempt */
  async function passes({ personId }: Holder, date: string): Promise<string> {
    itIs(date);
    const attemptId = await aResult(personId, city.exam, { percent: 90 });
    await recordResult(attemptId);
    return attemptId;
  }
  const fallsBelow = ({ attemptId }: Holder, at: number) => inTransaction((tx) => execute(tx,
    'UPDATE results SET percent = 40, passed = 0, graded_at = $at WHERE attempt_id = $attemptId', { attemptId, at }));

  it('is revoked once when the attempt is declared void; its holder is led to the exam again', async () => {
    const held = await holder();
    itIs('2026-07-10');
    await declareVoid(held.attemptId);
    await tenTimes(() => withdrawResult(held.attemptId));
    await settle();
    expect(await credentialsOf(reader(), held.personId)).toMatchObject([{ state: 'revoked', state_cause: 'rule', state_reason: 'attempt-voided' }]);
    expect(await countOf('ledger_events', `kind = 'credential.revoked' AND person_id = $id`, { id: held.personId })).toBe(1);
    expect(await countOf('ledger_events', `kind = 'evidence.recorded' AND subject_id = $id`, { id: held.attemptId })).toBe(2);
    expect(await checkCredential(reader(), held.credential.number, null)).toMatchObject({ status: { state: 'revoked', reason: 'attempt-voided' } });
    expect(await dutyOf(held.personId)).toMatchObject({ status: 'not-cleared', withdrawnOn: '2026-07-10', mayRegain: true, done: 1, next: { kind: 'take-exam' } });
    expect(await rebuildProjections({ check: true })).toEqual([]);
  });

  it('is replaced by the next number, which names it, when a later attempt is passed', async () => {
    const held = await holder();
    itIs('2026-07-10');
    await declareVoid(held.attemptId);
    await settle();
    await passes(held, '2026-07-20');
    await tenTimes(() => issueUnprinted(held.assignmentId));
    await settle();
    const [now, before, ...more] = await credentialsOf(reader(), held.personId);
    expect(more).toEqual([]);
    expect(now).toMatchObject({ state: 'valid', snapshot: { mayStartOn: '2026-07-20', replaces: held.credential.number } });
    expect(now && serial(now)).toBe(serial(held.credential) + 1);
    expect(before).toMatchObject({ number: held.credential.number, state: 'revoked', snapshot: { replaces: null } });
    expect(await dutyOf(held.personId)).toMatchObject({ status: 'cleared', mayStartOn: '2026-07-20', withdrawnOn: null, credential: { number: now?.number } });
    expect(await checkCredential(reader(), held.credential.number, { code: held.credential.check_code })).toMatchObject({ status: { state: 'revoked' } });
    const told = await one(reader(), z.object({ body: z.string() }), `SELECT body FROM ledger_events WHERE kind = 'credential.issued' AND subject_id = $id`, { id: now?.id ?? '' });
    expect(JSON.parse(told.body)).toMatchObject({ number: now?.number, replaces: held.credential.number });
    expect(await rebuildProjections({ check: true })).toEqual([]);
  });

  it('can be replaced again and again, each naming the one before', async () => {
    const held = await holder();
    let attemptId = held.attemptId;
    for (const [voided, passed] of [['2026-07-10', '2026-07-12'], ['2026-07-14', '2026-07-16']] as const) {
      itIs(voided);
      await declareVoid(attemptId);
      await settle();
      attemptId = await passes(held, passed);
      await settle();
      expect(await rebuildProjections({ check: true })).toEqual([]);
    }
    const [third, second, first] = await credentialsOf(reader(), held.personId);
    expect([third, second, first].map((each) => each?.state)).toEqual(['valid', 'revoked', 'revoked']);
    expect([third?.snapshot.replaces, second?.snapshot.replaces]).toEqual([second?.number, first?.number]);
  });

  it('is replaced in whatever order a fallen result and the later pass become known', async () => {
    for (const order of ['fall first', 'pass first'] as const) {
      const held = await holder();
      const at = itIs('2026-07-10');
      const later = await aResult(held.personId, city.exam, { percent: 90 });
      await fallsBelow(held, at);
      for (const known of order === 'fall first' ? [held.attemptId, later] : [later, held.attemptId]) await recordResult(known);
      await settle();
      expect(await dutyOf(held.personId)).toMatchObject({ status: 'cleared', mayStartOn: '2026-07-10' });
      const credentials = await credentialsOf(reader(), held.personId);
      // Who is known to have passed before keeps the credential: it rests on the later attempt then.
      expect(credentials.map(({ state, state_reason }) => [state, state_reason]))
        .toEqual(order === 'fall first' ? [['valid', null], ['revoked', 'result-annulled']] : [['valid', null]]);
      expect(await rebuildProjections({ check: true })).toEqual([]);
    }
  });

  it('is replaced when the very result that had fallen rises again', async () => {
    const held = await holder();
    await fallsBelow(held, itIs('2026-07-10'));
    await recordResult(held.attemptId);
    const at = itIs('2026-07-12');
    await inTransaction((tx) => execute(tx, 'UPDATE results SET percent = 70, passed = 1, graded_at = $at WHERE attempt_id = $attemptId', { at, attemptId: held.attemptId }));
    await recordResult(held.attemptId);
    await settle();
    expect(await credentialsOf(reader(), held.personId)).toMatchObject([{ state: 'valid', snapshot: { mayStartOn: '2026-07-12' } }, { state: 'revoked' }]);
    expect(await rebuildProjections({ check: true })).toEqual([]);
  });

  it('that an office revoked for another reason is never replaced by passing again', async () => {
    const held = await holder();
    itIs('2026-07-10');
    await revokedByTwo(held.credential.number, 'misconduct', '材料造假。');
    await passes(held, '2026-07-20');
    await settle();
    expect(await issueUnprinted(held.assignmentId)).toBeNull();
    expect(await credentialsOf(reader(), held.personId)).toMatchObject([{ state: 'revoked', state_cause: 'personnel' }]);
    expect(await dutyOf(held.personId)).toMatchObject({ status: 'not-cleared', withdrawnOn: '2026-07-10', mayRegain: false, next: { kind: 'ask-hr' } });
    expect(await rebuildProjections({ check: true })).toEqual([]);
  });

  it('that an office revoked because the result was annulled is replaced by a later result, not by one known by then', async () => {
    const held = await holder();
    itIs('2026-07-05');
    await recordResult(await aResult(held.personId, city.exam, { percent: 95 }));
    itIs('2026-07-10');
    await revokedByTwo(held.credential.number, 'result-annulled', '经查实，考试由他人代考。');
    await settle();
    expect(await dutyOf(held.personId)).toMatchObject({ status: 'not-cleared', withdrawnOn: '2026-07-10', next: { kind: 'ask-hr' } });
    await passes(held, '2026-07-20');
    await settle();
    expect(await credentialsOf(reader(), held.personId)).toMatchObject([
      { state: 'valid', snapshot: { mayStartOn: '2026-07-20', replaces: held.credential.number } }, { state: 'revoked', state_cause: 'personnel' },
    ]);
    expect(await rebuildProjections({ check: true })).toEqual([]);
  });
});
