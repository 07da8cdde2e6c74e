import { afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { assignFor } from '~/certification';
import { execute, inTransaction, insert, reader, rows } from '~/db';
import { addDays } from '~/kernel/calendar';
import { clock, resetClock } from '~/kernel/clock';
import { useConfig } from '~/kernel/config';
import { newId } from '~/kernel/id';
import { AHEAD_KINDS, namesAhead, outlook, planNotices, type AheadKind } from '~/notices';
import { anOrganisation } from '../support/actors';
import { aCity, countOf, itIs, somebody, type City } from '../support/certification';
import { testConfig } from '../support/config';
import { onEveryDatabase } from '../support/databases';
import { aHolder, anEndingProgramme } from '../support/renewals';

const FIRST = '2026-06-01';
const AHEAD = 30;

onEveryDatabase('what will be sent', () => {
  let all: City;
  let city: City;
  beforeAll(async () => {
    useConfig(testConfig());
    itIs('2026-03-02');
    all = await aCity();
  });
  beforeEach(async () => {
    itIs('2026-04-01');
    await inTransaction(async (tx) => {
      await execute(tx, 'DELETE FROM notice_plans');
      await execute(tx, `DELETE FROM settings WHERE name = 'notices.endings'`);
      await execute(tx, `UPDATE appointments SET ended_on = '2026-03-01'`);
      await execute(tx, 'UPDATE escalations SET told_at = 1 WHERE told_at IS NULL');
      await execute(tx, 'DELETE FROM roles');
    });
    city = { ...all, bureau: await anOrganisation() };
  });
  afterEach(resetClock);

  /** People whose due dates fall into the weeks around, one whose clearance ends, and an officer who answers for them. */
  async function people(starts: readonly string[]): Promise<void> {
    for (const startOfDuty of starts) await assignFor((await somebody(city, { startOfDuty })).appointmentId);
    await anEndingProgramme(city, { kind: 'from-completion', period: { count: 3, unit: 'months' }, window: { count: 1, unit: 'months' } });
    await aHolder(city, { startOfDuty: '2026-03-02' });
    const officer = await somebody({ ...city, bureau: await anOrganisation() }, { kind: 'staff', startOfDuty: '2020-03-02' });
    await inTransaction(async (tx) => {
      const accountId = newId();
      await insert(tx, 'accounts', [{ id: accountId, person_id: officer.personId, sign_in_name: accountId, state: 'active', created_at: 1 }]);
      await insert(tx, 'roles', [{ id: newId(), account_id: accountId, role: 'hr', organisation_id: city.bureau.id, created_at: 1 }]);
    });
  }

  const STARTS = ['2026-05-11', '2026-05-25', '2026-06-01', '2026-06-08', '2026-06-24', '2026-07-01', '2026-07-20'];
  const paths = () => [city.bureau.path];
  const asked = (wanted: { day: string; kind: AheadKind } | null = null) => outlook(reader(), { now: clock.now(), paths: paths(), wanted });

  it('is what planning really makes, day by day and kind by kind, when those days come', async () => {
    await people(STARTS);
    itIs(FIRST, 7);
    const { counts } = await asked();
    const made = async (): Promise<Record<AheadKind, number>> => ({
      reminder: await countOf('notices', `kind = 'reminder'`), manager: await countOf('escalations', `audience = 'manager'`),
      hr: await countOf('escalations', `audience = 'hr' AND step LIKE 'overdue-%'`), ending: await countOf('notices', `kind = 'clearance-ends'`), weekly: await countOf('notices', `kind = 'weekly'`),
    });
    const total: Record<AheadKind, number> = { reminder: 0, manager: 0, hr: 0, ending: 0, weekly: 0 };
    for (let i = 0; i <= AHEAD; i += 1) {
      const day = addDays(FIRST, i);
      const before = await made();
      await planNotices(itIs(day, 9));
      const after = await made();
      for (const kind of AHEAD_KINDS) {
        expect(`${day} ${kind} ${counts.get(day)?.[kind] ?? 0}`).toBe(`${day} ${kind} ${after[kind] - before[kind]}`);
        total[kind] += after[kind] - before[kind];
      }
    }
    for (const kind of AHEAD_KINDS) expect(`${kind} ${total[kind] > 0}`).toBe(`${kind} true`);
    // A month of mornings is lived through.
  }, 120_000);

  it('names the people behind a number, of the own scope alone, and writes nothing', async () => {
    await people(['2026-06-24']);
    itIs(FIRST, 7);
    const written = async () => Promise.all(['notices', 'escalations', 'notice_plans', 'outbox', 'ledger_events', 'dispatches', 'settings'].map((table) => countOf(table, '1 = 1')));
    const before = await written();
    const { counts } = await asked();
    const [day = ''] = [...counts].filter(([, count]) => (count.reminder ?? 0) > 0).map(([on]) => on);
    const { listed } = await asked({ day, kind: 'reminder' });
    expect(listed).toHaveLength(counts.get(day)?.reminder ?? 0);
    expect((await namesAhead(reader(), listed)).get(listed[0]?.personId ?? '')).toMatch(/^沈知/);
    expect((await outlook(reader(), { now: clock.now(), paths: ['/elsewhere/'], wanted: null })).counts.size).toBe(0);
    expect(await written()).toEqual(before);
  });

  it('is read in a number of statements that does not grow with the people', async () => {
    const statements = async (count: number): Promise<number> => {
      itIs('2026-05-04');
      for (let i = 0; i < count; i += 1) await assignFor((await somebody(city, { startOfDuty: '2026-06-22' })).appointmentId);
      itIs(FIRST, 7);
      const { sequelize } = reader();
      const spy = vi.spyOn(Object.getPrototypeOf(sequelize) as typeof sequelize, 'query');
      await asked();
      const used = spy.mock.calls.length;
      spy.mockRestore();
      return used;
    };
    const few = await statements(2);
    expect(await statements(20)).toBe(few);
    expect((await rows(reader(), z.object({ n: z.number() }), `SELECT COUNT(*) AS n FROM clearances WHERE due_on = '2026-06-16'`))[0]?.n).toBeGreaterThan(0);
  });
});
