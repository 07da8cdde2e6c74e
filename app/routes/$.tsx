import type { LoaderFunctionArgs } from '@remix-run/node';
import { actorOf, authorise } from '~/identity';
import { ProblemError } from '~/kernel/result';

/** Any address that no other route answers: the worded page instead of the framework's. */
export async function loader({ request }: LoaderFunctionArgs) {
  authorise(await actorOf(request), 'use public pages');
  throw new ProblemError({ code: 'not-found' });
}

export default function Nowhere() {
  return null;
}
