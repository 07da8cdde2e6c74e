import { EventEmitter } from 'node:events';
import type { Worker } from 'node:worker_threads';
import type { PgNotification, PgPool, PgPoolClient, PgQueryResult } from 'bullmq';
import { StoreAway, forBull } from './failure';
import type { Answer } from './pglite-messages';

/** SQLSTATE of damage that shows only when a page is read: corrupted data, corrupted index, missing file. */
const DAMAGE = new Set(['XX001', 'XX002', '58P01']);

/** A statement without an answer for this long means that the engine hangs; ordinary ones take milliseconds. */
const HANGS_AFTER_MS = 60_000;

interface Open {
  resolve: (result: PgQueryResult<unknown>) => void;
  reject: (error: unknown) => void;
}

/** Why the thread is gone. `damaged`: do not open the folder again. */
export class ThreadLost extends StoreAway {
  constructor(
    reason: unknown,
    readonly damaged: boolean,
  ) {
    super(reason);
  }
}

/**
 * What BullMQ needs of a `pg.Pool`, over the one session of the PGlite thread. Statements are answered in the
 * order in which they are sent; while one client is between BEGIN and COMMIT, those of others wait here.
 */
export class PglitePool extends EventEmitter implements PgPool {
  /** Resolves when the thread has ended without being asked to, or its store turned out to be damaged. */
  readonly lost: Promise<ThreadLost>;
  /** Statements sent so far. */
  sent = 0;
  #end: (lost: ThreadLost) => void = () => undefined;
  #gone: ThreadLost | null = null;
  readonly #open = new Map<number, Open>();
  readonly #clients = new Set<PgliteClient>();
  #owner: PgliteClient | null = null;
  #waiting: (() => void)[] = [];
  #watch: NodeJS.Timeout | undefined;

  constructor(private readonly thread: Worker) {
    super();
    this.lost = new Promise((resolve) => (this.#end = resolve));
    thread.on('message', (answer: Answer) => {
      this.#take(answer);
    });
    thread.on('error', (error) => {
      this.lose(error, false);
    });
    thread.on('exit', () => {
      this.lose(new Error('its thread has ended'), false);
    });
  }

  query<R>(text: string, params: readonly unknown[] = []): Promise<PgQueryResult<R>> {
    return this.ask<R>(null, text, params);
  }

  connect(): Promise<PgPoolClient> {
    if (this.#gone) return Promise.reject(this.#gone);
    const client = new PgliteClient(this);
    this.#clients.add(client);
    return Promise.resolve(client);
  }

  /** Writes everything out and ends the thread; at the latest after 10 s. */
  async end(): Promise<void> {
    if (this.#gone) return;
    const ended = new Promise<void>((resolve) => this.thread.once('exit', () => resolve()));
    this.thread.postMessage({ kind: 'close' });
    const kill = setTimeout(() => void this.thread.terminate(), 10_000);
    await ended;
    clearTimeout(kill);
  }

  async ask<R>(client: PgliteClient | null, text: string, params: readonly unknown[]): Promise<PgQueryResult<R>> {
    while (this.#owner !== null && this.#owner !== client) {
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
    if (this.#gone) throw this.#gone;
    if (client && /^\s*BEGIN\b/i.test(text)) this.#owner = client;
    const answered = new Promise<PgQueryResult<unknown>>((resolve, reject) => {
      this.#open.set(++this.sent, { resolve, reject });
    });
    this.thread.postMessage({ kind: 'statement', ask: this.sent, text, params });
    this.#watchForSilence();
    if (client && /^\s*(COMMIT|ROLLBACK)\s*;?\s*$/i.test(text)) this.#passOn();
    return (await answered) as PgQueryResult<R>;
  }

  async give(client: PgliteClient): Promise<void> {
    this.#clients.delete(client);
    if (this.#owner === client) await this.ask(client, 'ROLLBACK', []).catch(() => undefined);
  }

  /** Gives the thread up: what waits is rejected, what comes later too. */
  lose(reason: unknown, damaged: boolean): void {
    if (this.#gone) return;
    this.#gone = new ThreadLost(reason, damaged);
    clearTimeout(this.#watch);
    for (const { reject } of this.#open.values()) reject(this.#gone);
    this.#open.clear();
    this.#passOn();
    void this.thread.terminate();
    this.#end(this.#gone);
    // BullMQ holds a client for LISTEN, and wakes from its wait when that one fails.
    for (const client of [...this.#clients]) if (client.listenerCount('error') > 0) client.emit('error', this.#gone);
  }

  #take(answer: Answer): void {
    if (answer.kind === 'notification') {
      const message: PgNotification = { channel: answer.channel, payload: answer.payload };
      for (const client of this.#clients) client.emit('notification', message);
    } else if (answer.kind === 'broken') {
      this.lose(new Error(answer.message), false);
    } else if (answer.kind !== 'ready') {
      const open = this.#open.get(answer.ask);
      this.#open.delete(answer.ask);
      this.#watchForSilence();
      if (answer.kind === 'rows') open?.resolve({ rows: answer.rows, rowCount: answer.rowCount });
      else this.#refuse(open, answer.error);
    }
  }

  #refuse(open: Open | undefined, { message, code, detail }: Extract<Answer, { kind: 'error' }>['error']): void {
    const error = Object.assign(new Error(message), { code, detail });
    open?.reject(forBull(error));
    if (code !== undefined && DAMAGE.has(code)) this.lose(error, true);
  }

  #passOn(): void {
    this.#owner = null;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const go of waiting) go();
  }

  #watchForSilence(): void {
    clearTimeout(this.#watch);
    if (this.#open.size === 0 || this.#gone) return;
    this.#watch = setTimeout(() => {
      this.lose(new Error(`no answer for ${HANGS_AFTER_MS / 1000} s`), false);
    }, HANGS_AFTER_MS);
    this.#watch.unref();
  }
}

/** A client of the pool: the same session as all, but with statements of its own between BEGIN and COMMIT. */
class PgliteClient extends EventEmitter implements PgPoolClient {
  constructor(private readonly pool: PglitePool) {
    super();
  }

  query<R>(text: string, params: readonly unknown[] = []): Promise<PgQueryResult<R>> {
    return this.pool.ask<R>(this, text, params);
  }

  release(): void {
    void this.pool.give(this);
  }
}
