import { afterEach, beforeEach, expect, it } from 'vitest';
import { z } from 'zod';
import { isSealed, sealLedger, verifyLedger } from '~/audit';
import { appendEvents, erasePersonKey, execute, inTransaction, insert, one, reader } from '~/db';
import { clock, hours, minutes, resetClock, setClock } from '~/kernel/clock';
import { useConfig } from '~/kernel/config';
import { newId } from '~/kernel/id';
import { must } from '~/kernel/result';
import { createPerson } from '~/people';
import { testConfig } from '../support/config';
import { onEveryDatabase } from '../support/databases';

let now = Date.UTC(2031, 0, 1);

onEveryDatabase('the seals of the ledger', () => {
  beforeEach(async () => {
    useConfig(testConfig());
    // Later than whatever was recorded before.
    setClock(now += hours(3));
    await inTransaction(async (tx) => {
      await execute(tx, 'DELETE FROM ledger_seals');
      await execute(tx, 'DELETE FROM ledger_events');
    });
  });
  afterEach(resetClock);

  const pass = (ms: number) => setClock(now += ms);
  const happens = (n: number, personId: string | null = null) => inTransaction((tx) => appendEvents(tx, Array.from({ length: n }, (_, i) => (
    { kind: 'thing.done', subject: { kind: 'thing', id: `${i}` }, personId, by: 'system:a test' as const, body: { i }, ...(personId && { personal: { name: '沈知' } }) }
  ))));
  const sealed = async (n: number, personId: string | null = null) => {
    await happens(n, personId);
    pass(minutes(2));
    await sealLedger(clock.now());
  };
  const write = (sql: string, params: Record<string, string | number> = {}) => inTransaction((tx) => execute(tx, sql, params));
  const someEvent = async (offset: number) => (await one(reader(), z.object({ id: z.string() }), 'SELECT id FROM ledger_events ORDER BY recorded_at, id LIMIT 1 OFFSET $offset', { offset })).id;
  /** As if a transaction that began at `at` committed only now. */
  const committedLate = (at: number) => inTransaction((tx) => insert(tx, 'ledger_events', [{
    id: newId(), kind: 'thing.done', subject_kind: 'thing', subject_id: 'late', person_id: null, at, recorded_at: at, by: 'system:a test', cause: null, body: '{}', personal: null,
  }]));

  it('chain everything that was recorded a minute ago, once', async () => {
    await sealed(3);
    await sealed(1500);
    await happens(2);
    await sealLedger(clock.now());
    await Promise.all([sealLedger(clock.now()), sealLedger(clock.now())]);
    const { seals, events, unsealed, broken, head } = await verifyLedger();
    expect({ seals, events, unsealed, broken }).toEqual({ seals: 3, events: 1503, unsealed: 2, broken: null });
    expect(await isSealed(`${head?.number}:${head?.hash}`)).toBe(true);
    expect(await isSealed(`2:${head?.hash}`)).toBe(false);
  });

  it('verify after the key of a person was erased', async () => {
    const personId = await inTransaction(async (tx) => must(await createPerson(tx, { by: 'system:a test' }, { name: '沈知', email: null, numbers: [] })));
    pass(minutes(2));
    await sealed(2, personId);
    await inTransaction((tx) => erasePersonKey(tx, personId));
    expect((await verifyLedger()).broken).toBeNull();
  });

  it.each([
    { name: 'was changed', sql: `UPDATE ledger_events SET body = '{"i":9}' WHERE id = $id`, breach: { kind: 'changed' } },
    { name: 'was moved in time', sql: 'UPDATE ledger_events SET at = at - 1 WHERE id = $id', breach: { kind: 'changed' } },
    { name: 'is gone', sql: 'DELETE FROM ledger_events WHERE id = $id', breach: { kind: 'removed' } },
  ])('name the first seal of which an event $name', async ({ sql, breach }) => {
    for (const n of [3, 3, 3]) await sealed(n);
    await write(sql, { id: await someEvent(7) });
    await write(sql, { id: await someEvent(4) });
    expect((await verifyLedger()).broken).toMatchObject({ seal: 2, ...breach });
  });

  it('name the seal in whose time an event was put in', async () => {
    for (const n of [3, 3]) await sealed(n);
    const { at } = await one(reader(), z.object({ at: z.number() }), 'SELECT MIN(recorded_at) AS at FROM ledger_events');
    pass(hours(2));
    await sealed(1);
    await committedLate(at - 1);
    await sealLedger(clock.now());
    expect((await verifyLedger()).broken).toMatchObject({ seal: 1, kind: 'inserted' });
  });

  it('name a seal that was itself changed or left out', async () => {
    for (const n of [2, 2, 2]) await sealed(n);
    const kept = (await verifyLedger()).head;
    await write('DELETE FROM ledger_seals WHERE number = 2');
    expect((await verifyLedger()).broken).toMatchObject({ seal: 3, kind: 'chain' });
    // Made anew the chain is in order, but not the one that somebody kept.
    await write('DELETE FROM ledger_seals');
    await sealLedger(clock.now());
    expect((await verifyLedger()).broken).toBeNull();
    expect(await isSealed(`${kept?.number}:${kept?.hash}`)).toBe(false);
  });

  it('take in what was committed late, and know that it was', async () => {
    const began = clock.now();
    await sealed(3);
    await committedLate(began);
    await sealLedger(clock.now());
    await sealed(2);
    await committedLate(began + 1);
    await sealLedger(clock.now());
    expect(await verifyLedger()).toMatchObject({ seals: 4, events: 7, unsealed: 0, broken: null });
    await write(`DELETE FROM ledger_events WHERE subject_id = 'late'`);
    expect((await verifyLedger()).broken).toMatchObject({ seal: 2, kind: 'removed' });
  });
});
