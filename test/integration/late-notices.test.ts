import { afterEach, beforeEach, expect, it } from 'vitest';
import { z } from 'zod';
import { one, reader, rows } from '~/db';
import { closeIfDue, decideLate, findReceipt, lateEvidence, saveResponses } from '~/exams';
import type { Actor } from '~/identity';
import { clock, resetClock, seconds, setClock } from '~/kernel/clock';
import { useConfig } from '~/kernel/config';
import { must } from '~/kernel/result';
import { announceLateDecision, noticesOf } from '~/notices';
import { adoptRootOrganisation } from '~/people';
import { textFor } from '~/text';
import { wordNotice } from '~/text/notice';
import { JOBS } from '~jobs/registry';
import { anActor } from '../support/actors';
import { testConfig } from '../support/config';
import { onEveryDatabase } from '../support/databases';
import { aCandidate, aStartedAttempt, DEVICE, rightResponse, type StartedAttempt } from '../support/exams';

const T0 = Date.parse('2026-07-01T01:00:00Z');

/** An attempt that the deadline closed, for which this many answers came too late. */
async function withLate(count: number): Promise<StartedAttempt> {
  const started = await aStartedAttempt({ items: 6, minutes: 30, toleranceSeconds: 60, candidate: await aCandidate() });
  setClock(started.deadlineAt + seconds(63));
  await closeIfDue(started.attemptId);
  const changes = started.items.slice(0, count).map(({ item, type }) => ({ item, seq: 1, response: rightResponse(type) }));
  await saveResponses({ attemptId: started.attemptId, tokenHash: started.candidate.tokenHash, device: DEVICE, receivedAt: clock.now(), changes });
  setClock(T0);
  return started;
}

const jobsAbout = (name: string, id: string) => rows(reader(), z.object({ payload: z.string() }),
  `SELECT payload FROM outbox WHERE name = $name AND payload LIKE '%' || $id || '%' ORDER BY created_at, id`, { name, id });
const noticesTo = ({ candidate }: StartedAttempt) => noticesOf(reader(), candidate.personId, { limit: 9, offset: 0 });

onEveryDatabase('a decision on late answers', () => {
  let adjudicator: Actor;
  beforeEach(async () => {
    useConfig(testConfig());
    setClock(T0);
    adjudicator = anActor({ adjudicator: [(await adoptRootOrganisation()).path] }, 'somebody-else');
  });
  afterEach(() => resetClock());
  const idsOf = async ({ attemptId }: StartedAttempt) => must(await lateEvidence(adjudicator, attemptId)).items.flatMap(({ changes }) => changes.map(({ id }) => id));

  it('is told to the candidate, each once, with what counts now and the receipt that holds', async () => {
    const started = await withLate(3);
    const { attemptId, exam } = started;
    const old = await findReceipt(reader(), attemptId);
    const [first = '', second = '', third = ''] = await idsOf(started);
    const { receipt } = must(await decideLate(adjudicator, attemptId, { accept: [first], refuse: [second], reason: '断电证明属实' }));
    must(await decideLate(adjudicator, attemptId, { accept: [], refuse: [third], reason: '没有断网' }));
    const jobs = await jobsAbout('exams.late-decided', attemptId);
    expect(jobs).toHaveLength(2);
    await Promise.all([...jobs, ...jobs].map(async ({ payload }) => JOBS['exams.late-decided']?.run(JSON.parse(payload), { now: clock.now() })));

    const told = (await noticesTo(started)).sort((a, b) => a.content.kind.localeCompare(b.content.kind));
    const about = { attemptId, examZh: exam.title.zh, examEn: exam.title.en, receipt: receipt.number };
    expect(told.map(({ content }) => content)).toEqual([
      { kind: 'late-decided', params: { ...about, accepted: 0, refused: 1 } }, { kind: 'late-replaced', params: { ...about, accepted: 1, refused: 1 } },
    ]);
    expect(receipt.number).not.toBe(old?.number);
    // It can wait for the digest of the day.
    for (const { id, urgency } of told) expect([urgency, await jobsAbout('notices.send', id)]).toEqual(['digest', []]);
    const [unchanged, replaced] = told.map(({ content }) => wordNotice(textFor('zh'), content));
    for (const part of ['采纳 0 条，不采纳 1 条', '答卷没有改变', receipt.number]) expect(unchanged?.text).toContain(part);
    for (const part of ['采纳 1 条，不采纳 1 条', '新回执编号', receipt.number]) expect(replaced?.text).toContain(part);
    expect(replaced?.title).toContain(exam.title.zh);
    // The reason stays with those who decide.
    expect(JSON.stringify(told)).not.toContain('断电');
  });

  it('is told of together with itself: one that fails leaves no job', async () => {
    const started = await withLate(1);
    const ids = await idsOf(started);
    await Promise.all([1, 2, 3].map(() => decideLate(adjudicator, started.attemptId, { accept: ids, refuse: [], reason: '采纳' })));
    expect(await jobsAbout('exams.late-decided', started.attemptId)).toHaveLength(1);
  });

  it('is told to nobody else', async () => {
    const [started, other] = [await withLate(1), await withLate(1)];
    must(await decideLate(adjudicator, started.attemptId, { accept: await idsOf(started), refuse: [], reason: '采纳' }));
    const { id } = await one(reader(), z.object({ id: z.string() }),
      `SELECT id FROM ledger_events WHERE kind = 'attempt.late-decided' AND subject_id = $id`, { id: started.attemptId });
    await announceLateDecision(other.attemptId, id);
    expect(await noticesTo(other)).toEqual([]);
    await announceLateDecision(started.attemptId, id);
    expect(await noticesTo(started)).toHaveLength(1);
  });
});
