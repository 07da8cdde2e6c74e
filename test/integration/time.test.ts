import { afterEach, beforeEach, expect, it } from 'vitest';
import { z } from 'zod';
import { execute, inTransaction, reader, rows } from '~/db';
import { closeIfDue, findExam, giveTime, handIn, pause, recomputeDeadline, resume, sweepDue, undoGrant } from '~/exams';
import { advanceClock, clock, minutes, resetClock, seconds, setClock } from '~/kernel/clock';
import { useConfig } from '~/kernel/config';
import { newId } from '~/kernel/id';
import { must, ProblemError } from '~/kernel/result';
import { anActor, anOrganisation, aRootActor } from '../support/actors';
import { testConfig } from '../support/config';
import { onEveryDatabase } from '../support/databases';
import { aCandidate, anExam, aStartedAttempt, DEVICE } from '../support/exams';
import { aHall, aWriterIn, closingJobs, ledgerOf, timingOf } from '../support/time';

const T0 = Date.parse('2026-07-01T01:00:00Z');
const HOUR = minutes(60);
const CLOSES_AFTER = seconds(62);
const Acts = z.object({ kind: z.string(), reason: z.string(), undone_at: z.number().nullable() });
const actsOf = (sittingId: string) => rows(reader(), Acts, 'SELECT kind, reason, undone_at FROM invigilation_acts WHERE sitting_id = $sittingId ORDER BY done_at, id', { sittingId });
const deadlines = async (...attempts: { attemptId: string }[]) => Promise.all(attempts.map(async ({ attemptId }) => (await timingOf(attemptId)).deadline_at - T0));

onEveryDatabase('time during an exam', () => {
  beforeEach(() => {
    useConfig(testConfig());
    setClock(T0);
  });
  afterEach(() => resetClock());

  it('is given to one person, and to nobody else', async () => {
    const exam = await anExam();
    const hall = await aHall(exam);
    const [one, other] = [await aWriterIn(hall, 0, { exam }), await aWriterIn(hall, 0, { exam })];
    advanceClock(minutes(10));
    const given = must(await giveTime(await aRootActor(), { attempts: [one.attemptId] }, 7, '电脑更换'));
    expect(given.attempts).toEqual([one.attemptId]);
    expect(await deadlines(one, other)).toEqual([HOUR + minutes(7), HOUR]);
    expect(await timingOf(one.attemptId)).toMatchObject({ next_check_at: T0 + HOUR + minutes(7) + CLOSES_AFTER, signal_at: clock.now() });
    expect(await closingJobs(one.attemptId)).toEqual([T0 + HOUR + CLOSES_AFTER, T0 + HOUR + minutes(7) + CLOSES_AFTER]);
    expect(await ledgerOf(one.attemptId)).toContain('attempt.time-given');
    expect(await actsOf(hall.sittingId)).toEqual([{ kind: 'time', reason: '电脑更换', undone_at: null }]);
  });

  it('is given to those who write in a room or a sitting, and not to who hands in before or starts later', async () => {
    const exam = await anExam();
    const hall = await aHall(exam);
    const [here, there, done] = [await aWriterIn(hall, 0, { exam }), await aWriterIn(hall, 1, { exam }), await aWriterIn(hall, 0, { exam })];
    await handIn(done.candidate.actor, done.attemptId, DEVICE);
    const actor = await aRootActor();
    const room = must(await giveTime(actor, { room: { sittingId: hall.sittingId, roomId: hall.rooms[0] ?? '' } }, 5, '空调故障'));
    expect(room.attempts).toEqual([here.attemptId]);
    const later = await aWriterIn(hall, 0, { exam });
    expect(await deadlines(here, there, later)).toEqual([HOUR + minutes(5), HOUR, HOUR]);
    must(await giveTime(actor, { sitting: hall.sittingId }, 3, '全场'));
    expect(await deadlines(here, there, later)).toEqual([HOUR + minutes(8), HOUR + minutes(3), HOUR + minutes(3)]);
    expect((await timingOf(done.attemptId)).deadline_at).toBe(T0 + HOUR);
  });

  it('is given once, however often the same form arrives', async () => {
    const started = await aStartedAttempt();
    const actor = await aRootActor();
    const key = newId();
    const given = await Promise.all([1, 2, 3].map(() => giveTime(actor, { attempts: [started.attemptId] }, 5, '重发', key)));
    expect(given.map(must).map(({ actId }) => actId)).toEqual([key, key, key]);
    expect(await deadlines(started)).toEqual([HOUR + minutes(5)]);
  });

  it('adds up when several give at the same moment', async () => {
    const exam = await anExam();
    const hall = await aHall(exam);
    const started = await aWriterIn(hall, 0, { exam });
    const actor = await aRootActor();
    await Promise.all([1, 2, 3, 4].map((n) => giveTime(actor, { attempts: [started.attemptId] }, n, '同时')));
    expect(await deadlines(started)).toEqual([HOUR + minutes(10)]);
  });

  it('cannot be given by who does not invigilate there, nor in amounts that are no extension', async () => {
    const exam = await anExam();
    const hall = await aHall(exam);
    const started = await aWriterIn(hall, 0, { exam });
    const elsewhere = anActor({ invigilator: [(await anOrganisation()).path] });
    expect(await giveTime(elsewhere, { attempts: [started.attemptId] }, 5, '越权')).toMatchObject({ ok: false, error: { code: 'not-found' } });
    expect(await giveTime(elsewhere, { sitting: hall.sittingId }, 5, '越权')).toMatchObject({ ok: false, error: { code: 'not-found' } });
    expect(await pause(elsewhere, { attempts: [started.attemptId] }, '越权')).toMatchObject({ ok: false });
    await expect(async () => giveTime(started.candidate.actor, { attempts: [started.attemptId] }, 5, '自己')).rejects.toThrow(ProblemError);
    const actor = await aRootActor();
    for (const wrong of [0, -5, 1.5, 241]) expect(await giveTime(actor, { attempts: [started.attemptId] }, wrong, '不对')).toMatchObject({ ok: false, error: { field: 'minutes' } });
    expect(await deadlines(started)).toEqual([HOUR]);
  });

  it('lets the job and the sweep of the former deadline find nothing to do', async () => {
    const exam = await anExam();
    const hall = await aHall(exam);
    const started = await aWriterIn(hall, 0, { exam });
    must(await giveTime(await aRootActor(), { attempts: [started.attemptId] }, 5, '延长'));
    setClock(T0 + HOUR + CLOSES_AFTER + 1);
    await closeIfDue(started.attemptId);
    await sweepDue(clock.now());
    expect(await timingOf(started.attemptId)).toMatchObject({ state: 'in-progress' });
    setClock(T0 + HOUR + minutes(5) + CLOSES_AFTER);
    await sweepDue(clock.now());
    expect(await timingOf(started.attemptId)).toMatchObject({ state: 'handed-in', handed_in_at: T0 + HOUR + minutes(5) });
  });

  it('lets somebody go on whose time has just run out and who is not handed in yet', async () => {
    const exam = await anExam();
    const hall = await aHall(exam);
    const started = await aWriterIn(hall, 0, { exam });
    setClock(T0 + HOUR + seconds(20));
    must(await giveTime(await aRootActor(), { sitting: hall.sittingId }, 5, '延长'));
    await closeIfDue(started.attemptId);
    expect(await timingOf(started.attemptId)).toMatchObject({ state: 'in-progress', deadline_at: T0 + HOUR + minutes(5) });
  });

  it('is taken back, once', async () => {
    const exam = await anExam();
    const hall = await aHall(exam);
    const started = await aWriterIn(hall, 0, { exam });
    const actor = await aRootActor();
    const { actId } = must(await giveTime(actor, { attempts: [started.attemptId] }, 30, '误操作'));
    must(await giveTime(actor, { attempts: [started.attemptId] }, 5, '照旧'));
    must(await undoGrant(actor, actId, '点错了'));
    expect(await deadlines(started)).toEqual([HOUR + minutes(5)]);
    expect(await undoGrant(actor, actId, '再点')).toMatchObject({ ok: false, error: { code: 'act.undone' } });
    expect(await deadlines(started)).toEqual([HOUR + minutes(5)]);
    expect(await actsOf(hall.sittingId)).toMatchObject([{ undone_at: clock.now() }, { undone_at: null }]);
  });

  it('is never taken back to less than a minute from now', async () => {
    const exam = await anExam();
    const hall = await aHall(exam);
    const started = await aWriterIn(hall, 0, { exam });
    const actor = await aRootActor();
    const { actId } = must(await giveTime(actor, { attempts: [started.attemptId] }, 30, '误操作'));
    setClock(T0 + HOUR + minutes(10) + seconds(30));
    must(await undoGrant(actor, actId, '点错了'));
    expect(await deadlines(started)).toEqual([HOUR + minutes(12)]);
    await inTransaction((tx) => recomputeDeadline(tx, started.attemptId));
    expect(await deadlines(started)).toEqual([HOUR + minutes(12)]);
  });

  it('stands still in a pause: nothing closes the exam, nobody hands it in, and it goes on where it was', async () => {
    const exam = await anExam();
    const hall = await aHall(exam);
    const [started, other] = [await aWriterIn(hall, 0, { exam }), await aWriterIn(hall, 1, { exam })];
    const actor = await aRootActor();
    setClock(T0 + minutes(50));
    const room = { room: { sittingId: hall.sittingId, roomId: hall.rooms[0] ?? '' } };
    expect(must(await pause(actor, room, '消防演习')).attempts).toEqual([started.attemptId]);
    expect(await timingOf(started.attemptId)).toMatchObject({ paused_at: clock.now(), next_check_at: null, deadline_at: T0 + HOUR, signal_at: clock.now() });
    setClock(T0 + minutes(200));
    await closeIfDue(started.attemptId);
    await sweepDue(clock.now());
    expect(await timingOf(started.attemptId)).toMatchObject({ state: 'in-progress' });
    expect(await timingOf(other.attemptId)).toMatchObject({ state: 'handed-in', handed_in_at: T0 + HOUR });
    expect(await handIn(started.candidate.actor, started.attemptId, DEVICE)).toMatchObject({ ok: false, error: { code: 'attempt.paused' } });
    must(await resume(actor, room, '演习结束'));
    expect(await timingOf(started.attemptId)).toMatchObject({ paused_at: null, deadline_at: T0 + minutes(210), next_check_at: T0 + minutes(210) + CLOSES_AFTER });
    setClock(T0 + minutes(210) + CLOSES_AFTER);
    await closeIfDue(started.attemptId);
    expect(await timingOf(started.attemptId)).toMatchObject({ state: 'handed-in', handed_in_at: T0 + minutes(210) });
    expect(await ledgerOf(started.attemptId)).toEqual(['attempt.started', 'attempt.paused', 'attempt.resumed', 'attempt.handed-in']);
  });

  it('pauses once and resumes once, and refuses a pause when the time is up', async () => {
    const exam = await anExam();
    const hall = await aHall(exam);
    const started = await aWriterIn(hall, 0, { exam });
    const actor = await aRootActor();
    const target = { attempts: [started.attemptId] };
    expect(await resume(actor, target, '没有暂停')).toMatchObject({ ok: false, error: { code: 'act.nobody' } });
    must(await pause(actor, target, '一'));
    advanceClock(minutes(1));
    expect(await pause(actor, target, '二')).toMatchObject({ ok: false, error: { code: 'act.nobody' } });
    advanceClock(minutes(1));
    must(await resume(actor, target, '好'));
    expect(await deadlines(started)).toEqual([HOUR + minutes(2)]);
    expect(await resume(actor, target, '再')).toMatchObject({ ok: false });
    setClock(T0 + HOUR + minutes(2) + 1);
    expect(await pause(actor, target, '太晚')).toMatchObject({ ok: false, error: { code: 'act.nobody' } });
  });

  it('may be given while it stands still, and several pauses add up', async () => {
    const exam = await anExam();
    const hall = await aHall(exam);
    const started = await aWriterIn(hall, 0, { exam });
    const actor = await aRootActor();
    const target = { attempts: [started.attemptId] };
    for (const long of [3, 4]) {
      must(await pause(actor, target, '停'));
      advanceClock(minutes(long));
      must(await giveTime(actor, target, 1, '补'));
      expect(await timingOf(started.attemptId)).toMatchObject({ next_check_at: null });
      must(await resume(actor, target, '走'));
      advanceClock(minutes(5));
    }
    expect(await deadlines(started)).toEqual([HOUR + minutes(9)]);
  });

  it('is computed again without change from an attempt that began before its basis was kept', async () => {
    const exam = await anExam({ closesAt: T0 + minutes(45) });
    const started = await aStartedAttempt({ exam });
    const whole = await aStartedAttempt({ candidate: await aCandidate() });
    await inTransaction((tx) => execute(tx, 'UPDATE attempts SET time_basis = NULL'));
    // What is changed on the exam later does not touch who is writing.
    await inTransaction((tx) => execute(tx, 'UPDATE exams SET closes_at = $later WHERE id = $id', { later: T0 + HOUR * 5, id: exam.id }));
    expect((await findExam(reader(), exam.id))?.closesAt).toBe(T0 + HOUR * 5);
    for (let i = 0; i < 2; i += 1) {
      await inTransaction((tx) => recomputeDeadline(tx, started.attemptId));
      await inTransaction((tx) => recomputeDeadline(tx, whole.attemptId));
    }
    expect(await deadlines(started, whole)).toEqual([minutes(45), HOUR]);
    expect(await closingJobs(started.attemptId)).toHaveLength(1);
  });

  it('reaches a full hall in one transaction', async () => {
    const exam = await anExam();
    const hall = await aHall(exam);
    const started = await aWriterIn(hall, 0, { exam });
    const copies = Array.from({ length: 450 }, () => newId());
    await inTransaction(async (tx) => {
      for (const id of copies) {
        await execute(tx, 'INSERT INTO persons (id, name, created_at) VALUES ($id, $name, 1)', { id, name: '考生' });
        await execute(tx, `INSERT INTO attempts (id, exam_id, person_id, number, paper_id, state, prepared_at, started_at, deadline_at, next_check_at, time_basis, sitting_id, room_id)
          SELECT CAST($id AS TEXT), exam_id, CAST($id AS TEXT), 1, paper_id, state, prepared_at, started_at, deadline_at, next_check_at, time_basis, sitting_id, room_id
          FROM attempts WHERE id = $from`, { id, from: started.attemptId });
      }
    });
    const given = must(await giveTime(await aRootActor(), { sitting: hall.sittingId }, 10, '全场延长'));
    expect(given.attempts).toHaveLength(451);
    const found = await deadlines(...given.attempts.map((attemptId) => ({ attemptId })));
    expect(new Set(found)).toEqual(new Set([HOUR + minutes(10)]));
  }, 60_000);
});
