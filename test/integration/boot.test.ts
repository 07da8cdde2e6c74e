import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { QueryTypes, Sequelize } from 'sequelize';
import { describe, expect, it } from 'vitest';
import { boot, StartError } from '~/start/boot';
import { lockDataDir, LockedError } from '~/start/lock';

const fresh = () => mkdtempSync(path.join(tmpdir(), 'shanggang-boot-'));
const env = (DATA_DIR: string) => ({ DATA_DIR, LOG_LEVEL: 'silent' });

describe('starting', () => {
  it('makes the data folder, the database and the secrets, and finds them again', async () => {
    const folder = path.join(fresh(), 'deep', 'data');
    const first = await boot(env(folder));
    await first.close();
    const keys = readFileSync(path.join(folder, 'keys', 'deployment.json'), 'utf8');
    const second = await boot(env(folder));
    await second.close();
    expect(readFileSync(path.join(folder, 'keys', 'deployment.json'), 'utf8')).toBe(keys);
  });

  it('refuses a second process on the same data folder, with a sentence', async () => {
    const folder = fresh();
    const ground = await boot(env(folder));
    await expect(boot(env(folder))).rejects.toThrow(/Cannot start: another process already works on/);
    await ground.close();
    await (await boot(env(folder))).close();
  });

  it('is not kept out by a process that was killed', async () => {
    const folder = fresh();
    const script = `
      const { Sequelize } = require('sequelize');
      const lock = new Sequelize({ dialect: 'sqlite', storage: ${JSON.stringify(path.join(folder, 'instance.lock'))}, logging: false });
      lock.query('BEGIN EXCLUSIVE').then(() => { console.log('held'); setInterval(() => {}, 1000); });`;
    const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
    await new Promise((resolve) => child.stdout.once('data', resolve));
    await expect(lockDataDir(folder)).rejects.toThrow(LockedError);
    child.kill('SIGKILL');
    await new Promise((resolve) => child.once('exit', resolve));
    const unlock = await lockDataDir(folder);
    await unlock();
  });

  it('refuses a database that is newer than the program and leaves it as it was', async () => {
    const folder = fresh();
    await (await boot(env(folder))).close();
    const newer = new Sequelize({ dialect: 'sqlite', storage: path.join(folder, 'shanggang.sqlite'), logging: false });
    const migrated = await newer.query('SELECT name FROM migrations', { type: QueryTypes.SELECT });
    await newer.query(`INSERT INTO migrations (name, run_at) VALUES ('29990101000000_future', 1)`);
    await expect(boot(env(folder))).rejects.toThrow(/newer than this program \(29990101000000_future\)\. Nothing was changed/);
    const names = await newer.query('SELECT name FROM migrations ORDER BY name', { type: QueryTypes.SELECT });
    expect(names).toHaveLength(migrated.length + 1);
    await newer.close();
  });

  it('names every wrong variable', async () => {
    await expect(boot({ PORT: 'x', DATABASE_URL: 'mysql://x' })).rejects.toThrow(StartError);
    await expect(boot({ PORT: 'x', DATABASE_URL: 'mysql://x' })).rejects.toThrow(/PORT[^]*DATABASE_URL: must begin with postgres/);
  });
});
