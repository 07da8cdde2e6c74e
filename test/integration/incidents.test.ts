import { afterEach, beforeEach, expect, it } from 'vitest';
import { z } from 'zod';
import { execute, inTransaction, insert, reader, rows } from '~/db';
import {
  applyIncident, checkReceipt, closeIfDue, findReceipt, giveTime, handIn, pause, permitTakeover, recordIncident, resume, saveResponses, sweepDue, takeOver, undoIncident, viewIncident, windowOf, type CreditLine, type TypedIncident,
} from '~/exams';
import { advanceClock, clock, minutes, resetClock, seconds, setClock } from '~/kernel/clock';
import { useConfig } from '~/kernel/config';
import { newId } from '~/kernel/id';
import { must } from '~/kernel/result';
import { gradeAttempt } from '~/marking';
import { anActor, anOrganisation, aRootActor } from '../support/actors';
import { testConfig } from '../support/config';
import { onEveryDatabase } from '../support/databases';
import { aCandidate, anExam, anyResponse, aStartedAttempt, DEVICE, type StartedAttempt } from '../support/exams';
import { aHall, aWriterIn, ledgerOf, timingOf, type TestHall } from '../support/time';

const T0 = Date.parse('2026-07-01T02:00:00Z');
const at = (n: number) => T0 + minutes(n);
const left = async ({ attemptId }: { attemptId: string }) => ((await timingOf(attemptId)).deadline_at - T0) / minutes(1);

let seq = 0;

/** The page shows itself, with an answer. */
async function contact(started: StartedAttempt, minute: number, device = DEVICE) {
  setClock(at(minute));
  seq += 1;
  const [item] = started.items;
  if (!item) throw new Error('no items');
  return saveResponses({
    attemptId: started.attemptId, tokenHash: started.candidate.tokenHash, device, receivedAt: clock.now(),
    changes: [{ item: item.item, seq, response: anyResponse(item, seq) }],
  });
}

const outage = (hall: TestHall, given: Partial<TypedIncident> = {}): TypedIncident => ({
  sittingId: hall.sittingId, roomId: hall.rooms[0] ?? '', title: '1号考场断电', from: at(12), to: at(26), basis: 'evidence', recoveryMinutes: 5, ...given,
});
const brief = (lines: readonly CreditLine[], of: { attemptId: string }) => {
  const line = lines.find(({ attemptId }) => attemptId === of.attemptId);
  return line && { effect: line.effect, credit: line.credit / minutes(1), until: (line.deadlineAt - T0) / minutes(1) };
};
const previewed = async (id: string) => must(await viewIncident(await aRootActor(), id)).lines;
const apply = async (id: string, reopen = true) => must(await applyIncident(await aRootActor(), id, { reopen }));
const record = async (typed: TypedIncident) => must(await recordIncident(await aRootActor(), typed));

onEveryDatabase('an incident', () => {
  beforeEach(() => {
    useConfig(testConfig());
    setClock(T0);
  });
  afterEach(() => resetClock());

  it('gives everybody in the room exactly the time they lost, shown before it is done and recorded afterwards', async () => {
    const exam = await anExam();
    const hall = await aHall(exam);
    const [hit, late, through, elsewhere] = [await aWriterIn(hall, 0, { exam }), await aWriterIn(hall, 0, { exam }), await aWriterIn(hall, 0, { exam }), await aWriterIn(hall, 1, { exam })];
    for (const one of [hit, late, through, elsewhere]) await contact(one, 11.5);
    for (let minute = 12; minute <= 26; minute += 0.5) {
      await contact(through, minute);
      if (minute <= 13) await contact(late, minute);
    }
    await contact(hit, 27);
    await contact(late, 28);
    setClock(at(29));
    const id = await record(outage(hall));
    const before = await previewed(id);
    expect(brief(before, hit)).toEqual({ effect: 'credit', credit: 15, until: 75 });
    expect(brief(before, late)).toEqual({ effect: 'credit', credit: 15, until: 75 });
    expect(brief(before, through)).toEqual({ effect: 'worked-on', credit: 0, until: 60 });
    expect(brief(before, elsewhere)).toBeUndefined();
    expect(before.find((line) => line.attemptId === hit.attemptId)).toMatchObject({ lastBefore: at(11.5), firstAfter: at(27), lost: minutes(15) });
    expect(await left(hit)).toBe(60);
    const done = await apply(id);
    expect(done).toEqual(before.map(({ name: _, roomName: __, seat: ___, ...line }) => line));
    expect([await left(hit), await left(late), await left(through), await left(elsewhere)]).toEqual([75, 75, 60, 60]);
    expect((await timingOf(hit.attemptId)).signal_at).toBe(clock.now());
    // The record says what was done, whatever happens later.
    must(await giveTime(await aRootActor(), { attempts: [hit.attemptId] }, 10, '另补'));
    expect(must(await viewIncident(await aRootActor(), id))).toMatchObject({ incident: { state: 'applied', appliedAt: at(29) }, lines: before });
    expect(await ledgerOf(id)).toEqual(['incident.recorded', 'incident.applied']);
    expect(await ledgerOf(hit.attemptId)).toContain('attempt.credited');
  });

  it('credits who is not back until they are, and leaves them exactly what they had', async () => {
    const exam = await anExam();
    const hall = await aHall(exam);
    const [back, never] = [await aWriterIn(hall, 0, { exam }), await aWriterIn(hall, 0, { exam })];
    for (const one of [back, never]) await contact(one, 12);
    setClock(at(27));
    const id = await record(outage(hall));
    expect(brief(await apply(id), back)).toEqual({ effect: 'open', credit: 19, until: 79 });
    await contact(back, 29);
    expect(await left(back)).toBe(77);
    expect(await ledgerOf(back.attemptId)).toContain('attempt.credit-ended');
    await contact(back, 31);
    expect(await left(back)).toBe(77);
    await contact(never, 50);
    expect(await left(never)).toBe(79);
    setClock(at(79) + seconds(62));
    await sweepDue(clock.now());
    expect(await timingOf(never.attemptId)).toMatchObject({ state: 'handed-in', handed_in_at: at(79) });
    expect(await timingOf(back.attemptId)).toMatchObject({ state: 'handed-in', handed_in_at: at(77) });
  });

  it('counts the same minutes once, however many incidents and pauses cover them', async () => {
    const exam = await anExam();
    const hall = await aHall(exam);
    const hit = await aWriterIn(hall, 0, { exam });
    const actor = await aRootActor();
    await contact(hit, 11);
    setClock(at(20));
    must(await pause(actor, { attempts: [hit.attemptId] }, '断电'));
    setClock(at(30));
    must(await resume(actor, { attempts: [hit.attemptId] }, '来电'));
    await contact(hit, 31);
    expect(await left(hit)).toBe(70);
    const room = await record(outage(hall, { basis: 'whole' }));
    const all = await record(outage(hall, { roomId: null, title: '全楼断电', from: at(10), to: at(28), basis: 'whole' }));
    expect(brief(await apply(room), hit)).toEqual({ effect: 'credit', credit: 8, until: 78 });
    expect(brief(await previewed(all), hit)).toEqual({ effect: 'credit', credit: 2, until: 80 });
    await apply(all);
    expect(await left(hit)).toBe(80);
  });

  it('is applied once, by whoever is first', async () => {
    const exam = await anExam();
    const hall = await aHall(exam);
    const hit = await aWriterIn(hall, 0, { exam });
    const actor = await aRootActor();
    setClock(at(30));
    const typed = outage(hall, { id: newId(), basis: 'whole' });
    expect(await Promise.all([recordIncident(actor, typed), recordIncident(actor, typed)])).toEqual([{ ok: true, value: typed.id }, { ok: true, value: typed.id }]);
    const tries = await Promise.all([1, 2, 3].map(() => applyIncident(actor, typed.id ?? '', { reopen: true })));
    expect(tries.filter(({ ok }) => ok)).toHaveLength(1);
    expect(tries.find(({ ok }) => !ok)).toMatchObject({ error: { code: 'incident.settled' } });
    expect(await left(hit)).toBe(74);
  });

  it('reopens who was handed in by the deadline while the power was off, with what they had left; their receipt stays checkable', async () => {
    const exam = await anExam({ minutes: 20, release: 'by-person' });
    const hall = await aHall(exam);
    const [graded, closed] = [await aWriterIn(hall, 0, { exam }), await aWriterIn(hall, 0, { exam })];
    for (const one of [graded, closed]) await contact(one, 12);
    setClock(at(20) + seconds(62));
    for (const one of [graded, closed]) await closeIfDue(one.attemptId);
    await gradeAttempt(graded.attemptId);
    const receipt = await findReceipt(reader(), graded.attemptId);
    setClock(at(50));
    const id = await record(outage(hall));
    expect(brief(await previewed(id), graded)).toEqual({ effect: 'reopen', credit: 43, until: 63 });
    await apply(id);
    expect(await timingOf(graded.attemptId)).toMatchObject({ state: 'in-progress', handed_in_at: null, deadline_at: at(63) });
    expect(await checkReceipt(receipt?.number ?? '', receipt?.hash ?? '')).toMatchObject({ intact: true });
    for (const one of [graded, closed]) expect(await contact(one, 52)).toMatchObject({ outcome: 'saved' });
    expect([await left(graded), await left(closed)]).toEqual([60, 60]);
    setClock(at(60) + seconds(62));
    await closeIfDue(graded.attemptId);
    await gradeAttempt(graded.attemptId);
    expect(await timingOf(graded.attemptId)).toMatchObject({ state: 'graded', handed_in_at: at(60) });
    expect(await checkReceipt(receipt?.number ?? '', receipt?.hash ?? '')).toMatchObject({ intact: true });
    const fresh = await findReceipt(reader(), graded.attemptId);
    expect(fresh?.number).not.toBe(receipt?.number);
    expect(await checkReceipt(fresh?.number ?? '', fresh?.hash ?? '')).toMatchObject({ kind: 'known', intact: true });
    const Result = z.object({ graded_at: z.number() });
    expect(await rows(reader(), Result, 'SELECT graded_at FROM results WHERE attempt_id = $id', { id: graded.attemptId })).toEqual([{ graded_at: clock.now() }]);
    expect(await ledgerOf(graded.attemptId)).toEqual([
      'attempt.started', 'attempt.handed-in', 'attempt.graded', 'attempt.reopened', 'attempt.credited', 'attempt.credit-ended', 'attempt.handed-in', 'attempt.graded',
    ]);
  });

  it('leaves closed what is not to be reopened, whose result is known, and who writes again already', async () => {
    const exam = await anExam({ minutes: 20, release: 'by-person', coolingOffHours: 0 });
    const hall = await aHall(exam);
    const [left1, known, again] = [await aWriterIn(hall, 0, { exam }), await aWriterIn(hall, 0, { exam }), await aWriterIn(hall, 0, { exam })];
    for (const one of [left1, known, again]) await contact(one, 12);
    setClock(at(20) + seconds(62));
    for (const one of [left1, known, again]) await closeIfDue(one.attemptId);
    await inTransaction((tx) => execute(tx, `UPDATE attempts SET state = 'released' WHERE id IN ($a, $b)`, { a: known.attemptId, b: again.attemptId }));
    await aStartedAttempt({ exam, candidate: again.candidate });
    await inTransaction((tx) => execute(tx, `UPDATE attempts SET state = 'graded' WHERE id = $b`, { b: again.attemptId }));
    setClock(at(30));
    const done = await apply(await record(outage(hall)), false);
    expect([left1, known, again].map((one) => brief(done, one)?.effect)).toEqual(['left-closed', 'released', 'other-attempt']);
    for (const one of [left1, known, again]) expect((await timingOf(one.attemptId)).handed_in_at).toBe(at(20));
  });

  it('is undone with a reason: credits go, and nobody is left with less than a minute', async () => {
    const exam = await anExam();
    const hall = await aHall(exam);
    const [writing, done, last] = [await aWriterIn(hall, 0, { exam }), await aWriterIn(hall, 0, { exam }), await aWriterIn(hall, 0, { exam, candidate: await aCandidate() })];
    setClock(at(30));
    const id = await record(outage(hall, { basis: 'whole' }));
    await apply(id);
    must(await giveTime(await aRootActor(), { attempts: [writing.attemptId] }, 20, '另给'));
    await handIn(done.candidate.actor, done.attemptId, DEVICE);
    setClock(at(70));
    must(await undoIncident(await aRootActor(), id, '登记有误'));
    expect([await left(writing), await left(done), await left(last)]).toEqual([80, 74, 71]);
    expect(await undoIncident(await aRootActor(), id, '再')).toMatchObject({ ok: false, error: { code: 'incident.settled' } });
    expect(must(await viewIncident(await aRootActor(), id)).incident).toMatchObject({ state: 'undone', undoReason: '登记有误' });
    const withdrawn = await record(outage(hall, { title: '误登' }));
    must(await undoIncident(await aRootActor(), withdrawn, '没有发生'));
    expect(await applyIncident(await aRootActor(), withdrawn, { reopen: true })).toMatchObject({ ok: false });
  });

  it('keeps the window open for who starts after it, also when it is applied after their start', async () => {
    const exam = await anExam();
    const hall = await aHall(exam, { late_rule: 'cut', ends_at: at(70) });
    const sitting = { id: hall.sittingId, endsAt: at(70) };
    const early = await aWriterIn(hall, 0, { exam });
    await contact(early, 12);
    setClock(at(28));
    const late = await aWriterIn(hall, 0, { exam });
    await inTransaction((tx) => execute(tx, 'UPDATE attempts SET time_basis = $basis, deadline_at = $end WHERE id = $id', {
      id: late.attemptId, end: at(70),
      basis: JSON.stringify({ minutes: 60, startedAt: at(28), window: { closesAt: at(70), late: 'cut', cutsExtra: false }, accommodations: [], sections: [] }),
    }));
    const id = await record(outage(hall));
    expect(brief(await previewed(id), late)).toEqual({ effect: 'window', credit: 14, until: 84 });
    await apply(id);
    expect(await left(late)).toBe(84);
    expect(await windowOf(reader(), sitting, hall.rooms[0] ?? '', at(40))).toBe(at(84));
    expect(await windowOf(reader(), sitting, hall.rooms[1] ?? '', at(40))).toBe(at(70));
    must(await undoIncident(await aRootActor(), id, '误登'));
    expect(await left(late)).toBe(70);
    expect(await windowOf(reader(), sitting, hall.rooms[0] ?? '', at(40))).toBe(at(70));
  });

  it('counts the silence until another device has taken over', async () => {
    const exam = await anExam();
    const hall = await aHall(exam);
    const hit = await aWriterIn(hall, 0, { exam });
    for (let minute = 0.5; minute <= 14; minute += 0.5) await contact(hit, minute);
    advanceClock(minutes(8));
    must(await permitTakeover(await aRootActor(), hit.attemptId, '电脑损坏'));
    must(await takeOver(hit.candidate.actor, hit.attemptId, 'device-0002'));
    for (let minute = 22.5; minute <= 28; minute += 0.5) await contact(hit, minute, 'device-0002');
    const Gap = z.object({ from_at: z.number(), to_at: z.number() });
    expect(await rows(reader(), Gap, 'SELECT from_at, to_at FROM contact_gaps WHERE attempt_id = $id', { id: hit.attemptId })).toEqual([{ from_at: at(14), to_at: at(22) }]);
    expect(brief(await previewed(await record(outage(hall))), hit)).toEqual({ effect: 'credit', credit: 8, until: 68 });
  });

  it('is refused where it makes no sense, and to who does not invigilate there', async () => {
    const exam = await anExam();
    const hall = await aHall(exam);
    const actor = await aRootActor();
    setClock(at(30));
    const refused = async (given: Partial<TypedIncident>) => {
      const tried = await recordIncident(actor, outage(hall, given));
      return tried.ok ? null : tried.error.code;
    };
    expect(await refused({ to: at(12) })).toBe('incident.order');
    expect(await refused({ to: at(40) })).toBe('incident.future');
    expect(await refused({ from: at(-40), to: at(-30) })).toBe('incident.before');
    expect(await refused({ from: at(-15 * 60) })).toBe('incident.too-long');
    expect(await refused({ roomId: newId() })).toBe('not-found');
    const elsewhere = anActor({ invigilator: [(await anOrganisation()).path] });
    expect(await recordIncident(elsewhere, outage(hall))).toMatchObject({ ok: false, error: { code: 'not-found' } });
    const id = await record(outage(hall));
    expect(await viewIncident(elsewhere, id)).toMatchObject({ ok: false });
    expect(await applyIncident(elsewhere, id, { reopen: true })).toMatchObject({ ok: false });
    expect(await undoIncident(elsewhere, id, '越权')).toMatchObject({ ok: false });
  });

  it('credits more people than one transaction takes, and goes on where it was interrupted without crediting twice', async () => {
    const exam = await anExam();
    const hall = await aHall(exam);
    const first = await aWriterIn(hall, 0, { exam });
    const ids = Array.from({ length: 620 }, () => newId());
    await inTransaction(async (tx) => {
      await insert(tx, 'persons', ids.map((id) => ({ id, name: '考生', created_at: 1 })));
      for (const id of ids) {
        await execute(tx, `INSERT INTO attempts (id, exam_id, person_id, number, paper_id, state, prepared_at, started_at, deadline_at, next_check_at, time_basis, sitting_id, room_id, last_contact_at)
          SELECT CAST($id AS TEXT), exam_id, CAST($id AS TEXT), 1, paper_id, state, prepared_at, started_at, deadline_at, next_check_at, time_basis, sitting_id, room_id, last_contact_at
          FROM attempts WHERE id = $from`, { id, from: first.attemptId });
      }
    });
    setClock(at(30));
    const id = await record(outage(hall, { basis: 'whole' }));
    // As if the first part had been credited before the power went again.
    await inTransaction((tx) => insert(tx, 'attempt_times', [{
      id: newId(), attempt_id: first.attemptId, code: 'incident', act_id: id, minutes: null, from_at: at(12), to_at: at(26), cap_at: null, made_at: at(29), undone_at: null,
    }]));
    const done = await apply(id);
    expect(done).toHaveLength(621);
    const Deadlines = z.object({ deadline_at: z.number() });
    const found = await rows(reader(), Deadlines, 'SELECT DISTINCT deadline_at FROM attempts WHERE sitting_id = $id', { id: hall.sittingId });
    expect(found).toEqual([{ deadline_at: at(74) }]);
  }, 60_000);
});
