import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { QueryTypes, Sequelize } from 'sequelize';

/** Another process works on the same data folder. */
export class LockedError extends Error {
  constructor(folder: string) {
    super(`another process already works on ${folder}. Stop it first, or set DATA_DIR to another folder.`);
  }
}

/**
 * Takes the data folder for this process until it ends. The lock is an exclusive SQLite transaction, so
 * the operating system releases it whatever way the process dies: no stale lock file to delete by hand.
 */
export async function lockDataDir(folder: string): Promise<() => Promise<void>> {
  mkdirSync(folder, { recursive: true });
  const lock = new Sequelize({ dialect: 'sqlite', storage: path.join(folder, 'instance.lock'), logging: false, retry: { max: 0 } });
  try {
    await lock.query('BEGIN EXCLUSIVE', { type: QueryTypes.RAW });
  } catch (error) {
    await lock.close();
    if (error instanceof Error && /SQLITE_BUSY/.test(error.message)) throw new LockedError(folder);
    throw error;
  }
  return () => lock.close();
}
