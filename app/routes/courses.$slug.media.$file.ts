import type { LoaderFunctionArgs } from '@remix-run/node';
import { courseForReader, mayRead, readMedia } from '~/courses';
import { reader } from '~/db';
import { actorOf, authorise, can } from '~/identity';
import { config } from '~/kernel/config';
import { ProblemError } from '~/kernel/result';

/** A picture or file of a course, for those who may read the course. */
export async function loader({ request, params }: LoaderFunctionArgs) {
  const actor = await actorOf(request);
  authorise(actor, 'read open courses');
  const found = await courseForReader(reader(), params['slug'] ?? '', actor?.personId ?? null);
  const file = found && mayRead(found, can(actor, 'preview courses'))
    ? await readMedia(config().COURSES_DIR, found.course.slug, params['file'] ?? '')
    : null;
  if (!file) throw new ProblemError({ code: 'not-found' });
  return new Response(new Uint8Array(file.content), {
    headers: {
      'Content-Type': file.contentType,
      'Cache-Control': 'private, max-age=3600',
      // A picture opened by itself is a document: whatever an SVG holds, it runs no script and loads nothing.
      'Content-Security-Policy': "default-src 'none'; style-src 'unsafe-inline'; sandbox",
    },
  });
}
