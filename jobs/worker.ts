import { boot, StartError } from '~/start/boot';
import { log } from '~/kernel/log';
import { startJobs } from './run';

/** `npm run worker`: jobs without a web server, beside any number of `npm run web`. Needs PostgreSQL. */
async function main(): Promise<void> {
  const ground = await boot(process.env);
  if (!ground.config.DATABASE_URL) {
    await ground.close();
    throw new StartError('`npm run worker` needs DATABASE_URL: with SQLite one process holds web and worker (`npm start`).');
  }
  const jobs = await startJobs(ground.config, true);
  log().info({ queue: jobs.queue.kind }, 'the worker runs');
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => void jobs.stop().then(() => ground.close()).then(() => process.exit(0)));
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof StartError ? error.message : String(error instanceof Error ? error.stack : error)}\n`);
  process.exit(1);
});
