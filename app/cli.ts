import { Command } from 'commander';
import { StartError } from '~/start/boot';
import { backup } from '~/start/cli/backup';
import { checkAllCourses, makeDemo, printEnvExample, rebuildLedger, rotateSigningKey, runMigrations, showPlan, verifySeals } from '~/start/cli/commands';
import { restore } from '~/start/cli/restore';

/** `npm run cli -- …`. On SQLite it works beside a running server; it never opens the queue. */
const program = new Command('shanggang').description('Shanggang on the command line');

program.command('demo')
  .description('fill an empty installation with a believable city')
  .option('--people <n>', 'how many people', (text) => Number.parseInt(text, 10), 40)
  .option('--seed <seed>', 'the same seed makes the same city', 'shanggang')
  .action(makeDemo);

const ledger = program.command('ledger').description('the ledger');
ledger.command('rebuild')
  .description('compute the projections again from the ledger')
  .option('--check', 'only compare; exits with 1 when something differs')
  .action(rebuildLedger);
ledger.command('verify')
  .description('follow the chain of seals and compare every event with its seal')
  .option('--head <number:hash>', 'a seal that was kept elsewhere and must be in the chain')
  .action(verifySeals);
ledger.command('plan')
  .description('how PostgreSQL answers what was known on a day; exits with 1 when indexes are not enough')
  .action(showPlan);

program.command('keys').description('the keys that sign badges')
  .command('rotate')
  .description('sign with a new key from now on; what the old one signed can be checked for ever')
  .option('--leaked', 'others may have the old key: everything that it signed is withdrawn')
  .action(rotateSigningKey);

program.command('backup <file>')
  .description('database, files and keys in one archive, while the server runs')
  .action(backup);

program.command('restore <file>')
  .description('into an empty installation; the server must not run')
  .option('--verify', 'read everything back afterwards and compare it with the archive')
  .action(restore);

program.command('db').description('the database')
  .command('migrate')
  .description('bring the schema up to this program')
  .action(runMigrations);

program.command('courses').description('the course folders')
  .command('check')
  .description('find broken front matter, dead links, items without key, blueprints that cannot be met')
  .action(checkAllCourses);

program.command('env-example').description('print .env.example').action(printEnvExample);

program.parseAsync().catch((error: unknown) => {
  process.stderr.write(`${error instanceof StartError ? error.message : String(error instanceof Error ? error.stack : error)}\n`);
  process.exit(1);
});
