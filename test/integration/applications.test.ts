import { afterEach, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { reader, rows } from '~/db';
import { applicationsOf, createApplication, openApplication, recogniseApplication, renewApplication, revokeApplication, type Actor } from '~/identity';
import { advanceClock, days, resetClock } from '~/kernel/clock';
import { useConfig } from '~/kernel/config';
import { must } from '~/kernel/result';
import type { Organisation } from '~/people';
import { anActor, anOrganisation, aRootActor } from '../support/actors';
import { itIs } from '../support/certification';
import { testConfig } from '../support/config';
import { onEveryDatabase } from '../support/databases';

onEveryDatabase('an application', () => {
  let bureau: Organisation;
  let elsewhere: Organisation;
  let root: Actor;
  beforeAll(async () => {
    useConfig(testConfig());
    itIs('2026-06-01');
    [bureau, elsewhere] = [await anOrganisation(), await anOrganisation()];
    root = await aRootActor();
  });
  afterEach(resetClock);

  const anApplication = (expiresOn = '2027-06-01', organisation = bureau) => createApplication(root, { name: '人事系统', scopes: ['clearance.check'], organisationId: organisation.id, expiresOn });
  const recognise = (token: string) => recogniseApplication(`Bearer ${token}`, 'clearance.check', '10.0.0.1');
  const told = async (id: string) => (await rows(reader(), z.object({ kind: z.string(), by: z.string() }), `SELECT kind, by FROM ledger_events WHERE subject_id = $id ORDER BY recorded_at, id`, { id })).map(({ kind }) => kind);

  it('is known by its token, which is stored nowhere, and is noted to be used', async () => {
    const { id, token } = must(await anApplication());
    expect(await recognise(token)).toMatchObject({ ok: true, application: { id, by: `application:${id}` }, budget: { waitMs: 0 } });
    const stored = await rows(reader(), z.looseObject({}), 'SELECT * FROM applications WHERE id = $id', { id });
    expect(JSON.stringify(stored)).not.toContain(token);
    expect((await openApplication(root, id))?.lastUsedAt).toBeGreaterThan(0);
  });

  it('may do what it was given, until its last day is over', async () => {
    itIs('2026-06-01');
    const { token } = must(await anApplication('2026-06-03'));
    expect(await recogniseApplication(`Bearer ${token}`, 'starts.write', '10.0.0.1')).toMatchObject({ ok: false, why: 'scope' });
    itIs('2026-06-03', 23);
    expect(await recognise(token)).toMatchObject({ ok: true });
    itIs('2026-06-04', 0);
    expect(await recognise(token)).toEqual({ ok: false, why: 'expired' });
  });

  it('gets another token: the former one stops working at once, and an expired one works again', async () => {
    itIs('2026-06-01');
    const { id, token } = must(await anApplication('2026-06-03'));
    advanceClock(days(10));
    expect(await recognise(token)).toMatchObject({ ok: false, why: 'expired' });
    const renewed = must(await renewApplication(root, id, '2026-12-31'));
    expect(await recognise(token)).toMatchObject({ ok: false, why: 'unknown' });
    expect(await recognise(renewed.token)).toMatchObject({ ok: true, application: { id, scopes: ['clearance.check'], tokenEnd: renewed.token.slice(-4) } });
    expect(await renewApplication(root, id, '2026-06-11')).toMatchObject({ ok: false, error: { code: 'application.expires-past', field: 'expiresOn' } });
    expect(await told(id)).toEqual(['application.created', 'application.renewed']);
  });

  it('is revoked for good', async () => {
    const { id, token } = must(await anApplication());
    must(await revokeApplication(root, id, '系统下线'));
    expect(await recognise(token)).toEqual({ ok: false, why: 'revoked' });
    expect(await renewApplication(root, id, '2028-01-01')).toMatchObject({ ok: false, error: { code: 'conflict.changed' } });
    expect(await told(id)).toEqual(['application.created', 'application.revoked']);
  });

  it('is seen and changed by administrators of its organisation only', async () => {
    const { id } = must(await anApplication());
    const other = { ...anActor({ administrator: [elsewhere.path] }), by: 'account:other' as const };
    expect(await openApplication(other, id)).toBeNull();
    expect((await applicationsOf(other)).map((one) => one.id)).not.toContain(id);
    await expect(renewApplication(other, id, '2028-01-01')).rejects.toThrow('access.denied');
    await expect(revokeApplication(other, id, '不该')).rejects.toThrow('access.denied');
    await expect(createApplication(other, { name: '越权', scopes: ['people.read'], organisationId: bureau.id, expiresOn: '2028-01-01' })).rejects.toThrow('access.denied');
  });
});
