import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { addAttendees, assignFor, decideExternal, eventsFor, handInExternal, myDuties, planEvent, type Duty } from '~/certification';
import { insertProgramme } from '~/certification/programme.repository';
import { inTransaction, one, reader } from '~/db';
import type { Actor } from '~/identity';
import { clock, resetClock } from '~/kernel/clock';
import { useConfig } from '~/kernel/config';
import { must } from '~/kernel/result';
import { z } from 'zod';
import { anActor } from '../support/actors';
import { aCity, itIs, somebody, type City } from '../support/certification';
import { testConfig } from '../support/config';
import { onEveryDatabase } from '../support/databases';
import { PDF } from '../support/records';

onEveryDatabase('what comes next', () => {
  let city: City;
  let hr: Actor;
  let other: Actor;
  const officer = (id: string): Actor => ({ ...anActor({ hr: [city.bureau.path] }), accountId: id, by: `account:${id}` });
  const dutyOf = async (personId: string): Promise<Duty> => {
    const duty = (await myDuties(reader(), personId, clock.now())).find(({ programme }) => programme.en === 'Everything');
    if (!duty) throw new Error('nothing is assigned');
    return duty;
  };
  const stepOf = async (personId: string, code: string) => (await dutyOf(personId)).requirements.find((one) => one.code === code);
  const handIn = async (personId: string) => must(await handInExternal(hr, {
    personId, code: 'cert-a', title: '普通话二甲', issuer: '省语委', issuedOn: '2025-05-01', validUntil: null, note: '', file: PDF,
  }));

  beforeAll(async () => {
    useConfig(testConfig({ DATA_DIR: mkdtempSync(path.join(tmpdir(), 'next-steps-')) }));
    itIs('2026-03-02');
    city = await aCity();
    [hr, other] = [officer('a-hr'), officer('a-other')];
    await inTransaction((tx) => insertProgramme(tx, {
      slug: 'everything', titleZh: '全部种类', titleEn: 'Everything', gate: 'none', by: 'system:a test', effectiveOn: '2026-01-01', dueRule: { kind: 'after-start', workingDays: 20 },
      appliesTo: { kind: 'organisation', ids: [city.bureau.id] },
      requirements: [
        { code: 'EXT', kind: 'external', targetId: 'cert-a', params: { titleZh: '普通话证书', titleEn: 'Certificate' } },
        { code: 'EVE', kind: 'event', targetId: 'series-a', params: { titleZh: '集中培训', titleEn: 'Classroom week' } },
        { code: 'HRS', kind: 'hours', targetId: 'all', params: { hundredths: 1200, window: { kind: 'calendar-year' } } },
      ],
    }));
  });
  afterAll(resetClock);

  it('is the page where evidence from outside is handed in, then to wait, then to hand it in again or nothing', async () => {
    const { personId, appointmentId } = await somebody(city, { kind: 'staff' });
    await assignFor(appointmentId);
    expect(await dutyOf(personId)).toMatchObject({ next: { kind: 'file-evidence', targetId: 'cert-a', again: false }, nextCode: 'EXT' });
    expect(await stepOf(personId, 'HRS')).toMatchObject({ also: { kind: 'earn-hours' } });
    expect(await stepOf(personId, 'EXT')).toMatchObject({ also: null });
    const first = await handIn(personId);
    // While it is looked at, something else can be done.
    expect(await dutyOf(personId)).toMatchObject({ next: { kind: 'join-event', targetId: 'series-a' }, nextCode: 'EVE' });
    expect(await stepOf(personId, 'EXT')).toMatchObject({ reason: { code: 'external-asked', params: { on: '2026-03-02' } }, also: null });
    itIs('2026-03-04');
    must(await decideExternal(other, first, { decision: 'refused', reason: '看不清' }));
    expect(await stepOf(personId, 'EXT')).toMatchObject({ reason: { code: 'external-refused', params: { on: '2026-03-04' } } });
    expect(await dutyOf(personId)).toMatchObject({ next: { kind: 'file-evidence', again: true } });
    must(await decideExternal(other, await handIn(personId), { decision: 'approved', reason: '清楚' }));
    expect(await stepOf(personId, 'EXT')).toMatchObject({ state: 'met', also: null });
  });

  it('is the events that are held, and the one on whose list somebody stands', async () => {
    itIs('2026-03-02');
    const { personId, appointmentId } = await somebody(city, { kind: 'staff' });
    await assignFor(appointmentId);
    const plan = async (series: string, fromOn: string) => must(await planEvent(hr, {
      organisationId: city.bureau.id, series, title: `培训 ${series}`, fromOn, untilOn: fromOn, place: '一楼', hundredths: 600, capacity: 2,
    }));
    const [later, sooner] = [await plan('series-a', '2026-03-20'), await plan('series-a', '2026-03-10')];
    await plan('series-b', '2026-03-11');
    const past = await plan('series-a', '2026-02-20');
    const shown = async () => (await eventsFor(reader(), personId, '2026-03-02')).map(({ id, state, free }) => ({ id, state, free }));
    expect(await shown()).toEqual([{ id: sooner, state: null, free: 2 }, { id: later, state: null, free: 2 }]);
    const { value: number } = await one(reader(), z.object({ value: z.string() }), `SELECT value FROM identifiers WHERE person_id = $personId AND kind = 'recruitment'`, { personId });
    for (const id of [later, past]) must(await addAttendees(hr, id, number));
    expect(await shown()).toEqual([{ id: sooner, state: null, free: 2 }, { id: later, state: 'expected', free: 1 }, { id: past, state: 'expected', free: 1 }]);
    expect(await stepOf(personId, 'EVE')).toMatchObject({ reason: { code: 'event-listed', params: { title: '培训 series-a', fromOn: '2026-03-20', place: '一楼' } }, also: null });
    // Nobody else's list says anything about them.
    const another = await somebody(city, { kind: 'staff' });
    await assignFor(another.appointmentId);
    expect(await stepOf(another.personId, 'EVE')).toMatchObject({ reason: { code: 'event-not-attended' }, also: { kind: 'join-event' } });
    itIs('2026-03-21');
    expect(await stepOf(personId, 'EVE')).toMatchObject({ reason: { code: 'event-not-attended' } });
  });
});
