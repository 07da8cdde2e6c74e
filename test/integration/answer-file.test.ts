import { afterEach, beforeEach, expect, it } from 'vitest';
import { z } from 'zod';
import { one, reader, rows } from '~/db';
import { acceptAnswerFile, answerKey, checkReceipt, closeIfDue, findAttempt, findReceipt, handIn, lateEvidence, openAnswerFile, previewAnswerFile, saveResponses } from '~/exams';
import type { Actor } from '~/identity';
import { clock, minutes, resetClock, seconds, setClock } from '~/kernel/clock';
import { useConfig } from '~/kernel/config';
import { must } from '~/kernel/result';
import { gradeAttempt, regradeAttempt, resultOf } from '~/marking';
import { adoptRootOrganisation } from '~/people';
import { answerFile } from '~/ui/player/answer-file';
import { fromBase64Url } from '~/ui/player/seal';
import { anActor } from '../support/actors';
import { testConfig } from '../support/config';
import { onEveryDatabase } from '../support/databases';
import { aCandidate, aStartedAttempt, DEVICE, rightResponse, type StartedAttempt } from '../support/exams';

const T0 = Date.parse('2026-07-01T01:00:00Z');

onEveryDatabase('an answer file', () => {
  let invigilator: Actor;
  let root: string;
  beforeEach(async () => {
    useConfig(testConfig());
    setClock(T0);
    root = (await adoptRootOrganisation()).path;
    invigilator = anActor({ invigilator: [root], adjudicator: [root] }, 'somebody-else');
  });
  afterEach(() => resetClock());

  /** Ten minutes, a minute of tolerance; the first of six items is answered and saved. */
  async function aWriting(): Promise<StartedAttempt> {
    const started = await aStartedAttempt({ items: 6, minutes: 10, toleranceSeconds: 60, candidate: await aCandidate() });
    await saveResponses({ attemptId: started.attemptId, tokenHash: started.candidate.tokenHash, device: DEVICE, receivedAt: clock.now(), changes: [change(started, 0, 1)] });
    return started;
  }
  const change = (started: StartedAttempt, i: number, seq: number) => {
    const item = started.items[i];
    if (!item) throw new Error(`no item ${i}`);
    return { item: item.item, seq, response: rightResponse(item.type) };
  };
  /** The file that the player's own code makes at `madeAt`, with right answers to items 0 to 2 changed at `changedAt`. */
  const fileOf = (started: StartedAttempt, { madeAt = clock.now(), changedAt = madeAt, device = DEVICE }: { madeAt?: number; changedAt?: number; device?: string } = {}) => answerFile({
    attemptId: started.attemptId, device, key: fromBase64Url(answerKey(started.attemptId)), now: madeAt,
    changes: [0, 1, 2].map((i) => ({ ...change(started, i, i === 0 ? 1 : 4), changedAt: new Date(changedAt).toISOString() })) as Parameters<typeof answerFile>[0]['changes'],
  });
  const stored = (started: StartedAttempt) => rows(reader(), z.object({ seq: z.number() }), 'SELECT seq FROM responses WHERE attempt_id = $id ORDER BY seq', { id: started.attemptId });
  const accept = (text: string, handedOverAt: number | null = null) => acceptAnswerFile(invigilator, text, { handedOverAt, reason: '网络中断' });

  it('handed over before the deadline is saved and hands in at once', async () => {
    const started = await aWriting();
    setClock(T0 + minutes(5));
    const text = fileOf(started);
    expect(must(await previewAnswerFile(invigilator, text, null))).toMatchObject({
      madeAt: clock.now(), answers: 3, outcome: { counted: 2, known: 1, kept: 0, refused: 0, handedIn: true }, candidate: { name: '考生' }, nothing: null,
    });
    expect(await findAttempt(reader(), started.attemptId)).toMatchObject({ state: 'in-progress' });
    expect(must(await accept(text)).outcome).toMatchObject({ counted: 2, handedIn: true });
    expect(await findAttempt(reader(), started.attemptId)).toMatchObject({ state: 'handed-in', handedInAt: T0 + minutes(5), handInCause: 'invigilator' });
    expect(await findReceipt(reader(), started.attemptId)).toMatchObject({ answered: 3 });
    const { body } = await one(reader(), z.object({ body: z.string() }), `SELECT body FROM ledger_events WHERE subject_id = $id AND kind = 'answer-file.accepted'`, { id: started.attemptId });
    expect(JSON.parse(body)).toMatchObject({ device: DEVICE, counted: 2, known: 1, madeAt: T0 + minutes(5) });
  });

  it('is taken once, also when it is uploaded twice at the same moment', async () => {
    const started = await aWriting();
    const text = fileOf(started);
    const both = await Promise.all([accept(text), accept(text), accept(JSON.stringify(JSON.parse(text), null, 2))]);
    expect(both.filter((one) => one.ok)).toHaveLength(1);
    expect(both.filter((one) => !one.ok)).toMatchObject([{ error: { code: 'answer-file.taken' } }, { error: { code: 'answer-file.taken' } }]);
    expect(await previewAnswerFile(invigilator, text, null)).toMatchObject({ ok: false, error: { code: 'answer-file.taken' } });
    expect(await rows(reader(), z.object({ id: z.string() }), 'SELECT id FROM answer_files WHERE attempt_id = $id', { id: started.attemptId })).toHaveLength(1);
  });

  it('handed over in time but uploaded after the attempt was closed counts on the word of the invigilator', async () => {
    const started = await aWriting();
    const text = fileOf(started, { madeAt: started.deadlineAt - seconds(30) });
    setClock(started.deadlineAt + seconds(62));
    await closeIfDue(started.attemptId);
    await gradeAttempt(started.attemptId);
    const before = await findReceipt(reader(), started.attemptId);
    expect(await resultOf(reader(), started.attemptId)).toMatchObject({ points: 2 });
    setClock(started.deadlineAt + minutes(30));
    expect(must(await previewAnswerFile(invigilator, text, null)).outcome).toMatchObject({ counted: 0, kept: 2 });
    expect(must(await accept(text, started.deadlineAt + seconds(40))).outcome).toMatchObject({ counted: 2, kept: 0, handedIn: false });
    await regradeAttempt(started.attemptId);
    expect(await resultOf(reader(), started.attemptId)).toMatchObject({ points: 6 });
    expect(await findReceipt(reader(), started.attemptId)).toMatchObject({ answered: 3, handedInAt: started.deadlineAt });
    expect(await checkReceipt(before?.number ?? '', before?.hash ?? '')).toMatchObject({ kind: 'replaced', because: 'answer-file', intact: true });
    const counted = await rows(reader(), z.object({ counted_by: z.string().nullable() }), `SELECT counted_by FROM response_log WHERE attempt_id = $id AND counted = 'by-rule'`, { id: started.attemptId });
    expect(counted).toEqual([{ counted_by: invigilator.by }, { counted_by: invigilator.by }]);
  });

  it('that came too late is kept as evidence for an adjudicator, with the file it came in', async () => {
    const started = await aWriting();
    setClock(started.deadlineAt + minutes(3));
    await closeIfDue(started.attemptId);
    const text = fileOf(started, { madeAt: started.deadlineAt - 1000 });
    expect(must(await accept(text)).outcome).toMatchObject({ counted: 0, known: 1, kept: 2 });
    expect(await stored(started)).toEqual([{ seq: 1 }]);
    const evidence = must(await lateEvidence(invigilator, started.attemptId));
    expect(evidence.items.map(({ changes }) => changes[0])).toMatchObject([{ kind: 'late', seq: 4, changedAt: started.deadlineAt - 1000 }, { kind: 'late' }]);
    expect(evidence.files).toMatchObject([{ reason: '网络中断', outcome: { kept: 2 } }]);
  });

  it('counts in the tolerance only what was changed before the deadline', async () => {
    const started = await aWriting();
    setClock(started.deadlineAt + seconds(50));
    expect(must(await accept(fileOf(started, { changedAt: started.deadlineAt + 1 }))).outcome).toMatchObject({ counted: 0, kept: 2, handedIn: true });
    expect(await findAttempt(reader(), started.attemptId)).toMatchObject({ state: 'handed-in', handedInAt: started.deadlineAt });
  });

  it('neither counts nor hands in when another device is active, or when the candidate handed in otherwise', async () => {
    const [moved, done] = [await aWriting(), await aWriting()];
    expect(must(await previewAnswerFile(invigilator, fileOf(moved, { device: 'device-0002' }), null)).nothing).toBe('other-device');
    expect(must(await accept(fileOf(moved, { device: 'device-0002' }))).outcome).toMatchObject({ counted: 0, kept: 2, handedIn: false });
    expect(await findAttempt(reader(), moved.attemptId)).toMatchObject({ state: 'in-progress' });
    must(await handIn(done.candidate.actor, done.attemptId, DEVICE));
    expect(must(await accept(fileOf(done))).outcome).toMatchObject({ counted: 0, kept: 2 });
    expect(await stored(done)).toEqual([{ seq: 1 }]);
  });

  it('is refused when a byte was altered, when it is no such file, or of another version or installation', async () => {
    const started = await aWriting();
    const text = fileOf(started);
    const parts = JSON.parse(text) as { sealed: string; attempt: string };
    const codeOf = (given: unknown) => { const opened = openAnswerFile(typeof given === 'string' ? given : JSON.stringify(given)); return opened.ok ? 'ok' : opened.error.code; };
    expect(codeOf(text)).toBe('ok');
    const middle = Math.floor(parts.sealed.length / 2);
    const altered = parts.sealed.slice(0, middle) + (parts.sealed[middle] === 'A' ? 'B' : 'A') + parts.sealed.slice(middle + 1);
    expect(codeOf({ ...parts, sealed: altered })).toBe('answer-file.altered');
    expect(codeOf({ ...parts, attempt: (await aWriting()).attemptId })).toBe('answer-file.altered');
    expect(codeOf({ ...parts, version: 2 })).toBe('answer-file.version');
    for (const other of ['', 'not json', '[]', { ...parts, sealed: 7 }, '{"shanggang":"answers"}']) expect(codeOf(other)).toBe('answer-file.foreign');
  });

  it('is taken from invigilators of the candidate only, and never from the candidate', async () => {
    const started = await aWriting();
    const text = fileOf(started);
    const elsewhere = anActor({ invigilator: ['/elsewhere/there/'] }, 'x');
    expect(await previewAnswerFile(elsewhere, text, null)).toMatchObject({ error: { code: 'answer-file.not-yours' } });
    expect(await acceptAnswerFile({ ...invigilator, personId: started.candidate.personId }, text, { handedOverAt: null, reason: 'x' })).toMatchObject({ error: { code: 'answer-file.not-yours' } });
  });

  it('cannot have been handed over before it was made, nor in the future', async () => {
    const started = await aWriting();
    setClock(T0 + minutes(5));
    const text = fileOf(started);
    for (const at of [T0 + minutes(2), T0 + minutes(6)]) expect(await previewAnswerFile(invigilator, text, at)).toMatchObject({ error: { code: 'answer-file.handed-over', field: 'handedOverAt' } });
    expect(await previewAnswerFile(invigilator, text, T0 + minutes(4))).toMatchObject({ ok: true });
  });
});
