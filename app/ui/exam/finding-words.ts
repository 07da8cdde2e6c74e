import type { StatusTone } from '../status/status';

/** How a finding's state looks; the words say it. */
export function findingTone(state: string): StatusTone {
  if (state === 'upheld' || state === 'appeal-dismissed') return 'bad';
  return state === 'dismissed' || state === 'appeal-upheld' ? 'ok' : 'due';
}
