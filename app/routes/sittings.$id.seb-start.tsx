import { redirect, type LoaderFunctionArgs } from '@remix-run/node';
import { sebStart } from '~/exams';
import { signedIn } from '~/identity';
import { must } from '~/kernel/result';

/** Where Safe Exam Browser begins and gets back to: the running attempt, or the exam's page. */
export async function loader({ request, params }: LoaderFunctionArgs) {
  return redirect(must(await sebStart(await signedIn(request), params['id'] ?? '')));
}
