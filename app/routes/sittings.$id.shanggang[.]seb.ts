import type { LoaderFunctionArgs } from '@remix-run/node';
import { sebFile } from '~/exams';
import { actorOf } from '~/identity';
import { must } from '~/kernel/result';

/** The Safe Exam Browser file of a sitting. With the token in the link it needs no sign-in: the browser has none yet. */
export async function loader({ request, params }: LoaderFunctionArgs) {
  const token = new URL(request.url).searchParams.get('k') ?? '';
  const file = must(await sebFile(await actorOf(request), params['id'] ?? '', token));
  return new Response(file, {
    headers: { 'Content-Type': 'application/seb', 'Content-Disposition': 'attachment; filename="shanggang.seb"', 'Cache-Control': 'no-store' },
  });
}
