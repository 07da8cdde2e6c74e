import type { HiringStatus } from '~/certification';
import type { StatusTone } from '../status/status';

// Named here too: the room's list is the server's.
export const STATUSES = [
  'cleared', 'waived', 'will-be-cleared', 'late', 'will-lapse', 'lapsed', 'incomplete', 'never-sat', 'failed', 'withdrawn', 'unassigned', 'name-mismatch', 'unknown',
] as const satisfies readonly HiringStatus[];

/** Amber for what may still turn out well by itself or is permitted for a time; red for what does not. */
export const TONES: Record<HiringStatus, StatusTone> = {
  'cleared': 'ok', 'waived': 'due', 'will-be-cleared': 'due', 'late': 'bad', 'will-lapse': 'bad', 'lapsed': 'bad', 'incomplete': 'bad', 'never-sat': 'bad',
  'failed': 'bad', 'withdrawn': 'bad', 'unassigned': 'bad', 'name-mismatch': 'neutral', 'unknown': 'neutral',
};
