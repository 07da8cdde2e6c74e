import { randomBytes, randomInt } from 'node:crypto';
import { v5, v7 } from 'uuid';
import { z } from 'zod';
import { clock } from './clock';

let lastMillisecond = -1;
let sequence = 0;

const RANDOM_BYTES = 16;
let pool = Buffer.alloc(0);
let used = 0;

/** Fetched for many ids at once: a call into the system for each costs more than all the rest of it. */
function someRandom(): Buffer {
  if (used + RANDOM_BYTES > pool.length) {
    pool = randomBytes(256 * RANDOM_BYTES);
    used = 0;
  }
  used += RANDOM_BYTES;
  return pool.subarray(used - RANDOM_BYTES, used);
}

/**
 * A new UUIDv7: sorts by time of creation, which keeps B-tree inserts at the right edge; those of one
 * process and one millisecond sort in the order in which they were made.
 */
export function newId(): string {
  const msecs = clock.now();
  sequence = msecs === lastMillisecond ? sequence + 1 : randomInt(2 ** 31);
  lastMillisecond = msecs;
  return v7({ msecs, seq: sequence, random: someRandom() });
}

/** An id that follows from another one and a name: whoever does the same thing again makes no second of it. */
export const derivedId = (name: string, from: string): string => v5(name, from);

/** An id as it arrives from outside. */
export const Id = z.uuid();
