import { hiringAnswers, unjudged, type HiringAnswer, type HiringAsked } from '~/certification';
import type { Reader } from '~/db';
import type { PlainDate } from '~/kernel/calendar';
import type { Instant } from '~/kernel/clock';
import { ownersByKey } from '~/people';
import { match, type Sought } from './match';
import { postsById, postsOfPeople, type ListedPost } from './posts.repository';

/** Somebody who is asked about: by number and name, or, chosen from the register, by their post. */
export interface AskedPerson extends Sought {
  /** Set where the person was chosen from the register; numbers then say nothing. */
  appointmentId: string | null;
}

/** What came of asking about somebody. */
export interface JudgedPerson {
  answer: HiringAnswer;
  /** Who it is; null when unknown, or under another name. */
  post: ListedPost | null;
  /** The name in the register where it is another one than was asked for. */
  otherName: string | null;
  /** The day that was judged. */
  on: PlainDate | null;
}

/**
 * Whether each of these may start on their own day, found within `paths` only: whoever is elsewhere is unknown. As many queries
 * for a thousand as for five hundred, twice over.
 */
export async function judgePeople(from: Reader, paths: readonly string[], asked: readonly AskedPerson[], now: Instant): Promise<JudgedPerson[]> {
  const found = await findAll(from, paths, asked);
  const toJudge = found.flatMap(({ post, on }): HiringAsked[] => (post && on !== null ? [{ personId: post.personId, appointmentId: post.appointmentId, on }] : []));
  const answers = (await hiringAnswers(from, toJudge, now)).values();
  return found.map(({ post, otherName, on }) => {
    const answer = post && answers.next().value;
    return { answer: answer ?? unjudged(otherName === null ? 'unknown' : 'name-mismatch'), post, otherName, on };
  });
}

type Found = Pick<JudgedPerson, 'post' | 'otherName' | 'on'>;

async function findAll(from: Reader, paths: readonly string[], asked: readonly AskedPerson[]): Promise<Found[]> {
  const owners = await ownersByKey(from, asked.flatMap(({ appointmentId, keys }) => (appointmentId === null ? keys : [])));
  const chosen = new Map((await postsById(from, paths, asked.flatMap(({ appointmentId }) => appointmentId ?? []))).map((post) => [post.appointmentId, post]));
  const byPerson = new Map<string, ListedPost[]>();
  for (const post of await postsOfPeople(from, paths, [...new Set(owners.values())])) byPerson.set(post.personId, [...(byPerson.get(post.personId) ?? []), post]);
  const postsOf = (key: string): ListedPost[] => byPerson.get(owners.get(key) ?? '') ?? [];
  return asked.map((one): Found => {
    if (one.appointmentId !== null) return placed(one, chosen.get(one.appointmentId) ?? null);
    const matched = match(one, postsOf);
    if (matched.kind === 'found') return placed(one, one.keys.flatMap(postsOf).find(({ appointmentId }) => appointmentId === matched.post.appointmentId) ?? null);
    return { post: null, otherName: matched.kind === 'name-mismatch' ? matched.name : null, on: null };
  });
}

const placed = ({ on }: AskedPerson, post: ListedPost | null): Found => ({ post, otherName: null, on: post && (on ?? post.startOfDuty) });
