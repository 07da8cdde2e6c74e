import type { ActKind } from '~/exchange';

// Named here too: the room's list is the server's.
export const ACTS = ['remind', 'book', 'waiver', 'start'] as const satisfies readonly ActKind[];
