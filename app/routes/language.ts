import { redirect, type ActionFunctionArgs } from '@remix-run/node';
import { actorOf, authorise, safePath } from '~/identity';
import { isLang } from '~/text';

const YEAR_SECONDS = 31_536_000;

/** Remembers the reader's language and returns to the page. */
export async function action({ request }: ActionFunctionArgs) {
  authorise(await actorOf(request), 'use public pages');
  const form = await request.formData();
  const lang = form.get('lang');
  const back = safePath(String(form.get('back') ?? '/'));
  const headers = new Headers();
  if (isLang(lang)) headers.set('Set-Cookie', `lang=${lang}; Path=/; Max-Age=${YEAR_SECONDS}; SameSite=Lax`);
  return redirect(back, { headers });
}
