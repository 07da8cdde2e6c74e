import { afterAll, beforeAll, expect, it } from 'vitest';
import { recordCompletion, recordResult, searchPeople } from '~/certification';
import { execute, inTransaction } from '~/db';
import type { Actor } from '~/identity';
import { resetClock } from '~/kernel/clock';
import { useConfig } from '~/kernel/config';
import { must } from '~/kernel/result';
import { addNumber, appoint, correctPersonTx, createPerson, noteLikenesses } from '~/people';
import { drainOutbox } from '~jobs/drain';
import { anActor, anOrganisation } from '../support/actors';
import { aCity, aResult, completeCourse, itIs, somebody, type City } from '../support/certification';
import { testConfig } from '../support/config';
import { onEveryDatabase } from '../support/databases';

const BY = { by: 'system:a test' } as const;
const TODAY = '2026-03-02';

onEveryDatabase('the search for people', () => {
  let city: City;
  let hr: Actor;
  let elsewhere: Actor;

  const found = async (typed: string, actor: Actor = hr) => (await searchPeople(actor, typed, TODAY))?.people.map(({ name }) => name) ?? null;

  beforeAll(async () => {
    useConfig(testConfig());
    itIs(TODAY);
    city = await aCity();
    const far = await anOrganisation({ name: '远县财政局' });
    hr = anActor({ hr: [city.bureau.path] });
    elsewhere = anActor({ hr: [far.path] });
    for (const name of ['单小明', '单晓鸣', '欧阳若溪', 'Rachel Stone', '高_低', '高中低']) await somebody(city, { name });
    await inTransaction(async (tx) => {
      const personId = must(await createPerson(tx, BY, { name: '单小明', numbers: [{ kind: 'staff', value: 'YX-7001' }] }));
      await appoint(tx, BY, { personId, organisationId: far.id, kind: 'staff', post: '科员', startOfDuty: '2020-01-01' });
    });
  });
  afterAll(resetClock);

  it.each([
    { typed: '单小明', names: ['单小明', '单晓鸣'], why: 'by the name, then by whose name sounds like it' },
    { typed: 'shanxiao', names: ['单小明', '单晓鸣'], why: 'by how the pinyin begins, the surname read as one' },
    { typed: 'SXM', names: ['单小明', '单晓鸣'], why: 'by first letters' },
    { typed: 'oyrx', names: ['欧阳若溪'], why: 'by the first letters of a double surname' },
    { typed: '若溪', names: ['欧阳若溪'], why: 'by the given name alone' },
    { typed: 'rachel s', names: ['Rachel Stone'], why: 'by a name in letters' },
    { typed: '高_', names: ['高_低', '高中低'], why: 'taking signs literally before those that sound alike' },
    { typed: 'zzzz', names: [], why: 'not at all when nobody is called so' },
  ])('finds people $why: $typed', async ({ typed, names }) => {
    const people = await found(typed) ?? [];
    expect([...people].sort()).toEqual([...names].sort());
    expect(people[0]).toBe(names[0]);
  });

  it('finds people by how their numbers begin, and only those in scope', async () => {
    const { personId } = await somebody(city, { name: '田可' });
    must(await inTransaction((tx) => addNumber(tx, personId, { kind: 'staff', value: 'LJ-188-01' })));
    expect(await found('lj-188')).toEqual(['田可']);
    expect(await found('LJ-188-01')).toEqual(['田可']);
    expect(await found('yx-7001')).toEqual([]);
    expect(await found('yx-7001', elsewhere)).toEqual(['单小明']);
    expect(await found('田可', elsewhere)).toEqual([]);
    await expect(found('田可', anActor({}, personId))).rejects.toThrow('access.denied');
  });

  it('follows a new name, and finds nobody by the former one', async () => {
    const { personId } = await somebody(city, { name: '米兰' });
    must(await inTransaction((tx) => correctPersonTx(tx, BY, personId, { name: '戴维', email: null, phone: null })));
    expect(await found('milan')).toEqual([]);
    expect(await found('dw')).toEqual(['戴维']);
  });

  it('says how somebody stands, with the unit', async () => {
    const { personId } = await somebody(city, { name: '卓越' });
    await drainOutbox();
    const one = async () => (await searchPeople(hr, 'zhuoyue', TODAY))?.people[0];
    expect(await one()).toMatchObject({ organisation: '云江市数据局', standing: { state: 'not-yet', startedOn: null } });
    await recordCompletion(await completeCourse(personId, city.course));
    await recordResult(await aResult(personId, city.exam, { percent: 91 }));
    expect(await one()).toMatchObject({ standing: { state: 'may-start' } });
  });

  it('finds those by first letters who were registered before these were noted, once the sweep went through', async () => {
    await inTransaction((tx) => execute(tx, 'UPDATE person_likeness SET initials = NULL'));
    expect(await found('oyrx')).toEqual([]);
    await noteLikenesses();
    expect(await found('oyrx')).toEqual(['欧阳若溪']);
  });
});
