import { afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { z } from 'zod';
import { execute, inTransaction, reader, rows } from '~/db';
import { clock, resetClock } from '~/kernel/clock';
import { useConfig } from '~/kernel/config';
import { must } from '~/kernel/result';
import { handOverSlips, openProof, planNotices, slipsOf, unitsWithSlips, noticesOf } from '~/notices';
import type { Organisation } from '~/people';
import { drainOutbox } from '~jobs/drain';
import { anActor, anOrganisation } from '../support/actors';
import { aCity, itIs, somebody, type City } from '../support/certification';
import { testConfig } from '../support/config';
import { onEveryDatabase } from '../support/databases';

const Event = z.object({ subject_id: z.string(), person_id: z.string().nullable(), body: z.string() });

onEveryDatabase('slips for those whom nothing reaches', () => {
  let city: City;
  let elsewhere: Organisation;
  beforeAll(async () => {
    useConfig(testConfig());
    itIs('2026-05-06');
    city = await aCity();
    elsewhere = await anOrganisation();
  });
  beforeEach(async () => {
    itIs('2026-05-06');
    await inTransaction(async (tx) => {
      await execute(tx, 'DELETE FROM notice_plans');
      await execute(tx, `UPDATE send_log SET result = 'handed-over', handed_on = '2026-05-01', handed_by = 'account:somebody' WHERE result = 'to-print'`);
    });
  });
  afterEach(resetClock);

  const hr = (unit: Organisation) => anActor({ hr: [unit.path] });
  /** Somebody with neither mail nor phone, who was assigned something this morning. */
  async function unreachable(name: string): Promise<string> {
    const { personId } = await somebody(city, { name });
    await drainOutbox();
    await planNotices(clock.now());
    await drainOutbox();
    return personId;
  }
  const slips = () => slipsOf(reader(), [city.bureau.path], city.bureau.id, 50);

  it('wait under the unit of their people, with the words that they carry', async () => {
    await unreachable('林知夏');
    await unreachable('周若溪');
    expect((await slips()).map(({ name, text }) => [name, text.includes('请最迟于')]).sort()).toEqual([['周若溪', true], ['林知夏', true]]);
    expect(await unitsWithSlips(reader(), [city.bureau.path])).toMatchObject([{ id: city.bureau.id, slips: 2 }]);
    expect([await unitsWithSlips(reader(), [elsewhere.path]), await unitsWithSlips(reader(), [])]).toEqual([[], []]);
  });

  it('are noted as handed over once, with who did it and when, in the ledger and in the proof', async () => {
    const personId = await unreachable('林知夏');
    const [slip] = await slips();
    const dispatchIds = [slip?.dispatchId ?? ''];
    expect(must(await handOverSlips(hr(city.bureau), { dispatchIds, on: '2026-05-06' }))).toBe(1);
    expect(must(await handOverSlips(hr(city.bureau), { dispatchIds, on: '2026-05-06' }))).toBe(0);
    expect(await slips()).toEqual([]);
    const events = await rows(reader(), Event, `SELECT subject_id, person_id, body FROM ledger_events WHERE kind = 'notice.handed-over' AND person_id = $personId`, { personId });
    expect(events).toMatchObject([{ subject_id: dispatchIds[0], person_id: personId }]);
    const [notice] = await noticesOf(reader(), personId, { limit: 5, offset: 0 });
    const proof = await openProof(hr(city.bureau), notice?.id ?? '');
    expect(proof?.sendings).toMatchObject([{ channel: 'paper', result: 'handed-over', handedOn: '2026-05-06', handedBy: 'account:a-test' }]);
  });

  it('are nobody’s business elsewhere: the same ids change nothing there', async () => {
    await unreachable('林知夏');
    const dispatchIds = (await slips()).map(({ dispatchId }) => dispatchId);
    expect(must(await handOverSlips(hr(elsewhere), { dispatchIds, on: '2026-05-06' }))).toBe(0);
    expect(await slips()).toHaveLength(1);
    await expect(handOverSlips(anActor(), { dispatchIds, on: '2026-05-06' })).rejects.toThrow();
  });

  it('are refused without a tick or for a day to come, and no longer printed for who has left', async () => {
    const personId = await unreachable('林知夏');
    const dispatchIds = (await slips()).map(({ dispatchId }) => dispatchId);
    expect(await handOverSlips(hr(city.bureau), { dispatchIds: [], on: '2026-05-06' })).toMatchObject({ ok: false, error: { code: 'slip.nothing-chosen', field: 'slips' } });
    expect(await handOverSlips(hr(city.bureau), { dispatchIds, on: '2026-05-07' })).toMatchObject({ ok: false, error: { code: 'slip.future', field: 'on' } });
    await inTransaction((tx) => execute(tx, `UPDATE appointments SET ended_on = '2026-05-06' WHERE person_id = $personId`, { personId }));
    expect(await slips()).toEqual([]);
  });
});
