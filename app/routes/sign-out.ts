import { redirect, type ActionFunctionArgs } from '@remix-run/node';
import { actorOf, authorise, noSignInCookie, signOut } from '~/identity';

/** Nothing to see here: somebody who typed the address stays signed in. */
export function loader() {
  return redirect('/');
}

export async function action({ request }: ActionFunctionArgs) {
  const actor = await actorOf(request);
  authorise(actor, 'sign in');
  if (actor) await signOut(actor);
  return redirect('/sign-in?left=1', { headers: { 'Set-Cookie': noSignInCookie() } });
}
