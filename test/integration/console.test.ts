import { afterEach, beforeEach, expect, it } from 'vitest';
import { inTransaction, insert, reader, rows } from '~/db';
import { act, closeSitting, consoleOf, findAttempt, findReceipt, planFor, saveResponses, sittingReport, sittingsToInvigilate, standingOf, undo, type ActRequest, type Exam } from '~/exams';
import type { Actor } from '~/identity';
import { advanceClock, clock, minutes, resetClock, seconds, setClock } from '~/kernel/clock';
import { useConfig } from '~/kernel/config';
import { newId } from '~/kernel/id';
import { must, ProblemError } from '~/kernel/result';
import { collected } from '~/pdf';
import { adoptRootOrganisation } from '~/people';
import { z } from 'zod';
import { anActor, anOrganisation, aSignedInAccount } from '../support/actors';
import { testConfig } from '../support/config';
import { onEveryDatabase } from '../support/databases';
import { aCandidate, anExam, anyResponse, aStartedAttempt, DEVICE, type StartedAttempt } from '../support/exams';
import { watchedSitting, type Watched } from '../support/watched';

const T0 = Date.parse('2026-07-01T01:00:00Z');

interface House {
  exam: Exam;
  writers: StartedAttempt[];
  absent: string;
  sitting: Watched;
  chief: Actor;
}

/** A sitting in two rooms: two write in the first, one in the second, where one has not begun. */
async function aHouse(): Promise<House> {
  const exam = await anExam({ items: 6, minutes: 60 });
  const writers = [await aStartedAttempt({ exam }), await aStartedAttempt({ exam }), await aStartedAttempt({ exam })];
  const absent = await aCandidate('缺考');
  const sitting = await watchedSitting({
    examId: exam.id, seats: [...writers.map(({ candidate }) => candidate), absent], attempts: writers.map(({ attemptId }) => attemptId), rooms: 2, name: (i) => `考生${i + 1}`,
  });
  return { exam, writers, absent: absent.personId, sitting, chief: anActor({ invigilator: [(await adoptRootOrganisation()).path] }) };
}

onEveryDatabase('the invigilation console', () => {
  beforeEach(() => {
    useConfig(testConfig());
    setClock(T0);
  });
  afterEach(() => resetClock());

  const shown = async ({ chief, sitting }: House) => must(await consoleOf(chief, sitting.sittingId)).state.rows;
  const doIt = (house: House, seats: number[], request: Partial<ActRequest> & Pick<ActRequest, 'kind'>, actor = house.chief) =>
    act(actor, { sittingId: house.sitting.sittingId, bookings: seats.map((i) => house.sitting.bookings[i] ?? '') }, { reason: '测试', ...request });
  const standing = async (house: House, i: number) => {
    const writer = house.writers[i];
    if (!writer) throw new Error('no such writer');
    return must(await standingOf(writer.candidate.actor, writer.attemptId, DEVICE));
  };

  it('shows everybody who has a place, how far they are, and on which item', async () => {
    const house = await aHouse();
    const [first] = house.writers;
    if (!first) throw new Error('nobody writes');
    advanceClock(seconds(10));
    const [one, two] = first.items;
    await saveResponses({
      attemptId: first.attemptId, tokenHash: first.candidate.tokenHash, device: DEVICE, receivedAt: clock.now(), here: two?.item,
      changes: [one, two].flatMap((item) => (item ? [{ item: item.item, seq: 1, response: anyResponse(item, 1) }] : [])),
    });
    expect(await shown(house)).toMatchObject([
      { name: '考生1', seat: 1, room: house.sitting.rooms[0], state: 'in-progress', saved: 2, total: 6, item: 2, contactAt: T0 + 10_000, needs: [] },
      { name: '考生2', seat: 2, saved: 0, item: null, state: 'in-progress' },
      { name: '考生3', seat: 1, room: house.sitting.rooms[1] },
      { name: '考生4', seat: 2, state: null, attempt: null, identity: 'admitted', needs: ['not-started'] },
    ]);
    advanceClock(seconds(61));
    expect((await shown(house)).map(({ needs }) => needs[0] ?? '')).toEqual(['silent', 'silent', 'silent', 'not-started']);
  });

  it('sends messages, stops and gives time, and the candidates learn of it', async () => {
    const house = await aHouse();
    expect(await doIt(house, [0, 1, 3], { kind: 'message', text: '请坐好' })).toMatchObject({ ok: true, value: { done: 2, omitted: 1 } });
    expect((await standing(house, 0)).messages).toMatchObject([{ text: '请坐好' }]);
    expect((await shown(house)).map(({ unread }) => unread)).toEqual([1, 1, 0, 0]);
    must(await doIt(house, [0], { kind: 'pause' }));
    expect(await standing(house, 0)).toMatchObject({ pausedAt: new Date(T0).toISOString() });
    advanceClock(minutes(3));
    must(await doIt(house, [0], { kind: 'resume' }));
    must(await doIt(house, [0, 1, 2], { kind: 'time', minutes: 5 }));
    expect((await standing(house, 0)).deadline).toBe(new Date(T0 + minutes(68)).toISOString());
    expect((await standing(house, 1)).deadline).toBe(new Date(T0 + minutes(65)).toISOString());
    expect(must(await consoleOf(house.chief, house.sitting.sittingId)).acts.map(({ kind, count }) => [kind, count])).toEqual([['time', 3], ['resume', 1], ['pause', 1], ['message', 2]]);
  });

  it('acts once when the same form is sent twice', async () => {
    const house = await aHouse();
    const key = newId();
    const [one, two] = [await doIt(house, [0], { kind: 'message', text: '一次', key }), await doIt(house, [0], { kind: 'message', text: '一次', key })];
    expect(must(one).actId).toBe(must(two).actId);
    expect((await standing(house, 0)).messages).toHaveLength(1);
  });

  it('hands in exactly those who were named, with a receipt, and nobody when the number has changed', async () => {
    const house = await aHouse();
    expect(await doIt(house, [0, 1], { kind: 'hand-in', named: 3 })).toMatchObject({ ok: false, error: { code: 'act.changed', params: { count: 2 } } });
    expect((await standing(house, 0)).state).toBe('in-progress');
    expect(await doIt(house, [0, 1], { kind: 'hand-in', named: 2 })).toMatchObject({ ok: true, value: { done: 2, failed: 0 } });
    const [first] = house.writers;
    expect(await findAttempt(reader(), first?.attemptId ?? '')).toMatchObject({ state: 'handed-in', handInCause: 'invigilator', handedInAt: T0 });
    expect(await findReceipt(reader(), first?.attemptId ?? '')).toMatchObject({ total: 6 });
    expect((await shown(house)).map(({ state }) => state)).toEqual(['handed-in', 'handed-in', 'in-progress', null]);
  });

  it('declares attempts void: nothing can be written, and whoever built on it is told', async () => {
    const house = await aHouse();
    must(await doIt(house, [0], { kind: 'void', named: 1 }));
    expect((await standing(house, 0)).state).toBe('void');
    const jobs = await rows(reader(), z.object({ name: z.string() }), `SELECT name FROM outbox WHERE name = 'exams.voided' AND payload LIKE $like`, { like: `%${house.writers[0]?.attemptId ?? ''}%` });
    expect(jobs).toHaveLength(1);
    expect(await doIt(house, [0], { kind: 'void', named: 1 })).toMatchObject({ ok: false, error: { code: 'act.nobody' } });
  });

  it('undoes time, pauses, admissions and permits, and nothing else', async () => {
    const house = await aHouse();
    const before = (await standing(house, 0)).deadline;
    const time = must(await doIt(house, [0], { kind: 'time', minutes: 5 })).actId ?? '';
    must(await undo(house.chief, time, '点错了'));
    expect((await standing(house, 0)).deadline).toBe(before);
    expect(await undo(house.chief, time, '点错了')).toMatchObject({ ok: false, error: { code: 'act.undone' } });
    const pause = must(await doIt(house, [0], { kind: 'pause' })).actId ?? '';
    must(await undo(house.chief, pause, '点错了'));
    expect((await standing(house, 0)).pausedAt).toBeNull();
    const refuse = must(await doIt(house, [3], { kind: 'refuse' })).actId ?? '';
    expect((await shown(house))[3]?.identity).toBe('refused');
    must(await undo(house.chief, refuse, '看错了'));
    expect((await shown(house))[3]?.identity).toBeNull();
    const device = must(await doIt(house, [1], { kind: 'device' })).actId ?? '';
    expect((await shown(house))[1]?.permit).toBe(true);
    must(await undo(house.chief, device, '不用了'));
    expect((await shown(house))[1]?.permit).toBe(false);
    const late = must(await doIt(house, [3], { kind: 'exempt', exemption: 'late' })).actId ?? '';
    expect((await shown(house))[3]?.exempt).toEqual(['late']);
    advanceClock(minutes(16));
    expect(await undo(house.chief, late, '晚了')).toMatchObject({ ok: false, error: { code: 'act.too-late' } });
  });

  it('is open to the sitting’s invigilators, who act in their own room, and to nobody else', async () => {
    const house = await aHouse();
    const elsewhere = await anOrganisation();
    const { accountId } = await aSignedInAccount({ role: 'invigilator', organisationId: elsewhere.id });
    const invigilator: Actor = { ...anActor({ invigilator: [elsewhere.path] }), accountId, by: `account:${accountId}` };
    expect(await consoleOf(invigilator, house.sitting.sittingId)).toMatchObject({ ok: false, error: { code: 'not-found' } });
    await inTransaction((tx) => insert(tx, 'sitting_invigilators', [{ sitting_id: house.sitting.sittingId, account_id: accountId, room_id: house.sitting.rooms[1] ?? null, added_at: 1, added_by: 'x' }]));
    expect(must(await consoleOf(invigilator, house.sitting.sittingId))).toMatchObject({ ownRoom: house.sitting.rooms[1] });
    expect((await sittingsToInvigilate(invigilator, clock.now())).map(({ id }) => id)).toEqual([house.sitting.sittingId]);
    const plan = must(await planFor(invigilator, { sittingId: house.sitting.sittingId, bookings: house.sitting.bookings }, { kind: 'pause' }));
    expect([plan.applies.map(({ name }) => name), plan.omitted.map(({ why }) => why)]).toEqual([['考生3'], ['other-room', 'other-room', 'not-started']]);
    expect(await doIt(house, [0], { kind: 'pause' }, invigilator)).toMatchObject({ ok: false, error: { code: 'act.nobody' } });
    expect(await closeSitting(invigilator, house.sitting.sittingId, '结束')).toMatchObject({ ok: false, error: { code: 'sitting.one-room' } });
    await expect(consoleOf(house.writers[0]?.candidate.actor ?? invigilator, house.sitting.sittingId)).rejects.toThrow(ProblemError);
  });

  it('closes a sitting only when nobody writes, once, and says by whom on the reports', async () => {
    const house = await aHouse();
    expect(await closeSitting(house.chief, house.sitting.sittingId, '结束')).toMatchObject({ ok: false, error: { code: 'sitting.in-progress', params: { count: 3 } } });
    must(await doIt(house, [0, 1, 2], { kind: 'hand-in', named: 3 }));
    must(await closeSitting(house.chief, house.sitting.sittingId, '正常结束'));
    expect(await closeSitting(house.chief, house.sitting.sittingId, '结束')).toMatchObject({ ok: false, error: { code: 'sitting.ended-already' } });
    for (const kind of ['hand-in', 'incidents'] as const) {
      const { pdf } = must(await sittingReport(house.chief, house.sitting.sittingId, kind));
      expect((await collected(pdf)).subarray(0, 5).toString()).toBe('%PDF-');
    }
  });
});
