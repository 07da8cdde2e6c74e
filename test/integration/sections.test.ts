import { afterEach, beforeEach, expect, it } from 'vitest';
import { z } from 'zod';
import { execute, inTransaction, reader, rows } from '~/db';
import { enterSection, findExam, giveTime, openAttempt, pause, resume, saveResponses, sectionsNow } from '~/exams';
import { clock, minutes, resetClock, setClock } from '~/kernel/clock';
import { useConfig } from '~/kernel/config';
import { must, ProblemError } from '~/kernel/result';
import { aRootActor } from '../support/actors';
import { testConfig } from '../support/config';
import { onEveryDatabase } from '../support/databases';
import { aCandidate, anExam, anyResponse, aStartedAttempt, DEVICE, type StartedAttempt } from '../support/exams';
import { aHall, aWriterIn, ledgerOf, timingOf } from '../support/time';

const T0 = Date.parse('2026-07-01T03:00:00Z');
const at = (n: number) => T0 + minutes(n);
const title = { zh: '第一部分', en: 'Part one' };

/** An exam of six items in three parts: 20 minutes and one way, 15 minutes, the rest. */
async function aDividedExam() {
  const exam = await anExam({ items: 6 });
  const sections = [{ title, lines: 2, minutes: 20, oneWay: true }, { title, lines: 2, minutes: 15, oneWay: false }, { title, lines: 2, minutes: null, oneWay: false }];
  await inTransaction((tx) => execute(tx, 'UPDATE exams SET sections = $sections, version = version + 1 WHERE id = $id', { id: exam.id, sections: JSON.stringify(sections) }));
  const found = await findExam(reader(), exam.id);
  if (!found) throw new Error('the exam is gone');
  return found;
}

const save = (started: StartedAttempt, section: number, seq: number) => {
  const item = started.items.find((one) => one.section === section);
  if (!item) throw new Error(`no item in section ${section}`);
  return saveResponses({
    attemptId: started.attemptId, tokenHash: started.candidate.tokenHash, device: DEVICE, receivedAt: clock.now(),
    changes: [{ item: item.item, seq, response: anyResponse(item, seq) }],
  });
};
const enter = (started: StartedAttempt, section: number, confirmed = false, device = DEVICE) => enterSection(started.candidate.actor, started.attemptId, device, section, confirmed);
const Row = z.object({ section: z.number(), entered_at: z.number(), ends_at: z.number().nullable(), left_at: z.number().nullable() });
const stored = async (attemptId: string) => (await rows(reader(), Row, 'SELECT section, entered_at, ends_at, left_at FROM attempt_sections WHERE attempt_id = $attemptId ORDER BY section', { attemptId }))
  .map((row) => [row.section, ...[row.entered_at, row.ends_at, row.left_at].map((instant) => (instant === null ? null : (instant - T0) / minutes(1)))]);
const states = async (attemptId: string) => (await sectionsNow(reader(), attemptId))?.sections.map(({ state }) => state);

onEveryDatabase('an exam in sections', () => {
  beforeEach(() => {
    useConfig(testConfig());
    setClock(T0);
  });
  afterEach(() => resetClock());

  it('draws a paper whose items stand in their sections, and shows nothing of a section before it is entered', async () => {
    const started = await aStartedAttempt({ exam: await aDividedExam() });
    expect(started.items.map(({ section }) => section)).toEqual([0, 0, 1, 1, 2, 2]);
    const opened = must(await openAttempt(started.candidate.actor, started.attemptId, DEVICE));
    expect(opened).toMatchObject({ kind: 'writing', attempt: { section: 0 }, sections: [
      { index: 0, title, from: 1, to: 2, oneWay: true, minutes: 20, state: 'open', endsAt: at(20) },
      { index: 1, from: 3, to: 4, state: 'ahead', endsAt: null }, { index: 2, from: 5, to: 6, state: 'ahead', endsAt: null },
    ] });
    if (opened.kind === 'writing') {
      expect(opened.items.map(({ section }) => section)).toEqual([0, 0]);
      expect(opened.answers).toHaveLength(6);
    }
  });

  it('moves on when the candidate confirms it, and never back into a one-way section', async () => {
    const started = await aStartedAttempt({ exam: await aDividedExam() });
    setClock(at(5));
    expect(await enter(started, 2)).toMatchObject({ ok: false, error: { code: 'section.ahead' } });
    expect(await enter(started, 1)).toMatchObject({ ok: false, error: { code: 'section.confirm' } });
    expect(must(await enter(started, 1, true))).toMatchObject({ current: 1, sections: [{ state: 'over' }, { state: 'open', endsAt: at(20) }, { state: 'ahead' }] });
    must(await enter(started, 1, true));
    expect(await stored(started.attemptId)).toEqual([[0, 0, 20, 5], [1, 5, 20, null]]);
    expect(await enter(started, 0, true)).toMatchObject({ ok: false, error: { code: 'section.over' } });
    must(await enter(started, 2));
    must(await enter(started, 1));
    expect(await timingOf(started.attemptId)).toMatchObject({ section: 1, signal_at: clock.now() });
    expect((await ledgerOf(started.attemptId)).filter((kind) => kind === 'attempt.section-entered')).toHaveLength(3);
  });

  it('saves to sections that are open, and refuses what comes for one that is over or ahead', async () => {
    const started = await aStartedAttempt({ exam: await aDividedExam() });
    expect(await save(started, 0, 1)).toMatchObject({ outcome: 'saved', accepted: [{ seq: 1 }], refused: [] });
    expect(await save(started, 1, 1)).toMatchObject({ accepted: [], refused: [{ seq: 1, reason: 'section-closed' }] });
    setClock(at(21));
    expect(await save(started, 1, 2)).toMatchObject({ accepted: [{ seq: 2 }], refused: [] });
    expect(await save(started, 0, 3)).toMatchObject({ accepted: [] });
    expect(await stored(started.attemptId)).toEqual([[0, 0, 20, 20], [1, 20, 35, null]]);
    setClock(at(50));
    expect(await save(started, 2, 4)).toMatchObject({ accepted: [{ seq: 4 }] });
    expect(await states(started.attemptId)).toEqual(['over', 'over', 'open']);
  });

  it('lets time that is given reach the open section and the exam alike', async () => {
    const exam = await aDividedExam();
    const hall = await aHall(exam);
    const started = await aWriterIn(hall, 0, { exam });
    const actor = await aRootActor();
    setClock(at(19));
    must(await giveTime(actor, { sitting: hall.sittingId }, 5, '延长'));
    expect((await timingOf(started.attemptId)).deadline_at).toBe(at(65));
    expect(await stored(started.attemptId)).toEqual([[0, 0, 25, null]]);
    setClock(at(24));
    must(await pause(actor, { sitting: hall.sittingId }, '演习'));
    setClock(at(40));
    expect(await states(started.attemptId)).toEqual(['open', 'ahead', 'ahead']);
    expect(await enter(started, 1, true)).toMatchObject({ ok: false, error: { code: 'attempt.paused' } });
    must(await resume(actor, { sitting: hall.sittingId }, '结束'));
    expect((await timingOf(started.attemptId)).deadline_at).toBe(at(81));
    expect(await stored(started.attemptId)).toEqual([[0, 0, 41, null]]);
    setClock(at(42));
    must(await giveTime(actor, { sitting: hall.sittingId }, 2, '再延长'));
    expect(await stored(started.attemptId)).toEqual([[0, 0, 41, 41], [1, 41, 58, null]]);
  });

  it('is entered by the candidate’s active device only, while there is time', async () => {
    const started = await aStartedAttempt({ exam: await aDividedExam() });
    expect(await enter(started, 1, true, 'device-0002')).toMatchObject({ ok: false, error: { code: 'attempt.other-device' } });
    const other = await aCandidate();
    await expect(enterSection(other.actor, started.attemptId, DEVICE, 1, true)).rejects.toThrow(ProblemError);
    setClock(at(60) + 1);
    expect(await enter(started, 1, true)).toMatchObject({ ok: false, error: { code: 'attempt.late' } });
    const whole = await aStartedAttempt({ candidate: other });
    expect(await enterSection(other.actor, whole.attemptId, DEVICE, 1)).toMatchObject({ ok: false, error: { code: 'not-found' } });
    expect(await sectionsNow(reader(), whole.attemptId)).toBeNull();
  });

  it('keeps its division for who is writing when the author changes it', async () => {
    const exam = await aDividedExam();
    const started = await aStartedAttempt({ exam });
    await inTransaction((tx) => execute(tx, `UPDATE exams SET sections = '[]' WHERE id = $id`, { id: exam.id }));
    setClock(at(21));
    expect(await states(started.attemptId)).toEqual(['over', 'open', 'ahead']);
  });
});
