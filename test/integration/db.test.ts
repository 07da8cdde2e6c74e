import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { addJob, execute, failedJobs, groupCommit, inTransaction, insert, jobStatus, markDone, markFailed, markSent, markWaiting, maybeOne, migrate, NewerDatabaseError, one, reader, rows, appendEvent, waitingJobs, openPersonal, erasePersonKey } from '~/db';
import { newId } from '~/kernel/id';
import { onEveryDatabase } from '../support/databases';

const Count = z.object({ n: z.number() });
const count = async (where: string) => (await one(reader(), Count, `SELECT COUNT(*) AS n FROM settings WHERE name LIKE $where`, { where })).n;
const setting = (name: string) => ({ name, value: 'x', changed_at: 1 });

onEveryDatabase('the database', (_dialect, db) => {
  it('migrates once and then has nothing left to do', async () => {
    expect(await migrate(db())).toEqual([]);
  });

  it('refuses a database that is newer than the program and touches nothing', async () => {
    const before = await rows(reader(), z.object({ name: z.string() }), 'SELECT name FROM migrations');
    await expect(migrate(db(), [])).rejects.toThrow(NewerDatabaseError);
    expect(await rows(reader(), z.object({ name: z.string() }), 'SELECT name FROM migrations')).toEqual(before);
  });

  it('runs 200 concurrent read-then-write transactions without losing one', async () => {
    await inTransaction((tx) => insert(tx, 'settings', [{ name: 'counter', value: '0', changed_at: 0 }]));
    await Promise.all(Array.from({ length: 200 }, () => inTransaction(async (tx) => {
      await execute(tx, 'UPDATE settings SET changed_at = changed_at + 1 WHERE name = $name', { name: 'counter' });
    })));
    const row = await one(reader(), z.object({ changed_at: z.number() }), `SELECT changed_at FROM settings WHERE name = 'counter'`);
    expect(row.changed_at).toBe(200);
  });

  it('rolls everything back when one part fails, and runs nothing that waited for the commit', async () => {
    let told = false;
    await expect(inTransaction(async (tx) => {
      tx.afterCommit(() => { told = true; });
      await insert(tx, 'settings', [setting('rolled')]);
      await insert(tx, 'settings', [setting('rolled')]);
    })).rejects.toThrow();
    expect(await count('rolled')).toBe(0);
    expect(told).toBe(false);
  });

  it('answers rows of INSERT … RETURNING and nothing for a conflict', async () => {
    const add = () => inTransaction((tx) => rows(tx, z.object({ name: z.string() }),
      `INSERT INTO settings (name, value, changed_at) VALUES ($name, 'v', 1) ON CONFLICT (name) DO NOTHING RETURNING name`, { name: 'returning' }));
    expect(await add()).toEqual([{ name: 'returning' }]);
    expect(await add()).toEqual([]);
  });

  it('refuses a parameter that the statement does not use and one that is missing', async () => {
    await expect(rows(reader(), Count, 'SELECT 1 AS n', { x: 1 })).rejects.toThrow('$x is not used');
    await expect(rows(reader(), Count, 'SELECT $x AS n')).rejects.toThrow('$x is not given');
  });

  it('commits many waiting changes in few transactions and isolates the one that fails', async () => {
    let transactions = 0;
    const save = groupCommit<string, string>(async (tx, names) => {
      transactions += 1;
      await insert(tx, 'settings', names.map(setting));
      return names;
    });
    const names = Array.from({ length: 60 }, (_, i) => `batch-${i}`);
    await Promise.all(names.map((name) => save(name)));
    expect(transactions).toBeLessThan(5);
    const outcomes = await Promise.allSettled([save('batch-60'), save('batch-0'), save('batch-61')]);
    expect(outcomes.map((outcome) => outcome.status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(await count('batch-%')).toBe(62);
  });

  it('keeps a job in the outbox from its transaction until its handler succeeded', async () => {
    await inTransaction((tx) => addJob(tx, 'exams.grade', { attemptId: 'a' }));
    const [job] = await waitingJobs(reader(), 10);
    expect(job).toMatchObject({ name: 'exams.grade', payload: '{"attemptId":"a"}' });
    const id = job?.id ?? '';
    await markSent([id]);
    expect(await waitingJobs(reader(), 10)).toEqual([]);
    await markFailed(id, 'no paper', true);
    expect(await failedJobs(reader(), 10)).toMatchObject([{ id, error: 'no paper', attempts: 1 }]);
    expect(await inTransaction((tx) => markWaiting(tx, id))).toBe(true);
    await markSent([id]);
    await markDone(id);
    expect(await jobStatus(reader(), id)).toBe('done');
    expect(await inTransaction((tx) => markWaiting(tx, id))).toBe(false);
  });

  it('keeps personal facts readable in the ledger until the key of the person is erased', async () => {
    const personId = newId();
    await inTransaction((tx) => appendEvent(tx, {
      kind: 'person.created', subject: { kind: 'person', id: personId }, personId, by: 'system:a test', personal: { name: '张三' },
    }));
    const row = await maybeOne(reader(), z.object({ personal: z.string(), body: z.string() }), 'SELECT personal, body FROM ledger_events WHERE person_id = $personId', { personId });
    expect(row?.personal).not.toContain('张三');
    expect(await openPersonal(reader(), personId, row?.personal ?? '')).toEqual({ name: '张三' });
    await inTransaction((tx) => erasePersonKey(tx, personId));
    expect(await openPersonal(reader(), personId, row?.personal ?? '')).toBeNull();
  });
});

describe('a statement', () => {
  it('cannot be run before the database is open', () => {
    expect(() => reader()).toThrow('not open');
  });
});
