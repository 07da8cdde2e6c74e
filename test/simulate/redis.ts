import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { freePort } from '../support/server';

/** Whether this machine can start a Redis of its own. */
export const canStartRedis = (): boolean => spawnSync('redis-server', ['--version']).status === 0;

/** A Redis of its own, whose data outlives its process: as a server that is stopped and started again. */
export class OwnRedis {
  private child: ChildProcess | null = null;

  private constructor(private readonly folder: string, private readonly port: number) {}

  static async start(folder: string): Promise<OwnRedis> {
    const redis = new OwnRedis(folder, await freePort());
    await redis.start();
    return redis;
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}/0`;
  }

  async start(): Promise<void> {
    const child = spawn('redis-server', [
      '--port', String(this.port), '--bind', '127.0.0.1', '--dir', this.folder, '--save', '', '--appendonly', 'yes', '--appendfsync', 'everysec',
    ], { stdio: 'ignore' });
    this.child = child;
    process.once('exit', () => child.kill('SIGKILL'));
    const client = new Redis(this.url, { lazyConnect: true, maxRetriesPerRequest: 0, retryStrategy: () => null });
    client.on('error', () => undefined);
    for (let tried = 0; tried < 200; tried += 1) {
      // While it reads its file it answers LOADING.
      const ready = await client.connect().then(() => client.ping()).then(() => true, () => false);
      client.disconnect();
      if (ready) return;
      await sleep(50);
    }
    throw new Error('the Redis of this simulation does not answer');
  }

  async kill(): Promise<void> {
    const { child } = this;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const exited = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await exited;
  }
}
