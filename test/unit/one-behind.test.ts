import { describe, expect, it } from 'vitest';
import { OneBehind } from '~/exchange/roster/one-behind';

/** A writing that is over when it is told to be. */
function held(answer: boolean) {
  let end = (): void => undefined;
  let begun = 0;
  const over = new Promise<boolean>((resolve) => { end = () => resolve(answer); });
  return { write: () => { begun += 1; return over; }, begun: () => begun, end: () => end() };
}
const soon = () => new Promise((resolve) => setTimeout(resolve, 5));

describe('writing one behind', () => {
  it('lets the next be thought out meanwhile, and never writes two at once', async () => {
    const writer = new OneBehind();
    const [first, second] = [held(true), held(true)];
    expect(await writer.next(first.write)).toBe(true);
    const waiting = writer.next(second.write);
    await soon();
    expect([first.begun(), second.begun()]).toEqual([1, 0]);
    first.end();
    expect(await waiting).toBe(true);
    expect(second.begun()).toBe(1);
    second.end();
    expect(await writer.end()).toBe(true);
  });

  it('begins no other once a writing said to stop', async () => {
    const writer = new OneBehind();
    const [first, second] = [held(false), held(true)];
    await writer.next(first.write);
    first.end();
    expect(await writer.next(second.write)).toBe(false);
    expect(second.begun()).toBe(0);
  });

  it('tells whoever asks next that a writing failed, and begins no other', async () => {
    const writer = new OneBehind();
    const second = held(true);
    await writer.next(() => Promise.reject(new Error('disk full')));
    await soon();
    await expect(writer.next(second.write)).rejects.toThrow('disk full');
    expect(second.begun()).toBe(0);
    await writer.settled();
    await expect(writer.end()).rejects.toThrow('disk full');
  });
});
