import { v7 } from 'uuid';
import { z } from 'zod';
import { clock } from './clock';

/** A new UUIDv7: sorts roughly by time of creation, which keeps B-tree inserts at the right edge. */
export const newId = (): string => v7({ msecs: clock.now() });

/** An id as it arrives from outside. */
export const Id = z.uuid();
