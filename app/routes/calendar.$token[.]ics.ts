import type { LoaderFunctionArgs } from '@remix-run/node';
import { reader } from '~/db';
import { actorOf, authorise } from '~/identity';
import { clock } from '~/kernel/clock';
import { ProblemError } from '~/kernel/result';
import { calendarOf, openCalendar } from '~/notices';

/** The calendar that a secret address leads to: calendar programmes cannot sign in, so the address alone opens it. */
export async function loader({ request, params }: LoaderFunctionArgs) {
  authorise(await actorOf(request), 'use public pages');
  const found = await openCalendar(reader(), params['token'] ?? '');
  if (!found) throw new ProblemError({ code: 'not-found' });
  return new Response(await calendarOf(reader(), found.personId, found.lang, clock.now()), {
    headers: { 'Content-Type': 'text/calendar; charset=utf-8', 'Cache-Control': 'private, no-store', 'X-Robots-Tag': 'noindex', 'Referrer-Policy': 'no-referrer' },
  });
}
