import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ConfigSchema, describeConfig, readConfig } from '~/kernel/config';

describe('the configuration', () => {
  it('needs no variable at all', () => {
    expect(readConfig({})).toMatchObject({ ok: true, config: { PORT: 3000, HOST: '127.0.0.1', DATA_DIR: './data' } });
  });

  it('names each wrong variable in a sentence of its own', () => {
    const read = readConfig({ PORT: 'http', REDIS_URL: 'localhost' });
    expect(read).toMatchObject({ ok: false });
    expect(!read.ok && read.problems.join()).toMatch(/PORT.*REDIS_URL: must begin with redis/);
  });

  it('takes an empty variable as not set', () => {
    expect(readConfig({ DATABASE_URL: '' })).toMatchObject({ ok: true });
  });

  it('is documented whole in .env.example', () => {
    expect(readFileSync('.env.example', 'utf8')).toBe(describeConfig());
    for (const name of Object.keys(ConfigSchema.shape)) expect(describeConfig()).toContain(`${name}=`);
  });
});

describe('what starts the product', () => {
  it.each(['start', 'worker'] as const)('npm run %s takes React and Express as they are shipped, unless somebody says otherwise', (script) => {
    const line = (JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> }).scripts[script] ?? '';
    const flags = line.split(' ').slice(1).filter((part) => !part.startsWith('build/'));
    const told = (env: Record<string, string>) => execFileSync(process.execPath, [...flags, '-p', 'process.env.NODE_ENV'], { env: { PATH: process.env['PATH'] ?? '', ...env } as unknown as NodeJS.ProcessEnv, encoding: 'utf8' }).trim();
    expect(told({})).toBe('production');
    expect(told({ NODE_ENV: 'test' })).toBe('test');
  });
});
