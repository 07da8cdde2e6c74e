import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

/** A sentence that stands once in each module of which a process must hold exactly one instance. */
const MARKS = {
  'the writer queue and the open database': 'the database is not open',
  'the configuration': 'the configuration is not read',
  'the secrets': 'the secrets are not loaded',
};

function built(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.js') )
    .map((name) => readFileSync(path.join(folder, name), 'utf8'));
}

describe('server, worker, command line and routes', () => {
  it.each(Object.entries(MARKS))('share one instance of %s', (_, mark) => {
    const holding = built('build/server').filter((code) => code.includes(mark));
    expect(holding).toHaveLength(1);
  });

  it('send nothing of the server’s to the browser', () => {
    const leaked = built('build/client').filter((code) => Object.values(MARKS).some((mark) => code.includes(mark)) || /sequelize|argon2|bullmq/i.test(code));
    expect(leaked).toEqual([]);
  });
});
