import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { chromium, type Browser, type BrowserContext, type BrowserContextOptions, type Page } from 'playwright-core';
import { z } from 'zod';
import { closeDatabase, execute, inTransaction, one, openDatabase, reader, type Bindable } from '~/db';
import type { Actor } from '~/identity';
import { advanceClock, clock, resetClock } from '~/kernel/clock';
import { configure, databaseChoice } from '~/start/boot';
import { aRootActor } from './actors';
import { launchChromium, launchOptions } from './chromium';
import { prepareHall, type Seat } from './exam-hall';
import { startInProcess, type DemoServer } from './running';

/**
 * An exam hall with the built program, candidates at their seats and a browser. Tests stand on the other side, too:
 * services that are called here work on the same database, and both clocks go alike.
 */
export class PlayerHouse {
  private readonly open: BrowserContext[] = [];
  private next = 0;

  private constructor(
    readonly server: DemoServer, readonly browser: Browser, private readonly seats: Seat[], readonly invigilator: Actor, private readonly done: () => Promise<void>,
  ) {}

  static async prepare(name: string, seats: number, minutes: number): Promise<PlayerHouse> {
    const folder = mkdtempSync(path.join(tmpdir(), `shanggang-${name}-`));
    const env = { DATA_DIR: folder, PORT: '0', LOG_LEVEL: 'silent' };
    const seated = await prepareHall(env, seats, minutes);
    const [server, browser] = await Promise.all([startInProcess({ demo: false, env: { DATA_DIR: folder } }), launchChromium()]);
    const db = await openDatabase(databaseChoice(configure(env)));
    return new PlayerHouse(server, browser, seated, await aRootActor(), async () => {
      await closeDatabase(db);
      rmSync(folder, { recursive: true, force: true });
    });
  }

  get url(): string {
    return this.server.url;
  }

  seat(): Seat {
    const seat = this.seats[this.next++];
    if (!seat) throw new Error('no seat is left');
    return seat;
  }

  /** A browser of its own, signed in. */
  async sitDown(seat: Seat | { cookie: string } = this.seat(), given: BrowserContextOptions & { script?: string } = {}): Promise<{ context: BrowserContext; page: Page }> {
    const { script, ...options } = given;
    const context = await this.browser.newContext({ ...candidates, ...options });
    return this.seated(context, seat, script);
  }

  /** A browser whose profile outlives it: it can be closed and opened again. */
  async sitDownWith(profile: string, seat: Seat): Promise<{ context: BrowserContext; page: Page }> {
    const context = await chromium.launchPersistentContext(profile, { ...(await launchOptions()), ...candidates });
    return this.seated(context, seat);
  }

  private async seated(context: BrowserContext, { cookie }: { cookie: string }, script?: string): Promise<{ context: BrowserContext; page: Page }> {
    this.open.push(context);
    if (script) await context.addInitScript(script);
    await context.addCookies([{ name: 'sid', value: cookie.slice(cookie.indexOf('=') + 1), url: this.url, expires: Math.floor(Date.now() / 1000) + 86_400 }]);
    return { context, page: await context.newPage() };
  }

  /** Lets time pass for the server and for the services that are called here. */
  pass(ms: number): void {
    advanceClock(ms);
    this.server.program.advanceClock(ms);
  }

  /** What the server's clock shows. */
  readonly now = (): number => clock.now();

  /** After each test. */
  async tidy(): Promise<void> {
    resetClock();
    this.server.program.resetClock();
    for (const context of this.open.splice(0)) await context.close();
  }

  async close(): Promise<void> {
    await this.browser.close();
    await this.server.stop();
    await this.done();
  }
}

const candidates = { locale: 'zh-CN', viewport: { width: 1366, height: 768 } };

/** Changes the exam as an author could have. */
export const setExam = (slug: string, values: Record<string, Bindable>): Promise<unknown> =>
  inTransaction((tx) => execute(tx, `UPDATE exams SET ${Object.keys(values).map((name) => `${name} = $${name}`).join(', ')} WHERE slug = $slug`, { ...values, slug }));

const Deadline = z.object({ deadline_at: z.number(), state: z.string() });

/** How the attempt stands in the database. */
export const attemptNow = (attemptId: string): Promise<z.infer<typeof Deadline>> =>
  one(reader(), Deadline, 'SELECT deadline_at, state FROM attempts WHERE id = $attemptId', { attemptId });

/** How many answers of the attempt count. */
export const answersStored = async (attemptId: string): Promise<number> =>
  (await one(reader(), z.object({ n: z.number() }), 'SELECT COUNT(*) AS n FROM responses WHERE attempt_id = $attemptId', { attemptId })).n;
