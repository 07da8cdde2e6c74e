import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { onServer, POSTGRES } from '../support/postgres-server';
import { freePort, freshFolder, removeFolder, startServer, startWorker, type ServerProcess, type WorkerProcess } from '../support/server';
import { canStartRedis, OwnRedis } from './redis';
import { SittingClock } from './sitting-clock';

export interface InstallationGiven {
  database: 'sqlite' | 'postgres';
  queue: 'embedded' | 'postgres' | 'redis';
  /** Web and worker in processes of their own. */
  worker: boolean;
  factor: number;
  env: Record<string, string>;
}

const AS_SHIPPED = `--import ${pathToFileURL(path.resolve('test/support/react-as-shipped.mjs')).href}`;

/** The program with its own database, queue and clock, whose processes may be killed and started again. */
export class Installation {
  private web: ServerProcess | null = null;
  private worker: WorkerProcess | null = null;
  private killing: Promise<unknown> = Promise.resolve();

  private constructor(
    private readonly given: InstallationGiven, readonly clock: SittingClock, readonly redis: OwnRedis | null,
    private readonly port: number, readonly env: Record<string, string>, private readonly removals: (() => Promise<void> | void)[],
  ) {}

  /** Everything but the processes of the program. */
  static async prepare(given: InstallationGiven): Promise<Installation> {
    refuseImpossible(given);
    const dataDir = freshFolder('simulate');
    const removals: (() => Promise<void> | void)[] = [() => removeFolder(dataDir)];
    const clock = new SittingClock(dataDir, given.factor);
    const port = await freePort();
    const env: Record<string, string> = { DATA_DIR: dataDir, PORT: String(port), LOG_LEVEL: 'error', NODE_ENV: 'test', TEST_CLOCK: clock.file, NODE_OPTIONS: AS_SHIPPED, ...given.env };
    if (given.database === 'postgres' && !env['DATABASE_URL']) {
      const made = await ownDatabase();
      env['DATABASE_URL'] = made.url;
      removals.unshift(made.remove);
    }
    let redis: OwnRedis | null = null;
    if (given.queue === 'redis' && !env['REDIS_URL']) {
      redis = await OwnRedis.start(dataDir);
      env['REDIS_URL'] = redis.url;
      removals.unshift(() => redis?.kill());
    }
    return new Installation(given, clock, redis, port, env, removals);
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  async start(): Promise<void> {
    if (this.given.worker) this.startWorker();
    await this.startWeb();
  }

  /** SIGKILL, and up again at once; only when what was killed before is up again. @returns which */
  killOne(worker: boolean): Promise<'web' | 'worker'> {
    const killed = this.killing.then(() => this.kill(worker));
    this.killing = killed;
    return killed;
  }

  private async kill(worker: boolean): Promise<'web' | 'worker'> {
    if (worker && this.worker) {
      await this.worker.kill();
      this.startWorker();
      return 'worker';
    }
    await this.web?.kill();
    await this.startWeb();
    return 'web';
  }

  /** What the processes have complained about so far, for when something is wrong. */
  complaints(): string {
    return [this.web, this.worker].map((one) => one?.output().slice(-4000) ?? '').join('\n');
  }

  async remove(): Promise<void> {
    await this.web?.kill();
    await this.worker?.kill();
    for (const remove of this.removals) await remove();
  }

  private async startWeb(): Promise<void> {
    this.web = await startServer({ dataDir: this.env['DATA_DIR'], port: this.port, env: this.env, args: this.given.worker ? ['--web'] : [] });
  }

  private startWorker(): void {
    this.worker = startWorker(this.env);
  }
}

/** @throws with a sentence for whoever typed the command */
function refuseImpossible({ database, queue, worker, env }: InstallationGiven): void {
  if (worker && database === 'sqlite') throw new Error('--worker needs --database postgres: with SQLite one process holds web and worker.');
  if (queue === 'postgres' && database === 'sqlite') throw new Error('--queue postgres needs --database postgres.');
  if (queue === 'embedded' && database === 'postgres') throw new Error('--queue embedded goes with --database sqlite; with PostgreSQL it is --queue postgres or redis.');
  if (queue === 'redis' && !env['REDIS_URL'] && !canStartRedis()) throw new Error('--queue redis needs redis-server on this machine, to be stopped and started.');
}

/** A database of its own. */
async function ownDatabase(): Promise<{ url: string; remove(): Promise<void> }> {
  const name = `shanggang_simulate_${randomBytes(6).toString('hex')}`;
  await onServer(`CREATE DATABASE ${name}`);
  const url = new URL(POSTGRES);
  url.pathname = `/${name}`;
  return { url: url.href, remove: () => onServer(`DROP DATABASE ${name} WITH (FORCE)`) };
}
