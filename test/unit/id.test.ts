import { afterEach, describe, expect, it } from 'vitest';
import { advanceClock, resetClock, setClock } from '~/kernel/clock';
import { Id, newId } from '~/kernel/id';

afterEach(resetClock);

describe('an id', () => {
  it('sorts in the order of creation, also within one millisecond', () => {
    setClock(Date.UTC(2026, 0, 1));
    const made = Array.from({ length: 5000 }, (_, i) => {
      if (i % 1000 === 999) advanceClock(1);
      return newId();
    });
    expect([...made].sort()).toEqual(made);
    expect(new Set(made).size).toBe(made.length);
    expect(made.every((id) => Id.safeParse(id).success)).toBe(true);
  });

  it('cannot be guessed from the one before', () => {
    setClock(Date.UTC(2026, 0, 1));
    const [first, second] = [newId(), newId()];
    expect(first.slice(20)).not.toBe(second.slice(20));
  });
});
