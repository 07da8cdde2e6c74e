import { randomInt } from 'node:crypto';
import { v7 } from 'uuid';
import { z } from 'zod';
import { clock } from './clock';

let lastMillisecond = -1;
let sequence = 0;

/**
 * A new UUIDv7: sorts by time of creation, which keeps B-tree inserts at the right edge; those of one
 * process and one millisecond sort in the order in which they were made.
 */
export function newId(): string {
  const msecs = clock.now();
  sequence = msecs === lastMillisecond ? sequence + 1 : randomInt(2 ** 31);
  lastMillisecond = msecs;
  return v7({ msecs, seq: sequence });
}

/** An id as it arrives from outside. */
export const Id = z.uuid();
