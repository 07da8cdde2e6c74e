import type { Instant } from '~/kernel/clock';
import type { Snapshot } from '../credential';

/** What the process asks of the thread. */
export interface ToRender {
  id: number;
  snapshot: Snapshot;
  issuedAt: Instant;
}

/** What the thread answers. */
export type Rendered = { id: number } & ({ pdf: Uint8Array } | { missing: string[] } | { failure: string });
