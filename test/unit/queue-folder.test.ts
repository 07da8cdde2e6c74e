import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { hasRoom, setAside, stateOf } from '~jobs/queue/folder';

describe("the embedded queue's folder", () => {
  let parent: string;
  let folder: string;

  beforeEach(() => {
    parent = mkdtempSync(path.join(tmpdir(), 'shanggang-folder-'));
    folder = path.join(parent, 'queue');
  });
  afterEach(() => {
    rmSync(parent, { recursive: true });
  });

  it('is missing when there is none, or an empty one', async () => {
    expect(await stateOf(folder)).toBe('missing');
    mkdirSync(folder);
    expect(await stateOf(folder)).toBe('missing');
  });

  it('is present with its version file, and unusable without it or as a file', async () => {
    mkdirSync(folder);
    writeFileSync(path.join(folder, 'PG_VERSION'), '18');
    expect(await stateOf(folder)).toBe('present');
    rmSync(path.join(folder, 'PG_VERSION'));
    writeFileSync(path.join(folder, 'postgresql.conf'), '');
    expect(await stateOf(folder)).toBe('unusable');
    rmSync(folder, { recursive: true });
    writeFileSync(folder, 'not a folder');
    expect(await stateOf(folder)).toBe('unusable');
  });

  it('is set aside under the time, and only the newest two are kept', async () => {
    mkdirSync(path.join(parent, 'queue.damaged-by-hand-of-another.txt-not'));
    for (const second of [1, 2, 3]) {
      mkdirSync(folder);
      const aside = await setAside(folder, Date.UTC(2026, 6, 4, 8, 0, second));
      expect(aside).toBe(`${folder}.damaged-20260704T08000${second}000Z`);
    }
    expect(readdirSync(parent).sort()).toEqual([
      'queue.damaged-20260704T080002000Z',
      'queue.damaged-20260704T080003000Z',
      'queue.damaged-by-hand-of-another.txt-not',
    ]);
  });

  it('has room on a disk that is not full', async () => {
    expect(await hasRoom(folder)).toBe(true);
  });
});
