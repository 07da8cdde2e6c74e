import path from 'node:path';
import { closeDatabase, migrate, NewerDatabaseError, openDatabase, type Database, type DatabaseChoice } from '~/db';
import { followTestClock } from '~/kernel/clock-file';
import { readConfig, useConfig, type Config } from '~/kernel/config';
import { createLogger, log, useLogger } from '~/kernel/log';
import { loadSecrets, useSecrets } from '~/kernel/secrets';
import { lockDataDir, LockedError } from './lock';

/** The running ground under server, worker and command line. */
export interface Ground {
  config: Config;
  db: Database;
  close(): Promise<void>;
}

/** A reason not to start, worded for the person at the console. */
export class StartError extends Error {}

export const databaseChoice = (config: Config): DatabaseChoice =>
  config.DATABASE_URL
    ? { kind: 'postgres', url: config.DATABASE_URL }
    : { kind: 'sqlite', file: path.join(config.DATA_DIR, 'shanggang.sqlite') };

export function configure(env: Record<string, string | undefined>): Config {
  const read = readConfig(env);
  const clockProblem = followTestClock(env);
  const problems = [...(read.ok ? [] : read.problems), ...(clockProblem === null ? [] : [clockProblem])];
  if (!read.ok || problems.length > 0) throw new StartError(`The configuration is wrong:\n  ${problems.join('\n  ')}`);
  useConfig(read.config);
  useLogger(createLogger(read.config.LOG_LEVEL));
  return read.config;
}

/**
 * Configuration, lock, secrets, database, migrations: in this order, each failing with a sentence. An
 * unreachable database is waited for, saying so.
 * @param shared true for the command line, which on SQLite works beside a running server
 */
export async function boot(env: Record<string, string | undefined>, shared = false): Promise<Ground> {
  const config = configure(env);
  const unlock = config.DATABASE_URL || shared ? async () => undefined : await takeLock(config.DATA_DIR);
  useSecrets(loadSecrets(config.DATA_DIR));
  const db = await reach(databaseChoice(config));
  try {
    const done = await migrate(db);
    if (done.length > 0) log().info({ migrations: done }, 'the database was brought up to this version');
  } catch (error) {
    await closeDatabase(db);
    await unlock();
    if (error instanceof NewerDatabaseError) {
      throw new StartError(
        `The database is newer than this program (${error.unknown.join(', ')}). Nothing was changed. ` +
        'Start the newer program, or restore a backup made with this one.',
      );
    }
    throw error;
  }
  return {
    config,
    db,
    close: async () => {
      await closeDatabase(db);
      await unlock();
    },
  };
}

async function takeLock(folder: string): Promise<() => Promise<void>> {
  try {
    return await lockDataDir(folder);
  } catch (error) {
    if (error instanceof LockedError) throw new StartError(`Cannot start: ${error.message}`);
    throw error;
  }
}

const RETRY_MS = 5000;

/** Opens the database; a server that does not answer is asked again until it does. */
async function reach(choice: DatabaseChoice): Promise<Database> {
  for (;;) {
    try {
      return await openDatabase(choice);
    } catch (error) {
      if (choice.kind === 'sqlite') throw error;
      const reason = error instanceof Error ? error.message : String(error);
      log().error({ reason }, `PostgreSQL at DATABASE_URL cannot be reached; trying again in ${RETRY_MS / 1000} s`);
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    }
  }
}
