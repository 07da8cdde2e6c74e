import express from 'express';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { z } from 'zod';
import { execute, inTransaction, one, reader, rows } from '~/db';
import {
  answerFinding, appealFinding, decideAppeal, decideFinding, findAttempt, findFinding, handIn, judgedFinding, listFindings, noticedRecorded, noticeAddress,
  noticeSave, observationsEndpoint, openAttempt, openFinding, ownFinding, ownRecord, proposalPage, proposeFinding, recordedObservations, recordNote,
  settleFinding, sweepFindings,
} from '~/exams';
import type { Actor } from '~/identity';
import { advanceClock, clock, days, resetClock, seconds, setClock } from '~/kernel/clock';
import { useConfig } from '~/kernel/config';
import { createLogger, useLogger } from '~/kernel/log';
import { must } from '~/kernel/result';
import { gradeAttempt, releaseLetGo, releaseResult, resultOf } from '~/marking';
import { announceFinding, noticesOf } from '~/notices';
import type { Organisation } from '~/people';
import { anActor, anOrganisation, aRootActor } from '../support/actors';
import { testConfig } from '../support/config';
import { onEveryDatabase } from '../support/databases';
import { anExam, aStartedAttempt, DEVICE, type ExamGiven, type StartedAttempt } from '../support/exams';
import { listening, type Listening } from '../support/listening';
import { aMember, codeOf } from '../support/sittings';

const T0 = Date.parse('2026-09-07T01:00:00Z');
const ALL = ['left-page', 'paste', 'second-device', 'address-changed', 'idle', 'fast-answers'];

let serial = 0;
/** Somebody with these roles in an organisation; each is another person. */
function somebody(organisation: Organisation, ...roles: ('invigilator' | 'adjudicator')[]): Actor {
  serial += 1;
  return { ...anActor(Object.fromEntries(roles.map((role) => [role, [organisation.path]])), `person-${serial}`), accountId: `account-${serial}`, by: `account:account-${serial}` };
}

async function anObserved(organisation: Organisation, observed: string[] = ALL, given: ExamGiven = {}): Promise<StartedAttempt> {
  const exam = await anExam(given);
  await inTransaction((tx) => execute(tx, 'UPDATE exams SET observed = $observed WHERE id = $id', { id: exam.id, observed: JSON.stringify(observed) }));
  return aStartedAttempt({ exam, candidate: await aMember(organisation) });
}

const jobs = async (findingOrAttempt: string): Promise<string[]> =>
  (await rows(reader(), z.object({ name: z.string(), payload: z.string() }), 'SELECT name, payload FROM outbox ORDER BY created_at, id'))
    .filter(({ payload }) => payload.includes(findingOrAttempt)).map(({ name }) => name);

onEveryDatabase('observations', () => {
  let server: Listening;
  let organisation: Organisation;

  beforeAll(async () => {
    useLogger(createLogger('silent'));
    useConfig(testConfig());
    const app = express();
    app.post('/attempts/:id/observations', observationsEndpoint());
    server = await listening(app);
    organisation = await anOrganisation();
  });
  afterAll(() => server.close());
  beforeEach(() => setClock(T0));
  afterEach(() => resetClock());

  const post = async (started: StartedAttempt, observations: unknown, more: { cookie?: string; device?: string } = {}): Promise<number> =>
    (await fetch(`${server.origin}/attempts/${started.attemptId}/observations`, {
      method: 'POST', headers: { 'content-type': 'application/json', cookie: more.cookie ?? started.candidate.cookie },
      body: JSON.stringify({ device: more.device ?? DEVICE, observations }),
    })).status;
  const iso = (at: number) => new Date(at).toISOString();
  const recorded = async ({ attemptId }: StartedAttempt) =>
    (await recordedObservations(reader(), attemptId)).map(({ kind, seconds: lasted, count }) => ({ kind, seconds: lasted, count }));

  it('of a page are one row each, which grows when it is told again and is not doubled when it is sent twice', async () => {
    const started = await anObserved(organisation);
    advanceClock(seconds(120));
    const left = (lasted: number) => ({ kind: 'left-page', at: iso(T0 + 10_000), seconds: lasted });
    expect(await post(started, [left(20), { kind: 'paste', at: iso(T0 + 5000), count: 9 }])).toBe(204);
    expect(await post(started, [left(60)])).toBe(204);
    expect(await post(started, [left(20), { kind: 'fast-answers', at: iso(T0 + 6000), count: 9 }])).toBe(204);
    expect(await post(started, [{ kind: 'fast-answers', at: iso(T0 + 6000), count: 10 }])).toBe(204);
    expect(await recorded(started)).toEqual([
      { kind: 'paste', seconds: null, count: 9 }, { kind: 'fast-answers', seconds: null, count: 10 }, { kind: 'left-page', seconds: 60, count: null },
    ]);
  });

  it('are dropped when the author has them off, and what they would be about is not stored', async () => {
    const started = await anObserved(organisation, ['paste']);
    expect(await post(started, [{ kind: 'left-page', at: iso(T0), seconds: 20 }])).toBe(204);
    noticeAddress(started.attemptId, '10.0.0.1');
    noticeAddress(started.attemptId, '10.0.0.2');
    await noticedRecorded();
    expect(await recorded(started)).toEqual([]);
    expect(await post(started, [{ kind: 'paste', at: iso(T0), count: 3, text: '粘贴的内容' }])).toBe(204);
    const [row] = await rows(reader(), z.object({ body: z.string() }), 'SELECT body FROM observations WHERE attempt_id = $id', { id: started.attemptId });
    expect(row?.body).toBe('{"count":3}');
  });

  it('are taken from the candidate on the active device of a running attempt only', async () => {
    const started = await anObserved(organisation);
    const other = await anObserved(organisation);
    const some = [{ kind: 'paste', at: iso(T0), count: 3 }];
    expect(await post(started, some, { cookie: other.candidate.cookie })).toBe(404);
    expect(await post(started, some, { cookie: 'sid=nobody' })).toBe(404);
    expect(await post(started, some, { cookie: '' })).toBe(401);
    expect(await post(started, some, { device: 'device-0002' })).toBe(409);
    expect(await post(started, [{ kind: 'note', at: iso(T0) }])).toBe(400);
    must(await handIn(started.candidate.actor, started.attemptId, DEVICE));
    expect(await post(started, some)).toBe(409);
    expect(await recorded(started)).toEqual([]);
  });

  it('cannot be sent without end', async () => {
    const started = await anObserved(organisation);
    const statuses = [];
    for (let i = 0; i < 35; i += 1) statuses.push(await post(started, [{ kind: 'paste', at: iso(T0 + i), count: 1 }]));
    expect(statuses.filter((status) => status === 429)).toHaveLength(5);
  });

  it('of the server are a changed address, once for each change, and another device, once in ten minutes', async () => {
    const started = await anObserved(organisation);
    const contact = (address: string) => noticeSave(started.attemptId, DEVICE, address, 'saved');
    contact('2001:db8::1:0:0:0:1');
    contact('2001:db8::1:9:9:9:9');
    contact('10.1.0.7');
    contact('10.1.0.7');
    for (let i = 0; i < 3; i += 1) noticeSave(started.attemptId, 'device-0002', '10.1.0.9', 'other-device');
    await noticedRecorded();
    expect(await openAttempt(started.candidate.actor, started.attemptId, 'device-0002')).toMatchObject({ ok: true, value: { kind: 'other-device' } });
    await noticedRecorded();
    const found = await recordedObservations(reader(), started.attemptId);
    expect(found.map(({ kind, from, to }) => ({ kind, from, to })).sort((a, b) => (a.kind < b.kind ? -1 : 1))).toEqual([
      { kind: 'address-changed', from: '2001:db8:0:1', to: '10.1.0.7' }, { kind: 'second-device', from: null, to: null },
    ]);
  });

  it('are shown to the candidate afterwards, and to nobody else as theirs', async () => {
    const started = await anObserved(organisation);
    await post(started, [{ kind: 'paste', at: iso(T0), count: 3 }]);
    await recordNote(somebody(organisation, 'invigilator'), started.attemptId, '与邻座说话');
    expect((await ownRecord(started.candidate.actor, started.attemptId)).observations.map(({ kind, count }) => ({ kind, count }))).toEqual([{ kind: 'paste', count: 3 }]);
    const other = await aMember(organisation);
    await expect(ownRecord(other.actor, started.attemptId)).rejects.toThrow('access.denied');
  });
});

onEveryDatabase('a finding', () => {
  let organisation: Organisation;
  let invigilator: Actor;
  let adjudicator: Actor;
  let second: Actor;

  beforeAll(async () => {
    useConfig(testConfig());
    organisation = await anOrganisation();
    invigilator = somebody(organisation, 'invigilator', 'adjudicator');
    adjudicator = somebody(organisation, 'adjudicator');
    second = somebody(organisation, 'adjudicator');
  });
  beforeEach(() => setClock(T0));
  afterEach(() => resetClock());

  const allegation = '10:12 起两次查看手机，监考人员在场看到。';
  async function proposed(given: ExamGiven = {}): Promise<{ started: StartedAttempt; id: string }> {
    const started = await anObserved(organisation, ALL, given);
    await recordNote(invigilator, started.attemptId, '两次查看手机');
    const { observations } = must(await proposalPage(invigilator, started.attemptId));
    const id = must(await proposeFinding(invigilator, { attemptId: started.attemptId, allegation, observations: observations.map((one) => one.id) }));
    return { started, id };
  }
  const version = async (id: string): Promise<number> => (await findFinding(reader(), id))?.version ?? 0;
  const decide = async (by: Actor, id: string, outcome: 'dismissed' | 'warning' | 'void') =>
    codeOf(await decideFinding(by, id, { outcome, reasons: '根据记录和考生的说明决定。', version: await version(id) }));
  const onAppeal = async (by: Actor, id: string, outcome: 'appeal-upheld' | 'appeal-dismissed') =>
    codeOf(await decideAppeal(by, id, { outcome, reasons: '审查了全部材料之后决定。', version: await version(id) }));
  async function graded({ started }: { started: StartedAttempt }): Promise<void> {
    must(await handIn(started.candidate.actor, started.attemptId, DEVICE));
    await gradeAttempt(started.attemptId);
  }
  const state = async ({ attemptId }: StartedAttempt) => (await findAttempt(reader(), attemptId))?.state;
  const notices = async ({ candidate }: StartedAttempt) => (await noticesOf(reader(), candidate.personId, { limit: 9, offset: 0 })).map(({ content }) => content.kind).sort();

  it('goes from the proposal over the hearing and the decision to the appeal, each by somebody else, and ends in a void attempt', async () => {
    const made = await proposed();
    const { started, id } = made;
    await graded(made);
    expect(await state(started)).toBe('graded');

    expect(await decide(adjudicator, id, 'void')).toBe('finding.not-heard');
    const own = must(await ownFinding(started.candidate.actor, id));
    expect(own).toMatchObject({ mayState: true, mayAppeal: false, evidence: [{ kind: 'note', note: '两次查看手机' }], finding: { allegation, state: 'proposed' } });
    must(await answerFinding(started.candidate.actor, id, '看的是时间，手机已关机。'));
    must(await answerFinding(started.candidate.actor, id, '看的是手表上的时间。'));
    expect(await decide(invigilator, id, 'void')).toBe('finding.proposer');
    expect(await decide(adjudicator, id, 'void')).toBe('ok');
    expect(await decide(second, id, 'dismissed')).toBe('finding.decided');
    expect(await state(started)).toBe('graded');

    must(await appealFinding(started.candidate.actor, id, '监考人员看错了。'));
    expect(await onAppeal(adjudicator, id, 'appeal-upheld')).toBe('finding.decider');
    expect(await onAppeal(invigilator, id, 'appeal-upheld')).toBe('finding.proposer');
    expect(await onAppeal(second, id, 'appeal-dismissed')).toBe('ok');
    expect(await state(started)).toBe('void');
    expect((await resultOf(reader(), started.attemptId))?.releasedAt).toBeNull();
    const told = await rows(reader(), z.object({ kind: z.string(), cause: z.string() }), `SELECT kind, cause FROM ledger_events WHERE subject_id IN ($id, $attemptId) AND (kind LIKE 'finding%' OR kind = 'attempt.voided') ORDER BY recorded_at, id`, { id, attemptId: started.attemptId });
    expect(told).toEqual([
      { kind: 'finding.proposed', cause: 'invigilator' }, { kind: 'finding.answered', cause: 'candidate' }, { kind: 'finding.answered', cause: 'candidate' },
      { kind: 'finding.decided', cause: 'adjudicator' }, { kind: 'finding.appealed', cause: 'candidate' }, { kind: 'finding.appeal-decided', cause: 'adjudicator' },
      { kind: 'attempt.voided', cause: 'adjudicator' },
    ]);
  });

  it('holds back the automatic release as long as it is open whether the attempt counts, and lets go afterwards', async () => {
    const made = await proposed();
    const { started, id } = made;
    await graded(made);
    await releaseLetGo(started.attemptId);
    expect(await state(started)).toBe('graded');
    expect(await openFinding(reader(), started.attemptId)).toBe(id);
    must(await answerFinding(started.candidate.actor, id, '没有此事。'));
    expect(await decide(adjudicator, id, 'dismissed')).toBe('ok');
    expect(await jobs(started.attemptId)).toContain('exams.result-let-go');
    await releaseLetGo(started.attemptId);
    expect(await state(started)).toBe('released');
  });

  it('is not in the way of the result when it ends in a warning, while the candidate may still appeal', async () => {
    const made = await proposed();
    await graded(made);
    must(await answerFinding(made.started.candidate.actor, made.id, '没有此事。'));
    expect(await decide(adjudicator, made.id, 'warning')).toBe('ok');
    await releaseLetGo(made.started.attemptId);
    expect(await state(made.started)).toBe('released');
    expect(codeOf(await appealFinding(made.started.candidate.actor, made.id, '不同意警告。'))).toBe('ok');
  });

  it('keeps a person from releasing the result by hand, too', async () => {
    const made = await proposed({ release: 'by-person' });
    await graded(made);
    expect(codeOf(await releaseResult(await aRootActor(), made.started.attemptId))).toBe('finding.holds-result');
  });

  it('is decided after the period when the candidate says nothing, carried out when the time for an appeal is over, by job or sweep, once', async () => {
    const { started, id } = await proposed();
    advanceClock(days(4));
    expect(await decide(adjudicator, id, 'void')).toBe('ok');
    await settleFinding(id);
    await sweepFindings(clock.now());
    expect(await state(started)).toBe('in-progress');
    expect(await jobs(id)).toContain('exams.finding-final');
    advanceClock(days(8));
    expect(codeOf(await appealFinding(started.candidate.actor, id, '太晚了'))).toBe('finding.too-late');
    await Promise.all([sweepFindings(clock.now()), settleFinding(id)]);
    await settleFinding(id);
    expect(await state(started)).toBe('void');
    const { n } = await one(reader(), z.object({ n: z.number() }), `SELECT COUNT(*) AS n FROM ledger_events WHERE subject_id = $id AND kind = 'attempt.voided'`, { id: started.attemptId });
    expect(n).toBe(1);
  });

  it('cannot be proposed about oneself, by strangers, or once the result is released', async () => {
    const started = await anObserved(organisation);
    const proposal = { attemptId: started.attemptId, allegation, observations: [] };
    const stranger = somebody(await anOrganisation(), 'invigilator');
    expect(codeOf(await proposeFinding(stranger, proposal))).toBe('not-found');
    expect(codeOf(await proposeFinding({ ...invigilator, personId: started.candidate.personId }, proposal))).toBe('finding.own');
    await expect(proposeFinding(started.candidate.actor, proposal)).rejects.toThrow('access.denied');
    expect(codeOf(await proposeFinding(invigilator, { ...proposal, observations: ['of another attempt'] }))).toBe('request.invalid');
    await graded({ started });
    expect(await state(started)).toBe('released');
    expect(codeOf(await proposeFinding(invigilator, proposal))).toBe('finding.released');
  });

  it('is seen by the adjudicators of the candidate and by its proposer, and answered by the candidate alone', async () => {
    const { started, id } = await proposed();
    const elsewhere = somebody(await anOrganisation(), 'adjudicator', 'invigilator');
    const proposer = { ...invigilator, roles: invigilator.roles.filter(({ role }) => role === 'invigilator') };
    expect([await judgedFinding(adjudicator, id), await judgedFinding(proposer, id), await judgedFinding(elsewhere, id)].map(codeOf)).toEqual(['ok', 'ok', 'not-found']);
    expect((await listFindings(adjudicator, true)).map((one) => one.id)).toContain(id);
    expect((await listFindings(proposer, true)).map((one) => one.id)).toContain(id);
    expect((await listFindings(elsewhere, true)).map((one) => one.id)).not.toContain(id);
    expect(await decide(elsewhere, id, 'void')).toBe('not-found');
    const other = await aMember(organisation);
    await expect(ownFinding(other.actor, id)).rejects.toThrow('access.denied');
    await expect(answerFinding(other.actor, id, '不是我')).rejects.toThrow('access.denied');
    expect(must(await ownFinding(started.candidate.actor, id)).finding.candidate).toBe('考生');
  });

  it('tells the candidate each step once', async () => {
    const { started, id } = await proposed();
    for (let i = 0; i < 2; i += 1) await announceFinding(id, 'proposed');
    expect(await notices(started)).toEqual(['finding-proposed']);
    must(await answerFinding(started.candidate.actor, id, '没有此事。'));
    await decide(adjudicator, id, 'warning');
    await announceFinding(id, 'decided');
    must(await appealFinding(started.candidate.actor, id, '不同意。'));
    await onAppeal(second, id, 'appeal-upheld');
    await announceFinding(id, 'appeal-decided');
    expect(await notices(started)).toEqual(['finding-appeal-upheld', 'finding-proposed', 'finding-upheld']);
    expect(await jobs(id)).toEqual(expect.arrayContaining(['exams.finding-changed']));
  });

  it('decided from an old page is refused: what the candidate added meanwhile must be read first', async () => {
    const { started, id } = await proposed();
    must(await answerFinding(started.candidate.actor, id, '没有此事。'));
    const seen = await version(id);
    must(await answerFinding(started.candidate.actor, id, '没有此事，邻座可以作证。'));
    expect(codeOf(await decideFinding(adjudicator, id, { outcome: 'void', reasons: '根据记录决定。', version: seen }))).toBe('conflict.changed');
  });
});

