import { afterEach, beforeEach, expect, it } from 'vitest';
import { z } from 'zod';
import { assignFor, credentialsOf, credentialsRestingOn, issueUnprinted, rebuildProjections, recordCompletion, recordResult } from '~/certification';
import { execute, inTransaction, one, reader, rows } from '~/db';
import { hours, resetClock } from '~/kernel/clock';
import { useConfig } from '~/kernel/config';
import { testConfig } from '../support/config';
import { aCity, aResult, completeCourse, itIs, somebody, tenTimes, type City } from '../support/certification';
import { onEveryDatabase } from '../support/databases';

onEveryDatabase('a result that is changed after its release', () => {
  let city: City;
  beforeEach(async () => {
    useConfig(testConfig());
    itIs('2026-07-01');
    city = await aCity();
  });
  afterEach(() => resetClock());

  /** Somebody whose course is done and whose exam has this result. */
  async function examined(percent: number): Promise<{ personId: string; attemptId: string; assignmentId: string }> {
    const { personId, appointmentId } = await somebody(city);
    await assignFor(appointmentId);
    await recordCompletion(await completeCourse(personId, city.course));
    const attemptId = await aResult(personId, city.exam, { percent });
    await recordResult(attemptId);
    const { id } = await one(reader(), z.object({ id: z.string() }), 'SELECT id FROM assignments WHERE person_id = $personId', { personId });
    return { personId, attemptId, assignmentId: id };
  }
  /** As grading again leaves it. */
  const becomes = (attemptId: string, percent: number, at: number) => inTransaction((tx) => execute(tx,
    'UPDATE results SET percent = $percent, passed = $passed, graded_at = $at WHERE attempt_id = $attemptId', { attemptId, percent, passed: percent >= city.exam.cutScore ? 1 : 0, at }));
  const clearanceOf = (personId: string) => one(reader(), z.object({ status: z.string(), may_start_on: z.string().nullable() }), 'SELECT status, may_start_on FROM clearances WHERE person_id = $personId', { personId });
  const evidenceOf = (attemptId: string) => one(reader(), z.object({ passed: z.number(), at: z.number() }), 'SELECT passed, at FROM evidence WHERE ref = $attemptId', { attemptId });

  it('clears somebody from the change on when it has become a pass, once however often it is told', async () => {
    const { personId, attemptId } = await examined(50);
    expect(await clearanceOf(personId)).toEqual({ status: 'not-cleared', may_start_on: null });
    const at = itIs('2026-07-10');
    await becomes(attemptId, 80, at);
    await tenTimes(() => recordResult(attemptId));
    expect(await evidenceOf(attemptId)).toEqual({ passed: 1, at });
    expect(await clearanceOf(personId)).toEqual({ status: 'cleared', may_start_on: '2026-07-10' });
    const told = await rows(reader(), z.object({ id: z.string() }), `SELECT id FROM ledger_events WHERE kind = 'evidence.recorded' AND subject_id = $attemptId`, { attemptId });
    expect(told).toHaveLength(2);
    expect(await rebuildProjections({ check: true })).toEqual([]);
  });

  it('moves nobody’s first day when only the points have changed', async () => {
    const { personId, attemptId } = await examined(80);
    const before = [await clearanceOf(personId), await evidenceOf(attemptId)];
    const later = itIs('2026-07-10');
    await becomes(attemptId, 90, later);
    await recordResult(attemptId);
    expect([await clearanceOf(personId), await evidenceOf(attemptId)]).toEqual(before);
    expect(await rebuildProjections({ check: true })).toEqual([]);
  });

  it('takes the clearance and the credential that rest on it when it has fallen below', async () => {
    const { personId, attemptId, assignmentId } = await examined(80);
    await issueUnprinted(assignmentId);
    const [credential] = await credentialsOf(reader(), personId);
    expect(await credentialsRestingOn(reader(), personId, attemptId)).toEqual([credential?.number]);
    const at = itIs('2026-07-10') + hours(1);
    await becomes(attemptId, 40, at);
    await tenTimes(() => recordResult(attemptId));
    expect(await evidenceOf(attemptId)).toEqual({ passed: 0, at });
    expect(await clearanceOf(personId)).toMatchObject({ status: 'not-cleared' });
    expect(await credentialsOf(reader(), personId)).toMatchObject([{ state: 'revoked', state_reason: 'result-annulled' }]);
    expect(await credentialsRestingOn(reader(), personId, attemptId)).toEqual([]);
    expect(await rebuildProjections({ check: true })).toEqual([]);
  });

  it('leaves the credential when another pass carries it', async () => {
    const { personId, attemptId, assignmentId } = await examined(80);
    itIs('2026-07-02');
    await recordResult(await aResult(personId, city.exam, { percent: 90 }));
    await issueUnprinted(assignmentId);
    await becomes(attemptId, 40, itIs('2026-07-10'));
    await recordResult(attemptId);
    expect(await clearanceOf(personId)).toMatchObject({ status: 'cleared' });
    expect(await credentialsOf(reader(), personId)).toMatchObject([{ state: 'valid' }]);
  });
});
