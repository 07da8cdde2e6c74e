import { afterEach, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { assignFor, changesAfter, lastSequence, numberChanges, recordCompletion, recordResult, sequenceBefore, type ClearanceChange } from '~/certification';
import { execute, insert, inTransaction, one, reader, type Tx } from '~/db';
import { resetClock } from '~/kernel/clock';
import { useConfig } from '~/kernel/config';
import { newId } from '~/kernel/id';
import { adoptRootOrganisation } from '~/people';
import { anOrganisation } from '../support/actors';
import { aCity, aResult, completeCourse, itIs, somebody, type City } from '../support/certification';
import { testConfig } from '../support/config';
import { onEveryDatabase } from '../support/databases';

onEveryDatabase('the feed of changes', (dialect) => {
  let city: City;
  let root: string;
  beforeAll(async () => {
    useConfig(testConfig());
    itIs('2026-05-04');
    city = await aCity();
    root = (await adoptRootOrganisation()).path;
  });
  afterEach(resetClock);

  const read = (after: number, paths = [root], upTo = Number.MAX_SAFE_INTEGER): Promise<ClearanceChange[]> => changesAfter(reader(), { paths, after, upTo, limit: 1000 });
  const end = async (): Promise<number> => {
    await numberChanges();
    return lastSequence(reader());
  };
  /** A change of an assignment as a writer makes it, without judging anything. */
  const change = (tx: Tx, { assignmentId, personId }: { assignmentId: string; personId: string }, turn: number): Promise<number> =>
    insert(tx, 'clearance_changes', [{ id: newId(), assignment_id: assignmentId, person_id: personId, turn, kind: 'changed', state_before: null, state_after: null, at: tx.now }]);
  const assigned = async () => {
    const person = await somebody(city);
    await assignFor(person.appointmentId);
    const { id } = await one(reader(), z.object({ id: z.string() }), 'SELECT id FROM assignments WHERE person_id = $personId', { personId: person.personId });
    return { ...person, assignmentId: id };
  };

  it('tells what is assigned, what becomes of it, and that it ends, with what was and what is', async () => {
    itIs('2026-06-01');
    const before = await end();
    const person = await assigned();
    await recordCompletion(await completeCourse(person.personId, city.course));
    await recordResult(await aResult(person.personId, city.exam, { percent: 90 }));
    await inTransaction((tx) => execute(tx, `UPDATE appointments SET ended_on = '2026-06-20' WHERE id = $id`, { id: person.appointmentId }));
    await assignFor(person.appointmentId);
    await end();
    const told = await read(before);
    expect(told.map(({ kind, before: was, after }) => [kind, was?.status ?? null, after?.status ?? null])).toEqual([
      ['assigned', null, 'not-cleared'], ['changed', 'not-cleared', 'cleared'], ['ended', 'cleared', null],
    ]);
    expect(told[1]).toMatchObject({ assignmentId: person.assignmentId, person: { id: person.personId }, programme: { slug: 'before-start-of-duty' }, after: { mayStartOn: '2026-07-01' } });
    expect(new Set(told.map(({ sequence }) => sequence)).size).toBe(3);
  });

  it('says nothing again when something is judged anew and stays as it was', async () => {
    itIs('2026-06-02');
    const person = await assigned();
    const before = await end();
    await assignFor(person.appointmentId);
    await end();
    expect(await read(before)).toEqual([]);
  });

  it('tells only what lies in the organisations asked about', async () => {
    const elsewhere = await anOrganisation({ name: '云江市档案局' });
    const before = await end();
    await assigned();
    await end();
    expect([(await read(before, [elsewhere.path])).length, (await read(before, [city.bureau.path])).length, (await read(before, [])).length]).toEqual([0, 1, 0]);
  });

  it('finds the number before the first change since a moment, and the end when there was none since', async () => {
    await assigned();
    const last = await end();
    const at = itIs('2027-06-04');
    expect(await sequenceBefore(reader(), at)).toBe(last);
    await assigned();
    await end();
    expect(await sequenceBefore(reader(), at)).toBe(last);
    expect((await read(await sequenceBefore(reader(), at))).map(({ kind }) => kind)).toEqual(['assigned']);
  });

  it('numbers the changes of one person in the order in which they were made, whatever their ids and clocks say', async () => {
    const person = await assigned();
    const before = await end();
    // The second was written by a machine whose clock is behind.
    itIs('2026-06-10');
    await inTransaction((tx) => change(tx, person, 2));
    itIs('2026-06-09');
    await inTransaction((tx) => change(tx, person, 3));
    await end();
    expect((await read(before)).map(({ at }) => at)).toEqual([itIs('2026-06-10'), itIs('2026-06-09')]);
  });

  // On SQLite a transaction that is open keeps every other writer waiting.
  it.skipIf(dialect === 'sqlite')('does not pass over what a transaction commits that began earlier and ended later than the reading', async () => {
    const [slow, quick] = [await assigned(), await assigned()];
    const start = await end();
    let go = (): void => undefined;
    const held = new Promise<void>((resolve) => { go = resolve; });
    let written = (): void => undefined;
    const wrote = new Promise<void>((resolve) => { written = resolve; });
    const late = inTransaction(async (tx) => {
      await change(tx, slow, 2);
      written();
      await held;
    });
    await wrote;
    await inTransaction((tx) => change(tx, quick, 2));
    const between = await end();
    expect((await read(start)).map(({ assignmentId }) => assignmentId)).toEqual([quick.assignmentId]);
    go();
    await late;
    await end();
    expect((await read(between)).map(({ assignmentId }) => assignmentId)).toEqual([slow.assignmentId]);
  });

  it('gives a reader who follows it every change exactly once while many write and several number', async () => {
    const people = await Promise.all(Array.from({ length: 12 }, assigned));
    const start = await end();
    const seen: number[] = [];
    const found: string[] = [];
    let writing = true;
    const follow = async (): Promise<void> => {
      for (let after = start; ;) {
        const last = !writing;
        await numberChanges();
        const some = await read(after);
        seen.push(...some.map(({ sequence }) => sequence));
        found.push(...some.map(({ assignmentId }) => assignmentId));
        after = some.at(-1)?.sequence ?? after;
        if (last) return;
      }
    };
    const writers = Promise.all(people.map(async (person) => {
      for (let turn = 2; turn <= 9; turn += 1) await inTransaction((tx) => change(tx, person, turn));
    })).then(() => { writing = false; });
    await Promise.all([follow(), numberChanges(), numberChanges(), writers]);
    expect(found).toHaveLength(12 * 8);
    expect(seen).toEqual(seen.map((_, i) => start + 1 + i));
  });
});
