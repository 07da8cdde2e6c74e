import type { PlainDate } from '~/kernel/calendar';
import { plainName } from '~/people';

/** What is asked about: somebody by number and name, perhaps for a day of their own. */
export interface Sought {
  keys: readonly string[];
  name: string;
  on: PlainDate | null;
}

/** A post that somebody in scope has. */
export interface KnownPost {
  personId: string;
  name: string;
  appointmentId: string;
  startOfDuty: PlainDate;
  organisation: string;
  post: string;
  /** Whether something is required before the start of it. */
  guarded: boolean;
}

export type Match =
  | { kind: 'unknown' }
  | { kind: 'name-mismatch'; name: string }
  | { kind: 'found'; post: KnownPost };

/**
 * Who is meant, and which of their posts, by the number and the letters of the name: one that something is required for, that begins on the day asked about, and the
 * latest of those. A number that belongs to two people (one's recruitment number, another's staff number) is told apart by the name.
 * @param postsOf the posts in scope of whoever has the number with this key
 */
export function match({ keys, name, on }: Sought, postsOf: (key: string) => readonly KnownPost[]): Match {
  const posts = keys.flatMap((key) => postsOf(key));
  const [first] = posts;
  if (!first) return { kind: 'unknown' };
  const own = posts.filter((one) => plainName(one.name) === plainName(name));
  const [best] = own.sort((a, b) => Number(b.guarded) - Number(a.guarded) || Number(b.startOfDuty === on) - Number(a.startOfDuty === on) || compare(b.startOfDuty, a.startOfDuty) || compare(a.appointmentId, b.appointmentId));
  return best ? { kind: 'found', post: best } : { kind: 'name-mismatch', name: first.name };
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
