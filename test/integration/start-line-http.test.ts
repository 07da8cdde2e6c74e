import express from 'express';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { inLine, inTurn, lineEndpoint } from '~/exams';
import { useConfig } from '~/kernel/config';
import { ok } from '~/kernel/result';
import { testConfig } from '../support/config';
import { onEveryDatabase } from '../support/databases';
import { aCandidate, aSignInOf } from '../support/exams';
import { listening, type Listening } from '../support/listening';

onEveryDatabase('the address where a page in line waits', () => {
  let server: Listening;

  beforeAll(async () => {
    useConfig(testConfig());
    const app = express();
    app.use(lineEndpoint());
    server = await listening(app);
  });
  afterAll(() => server.close());

  const ask = (cookie: string) => fetch(`${server.origin}/exams/an-exam/line`, { headers: { cookie } });

  it('is for people who are signed in', async () => {
    const answer = await ask('');
    expect([answer.status, ((await answer.json()) as { code: string }).code]).toEqual([401, 'access.sign-in']);
  });

  it('sends somebody who is not in line to press start', async () => {
    const candidate = await aCandidate();
    const answer = await ask(await aSignInOf(candidate));
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(await answer.json()).toEqual({ called: true });
  });

  it('calls somebody in line a little ahead of the starts that are under way, and their held press hears the place', async () => {
    const candidate = await aCandidate();
    const cookie = await aSignInOf(candidate);
    const done: (() => void)[] = [];
    const slow = () => new Promise<ReturnType<typeof ok<string>>>((resolve) => done.push(() => resolve(ok('attempt'))));
    // As many as may be under way at once.
    const before = Array.from({ length: 8 }, (_, i) => inTurn(inLine('an-exam', `somebody ${i}`), slow));
    const pressed = inTurn(inLine('an-exam', candidate.actor.personId), slow);
    const waiting = ask(cookie).then((answer) => answer.json());
    expect(await waiting).toEqual({ called: true });
    done.splice(0).forEach((end) => end());
    await Promise.all(before);
    const again = await pressed;
    done.splice(0).forEach((end) => end());
    expect(again).toMatchObject({ ok: true, value: { kind: 'wait' } });
  });
});
