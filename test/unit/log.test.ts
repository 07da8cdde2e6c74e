import { Writable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { createLogger } from '~/kernel/log';
import { routeLabel } from '~/start/http';

describe('the log', () => {
  it('keeps names, answers, codes and cookies out, also inside what is logged whole', () => {
    let written = '';
    const sink = new Writable({ write: (chunk: Buffer, _, done) => { written += chunk.toString(); done(); } });
    const logger = createLogger('info', sink);
    logger.info({ person: { name: '王晓梅', email: 'w@example.cn' }, code: 'ABCD-EFGH', headers: { cookie: 'sid=secret' }, response: ['a'], id: 'kept' }, 'something happened');
    expect(written).toContain('kept');
    expect(written).not.toMatch(/王晓梅|w@example|ABCD|secret|"a"/);
  });

  it.each([
    ['/attempts/01a20a86-5d94-7497-9218-f533c185b226/responses', '/attempts/:id/responses'],
    ['/check/SG-2026-000123', '/check/:id'],
    ['/hr/people/01a20a86-5d94-7497-9218-f533c185b226', '/hr/people/:id'],
    ['/courses/e-government-foundations', '/courses/e-government-foundations'],
    ['/', '/'],
  ])('names the route of %s without ids or numbers', (path, label) => {
    expect(routeLabel(path)).toBe(label);
  });
});
