import { seconds, type Instant } from '~/kernel/clock';
import type { AttemptState } from './attempt-state';

/** The attempt as it stands in the transaction that saves. */
export interface AttemptAtSave {
  state: AttemptState;
  device: string | null;
  deadlineAt: Instant;
  toleranceSeconds: number;
  /** Since when it stands still; null while it runs. */
  pausedAt: Instant | null;
  handedInAt: Instant | null;
  handInCause: string | null;
}

/** How a save as a whole is answered; what comes too late or from elsewhere is kept as evidence. */
export type Verdict = 'open' | 'paused' | 'void' | 'handed-in' | 'other-device' | 'late-within-tolerance' | 'late';

/** What was written when a pause began may still be on its way: so long it counts as usual. */
export const PAUSE_GRACE = seconds(10);

/**
 * Whether responses that arrived at `receivedAt` from `device` count. The instant of arrival decides, not
 * the instant at which the transaction had time for them. An attempt that the deadline handed in answers
 * "late", one that the candidate handed in answers "handed in", also after its deadline. During a pause the
 * time stands still: the deadline is held against the instant at which the pause began.
 */
export function judgeSave(attempt: AttemptAtSave, device: string, receivedAt: Instant): Verdict {
  const open = attempt.state === 'in-progress';
  if (attempt.state === 'void') return 'void';
  if (!open && attempt.handInCause !== 'deadline') return 'handed-in';
  if (attempt.device !== device) return 'other-device';
  const pausedAt = open ? attempt.pausedAt : null;
  if (pausedAt !== null && receivedAt > pausedAt + PAUSE_GRACE) return 'paused';
  const late = Math.min(receivedAt, pausedAt ?? receivedAt) - attempt.deadlineAt;
  if (late <= 0) return open ? 'open' : 'handed-in';
  return late <= seconds(attempt.toleranceSeconds) ? 'late-within-tolerance' : 'late';
}

/**
 * Whether a late change counts by rule: it arrived within the tolerance, the attempt is not handed in yet, and the
 * device says that it was made before the deadline. Without that claim nothing counts by rule.
 * @param changedAt by the server's time, as the device reckoned it
 */
export const countsByRule = (attempt: AttemptAtSave, verdict: Verdict, changedAt: Instant | null): boolean =>
  verdict === 'late-within-tolerance' && attempt.state === 'in-progress' && changedAt !== null && changedAt <= attempt.deadlineAt;

/** A section that was entered: when its time is up, and when it was closed for good. */
export interface SectionAtSave {
  endsAt: Instant | null;
  leftAt: Instant | null;
}

/**
 * Whether a change counts as far as its section goes: it arrived before the section closed; or within the tolerance
 * after that, and the device says that it was made before. A section that was not entered yet takes nothing.
 */
export function countsInSection(section: SectionAtSave | null, at: { receivedAt: Instant; changedAt: Instant | null }, toleranceSeconds: number): boolean {
  if (section === null) return false;
  const closedAt = section.leftAt ?? section.endsAt;
  if (closedAt === null || at.receivedAt <= closedAt) return true;
  return at.changedAt !== null && at.changedAt <= closedAt && at.receivedAt <= closedAt + seconds(toleranceSeconds);
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
