import { seconds, type Instant } from '~/kernel/clock';
import type { AttemptState } from './attempt-state';

/** The attempt as it stands in the transaction that saves. */
export interface AttemptAtSave {
  state: AttemptState;
  device: string | null;
  deadlineAt: Instant;
  toleranceSeconds: number;
  handedInAt: Instant | null;
  handInCause: string | null;
}

/** How a save as a whole is answered; what comes too late or from elsewhere is kept as evidence. */
export type Verdict = 'open' | 'handed-in' | 'other-device' | 'late-within-tolerance' | 'late';

/**
 * Whether responses that arrived at `receivedAt` from `device` count. The instant of arrival decides, not
 * the instant at which the transaction had time for them. An attempt that the deadline handed in answers
 * "late", one that the candidate handed in answers "handed in", also after its deadline.
 */
export function judgeSave(attempt: AttemptAtSave, device: string, receivedAt: Instant): Verdict {
  const open = attempt.state === 'in-progress';
  if (!open && attempt.handInCause !== 'deadline') return 'handed-in';
  if (attempt.device !== device) return 'other-device';
  if (receivedAt <= attempt.deadlineAt) return open ? 'open' : 'handed-in';
  const late = receivedAt - attempt.deadlineAt;
  return late <= seconds(attempt.toleranceSeconds) ? 'late-within-tolerance' : 'late';
}

/** The response that counts for an item. */
export interface Current {
  seq: number;
  text: string;
}

/**
 * What a change does to the response that counts: the highest sequence number wins, the same number with
 * the same response is a repeat of something already acknowledged, anything else is stale.
 */
export function judgeChange(current: Current | undefined, seq: number, text: string): 'new' | 'repeat' | 'stale' {
  if (!current || seq > current.seq) return 'new';
  return seq === current.seq && text === current.text ? 'repeat' : 'stale';
}
