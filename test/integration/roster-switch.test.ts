import { beforeAll, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { applyRoster, stageRoster, switchRoster, type Roster } from '~/exchange';
import { database, one, reader, rows } from '~/db';
import type { Actor } from '~/identity';
import { useConfig } from '~/kernel/config';
import { must } from '~/kernel/result';
import type { Organisation } from '~/people';
import { drainOutbox } from '~jobs/drain';
import { anOrganisation } from '../support/actors';
import { testConfig } from '../support/config';
import { onEveryDatabase } from '../support/databases';
import { checkedRoster, officerOf, theRoster } from '../support/rosters';

const Terms = z.object({ name: z.string(), organisation: z.string(), ended_on: z.string().nullable() });
const appointments = () => rows(reader(), Terms, `SELECT p.name, o.name AS organisation, a.ended_on FROM appointments a JOIN persons p ON p.id = a.person_id JOIN organisations o ON o.id = a.organisation_id ORDER BY p.name, a.start_of_duty`);
const csv = (...lines: string[]): Buffer => Buffer.from(['姓名,工号,单位代码,岗位,上岗日期', ...lines].join('\n'));

onEveryDatabase('the step that switches a roster over', (dialect) => {
  let bureau: Organisation;
  let hr: Actor;

  beforeAll(async () => {
    useConfig(testConfig());
    bureau = await anOrganisation({ name: '水利局', code: 'SL' });
    await anOrganisation({ parent: bureau, name: '水利局办公室', code: 'SL-01' });
    hr = officerOf(bureau);
    await apply(await checkedRoster(hr, bureau, csv('甲一,S0001,SL,科员,2020-01-01')));
  });

  async function apply(roster: Roster): Promise<void> {
    must(await applyRoster(hr, roster.id, 'all'));
    await drainOutbox();
  }

  it('leaves nothing of itself when the program is stopped in the middle, and is made whole when it runs again', async () => {
    const before = await appointments();
    const roster = await checkedRoster(hr, bureau, csv('甲一,S0001,SL-01,科员,2020-01-01', '乙二,S0002,SL,科员,2020-01-01'));
    must(await applyRoster(hr, roster.id, 'all'));
    await stageRoster(roster.id);
    const writing = database().writing;
    const query = writing.query.bind(writing) as (sql: string, options: never) => Promise<unknown>;
    // The move has ended the old appointment by then; the new ones are not there yet.
    const stopped = vi.spyOn(writing, 'query').mockImplementation(((sql: string, options: never) => (sql.includes('INSERT INTO appointments') ? Promise.reject(new Error('stopped')) : query(sql, options))) as never);
    await expect(switchRoster(roster.id)).rejects.toThrow('stopped');
    stopped.mockRestore();
    expect(await appointments()).toEqual(before);
    expect(await theRoster(hr, roster.id)).toMatchObject({ state: 'staging' });

    await drainOutbox();
    expect(await theRoster(hr, roster.id)).toMatchObject({ state: 'applied', planned: 2 });
    expect((await appointments()).filter(({ ended_on: endedOn }) => endedOn === null).map(({ name, organisation }) => `${name} ${organisation}`)).toEqual(expect.arrayContaining(['甲一 水利局办公室', '乙二 水利局']));
    expect((await one(reader(), z.object({ n: z.number() }), `SELECT COUNT(*) AS n FROM ledger_events WHERE kind = 'person.appointed'`)).n).toBe(3);
  });

  it('is reached with every row once, when the program is stopped while rows are made ready', async () => {
    const people = Array.from({ length: 210 }, (_, i) => `新人${i},N${String(i).padStart(4, '0')},SL,科员,2020-01-01`);
    const roster = await checkedRoster(hr, bureau, csv(...people));
    must(await applyRoster(hr, roster.id, 'all'));
    const writing = database().writing;
    const query = writing.query.bind(writing) as (sql: string, options: never) => Promise<unknown>;
    let parts = 0;
    const stopped = vi.spyOn(writing, 'query').mockImplementation(((sql: string, options: never) => {
      if (!sql.includes('INSERT INTO roster_plans')) return query(sql, options);
      parts += 1;
      return parts === 2 ? Promise.reject(new Error('stopped')) : query(sql, options);
    }) as never);
    await expect(stageRoster(roster.id)).rejects.toThrow('stopped');
    stopped.mockRestore();
    expect(await theRoster(hr, roster.id)).toMatchObject({ state: 'staging', staged: 200 });
    expect((await appointments()).filter(({ name }) => name.startsWith('新人'))).toEqual([]);

    await drainOutbox();
    expect(await theRoster(hr, roster.id)).toMatchObject({ state: 'applied', planned: 210, told: 210 });
    expect((await appointments()).filter(({ name }) => name.startsWith('新人'))).toHaveLength(210);
  });

  describe.skipIf(dialect !== 'sqlite')('and all before it', () => {
    it('read no table of people from end to end, so that a row costs the same among many as among few', async () => {
      const asked = new Map<string, unknown>();
      const { reading } = database();
      const query = reading.query.bind(reading) as (sql: string, options: { bind?: unknown }) => Promise<unknown>;
      const spy = vi.spyOn(reading, 'query').mockImplementation(((sql: string, options: { bind?: unknown }) => {
        asked.set(sql, options.bind);
        return query(sql, options);
      }) as never);
      await apply(await checkedRoster(hr, bureau, csv('丙三,S0003,SL,科员,2020-01-01', '丁四,S0004,SL,科员,2020-01-01')));
      spy.mockRestore();
      const statements = [...asked].filter(([sql]) => /FROM (?:identifiers|person_likeness|sign_in_names)/.test(sql) && sql.includes('json_each'));
      expect(statements.length).toBeGreaterThan(2);
      for (const [sql, bind] of statements) {
        const plan = (await query(`EXPLAIN QUERY PLAN ${sql}`, { bind, type: 'SELECT' } as never)) as { detail: string }[];
        expect(plan.map(({ detail }) => detail).filter((detail) => /^SCAN (?!json_each)/.test(detail))).toEqual([]);
      }
    });
  });
});
