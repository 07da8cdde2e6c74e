import express from 'express';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { execute, inTransaction, insert } from '~/db';
import { changeExamKeys, handIn, quitPassword, rememberUrl, responsesEndpoint, sebConfigKey, sebFile, sebGate, sebHelp, sebLinks, sebPage, sebPasses, sebProofOf, sebStart, type Sitting } from '~/exams';
import { configKey, keyHash, sha256 } from '~/exams/seb/config-key';
import { sebSettings } from '~/exams/seb/settings';
import { advanceClock, clock, resetClock, seconds, setClock } from '~/kernel/clock';
import { publicUrl, useConfig } from '~/kernel/config';
import { newId } from '~/kernel/id';
import { createLogger, useLogger } from '~/kernel/log';
import { must } from '~/kernel/result';
import type { Organisation } from '~/people';
import { anActor, anOrganisation } from '../support/actors';
import { testConfig } from '../support/config';
import { onEveryDatabase } from '../support/databases';
import { anExam, anyResponse, aStartedAttempt, DEVICE, type StartedAttempt } from '../support/exams';
import { listening, type Listening } from '../support/listening';
import { aMember, aSitting, codeOf, plannerOf } from '../support/sittings';

const T0 = Date.parse('2026-07-01T01:00:00Z');
/** Longer than a process remembers how an attempt stands. */
const FORGOTTEN = seconds(4);

onEveryDatabase('Safe Exam Browser', () => {
  let server: Listening;
  let organisation: Organisation;

  beforeAll(async () => {
    useLogger(createLogger('silent'));
    useConfig(testConfig());
    const app = express();
    app.use((request, _response, next) => {
      rememberUrl(request);
      next();
    });
    app.use('/attempts/:id', sebGate());
    app.post('/attempts/:id/responses', responsesEndpoint());
    app.get('*', (_request, response) => void response.send('the page'));
    server = await listening(app);
    organisation = await anOrganisation();
  });
  afterAll(() => server.close());
  beforeEach(() => setClock(T0));
  afterEach(() => resetClock());

  /** Somebody who writes in a sitting that asks for the browser. */
  async function aWriter(seb: 'off' | 'required' = 'required'): Promise<{ started: StartedAttempt; sitting: Sitting; bookingId: string }> {
    const exam = await anExam();
    const sitting = await aSitting(exam, organisation, { seb });
    const started = await aStartedAttempt({ exam, candidate: await aMember(organisation) });
    const bookingId = newId();
    await inTransaction(async (tx) => {
      await insert(tx, 'bookings', [{ id: bookingId, sitting_id: sitting.id, person_id: started.candidate.personId, ticket: bookingId, state: 'booked', source: 'assigned', booked_at: 1, booked_by: 'a test' }]);
      await execute(tx, 'UPDATE attempts SET sitting_id = $sittingId, booking_id = $bookingId WHERE id = $id', { sittingId: sitting.id, bookingId, id: started.attemptId });
    });
    return { started, sitting, bookingId };
  }
  const path = ({ attemptId }: StartedAttempt, rest = '') => `/attempts/${attemptId}${rest}`;
  const key = (sitting: Sitting, url: string) => ({ 'x-safeexambrowser-configkeyhash': keyHash(url, sebConfigKey(sitting)) });
  const get = (rest: string, headers: Record<string, string> = {}) =>
    fetch(`${server.origin}${rest}`, { redirect: 'manual', headers: { accept: 'text/html', ...headers } });
  async function save(started: StartedAttempt, headers: Record<string, string> = {}) {
    const [item] = started.items;
    const answer = await fetch(`${server.origin}${path(started, '/responses')}`, {
      method: 'POST', headers: { 'content-type': 'application/json', accept: 'application/json', cookie: started.candidate.cookie, ...headers },
      body: JSON.stringify({ device: DEVICE, changes: [{ item: item?.item, seq: 1, response: item && anyResponse(item, 1) }] }),
    });
    return { status: answer.status, code: ((await answer.json()) as { code?: string }).code };
  }

  it('lets pages and saves of a running attempt pass with its key, for exactly the address asked for, and with nothing else', async () => {
    const { started, sitting } = await aWriter();
    expect(await save(started)).toEqual({ status: 403, code: 'attempt.seb' });
    expect(await save(started, key(sitting, `${server.origin}${path(started)}`))).toEqual({ status: 403, code: 'attempt.seb' });
    expect((await save(started, key(sitting, `${server.origin}${path(started, '/responses')}`))).status).toBe(200);
    const without = await get(path(started, '?page=2'));
    expect([without.status, without.headers.get('location')]).toEqual([303, path(started, '/seb')]);
    expect((await get(path(started, '?page=2'), key(sitting, `${server.origin}${path(started, '?page=2')}`))).status).toBe(200);
    expect((await get(path(started, '/seb'))).status).toBe(200);
  });

  it('sends the page of the own client the way it understands, and does not believe an address that the request claims', async () => {
    const { started, sitting } = await aWriter();
    const data = await get(path(started, '?_data=routes%2Fx'));
    expect([data.status, data.headers.get('x-remix-redirect')]).toEqual([204, path(started, '/seb')]);
    const page = `${publicUrl()}/home`;
    const claimed = await get(path(started), { 'x-shanggang-url': page, ...key(sitting, page) });
    expect(claimed.status).toBe(303);
  });

  it('believes the hash that the browser gave one of our pages, where it sends no headers', async () => {
    const { started, sitting } = await aWriter();
    const page = `${server.origin}${path(started)}`;
    const cookie = `${started.candidate.cookie}; seb-proof=${keyHash(page, sebConfigKey(sitting))}..${encodeURIComponent(page)}`;
    expect((await save(started, { cookie })).status).toBe(200);
    expect((await get(path(started, '/live'), { cookie, accept: 'text/event-stream' })).status).toBe(200);
  });

  it('is let in without the key within seconds when an invigilator exempts the candidate, and kept out when that is taken back', async () => {
    const { started, bookingId } = await aWriter();
    expect((await save(started)).status).toBe(403);
    await inTransaction((tx) => insert(tx, 'door_exemptions', [{ id: bookingId, booking_id: bookingId, kind: 'seb', reason: 'SEB 无法安装', granted_by: 'account:1', granted_at: clock.now() }]));
    advanceClock(FORGOTTEN);
    expect((await save(started)).status).toBe(200);
    await inTransaction((tx) => execute(tx, 'UPDATE door_exemptions SET ended_at = $now WHERE id = $id', { id: bookingId, now: tx.now }));
    advanceClock(FORGOTTEN);
    expect((await save(started)).status).toBe(403);
  });

  it('is asked of nobody after the hand-in, in other sittings, or outside of sittings', async () => {
    const { started } = await aWriter();
    must(await handIn(started.candidate.actor, started.attemptId, DEVICE));
    expect((await get(path(started, '/receipt'))).status).toBe(200);
    expect((await save((await aWriter('off')).started)).status).toBe(200);
    expect((await save(await aStartedAttempt())).status).toBe(200);
  });

  it('has a file for each sitting, for who has the link, a place or the sitting, whose key is the one that is checked', async () => {
    const { started, sitting } = await aWriter();
    const { download, open } = sebLinks(sitting);
    const token = new URL(download, 'http://x').searchParams.get('k') ?? '';
    const file = must(await sebFile(null, sitting.id, token));
    expect(file).toContain(`<key>startURL</key><string>${publicUrl()}/sittings/${sitting.id}/seb-start</string>`);
    expect(file).toContain(`<key>hashedQuitPassword</key><string>${sha256(quitPassword(sitting))}</string>`);
    expect(open).toMatch(/^sebs?:\/\//);
    expect(sebConfigKey(sitting)).toBe(configKey(sebSettings(sitting, publicUrl(), quitPassword(sitting))));
    must(await sebFile(started.candidate.actor, sitting.id, ''));
    const other = await aMember(organisation);
    await expect(sebFile(other.actor, sitting.id, 'guess')).rejects.toThrow('access.denied');
    await expect(sebFile(null, sitting.id, '')).rejects.toThrow('access.sign-in');
    const proof = sebProofOf(new Headers(key(sitting, `${publicUrl()}/exams/x`)), `${publicUrl()}/exams/x`);
    expect([sebPasses(sitting, proof), sebPasses(sitting, null), sebPasses({ ...sitting, seb: 'off' }, null)]).toEqual([true, false, true]);
  });

  it('leads back into the running attempt, and says what to do at the door', async () => {
    const { started, sitting } = await aWriter();
    expect(must(await sebStart(started.candidate.actor, sitting.id))).toBe(path(started));
    expect(must(await sebHelp(started.candidate.actor, started.attemptId))).toMatchObject({ links: sebLinks(sitting), quit: `${publicUrl()}/sittings/${sitting.id}/seb-end` });
    must(await handIn(started.candidate.actor, started.attemptId, DEVICE));
    expect(must(await sebStart(started.candidate.actor, sitting.id))).toBe(`/exams/${started.exam.slug}`);
  });

  it('asks for one of the browser exam keys once planners of the sitting named some', async () => {
    const { started, sitting } = await aWriter();
    const planner = plannerOf(organisation);
    const page = must(await sebPage(planner, sitting.id, true));
    expect(page).toMatchObject({ mayChange: true, configKey: sebConfigKey(sitting), sitting: { sebKeys: [] } });
    expect(codeOf(await changeExamKeys(planner, sitting.id, page.sitting.version, 'not a key'))).toBe('seb.key-form');
    expect(codeOf(await changeExamKeys(planner, sitting.id, page.sitting.version, sha256('exe')))).toBe('ok');
    expect(codeOf(await changeExamKeys(planner, sitting.id, page.sitting.version, ''))).toBe('conflict.changed');
    await expect(changeExamKeys(anActor({ hr: [(await anOrganisation()).path] }), sitting.id, 2, '')).rejects.toThrow('access.denied');
    const url = `${server.origin}${path(started, '/responses')}`;
    expect((await save(started, key(sitting, url))).status).toBe(403);
    expect((await save(started, { ...key(sitting, url), 'x-safeexambrowser-requesthash': keyHash(url, sha256('exe')) })).status).toBe(200);
  });
});
