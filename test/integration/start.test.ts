import { afterEach, beforeEach, expect, it } from 'vitest';
import { z } from 'zod';
import { execute, inTransaction, insert, one, reader } from '~/db';
import { recordResult } from '~/certification';
import { beforeStart, examState, findAttempt, findExam, handIn, inTurn, openPractice, prepareSittings, setPractice, startAttempt, startPractice, type AtTheDoor } from '~/exams';
import { advanceClock, clock, hours, minutes, resetClock, seconds, setClock } from '~/kernel/clock';
import { prepareFor } from '~/exams/start/prepare.service';
import { useConfig } from '~/kernel/config';
import { newId } from '~/kernel/id';
import { must, ok } from '~/kernel/result';
import { gradeAttempt, resultPage } from '~/marking';
import { aRootActor } from '../support/actors';
import { testConfig } from '../support/config';
import { onEveryDatabase } from '../support/databases';
import { aCandidate, anExam, DEVICE, type TestCandidate } from '../support/exams';

const T0 = Date.parse('2026-07-01T01:00:00Z');
const Count = z.object({ n: z.number() });
const count = async (sql: string, params: Record<string, string> = {}) => (await one(reader(), Count, sql, params)).n;
const prepared = (examId: string) => count(`SELECT COUNT(*) AS n FROM attempts WHERE exam_id = $examId AND state = 'prepared'`, { examId });
const AT_THE_DOOR: AtTheDoor = { address: '10.1.0.7', seb: null, checkInCode: null };

/** An exam held in one sitting that begins in half an hour, with a place for each candidate. */
async function aSittingFor(candidates: TestCandidate[]): Promise<{ examId: string; sittingId: string }> {
  const exam = await anExam({ items: 6, minutes: 45 });
  const [sittingId, root] = [newId(), await one(reader(), z.object({ id: z.string() }), 'SELECT id FROM organisations ORDER BY path LIMIT 1')];
  await inTransaction(async (tx) => {
    await execute(tx, `UPDATE exams SET delivery = 'sittings' WHERE id = $id`, { id: exam.id });
    await insert(tx, 'sittings', [{
      id: sittingId, exam_id: exam.id, organisation_id: root.id, code: sittingId.slice(-8), title: '第一场', mode: 'fixed', starts_at: T0 + minutes(30),
      ends_at: T0 + minutes(90), place: 'remote', booking: 'assigned', capacity: 100, book_from: null, book_until: T0, late_minutes: 15, late_rule: 'full',
      admission: 0, check_in: 0, seb: 'off', seb_salt: 'x', state: 'planned', created_at: T0, created_by: 'system:test',
    }]);
    await insert(tx, 'bookings', candidates.map(({ personId }, i) => ({
      id: newId(), sitting_id: sittingId, person_id: personId, ticket: `${sittingId.slice(-8)}${i}`, state: 'booked', source: 'assigned', booked_at: T0, booked_by: 'system:test',
    })));
  });
  return { examId: exam.id, sittingId };
}

onEveryDatabase('the start of an exam', () => {
  beforeEach(() => {
    useConfig(testConfig());
    setClock(T0);
  });
  afterEach(() => resetClock());

  it('picks up the paper that was laid ready before the sitting, and draws none', async () => {
    await aRootActor();
    const people = [await aCandidate(), await aCandidate()];
    const { examId, sittingId } = await aSittingFor(people);
    await prepareSittings(clock.now());
    await prepareSittings(clock.now());
    expect(await prepared(examId)).toBe(2);
    const papers = await count('SELECT COUNT(*) AS n FROM papers WHERE exam_id = $examId', { examId });
    advanceClock(minutes(30));
    const id = must(await startAttempt(people[0]?.actor ?? (await aCandidate()).actor, examId, DEVICE, AT_THE_DOOR));
    expect(await findAttempt(reader(), id)).toMatchObject({ state: 'in-progress', number: 1, sittingId, startedAt: T0 + minutes(30), deadlineAt: T0 + minutes(75) });
    expect(await count('SELECT COUNT(*) AS n FROM papers WHERE exam_id = $examId', { examId })).toBe(papers);
    expect(await prepared(examId)).toBe(1);
  });

  it('is prepared at most an hour ahead', async () => {
    await aRootActor();
    const { examId } = await aSittingFor([await aCandidate()]);
    await prepareSittings(T0 - minutes(31));
    expect(await prepared(examId)).toBe(0);
    await prepareSittings(T0 - minutes(29));
    expect(await prepared(examId)).toBe(1);
  });

  it('tells before the sitting that the bank cannot meet the blueprint, and prepares the others all the same', async () => {
    await aRootActor();
    const { examId, sittingId } = await aSittingFor([await aCandidate()]);
    const { examId: other } = await aSittingFor([await aCandidate()]);
    await inTransaction((tx) => execute(tx, `UPDATE items SET retired_at = 1 WHERE bank_id = (SELECT bank_id FROM exams WHERE id = $examId) AND type = 'single'`, { examId }));
    advanceClock(seconds(10));
    await expect(prepareSittings(clock.now())).rejects.toThrow(/itembank\.too-small/);
    expect(await prepared(other)).toBe(1);
    await inTransaction((tx) => execute(tx, `UPDATE sittings SET state = 'cancelled' WHERE id = $sittingId`, { sittingId }));
  });

  it('draws anew when an item of the bank was retired after the paper was laid ready', async () => {
    await aRootActor();
    const candidate = await aCandidate();
    const { examId } = await aSittingFor([candidate]);
    await prepareSittings(clock.now());
    advanceClock(minutes(30));
    await inTransaction((tx) => execute(tx, `UPDATE items SET retired_at = $now WHERE id = (SELECT MIN(id) FROM items
      WHERE bank_id = (SELECT bank_id FROM exams WHERE id = $examId) AND type = 'single')`, { examId, now: tx.now }));
    const id = must(await startAttempt(candidate.actor, examId, DEVICE, AT_THE_DOOR));
    const { n } = await one(reader(), Count, `SELECT COUNT(*) AS n FROM papers p JOIN attempts a ON a.paper_id = p.id, items i
      WHERE a.id = $id AND i.retired_at IS NOT NULL AND i.bank_id = (SELECT bank_id FROM exams WHERE id = $examId) AND p.entries LIKE '%' || i.current_version_id || '%'`, { id, examId });
    expect(n).toBe(0);
    expect(await findAttempt(reader(), id)).toMatchObject({ state: 'in-progress', number: 1 });
  });

  it('begins once, however often and from how many requests it is pressed', async () => {
    await aRootActor();
    const candidate = await aCandidate();
    const { examId } = await aSittingFor([candidate]);
    await prepareSittings(clock.now());
    advanceClock(minutes(31));
    const ids = await Promise.all(Array.from({ length: 8 }, () => startAttempt(candidate.actor, examId, DEVICE, AT_THE_DOOR)));
    expect(new Set(ids.map((id) => must(id))).size).toBe(1);
    expect(await count(`SELECT COUNT(*) AS n FROM ledger_events WHERE kind = 'attempt.started' AND person_id = $personId`, { personId: candidate.personId })).toBe(1);
  });

  it('begins also when a paper is laid ready at the very moment somebody presses, as after the last lesson', async () => {
    const exam = await anExam({ items: 6 });
    for (let i = 0; i < 8; i += 1) {
      const { actor, personId } = await aCandidate();
      const [started] = await Promise.all([startAttempt(actor, exam.id, DEVICE), prepareFor(exam.id, [personId])]);
      expect(await findAttempt(reader(), must(started))).toMatchObject({ state: 'in-progress', number: 1 });
    }
  });

  it('is refused before the sitting, after its latest start, and to whoever has no place', async () => {
    await aRootActor();
    const candidate = await aCandidate();
    const { examId } = await aSittingFor([candidate]);
    const start = (who: TestCandidate) => startAttempt(who.actor, examId, DEVICE, AT_THE_DOOR);
    expect(await start(candidate)).toMatchObject({ ok: false, error: { code: 'door.not-open' } });
    expect(await start(await aCandidate())).toMatchObject({ ok: false, error: { code: 'door.no-place' } });
    advanceClock(minutes(46));
    expect(await start(candidate)).toMatchObject({ ok: false, error: { code: 'door.too-late' } });
  });

  it('shows the time that somebody has with their accommodations before they start', async () => {
    await aRootActor();
    const candidate = await aCandidate();
    const { examId } = await aSittingFor([candidate]);
    await inTransaction((tx) => insert(tx, 'accommodations', [{
      id: newId(), person_id: candidate.personId, exam_id: null, extra_minutes: 30, factor_percent: 100, reason: '手部受伤', valid_from: '2026-01-01', granted_at: 1, granted_by: 'system:test',
    }]));
    advanceClock(minutes(30));
    const exam = await findExam(reader(), examId);
    const before = exam && await beforeStart(candidate.actor, exam, { address: '10.1.0.7', seb: null }, clock.now());
    expect(before).toMatchObject({ ownMinutes: 75, accommodations: [{ extraMinutes: 30 }], entrance: { shut: null, place: { sitting: { title: '第一场' } } } });
    const id = must(await startAttempt(candidate.actor, examId, DEVICE, AT_THE_DOOR));
    expect((await findAttempt(reader(), id))?.deadlineAt).toBe(T0 + minutes(30 + 75));
  });

  it('lets people in by turns when more press it than may start at once', async () => {
    let inside = 0;
    let most = 0;
    const start = async () => {
      inside += 1;
      most = Math.max(most, inside);
      await new Promise((resolve) => setTimeout(resolve, 5));
      inside -= 1;
      return ok('attempt');
    };
    const answers = await Promise.all(Array.from({ length: 30 }, (_, i) => inTurn(`person ${i}`, start)));
    expect(answers.every((answer) => answer.ok && answer.value.kind === 'started')).toBe(true);
    expect(most).toBeLessThanOrEqual(8);
  });
});

onEveryDatabase('practice', () => {
  beforeEach(() => {
    useConfig(testConfig());
    setClock(T0);
  });
  afterEach(() => resetClock());

  /** Practice over a bank that is there already: what loading a course's public items comes to. */
  async function aPractice() {
    const exam = await anExam({ items: 6, minutes: 30, maxAttempts: 1 });
    await inTransaction((tx) => insert(tx, 'exams', [{
      id: newId(), slug: `${exam.slug}-practice`, course_id: null, bank_id: exam.bankId, practice_of: exam.id, title_zh: exam.title.zh, title_en: exam.title.en, minutes: 1,
      cut_score: 60, max_attempts: 1_000_000, cooling_off_hours: 0, release: 'automatic', requires_course: 0, blueprint: JSON.stringify(exam.blueprint), created_at: 1,
    }]));
    return exam;
  }

  it('runs in the same player with the real exam’s time and uses up none of its attempts', async () => {
    const [exam, candidate] = [await aPractice(), await aCandidate()];
    for (let round = 1; round <= 2; round += 1) {
      const id = must(await startPractice(candidate.actor, exam.id, DEVICE));
      expect(await findAttempt(reader(), id)).toMatchObject({ number: round, deadlineAt: clock.now() + minutes(30) });
      must(await handIn(candidate.actor, id, DEVICE));
      await gradeAttempt(id);
      advanceClock(hours(1));
    }
    expect(await examState(reader(), exam.id, candidate.personId, clock.now())).toMatchObject({ state: 'may-start', attemptsLeft: 1, attempts: [] });
  });

  it('is never evidence, and shows the keys afterwards', async () => {
    const [exam, candidate] = [await aPractice(), await aCandidate()];
    const id = must(await startPractice(candidate.actor, exam.id, DEVICE));
    expect(must(await resultPage(candidate.actor, id, clock.now())).practice).toBeNull();
    must(await handIn(candidate.actor, id, DEVICE));
    await gradeAttempt(id);
    await recordResult(id);
    expect(await count('SELECT COUNT(*) AS n FROM evidence WHERE person_id = $personId', { personId: candidate.personId })).toBe(0);
    const page = must(await resultPage(candidate.actor, id, clock.now()));
    expect(page.practice?.items).toHaveLength(6);
    expect(page.practice?.items[0]).toMatchObject({ right: false, explanation: '解释' });
  });

  it('is opened and closed by administrators, only where a course has public items', async () => {
    const [exam, actor] = [await anExam(), await aRootActor()];
    expect(await setPractice(actor, exam.id, true)).toMatchObject({ ok: false, error: { code: 'itembank.nothing-shipped' } });
    expect(await openPractice(exam.id)).toBeNull();
    const open = await aPractice();
    expect(await openPractice(open.id)).not.toBeNull();
    must(await setPractice(actor, open.id, false));
    expect(await openPractice(open.id)).toBeNull();
  });
});
