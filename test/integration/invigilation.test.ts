import { afterEach, beforeEach, expect, it } from 'vitest';
import { z } from 'zod';
import { inTransaction, insert, json, reader, rows } from '~/db';
import { examsToInvigilate, handIn, invigilatedAttempt, invigilatedExam, permitTakeover, recordNote, saveResponses, undo } from '~/exams';
import { advanceClock, clock, hours, minutes, resetClock, seconds, setClock } from '~/kernel/clock';
import { useConfig } from '~/kernel/config';
import { newId } from '~/kernel/id';
import { ProblemError } from '~/kernel/result';
import { gradeAttempt } from '~/marking';
import type { Organisation } from '~/people';
import { anActor, anOrganisation, aRootActor } from '../support/actors';
import { testConfig } from '../support/config';
import { onEveryDatabase } from '../support/databases';
import { aCandidate, anExam, anyResponse, aStartedAttempt, DEVICE, type ExamGiven, type StartedAttempt } from '../support/exams';

const T0 = Date.parse('2026-07-01T01:00:00Z');
const anyone = { search: '', state: null };

async function aWriter(name: string, organisation: Organisation, given: ExamGiven & Pick<Partial<StartedAttempt>, 'exam'> = {}): Promise<StartedAttempt> {
  const candidate = await aCandidate(name);
  await inTransaction((tx) => insert(tx, 'appointments', [{
    id: newId(), person_id: candidate.personId, organisation_id: organisation.id, intake_id: null, kind: 'recruit', post: '科员', rank: null,
    start_of_duty: '2026-07-01', ended_on: null, created_at: 1,
  }]));
  return aStartedAttempt({ ...given, candidate });
}

function save(started: StartedAttempt, device = DEVICE) {
  const changes = started.items.slice(0, 2).map((item) => ({ item: item.item, seq: 1, response: anyResponse(item, 1) }));
  return saveResponses({ attemptId: started.attemptId, tokenHash: started.candidate.tokenHash, device, receivedAt: clock.now(), changes });
}

onEveryDatabase('an invigilator', () => {
  beforeEach(() => {
    useConfig(testConfig());
    setClock(T0);
  });
  afterEach(() => resetClock());

  it('sees who writes, how far they are, and who was silent longest on top', async () => {
    const organisation = await anOrganisation({ name: '城关镇' });
    const exam = await anExam({ items: 6, minutes: 30 });
    const quiet = await aWriter('安静', organisation, { exam });
    const busy = await aWriter('勤快', organisation, { exam });
    advanceClock(minutes(1));
    await save(busy);
    const found = await invigilatedExam(await aRootActor(), exam.slug, anyone, clock.now());
    expect(found).toMatchObject({ ok: true, value: { items: 6, candidates: [
      { attemptId: quiet.attemptId, name: '安静', organisation: '城关镇', state: 'in-progress', answered: 0, lastContactAt: T0, deadlineAt: T0 + minutes(30), permitOpen: false },
      { attemptId: busy.attemptId, name: '勤快', answered: 2, lastContactAt: T0 + minutes(1), refusedDeviceAt: null },
    ] } });
    const running = (await examsToInvigilate(await aRootActor(), clock.now())).find((one) => one.slug === exam.slug);
    expect(running).toMatchObject({ inProgress: 2, handedIn: 0, unreleased: 0, nextDeadline: T0 + minutes(30) });
  });

  it('sees the candidates of their own organisations only', async () => {
    const [here, there] = [await anOrganisation(), await anOrganisation()];
    const exam = await anExam();
    const mine = await aWriter('本单位', here, { exam });
    const other = await aWriter('外单位', there, { exam });
    const invigilator = anActor({ invigilator: [here.path] });
    const found = await invigilatedExam(invigilator, exam.slug, anyone, clock.now());
    expect(found.ok && found.value.candidates.map(({ attemptId }) => attemptId)).toEqual([mine.attemptId]);
    expect((await examsToInvigilate(invigilator, clock.now())).find((one) => one.slug === exam.slug)).toMatchObject({ inProgress: 1 });
    expect(await invigilatedAttempt(invigilator, exam.slug, other.attemptId, clock.now())).toMatchObject({ ok: false, error: { code: 'not-found' } });
    await expect(invigilatedExam(mine.candidate.actor, exam.slug, anyone, clock.now())).rejects.toThrow(ProblemError);
  });

  it('finds by name and state, and no longer sees who handed in long ago', async () => {
    const organisation = await anOrganisation();
    const exam = await anExam({ minutes: 600 });
    const [done, writing] = [await aWriter('王小明', organisation, { exam }), await aWriter('李小红', organisation, { exam })];
    await handIn(done.candidate.actor, done.attemptId, DEVICE);
    await gradeAttempt(done.attemptId);
    const actor = await aRootActor();
    const names = async (filter: Parameters<typeof invigilatedExam>[2]) => {
      const found = await invigilatedExam(actor, exam.slug, filter, clock.now());
      return found.ok ? found.value.candidates.map(({ name }) => name) : [];
    };
    expect(await names(anyone)).toEqual(['李小红', '王小明']);
    expect(await names({ search: '王', state: null })).toEqual(['王小明']);
    expect(await names({ search: '%', state: null })).toEqual([]);
    expect(await names({ search: '', state: 'in-progress' })).toEqual(['李小红']);
    advanceClock(hours(13));
    expect(await names(anyone)).toEqual(['李小红']);
    expect(await invigilatedAttempt(actor, exam.slug, done.attemptId, clock.now())).toMatchObject({ ok: true, value: { candidate: { state: 'released' } } });
    expect(writing.exam.id).toBe(exam.id);
  });

  it('sees that another device tried to write, that one is permitted, and what was noted', async () => {
    const started = await aWriter('换机', await anOrganisation());
    const actor = await aRootActor();
    advanceClock(seconds(5));
    await save(started, 'device-0002');
    await permitTakeover(actor, started.attemptId, '屏幕不亮');
    await recordNote(actor, started.attemptId, '屏幕不亮，已换机');
    const found = await invigilatedAttempt(actor, started.exam.slug, started.attemptId, clock.now());
    expect(found).toMatchObject({ ok: true, value: {
      candidate: { refusedDeviceAt: T0 + 5000, permitOpen: true, observations: 1, answered: 0 },
      observations: [{ kind: 'note', body: '屏幕不亮，已换机', at: T0 + 5000 }],
    } });
  });

  it('leaves an act with reason and time for what is done outside of sittings, as at the console, and an event that names it', async () => {
    const started = await aWriter('换机', await anOrganisation());
    const actor = await aRootActor();
    await permitTakeover(actor, started.attemptId, '屏幕不亮');
    advanceClock(seconds(5));
    await recordNote(actor, started.attemptId, '离开座位两分钟');
    await recordNote(anActor({ invigilator: ['/else/where/'] }), started.attemptId, '试试');
    const Act = z.object({ id: z.string(), sitting_id: z.string().nullable(), kind: z.string(), reason: z.string(), done_at: z.number(), done_by: z.string() });
    const acts = await rows(reader(), Act, `SELECT id, sitting_id, kind, reason, done_at, done_by FROM invigilation_acts
      WHERE body LIKE '%' || $id || '%' ORDER BY done_at`, { id: started.attemptId });
    expect(acts).toEqual([
      { id: expect.any(String) as string, sitting_id: null, kind: 'device', reason: '屏幕不亮', done_at: T0, done_by: actor.by },
      { id: expect.any(String) as string, sitting_id: null, kind: 'note', reason: '离开座位两分钟', done_at: T0 + 5000, done_by: actor.by },
    ]);
    const told = await rows(reader(), z.object({ kind: z.string(), at: z.number(), by: z.string(), body: json(z.looseObject({ actId: z.string().optional() })) }),
      `SELECT kind, at, by, body FROM ledger_events WHERE subject_id = $id AND cause = 'invigilator' ORDER BY at`, { id: started.attemptId });
    expect(told.map(({ kind, at, by, body }) => [kind, at, by, body.actId])).toEqual([
      ['device.permitted', T0, actor.by, acts[0]?.id], ['observation.recorded', T0 + 5000, actor.by, acts[1]?.id],
    ]);
    // Taken back like any other: the permission no longer holds.
    expect(await undo(actor, acts[0]?.id ?? '', '已修好')).toMatchObject({ ok: true });
    expect(await invigilatedAttempt(actor, started.exam.slug, started.attemptId, clock.now())).toMatchObject({ value: { candidate: { permitOpen: false } } });
  });
});
