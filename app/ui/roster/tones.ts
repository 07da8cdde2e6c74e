import type { RosterKind, RosterState } from '~/exchange';
import type { StatusTone } from '..';

export const ROSTER_TONES: Record<RosterState, StatusTone> = {
  columns: 'due', checking: 'neutral', checked: 'due', staging: 'neutral', cancelling: 'neutral', applied: 'ok', undoing: 'neutral', undone: 'neutral', withdrawn: 'neutral', unreadable: 'bad',
};

export const KIND_TONES: Record<RosterKind, StatusTone> = { created: 'ok', changed: 'ok', moved: 'ok', left: 'due', unchanged: 'neutral', wrong: 'bad' };

/** States in which a job works on it and the page follows. */
export const AT_WORK: readonly RosterState[] = ['checking', 'staging', 'cancelling', 'undoing'];
