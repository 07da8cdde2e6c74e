import type { Post } from './posts.repository';

/**
 * Of somebody's appointments the one under which what belongs to the person is told: the main one before what is held
 * beside it, then the latest.
 */
export function leadingPosts(posts: readonly Post[]): Map<string, string> {
  const leading = new Map<string, Post>();
  for (const post of posts) {
    const known = leading.get(post.personId);
    if (!known || comesBefore(post, known)) leading.set(post.personId, post);
  }
  return new Map([...leading].map(([personId, { id }]) => [personId, id]));
}

const comesBefore = (one: Post, other: Post): boolean => {
  if ((one.nature === 'main') !== (other.nature === 'main')) return one.nature === 'main';
  if (one.startOfDuty !== other.startOfDuty) return one.startOfDuty > other.startOfDuty;
  return one.id > other.id;
};
