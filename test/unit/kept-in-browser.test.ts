import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import { openDB } from 'idb';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { BrowserAnswers } from '~/ui/player/kept-in-browser';
import type { PlainAnswer } from '~/ui/player/plain-answers';

const KEY = new Uint8Array(32).fill(7);
const T0 = 1_800_000_000_000;
const HEARS_NOTHING = { tell: () => undefined, hear: () => () => undefined };

interface Given {
  attemptId?: string;
  key?: Uint8Array;
  plain?: PlainAnswer[];
  now?: number;
}

/** What a tab of the browser sees; each has a connection of its own. */
function aTab({ attemptId = 'attempt-1', key = KEY, plain = [], now = T0 }: Given = {}): BrowserAnswers {
  let left = plain;
  return new BrowserAnswers({ attemptId, key, signal: HEARS_NOTHING, now: () => now, plain: { read: () => left, remove: () => void (left = []) } });
}

const said = (response: string) => ({ response, changedAt: T0 });

describe('answers kept in the browser', () => {
  beforeEach(() => void vi.stubGlobal('indexedDB', new IDBFactory()));
  afterEach(() => void vi.unstubAllGlobals());

  it('are there after the browser was closed, until the server has them, and then stay readable for other tabs', async () => {
    expect(await aTab().keep('a', said('凭证'), 1)).toBe(1);
    const again = aTab();
    expect(await again.read()).toEqual([{ item: 'a', seq: 1, sent: false, flag: null, change: said('凭证') }]);
    await again.acknowledge('a', 1);
    expect(await aTab().read()).toMatchObject([{ sent: true, change: said('凭证') }]);
  });

  it('are not acknowledged by what was acknowledged of an earlier change', async () => {
    const tab = aTab();
    await tab.keep('a', said('x'), 1);
    await tab.keep('a', said('y'), 2);
    await tab.acknowledge('a', 1);
    expect(await tab.read()).toMatchObject([{ seq: 2, sent: false, change: said('y') }]);
  });

  it('never lie on the device in plain text', async () => {
    await aTab().keep('a', said('a secret answer'), 1);
    const db = await openDB('shanggang-answers');
    const rows: unknown[] = await db.getAll('answers');
    const bytes = JSON.stringify(rows, (_, value: unknown) => (value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : value));
    expect(rows).toHaveLength(1);
    expect(bytes).not.toContain('secret');
    expect(bytes).toContain('attempt-1');
  });

  it('are nothing to somebody with another key, nor under another attempt', async () => {
    await aTab().keep('a', said('x'), 1);
    expect(await aTab({ key: new Uint8Array(32) }).read()).toMatchObject([{ seq: 1, change: null }]);
    expect(await aTab({ attemptId: 'attempt-2' }).read()).toEqual([]);
    await aTab({ attemptId: 'attempt-2' }).forget();
    expect(await aTab().read()).toHaveLength(1);
  });

  it('take up what an older program left in plain text, with its number, and remove it there', async () => {
    const plain = { left: [{ item: 'a', seq: 4, response: 'x' }, { item: 'b', seq: 2 }] as PlainAnswer[] };
    const tab = new BrowserAnswers({
      attemptId: 'attempt-1', key: KEY, signal: HEARS_NOTHING, now: () => T0,
      plain: { read: () => plain.left, remove: () => void (plain.left = []) },
    });
    expect(await tab.read()).toEqual([
      { item: 'a', seq: 4, sent: false, flag: null, change: { response: 'x', changedAt: null } },
      { item: 'b', seq: 2, sent: true, flag: null, change: null },
    ]);
    expect(plain.left).toEqual([]);
    expect(await tab.keep('b', said('y'), 1)).toBe(3);
  });

  it('are forgotten three months after an exam that nobody came back to', async () => {
    await aTab().keep('a', said('x'), 1);
    const day = 24 * 3_600_000;
    expect(await aTab({ now: T0 + 89 * day }).read()).toHaveLength(1);
    expect(await aTab({ now: T0 + 91 * day }).read()).toEqual([]);
  });

  it('refuse instead of waiting where the browser has no such storage', async () => {
    vi.stubGlobal('indexedDB', { open: () => { throw new DOMException('A mutation operation was attempted', 'InvalidStateError'); } });
    await expect(aTab().keep('a', said('x'), 1)).rejects.toThrow();
    await expect(aTab().read()).rejects.toThrow();
  });

  it('give every change of every tab a number of its own, above all numbers before', async () => {
    const change = fc.record({ tab: fc.nat({ max: 2 }), item: fc.constantFrom('a', 'b'), wait: fc.boolean() });
    await fc.assert(fc.asyncProperty(fc.array(change, { maxLength: 20 }), async (changes) => {
      vi.stubGlobal('indexedDB', new IDBFactory());
      const tabs = [aTab(), aTab(), aTab()];
      await Promise.all(tabs.map((tab) => tab.read()));
      const given: { item: string; seq: Promise<number>; response: string }[] = [];
      for (const [i, { tab, item, wait }] of changes.entries()) {
        const response = `answer ${i}`;
        const seq = tabs[tab]?.keep(item, said(response), 1) ?? Promise.reject(new Error('no such tab'));
        given.push({ item, seq, response });
        if (wait) await seq;
      }
      for (const item of ['a', 'b']) {
        const own = await Promise.all(given.filter((one) => one.item === item).map(async (one) => ({ seq: await one.seq, response: one.response })));
        expect(new Set(own.map(({ seq }) => seq)).size).toBe(own.length);
        const last = own.reduce<{ seq: number; response: string } | null>((best, one) => (best && best.seq > one.seq ? best : one), null);
        const kept = (await aTab().read()).find((entry) => entry.item === item);
        expect(kept?.change?.response).toBe(last?.response);
      }
    }), { numRuns: 40 });
  });
});
