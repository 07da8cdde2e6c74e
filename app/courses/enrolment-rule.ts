import { err, ok, type Result } from '~/kernel/result';
import type { Access, Audience } from './content';

/**
 * Whether somebody may choose a course for themselves. Assigned courses come with an assignment only;
 * leaders' courses are for leaders; open ones are for all, enrolled or not.
 */
export function mayEnrol(course: { access: Access; audience: Audience }, leader: boolean): Result<null> {
  if (course.access === 'assigned') return err('courses.assigned-only');
  if (course.audience === 'leaders' && !leader) return err('courses.for-leaders');
  return ok(null);
}
