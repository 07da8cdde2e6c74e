import { beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { eventsAbout } from '~/audit';
import { applyRoster, countRosterRows, shownRows, undoRoster, type Roster } from '~/exchange';
import { inTransaction, one, reader, rows } from '~/db';
import { accountOfPerson, type Actor } from '~/identity';
import { useConfig } from '~/kernel/config';
import { must } from '~/kernel/result';
import { peopleInScope, personCard, personsByNumber, type Organisation } from '~/people';
import { drainOutbox } from '~jobs/drain';
import { anOrganisation } from '../support/actors';
import { testConfig } from '../support/config';
import { onEveryDatabase } from '../support/databases';
import { anIdentityNumber, aSheet, checkedRoster, officerOf, theRoster } from '../support/rosters';

const TITLES = ['姓名', '工号', '身份证号', '单位', '岗位', '上岗日期', '手机'];
const all = { filter: null, search: '', page: 1, pageSize: 100 };
const kindsOf = async (actor: Actor, roster: Roster) => (await shownRows(actor, roster, all)).rows.map((row) => [row.line, row.kind]);
const personOf = async (number: string) => (await personsByNumber(reader(), [number])).get(number) ?? null;

/** Applies a roster and lets everything that follows happen. */
async function applied(actor: Actor, roster: Roster, mode: 'all' | 'good' = 'all'): Promise<Roster> {
  must(await applyRoster(actor, roster.id, mode));
  await drainOutbox();
  return theRoster(actor, roster.id);
}

onEveryDatabase('rosters', () => {
  let bureau: Organisation;
  let office: Organisation;
  let hr: Actor;

  beforeAll(async () => {
    useConfig(testConfig());
    bureau = await anOrganisation({ name: '民政局', code: 'MZ' });
    office = await anOrganisation({ parent: bureau, name: '民政局办公室', code: 'MZ-01' });
    hr = officerOf(bureau);
  });

  it('go from an Excel file over a dry run into effect, and back', async () => {
    const number = anIdentityNumber('1988-11-02');
    const content = await aSheet(TITLES, [['赵一', 'G1', number, '民政局办公室', '科员', '2026-07-01', '13800000001'], ['钱二', 'G2', '', '', '副科长', { date: '2020-05-01' }, '']]);
    const roster = await checkedRoster(hr, bureau, content);
    expect(roster).toMatchObject({ state: 'checked', lines: 2, sheet: '花名册', headerLine: 1, mapping: ['name', 'staffNumber', 'nationalNumber', 'organisation', 'post', 'startOfDuty', 'phone'] });
    expect(await kindsOf(hr, roster)).toEqual([[2, 'created'], [3, 'created']]);
    expect(await personOf('G1')).toBeNull();

    const done = await applied(hr, roster);
    expect(done).toMatchObject({ state: 'applied', told: 2, planned: 2, fileKey: null });
    const [first, second] = [await personOf('G1') ?? '', await personOf('G2') ?? ''];
    expect(await personCard(reader(), first)).toMatchObject({
      name: '赵一', phone: '13800000001', numbers: [{ kind: 'national', value: `430***********${number.slice(14)}` }, { kind: 'staff', value: 'G1' }],
      appointments: [{ organisationName: '民政局办公室', post: '科员', kind: 'staff', startOfDuty: '2026-07-01', endedOn: null }],
    });
    expect(await personCard(reader(), second)).toMatchObject({ appointments: [{ organisationName: '民政局', startOfDuty: '2020-05-01' }] });
    expect(await accountOfPerson(reader(), first)).toMatchObject({ signInName: 'G1', state: 'invited' });
    expect((await eventsAbout(reader(), first)).map((event) => event.kind)).toEqual(expect.arrayContaining(['person.registered', 'account.opened', 'person.appointed']));

    must(await undoRoster(hr, roster.id, { reason: '传错了文件', rest: false }));
    await drainOutbox();
    expect(await theRoster(hr, roster.id)).toMatchObject({ state: 'undone' });
    expect(await personOf('G1')).toBeNull();
    expect((await peopleInScope(reader(), { paths: [bureau.path], page: 1 })).count).toBe(0);
    // The same file can be brought again.
    const again = await applied(hr, await checkedRoster(hr, bureau, content));
    expect(again).toMatchObject({ state: 'applied', told: 2 });
    expect((await peopleInScope(reader(), { paths: [bureau.path], page: 1 })).people.map((one) => one.name).sort()).toEqual(['赵一', '钱二'].sort());
    void [describe, inTransaction, one, rows, z, countRosterRows, office];
  });
});
