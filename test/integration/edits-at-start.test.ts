import { setTimeout } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { z } from 'zod';
import { one, reader, rows } from '~/db';
import { changeSettings, findExam, inTurn, startAttempt, type Exam } from '~/exams';
import { changeItem, findItem, retireItem } from '~/itembank';
import { resetClock } from '~/kernel/clock';
import { useConfig } from '~/kernel/config';
import { newId } from '~/kernel/id';
import { must } from '~/kernel/result';
import { anActor, aRootActor } from '../support/actors';
import { testConfig } from '../support/config';
import { onEveryDatabase } from '../support/databases';
import { anExam, DEVICE } from '../support/exams';
import { seatPersons } from '../support/running-attempts';

const CANDIDATES = 250;

onEveryDatabase('an author at work while an exam starts', () => {
  beforeEach(() => useConfig(testConfig()));
  afterEach(() => resetClock());

  it('starts for 250 candidates while the course’s items and the exam’s settings are edited', async () => {
    const exam = await anExam({ items: 6 });
    const persons = await seatPersons(CANDIDATES);
    const starting = persons.map(({ personId }) => start(personId, exam.id));
    const [edits, started] = await Promise.all([editEverything(exam), Promise.all(starting)]);
    expect(new Set(started).size).toBe(CANDIDATES);
    expect(edits).toBe(6);
    // Each paper is whole, whichever version its items had when it was drawn.
    const { n } = await one(reader(), z.object({ n: z.number() }),
      `SELECT COUNT(DISTINCT p.id) AS n FROM attempts a JOIN papers p ON p.id = a.paper_id WHERE a.exam_id = $examId AND a.state = 'in-progress'`, { examId: exam.id });
    expect(n).toBe(CANDIDATES);
  }, 300_000);
});

/** Presses "start" as the page does: in turn, and again as long as the line is long. */
async function start(personId: string, examId: string): Promise<string> {
  for (;;) {
    const answer = must(await inTurn(`${examId} ${personId}`, () => startAttempt(anActor({}, personId), examId, DEVICE)));
    if (answer.kind === 'started') return answer.attemptId;
    await setTimeout(100);
  }
}

/** Changes two items, takes one out and puts it back, and changes the exam's settings twice. @returns how many edits were taken */
async function editEverything(exam: Exam): Promise<number> {
  const author = await aRootActor();
  const items = await rows(reader(), z.object({ id: z.string() }), `SELECT id FROM items WHERE bank_id = $bankId AND type = 'single' ORDER BY id`, { bankId: exam.bankId ?? '' });
  let done = 0;
  for (const { id } of items) {
    const item = await findItem(reader(), id);
    if (!item) throw new Error('the item is gone');
    const { lesson, difficulty, body, key } = item;
    must(await changeItem(author, { itemId: id, version: item.version, draft: { lesson, difficulty, body, key, explanation: `改过的解释 ${newId()}` } }));
    done += 1;
  }
  must(await retireItem(author, items[0]?.id ?? '', true));
  must(await retireItem(author, items[0]?.id ?? '', false));
  for (const more of [1, 1]) {
    const now = await findExam(reader(), exam.id);
    if (!now) throw new Error('the exam is gone');
    must(await changeSettings(author, exam.id, now.version, { ...now, maxAttempts: now.maxAttempts + more }));
  }
  return done + 4;
}
