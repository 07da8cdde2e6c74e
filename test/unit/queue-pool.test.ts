import { EventEmitter } from 'node:events';
import type { Worker } from 'node:worker_threads';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { StoreAway } from '~jobs/queue/failure';
import type { Answer, Ask } from '~jobs/queue/pglite-messages';
import { PglitePool, ThreadLost } from '~jobs/queue/pglite-pool';

/** A thread that answers when it is told to. */
class ThreadStandIn extends EventEmitter {
  readonly asked: Ask[] = [];
  terminate = vi.fn(() => Promise.resolve(0));
  postMessage(ask: Ask): void {
    this.asked.push(ask);
  }
  get texts(): string[] {
    return this.asked.map((ask) => (ask.kind === 'statement' ? ask.text : ask.kind));
  }
  tell(answer: Answer): void {
    this.emit('message', answer);
  }
}

describe('the pool over the PGlite thread', () => {
  let thread: ThreadStandIn;
  let pool: PglitePool;
  const settled = () => new Promise((resolve) => setImmediate(resolve));

  beforeEach(() => {
    thread = new ThreadStandIn();
    pool = new PglitePool(thread as unknown as Worker);
  });

  it('sends statements in order and gives each its own answer', async () => {
    const first = pool.query('SELECT 1');
    const second = pool.query('SELECT $1', ['b']);
    await settled();
    expect(thread.asked).toEqual([
      { kind: 'statement', ask: 1, text: 'SELECT 1', params: [] },
      { kind: 'statement', ask: 2, text: 'SELECT $1', params: ['b'] },
    ]);
    thread.tell({ kind: 'rows', ask: 2, rows: [{ b: 2 }], rowCount: 1 });
    thread.tell({ kind: 'rows', ask: 1, rows: [{ a: 1 }], rowCount: 1 });
    expect(await first).toEqual({ rows: [{ a: 1 }], rowCount: 1 });
    expect(await second).toEqual({ rows: [{ b: 2 }], rowCount: 1 });
  });

  it.each(['COMMIT', 'ROLLBACK'])('keeps statements of others back from BEGIN to %s', async (end) => {
    const client = await pool.connect();
    const other = await pool.connect();
    void client.query('BEGIN');
    void other.query('SELECT 1');
    void pool.query('SELECT 2');
    void client.query('UPDATE meta SET value = 1');
    await settled();
    expect(thread.texts).toEqual(['BEGIN', 'UPDATE meta SET value = 1']);
    void client.query(end);
    await settled();
    expect(thread.texts.slice(2)).toEqual([end, 'SELECT 1', 'SELECT 2']);
  });

  it('rolls back what a client left open when it is released', async () => {
    const client = await pool.connect();
    void client.query('BEGIN');
    client.release();
    void pool.query('SELECT 1');
    await settled();
    expect(thread.texts).toEqual(['BEGIN', 'ROLLBACK', 'SELECT 1']);
  });

  it('brings notifications to the clients that are out', async () => {
    const client = await pool.connect();
    const released = await pool.connect();
    const [heard, notHeard] = [vi.fn(), vi.fn()];
    client.on('notification', heard);
    released.on('notification', notHeard);
    released.release();
    thread.tell({ kind: 'notification', channel: 'bullmq_jobs', payload: 'shanggang' });
    expect(heard).toHaveBeenCalledWith({ channel: 'bullmq_jobs', payload: 'shanggang' });
    expect(notHeard).not.toHaveBeenCalled();
  });

  it("passes on errors of BullMQ's own functions and of values, and has others waited out", async () => {
    const codes = ['BM001', '22P02', '23505', '40P01', '42P01'];
    const asked = codes.map(() => pool.query('SELECT 1').catch((error: unknown) => error));
    await settled();
    codes.forEach((code, at) => {
      thread.tell({ kind: 'error', ask: at + 1, error: { message: 'no', code, detail: '-2' } });
    });
    const errors = await Promise.all(asked);
    expect(errors.slice(0, 3)).toMatchObject(codes.slice(0, 3).map((code) => ({ code, detail: '-2' })));
    expect(errors.slice(3).every((error) => error instanceof StoreAway)).toBe(true);
    expect(thread.terminate).not.toHaveBeenCalled();
  });

  it.each([
    {
      name: 'a damaged page',
      answer: { kind: 'error', ask: 1, error: { message: 'bad', code: 'XX001' } },
      damaged: true,
    },
    { name: 'a broken engine', answer: { kind: 'broken', message: 'Aborted()' }, damaged: false },
  ] as const)('gives the thread up after $name: nothing waits for ever', async ({ answer, damaged }) => {
    const waiting = ['SELECT 1', 'SELECT 2'].map((text) => pool.query(text).catch((error: unknown) => error));
    const listening = await pool.connect();
    const heard = vi.fn();
    listening.on('error', heard);
    await settled();
    thread.tell(answer);

    const lost = await pool.lost;
    expect(lost).toMatchObject({ damaged });
    for (const error of await Promise.all(waiting)) expect(error).toBeInstanceOf(StoreAway);
    await expect(pool.query('SELECT 3')).rejects.toBe(lost);
    await expect(pool.connect()).rejects.toBeInstanceOf(ThreadLost);
    expect(heard).toHaveBeenCalledWith(lost);
    expect(thread.terminate).toHaveBeenCalled();
  });

  it('gives the thread up when it ends or is silent for a minute', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    try {
      const silent = pool.query('SELECT 1').catch((error: unknown) => error);
      await vi.advanceTimersByTimeAsync(60_000);
      expect(await silent).toBeInstanceOf(ThreadLost);
    } finally {
      vi.useRealTimers();
    }
    const other = new ThreadStandIn();
    const ended = new PglitePool(other as unknown as Worker);
    other.emit('exit', 1);
    expect(await ended.lost).toMatchObject({ message: 'its thread has ended' });
  });
});
