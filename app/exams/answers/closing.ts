import { seconds, type Instant } from '~/kernel/clock';

/**
 * Saves that arrived in time may still be on their way to the disk when the tolerance ends: an attempt is
 * closed this much later.
 */
const SETTLING = seconds(2);

/**
 * When an attempt whose candidate does not hand it in is closed by itself. Until then it takes in what was
 * changed before the deadline and arrives within the exam's tolerance; its time of hand-in is the deadline.
 */
export const closesAfter = (deadlineAt: Instant, toleranceSeconds: number): Instant =>
  deadlineAt + seconds(toleranceSeconds) + SETTLING;
