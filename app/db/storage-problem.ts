import type { Problem } from '~/kernel/result';

const FULL = /SQLITE_FULL|database or disk is full|ENOSPC|SQLITE_IOERR_WRITE/;
const AWAY = /ECONNREFUSED|ECONNRESET|ETIMEDOUT|EAI_AGAIN|ENOTFOUND|Connection terminated|SQLITE_BUSY|SQLITE_CANTOPEN/;
const UNREACHABLE = new Set(['SequelizeConnectionError', 'SequelizeConnectionRefusedError', 'SequelizeConnectionAcquireTimeoutError', 'SequelizeHostNotFoundError']);

/** Full disk or an unreachable database, told from an error of either; null for anything else. */
export function storageProblem(thrown: unknown): Problem | null {
  if (!(thrown instanceof Error)) return null;
  const code = 'parent' in thrown && thrown.parent instanceof Error && 'code' in thrown.parent ? String(thrown.parent.code) : '';
  const told = `${code} ${thrown.message}`;
  // 53100 is PostgreSQL's disk_full; class 57P01–03 a server that is shutting down or starting.
  if (code === '53100' || FULL.test(told)) return { code: 'storage.full' };
  if (UNREACHABLE.has(thrown.name) || /^57P0/.test(code) || AWAY.test(told)) return { code: 'storage.unavailable' };
  return null;
}
