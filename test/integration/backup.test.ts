import { execFile } from 'node:child_process';
import { appendFileSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { postgresReachable, scratch } from '../support/databases';
import { freshFolder, startServer } from '../support/server';

const run = promisify(execFile);
const cli = (dataDir: string, args: string[], env: Record<string, string> = {}) =>
  run(process.execPath, ['build/server/cli.js', ...args], { env: { NODE_ENV: 'production', PATH: process.env['PATH'] ?? '', DATA_DIR: dataDir, LOG_LEVEL: 'warn', ...env } });

describe('a backup', () => {
  it('is made while the server runs and restored, verified, into an empty installation', async () => {
    const server = await startServer({ args: ['--demo'] });
    const archive = path.join(freshFolder('backup'), 'city.tar.gz');
    await cli(server.dataDir, ['backup', archive]);
    expect(await server.stop()).toBe(0);
    expect(statSync(archive).mode & 0o077).toBe(0);
    await expect(cli(server.dataDir, ['backup', archive])).rejects.toThrow(/exists already/);

    const empty = freshFolder('restored');
    const { stdout } = await cli(empty, ['restore', archive, '--verify']);
    expect(stdout).toContain('Verified: every table and file equals the archive.');
    expect(readFileSync(path.join(empty, 'keys', 'deployment.json'), 'utf8')).toBe(readFileSync(path.join(server.dataDir, 'keys', 'deployment.json'), 'utf8'));
    const rebuilt = await cli(empty, ['ledger', 'rebuild', '--check']);
    expect(rebuilt.stdout).toContain('0 differences');
    await expect(cli(empty, ['restore', archive])).rejects.toThrow(/is in use/);

    if (postgresReachable) {
      const place = await scratch('postgres');
      const url = place.choice.kind === 'postgres' ? place.choice.url : '';
      const other = await cli(freshFolder('restored-pg'), ['restore', archive, '--verify'], { DATABASE_URL: url });
      expect(other.stdout).toContain('Verified');
      await place.remove();
    }

    const damaged = path.join(freshFolder('damaged'), 'city.tar.gz');
    writeFileSync(damaged, readFileSync(archive).subarray(0, 20_000));
    appendFileSync(damaged, 'junk');
    const untouched = freshFolder('untouched');
    mkdirSync(untouched, { recursive: true });
    await expect(cli(untouched, ['restore', damaged, '--verify'])).rejects.toThrow();
    expect(existsSync(path.join(untouched, 'keys'))).toBe(false);
  }, 280_000);
});
