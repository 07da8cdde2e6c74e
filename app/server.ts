import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import * as build from 'virtual:remix/server-build';
import { boot, StartError, type Ground } from '~/start/boot';
import { createApp } from '~/start/http';
import { signingKey } from '~/certification';
import { endStreams } from '~/exams';
import { firstRun } from '~/start/first-run';
import { loadContent } from '~/start/content';
import { demoCity } from '~/start/demo';
import { log } from '~/kernel/log';
import { startJobs, type RunningJobs } from '~jobs/run';

/** For tests that start the built program inside their own process: its routes, sweeps and one clock. */
export const { routes } = build;
export { advanceClock, resetClock, setClock } from '~/kernel/clock';
export { SWEEPS } from '~jobs/registry';

export interface StartOptions {
  env: Record<string, string | undefined>;
  /** False in `npm run web`: the jobs are run by `npm run worker`. */
  work: boolean;
  /** Fill an empty installation with the demonstration city. */
  demo: boolean;
  /** Where the address and the first administrator's link are told. */
  tell: (line: string) => void;
}

export interface Running {
  url: string;
  stop(): Promise<void>;
}

/** The composition root: everything that a process of the product consists of is put together here. */
export async function start(options: StartOptions): Promise<Running> {
  const ground = await boot(options.env);
  if (!options.work && !ground.config.DATABASE_URL) {
    await ground.close();
    throw new StartError('`npm run web` needs DATABASE_URL: with SQLite one process holds web and worker (`npm start`).');
  }
  // Known before it listens, unless the port is any: credentials of the demonstration print it.
  if (ground.config.PORT !== 0) ground.config.PUBLIC_URL ??= addressOf(ground, ground.config.PORT);
  await loadContent(ground.config, options.tell);
  await signingKey();
  if (options.demo) await demoCity({ people: 40, tell: options.tell });
  const jobs = await startJobs(ground.config, options.work);
  let stopping = false;
  const app = createApp(ground.config, build, { queue: jobs.queue, stopping: () => stopping });
  const server = createServer(app);
  const url = await listen(server, ground);
  options.tell(`上岗 Shanggang: ${url}`);
  await firstRun(url, options.tell);
  return {
    url,
    stop: async () => {
      stopping = true;
      await stop(server, jobs, ground);
    },
  };
}

async function listen(server: Server, ground: Ground): Promise<string> {
  const { config } = ground;
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(error.code === 'EADDRINUSE' ? new StartError(`Port ${config.PORT} is taken. Set PORT to another one.`) : error),
    );
    server.listen(config.PORT, config.HOST, resolve);
  });
  config.PUBLIC_URL ??= addressOf(ground, (server.address() as AddressInfo).port);
  return config.PUBLIC_URL;
}

function addressOf({ config }: Ground, port: number): string {
  const host = ['0.0.0.0', '::', '127.0.0.1'].includes(config.HOST) ? 'localhost' : config.HOST;
  return `http://${host}:${port}`;
}

/** First no new requests, then the running ones, then the running jobs, then the database. */
async function stop(server: Server, jobs: RunningJobs, ground: Ground): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  // Streams would stay open for ever.
  endStreams();
  // A connection kept alive falls idle only after its running request; those requests may take their time.
  const idle = setInterval(() => server.closeIdleConnections(), 50);
  const force = setTimeout(() => server.closeAllConnections(), 10_000);
  await closed;
  clearInterval(idle);
  clearTimeout(force);
  await jobs.stop();
  await ground.close();
}

async function main(): Promise<void> {
  const flags = process.argv.slice(2);
  const running = await start({
    env: process.env,
    work: !flags.includes('--web'),
    demo: flags.includes('--demo'),
    tell: (line) => process.stdout.write(`${line}\n`),
  });
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => {
      running.stop().then(() => process.exit(0), (error: unknown) => {
        log().fatal({ err: error }, 'stopping failed');
        process.exit(1);
      });
    });
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  main().catch((error: unknown) => {
    process.stderr.write(`${error instanceof StartError ? error.message : String(error instanceof Error ? error.stack : error)}\n`);
    process.exit(1);
  });
}
