import { minutes, seconds, type Instant } from '~/kernel/clock';
import { countsByRule, type AttemptAtSave } from '../save-rules';

/**
 * What becomes of a change in an answer file: it counts like a save; it counts by rule although it comes late, or
 * after the deadline closed the attempt; or it is evidence of a kind.
 */
export type FileVerdict = 'saved' | 'by-rule' | 'late-within-tolerance' | 'late' | 'handed-in' | 'other-device';

/**
 * @param arrivedAt when the file was handed to the invigilator, or uploaded
 * @param changedAt as the device says; null: it does not say
 */
export function judgeFileChange(attempt: AttemptAtSave, device: string, arrivedAt: Instant, changedAt: Instant | null): FileVerdict {
  const open = attempt.state === 'in-progress';
  if (attempt.state === 'void' || (!open && attempt.handInCause !== 'deadline')) return 'handed-in';
  if (attempt.device !== device) return 'other-device';
  // While an exam stands still the time does.
  const at = open ? Math.min(arrivedAt, attempt.pausedAt ?? arrivedAt) : arrivedAt;
  if (at <= attempt.deadlineAt) return open ? 'saved' : 'by-rule';
  if (at > attempt.deadlineAt + seconds(attempt.toleranceSeconds)) return 'late';
  // The deadline may have closed the attempt meanwhile: what was in the invigilator's hand by then had come.
  return countsByRule({ ...attempt, state: 'in-progress' }, 'late-within-tolerance', changedAt) ? 'by-rule' : 'late-within-tolerance';
}

/** How far the device's reckoning of our time may be off. */
const RECKONING = minutes(2);

/** Whether somebody can have handed a file over at `at`: not before it was made, nor in the future. */
export const couldHandOver = (at: Instant, madeAt: Instant, now: Instant): boolean => at <= now && at >= madeAt - RECKONING;
