import { redirect, type ActionFunctionArgs } from '@remix-run/node';
import { z } from 'zod';
import { actorOf, authorise, ownPath } from '~/identity';
import { parseForm } from '~/ui/form.server';

const Choice = z.object({ lang: z.enum(['zh', 'en']), back: z.string().max(2000).default('/') });
const YEAR_SECONDS = 31_536_000;

/** Remembers the reader's language and returns to the page. */
export async function action({ request }: ActionFunctionArgs) {
  authorise(await actorOf(request), 'use public pages');
  const form = await parseForm(request, Choice);
  if (!form.ok) return redirect('/');
  const { lang, back } = form.value;
  const headers = new Headers();
  headers.set('Set-Cookie', `lang=${lang}; Path=/; Max-Age=${YEAR_SECONDS}; SameSite=Lax`);
  return redirect(ownPath(back) ?? '/', { headers });
}
