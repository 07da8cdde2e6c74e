import { afterEach, beforeEach, expect, it } from 'vitest';
import { z } from 'zod';
import { execute, inTransaction, one, reader, rows } from '~/db';
import {
  changeSettings, checkReceipt, chooseBank, closeIfDue, examState, findAttempt, findExam, findReceipt, handIn, openAttempt, permitTakeover,
  recordNote, saveResponses, shortHash, startAttempt, sweepDue, takeOver, type ExamSettings,
} from '~/exams';
import { advanceClock, clock, hours, minutes, resetClock, seconds, setClock } from '~/kernel/clock';
import { useConfig } from '~/kernel/config';
import { ProblemError } from '~/kernel/result';
import { gradeAttempt } from '~/marking';
import { anActor, aRootActor } from '../support/actors';
import { testConfig } from '../support/config';
import { onEveryDatabase } from '../support/databases';
import { aCandidate, anExam, anyResponse, aStartedAttempt, DEVICE, rightResponse, type StartedAttempt } from '../support/exams';

const T0 = Date.parse('2026-07-01T01:00:00Z');
const OTHER = 'device-0002';
const Count = z.object({ n: z.number() });
const count = async (sql: string, params: Record<string, string>) => (await one(reader(), Count, sql, params)).n;
const events = async (subjectId: string) => (await rows(reader(), z.object({ kind: z.string(), cause: z.string().nullable() }),
  'SELECT kind, cause FROM ledger_events WHERE subject_id = $subjectId ORDER BY recorded_at, id', { subjectId })).map((event) => `${event.kind} (${event.cause ?? ''})`);
const jobs = (name: string, attemptId: string) => rows(reader(), z.object({ not_before: z.number() }),
  'SELECT not_before FROM outbox WHERE name = $name AND payload LIKE $payload', { name, payload: `%${attemptId}%` });

function answerAll(started: StartedAttempt, right = true) {
  const changes = started.items.map((item) => ({ item: item.item, seq: 1, response: right ? rightResponse(item.type) : null }));
  return saveResponses({ attemptId: started.attemptId, tokenHash: started.candidate.tokenHash, device: DEVICE, receivedAt: clock.now(), changes });
}

onEveryDatabase('an exam', () => {
  beforeEach(() => {
    useConfig(testConfig());
    setClock(T0);
  });
  afterEach(() => resetClock());

  it('starts with a paper drawn from the bank, a deadline and a job that closes it', async () => {
    const { attemptId, items, candidate, exam } = await aStartedAttempt({ items: 6, minutes: 45 });
    expect(await findAttempt(reader(), attemptId)).toMatchObject({ state: 'in-progress', number: 1, startedAt: T0, deadlineAt: T0 + minutes(45), device: DEVICE });
    expect(items.map((item) => item.type)).toEqual(['single', 'multiple', 'true-false', 'order', 'match', 'short']);
    expect(await events(attemptId)).toEqual(['attempt.started (candidate)']);
    expect(await jobs('exams.close', attemptId)).toEqual([{ not_before: T0 + minutes(45) + seconds(exam.toleranceSeconds + 2) }]);
    expect(await examState(reader(), exam.id, candidate.personId, clock.now())).toMatchObject({ state: 'in-progress', runningUntil: T0 + minutes(45) });
  });

  it('shows a candidate the items without keys or explanations', async () => {
    const { attemptId, candidate } = await aStartedAttempt();
    const opened = await openAttempt(candidate.actor, attemptId, DEVICE);
    expect(JSON.stringify(opened)).not.toMatch(/"key"|explanation|解释|凭证"\]/);
  });

  it('starts once, however often "start" is pressed at the same moment', async () => {
    const exam = await anExam();
    const candidate = await aCandidate();
    const started = await Promise.all(Array.from({ length: 10 }, () => startAttempt(candidate.actor, exam.id, DEVICE)));
    expect(new Set(started.map((one) => (one.ok ? one.value : 'refused'))).size).toBe(1);
    expect(await count('SELECT COUNT(*) AS n FROM attempts WHERE person_id = $personId', { personId: candidate.personId })).toBe(1);
    expect(await count('SELECT COUNT(*) AS n FROM papers WHERE exam_id = $examId', { examId: exam.id })).toBe(1);
  });

  it.each([
    { name: 'has no bank yet', given: { bank: false }, code: 'exam.not-ready' },
    { name: 'is not open yet', given: { opensAt: T0 + 1 }, code: 'exam.not-open' },
    { name: 'is closed', given: { closesAt: T0 }, code: 'exam.closed' },
  ])('cannot be started when it $name', async ({ given, code }) => {
    const exam = await anExam(given);
    const { actor } = await aCandidate();
    expect(await startAttempt(actor, exam.id, DEVICE)).toEqual({ ok: false, error: { code } });
  });

  it('cannot be started by somebody who has not completed the course', async () => {
    await inTransaction(async (tx) => {
      await execute(tx, `INSERT INTO courses (id, slug, audience, access, created_at) VALUES ('c1', 'c1', 'recruits', 'assigned', 1) ON CONFLICT DO NOTHING`);
    });
    const exam = await anExam({ courseId: 'c1' });
    const { actor } = await aCandidate();
    expect(await startAttempt(actor, exam.id, DEVICE)).toEqual({ ok: false, error: { code: 'exam.course-first' } });
  });

  it('ends with the window although its own time is longer', async () => {
    const { deadlineAt } = await aStartedAttempt({ minutes: 60, closesAt: T0 + minutes(20) });
    expect(deadlineAt).toBe(T0 + minutes(20));
  });

  it('is handed in once: pressed twice, the same receipt is given', async () => {
    const started = await aStartedAttempt();
    await answerAll(started);
    advanceClock(minutes(5));
    const press = () => handIn(started.candidate.actor, started.attemptId, DEVICE);
    const [first, ...others] = await Promise.all([press(), press(), press()]);
    advanceClock(minutes(1));
    others.push(await press());
    expect(first).toMatchObject({ ok: true, value: { handedInAt: T0 + minutes(5), answered: 6, total: 6 } });
    for (const other of others) expect(other).toEqual(first);
    expect(await events(started.attemptId)).toEqual(['attempt.started (candidate)', 'attempt.handed-in (candidate)']);
    expect(await jobs('exams.handed-in', started.attemptId)).toHaveLength(1);
  });

  it('gives a receipt that anybody can check, and that shows when stored responses were altered', async () => {
    const started = await aStartedAttempt();
    await answerAll(started);
    const receipt = await handIn(started.candidate.actor, started.attemptId, DEVICE);
    if (!receipt.ok) throw new Error('no receipt');
    const { number, hash } = receipt.value;
    expect(await checkReceipt(number, shortHash(hash))).toMatchObject({ kind: 'known', intact: true, receipt: { answered: 6 } });
    expect(JSON.stringify(await checkReceipt(number, hash))).not.toContain(started.attemptId);
    expect(await checkReceipt('HZ-22222-22222', hash)).toEqual({ kind: 'unknown' });
    expect(await checkReceipt(number, '0123456789abcdef')).toEqual({ kind: 'other-hash' });
    await inTransaction((tx) => execute(tx, `UPDATE responses SET response = '"c"' WHERE attempt_id = $id AND item = $item`, { id: started.attemptId, item: started.items[0]?.item ?? '' }));
    expect(await checkReceipt(number, hash)).toMatchObject({ kind: 'known', intact: false });
  });

  it('is handed in by itself with the deadline as its time, however late that is noticed', async () => {
    const started = await aStartedAttempt({ minutes: 10 });
    await answerAll(started);
    setClock(started.deadlineAt + 1000);
    await closeIfDue(started.attemptId);
    expect(await findAttempt(reader(), started.attemptId)).toMatchObject({ state: 'in-progress' });
    setClock(started.deadlineAt + hours(5));
    await Promise.all([closeIfDue(started.attemptId), sweepDue(clock.now()), closeIfDue(started.attemptId)]);
    expect(await findAttempt(reader(), started.attemptId)).toMatchObject({ state: 'handed-in', handedInAt: started.deadlineAt, handInCause: 'deadline' });
    expect(await findReceipt(reader(), started.attemptId)).toMatchObject({ handedInAt: started.deadlineAt, answered: 6 });
    expect(await events(started.attemptId)).toEqual(['attempt.started (candidate)', 'attempt.handed-in (deadline)']);
  });

  it('takes a hand-in that comes after the deadline as one by the deadline', async () => {
    const started = await aStartedAttempt({ minutes: 10 });
    setClock(started.deadlineAt + 1);
    expect(await handIn(started.candidate.actor, started.attemptId, DEVICE)).toMatchObject({ ok: true, value: { handedInAt: started.deadlineAt } });
    expect(await findAttempt(reader(), started.attemptId)).toMatchObject({ handInCause: 'deadline' });
  });

  it('closes every due attempt although one of them is broken', async () => {
    const [broken, sound] = [await aStartedAttempt({ minutes: 5 }), await aStartedAttempt({ minutes: 6 })];
    await inTransaction((tx) => execute(tx, `UPDATE papers SET entries = 'broken' WHERE exam_id = $id`, { id: broken.exam.id }));
    setClock(T0 + hours(1));
    await sweepDue(clock.now());
    expect(await findAttempt(reader(), sound.attemptId)).toMatchObject({ state: 'handed-in' });
    expect(await findAttempt(reader(), broken.attemptId)).toMatchObject({ state: 'in-progress' });
    await inTransaction((tx) => execute(tx, `UPDATE attempts SET state = 'void', next_check_at = NULL WHERE id = $id`, { id: broken.attemptId }));
  });

  it('cannot be opened, handed in or taken over by somebody else', async () => {
    const started = await aStartedAttempt();
    const { actor } = await aCandidate();
    for (const attempt of [() => openAttempt(actor, started.attemptId, DEVICE), () => handIn(actor, started.attemptId, DEVICE), () => takeOver(actor, started.attemptId, OTHER)]) {
      await expect(attempt()).rejects.toThrow(ProblemError);
    }
  });

  it('goes on with another device only when an invigilator permits it, once, within ten minutes', async () => {
    const started = await aStartedAttempt();
    const { actor } = started.candidate;
    const invigilator = await aRootActor();
    expect(await openAttempt(actor, started.attemptId, OTHER)).toMatchObject({ ok: true, value: { kind: 'other-device', permitted: false } });
    expect(await takeOver(actor, started.attemptId, OTHER)).toEqual({ ok: false, error: { code: 'attempt.no-permit' } });
    expect(await handIn(actor, started.attemptId, OTHER)).toEqual({ ok: false, error: { code: 'attempt.other-device' } });

    await permitTakeover(invigilator, started.attemptId, '键盘坏了');
    advanceClock(minutes(10));
    expect(await takeOver(actor, started.attemptId, OTHER)).toMatchObject({ error: { code: 'attempt.no-permit' } });

    await permitTakeover(invigilator, started.attemptId, '键盘坏了');
    expect(await openAttempt(actor, started.attemptId, OTHER)).toMatchObject({ value: { kind: 'other-device', permitted: true } });
    expect(await takeOver(actor, started.attemptId, OTHER)).toEqual({ ok: true, value: null });
    expect(await openAttempt(actor, started.attemptId, OTHER)).toMatchObject({ value: { kind: 'writing' } });
    expect(await openAttempt(actor, started.attemptId, DEVICE)).toMatchObject({ value: { kind: 'other-device', permitted: false } });
    expect(await takeOver(actor, started.attemptId, 'device-0003')).toMatchObject({ error: { code: 'attempt.no-permit' } });
    const item = started.items[0];
    if (!item) throw new Error('no item');
    const save = (device: string) => saveResponses({ attemptId: started.attemptId, tokenHash: started.candidate.tokenHash, device, receivedAt: clock.now(), changes: [{ item: item.item, seq: 1, response: anyResponse(item, 1) }] });
    expect((await save(DEVICE)).outcome).toBe('other-device');
    expect((await save(OTHER)).outcome).toBe('saved');
    expect(await events(started.attemptId)).toEqual(['attempt.started (candidate)', 'device.permitted (invigilator)', 'device.permitted (invigilator)', 'device.changed (candidate)']);
  });

  it('is seen by invigilators of the candidate’s organisation only', async () => {
    const started = await aStartedAttempt();
    const elsewhere = anActor({ invigilator: ['/somewhere/else/'] });
    expect(await permitTakeover(elsewhere, started.attemptId, '试试')).toMatchObject({ error: { code: 'not-found' } });
    expect(await recordNote(elsewhere, started.attemptId, '试试')).toMatchObject({ error: { code: 'not-found' } });
    await expect(permitTakeover(started.candidate.actor, started.attemptId, '自己')).rejects.toThrow(ProblemError);
    expect(await recordNote(await aRootActor(), started.attemptId, '离开座位两分钟')).toEqual({ ok: true, value: null });
  });

  it('draws another paper for the second attempt, after the cooling-off', async () => {
    const started = await aStartedAttempt({ items: 6, maxAttempts: 2, coolingOffHours: 24 });
    const { candidate, exam } = started;
    await answerAll(started, false);
    await handIn(candidate.actor, started.attemptId, DEVICE);
    expect(await startAttempt(candidate.actor, exam.id, DEVICE)).toMatchObject({ error: { code: 'exam.awaiting-result' } });
    await gradeAttempt(started.attemptId);
    expect(await examState(reader(), exam.id, candidate.personId, clock.now())).toMatchObject({ state: 'cooling-off', nextAt: T0 + hours(24), attemptsLeft: 1 });
    expect(await startAttempt(candidate.actor, exam.id, DEVICE)).toMatchObject({ error: { code: 'exam.cooling-off' } });
    advanceClock(hours(24));
    const again = await aStartedAttempt({ exam, candidate });
    const first = new Set(started.items.map(({ item }) => item));
    expect(again.items.some(({ item }) => first.has(item))).toBe(false);
    await handIn(candidate.actor, again.attemptId, DEVICE);
    await gradeAttempt(again.attemptId);
    expect(await startAttempt(candidate.actor, exam.id, DEVICE)).toMatchObject({ error: { code: 'exam.no-attempts-left' } });
  });

  it('keeps what those who are writing were told: the tolerance and what is observed wait until they have handed in', async () => {
    const started = await aStartedAttempt({ toleranceSeconds: 60 });
    const administrator = await aRootActor();
    const { id, version } = started.exam;
    const settings: ExamSettings = { ...started.exam, closesAt: T0 + hours(1) };
    expect(await changeSettings(administrator, id, version, { ...settings, toleranceSeconds: 10 })).toMatchObject({ error: { code: 'exam.being-written', params: { count: 1 }, field: 'toleranceSeconds' } });
    expect(await changeSettings(administrator, id, version, { ...settings, observed: ['paste'] })).toMatchObject({ error: { code: 'exam.being-written', field: 'observed' } });
    expect(await changeSettings(administrator, id, version, { ...settings, windowCutsExtra: true })).toMatchObject({ ok: true });
    expect(await findAttempt(reader(), started.attemptId)).toMatchObject({ deadlineAt: started.deadlineAt });
    await handIn(started.candidate.actor, started.attemptId, DEVICE);
    expect(await changeSettings(administrator, id, version + 1, { ...settings, toleranceSeconds: 10 })).toMatchObject({ ok: true, value: { toleranceSeconds: 10 } });
  });

  it('is set by administrators alone, and not by two at once', async () => {
    const exam = await anExam({ bank: false });
    const administrator = await aRootActor();
    const settings: ExamSettings = {
      opensAt: T0, closesAt: T0 + hours(2), maxAttempts: 1, coolingOffHours: 0, release: 'by-person', delivery: 'open', toleranceSeconds: 30,
      windowCutsExtra: true, ownTakeover: true, observed: ['left-page', 'idle'], idleMinutes: 5,
      sections: [{ title: { zh: '一', en: 'One' }, lines: 2, minutes: 20, oneWay: true }, { title: { zh: '二', en: 'Two' }, lines: 4, minutes: null, oneWay: false }],
    };
    expect(await changeSettings(administrator, exam.id, exam.version, { ...settings, closesAt: T0 })).toMatchObject({ error: { code: 'exam.window', field: 'closesAt' } });
    expect(await changeSettings(administrator, exam.id, exam.version, settings)).toMatchObject({ ok: true, value: settings });
    expect(await changeSettings(administrator, exam.id, exam.version, settings)).toMatchObject({ error: { code: 'conflict.changed' } });
    expect(await changeSettings(administrator, exam.id, exam.version + 1, { ...settings, idleMinutes: null })).toMatchObject({ error: { code: 'exam.idle-minutes', field: 'idleMinutes' } });
    expect(await changeSettings(administrator, exam.id, exam.version + 1, { ...settings, sections: settings.sections.slice(1) })).toMatchObject({ error: { code: 'exam.section-lines', params: { sum: 4, lines: 6 } } });
    await expect(changeSettings(anActor({ author: ['/a/'] }), exam.id, exam.version, settings)).rejects.toThrow(ProblemError);
    const bank = await one(reader(), z.object({ id: z.string() }), 'SELECT id FROM item_banks LIMIT 1');
    expect(await chooseBank(administrator, exam.id, bank.id)).toMatchObject({ ok: true, value: { bankId: bank.id } });
    expect(await findExam(reader(), exam.id)).toMatchObject({ bankId: bank.id, release: 'by-person' });
    expect(await events(exam.id)).toEqual(['exam.settings-changed ()', 'exam.bank-chosen ()']);
  });
});
