import type { ActingApplication } from '~/identity';
import type { PlainDate } from '~/kernel/calendar';
import type { Instant } from '~/kernel/clock';
import type { Result } from '~/kernel/result';
import type { Text } from '~/text';
import { openCursor, sealCursor } from './cursor';

/** Who asks, when, and in which language they are answered. */
export interface Call {
  application: ActingApplication;
  text: Text;
  now: Instant;
  today: PlainDate;
}

/** How many of a list are told at once when nothing is said. */
export const USUAL_LIMIT = 100;

/** The cursors of one list: what was asked beside the page is part of the question, so that a cursor goes on with the same list. */
export function cursorsOf({ application }: Call, list: string, asked: Record<string, unknown>): { open: (cursor: string | undefined) => Result<string>; seal: (position: string) => string } {
  const { cursor: _, limit: __, ...rest } = asked;
  const question = JSON.stringify([application.id, list, Object.entries(rest).filter(([, value]) => value !== undefined).sort()]);
  return { open: (cursor) => (cursor === undefined ? { ok: true, value: '' } : openCursor(question, cursor)), seal: (position) => sealCursor(question, position) };
}

/** A page out of one more than it holds, and the position behind which the next one begins; null: there is none. */
export function cut<T>(found: readonly T[], limit: number, positionOf: (one: T) => string): { items: T[]; last: string | null } {
  const items = found.slice(0, limit);
  const last = items.at(-1);
  return { items, last: found.length > limit && last !== undefined ? positionOf(last) : null };
}
