import { minutes, type Instant } from '~/kernel/clock';
import { keyedHash } from '~/kernel/secrets';

const STEP = minutes(1);
const DIGITS = 6;

const codeAt = (sittingId: string, roomId: string | null, step: number): string =>
  String(Number.parseInt(keyedHash(`check-in ${sittingId} ${roomId ?? ''} ${step}`).slice(0, 12), 16) % 10 ** DIGITS).padStart(DIGITS, '0');

export interface CheckInCode {
  code: string;
  /** When the next one takes its place. */
  until: Instant;
}

/** The code of a room (null: the whole sitting) at `now`. It is shown to invigilators only. */
export function checkInCode(sitting: { id: string }, roomId: string | null, now: Instant): CheckInCode {
  const step = Math.floor(now / STEP);
  return { code: codeAt(sitting.id, roomId, step), until: (step + 1) * STEP };
}

/** Whether a code is the present one, or the one before: typing takes time. */
export function isCheckInCode(sitting: { id: string }, roomId: string | null, typed: string, now: Instant): boolean {
  const step = Math.floor(now / STEP);
  const code = typed.normalize('NFKC').replace(/[\s-]/g, '');
  return code === codeAt(sitting.id, roomId, step) || code === codeAt(sitting.id, roomId, step - 1);
}
