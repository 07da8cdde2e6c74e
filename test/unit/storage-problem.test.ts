import { describe, expect, it } from 'vitest';
import { storageProblem } from '~/db';

const withParent = (name: string, message: string, code?: string) => {
  const parent = Object.assign(new Error(message), code === undefined ? {} : { code });
  return Object.assign(new Error(message), { name, parent });
};

describe('an error of the database', () => {
  it.each([
    { name: 'SQLite says that the disk is full', error: withParent('SequelizeDatabaseError', 'SQLITE_FULL: database or disk is full', 'SQLITE_FULL'), code: 'storage.full' },
    { name: 'PostgreSQL says that the disk is full', error: withParent('SequelizeDatabaseError', 'could not extend file', '53100'), code: 'storage.full' },
    { name: 'a file cannot be written', error: new Error('ENOSPC: no space left on device, write'), code: 'storage.full' },
    { name: 'PostgreSQL does not answer', error: withParent('SequelizeConnectionRefusedError', 'connect ECONNREFUSED 127.0.0.1:5432'), code: 'storage.unavailable' },
    { name: 'PostgreSQL is shutting down', error: withParent('SequelizeDatabaseError', 'terminating connection', '57P01'), code: 'storage.unavailable' },
  ])('is worded as $code when $name', ({ error, code }) => {
    expect(storageProblem(error)).toEqual({ code });
  });

  it('is nobody’s fault but the program’s otherwise', () => {
    expect(storageProblem(new Error('syntax error at or near'))).toBeNull();
    expect(storageProblem('text')).toBeNull();
  });
});
