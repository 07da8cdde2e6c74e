import type { LoaderFunctionArgs } from '@remix-run/node';
import { reader } from '~/db';
import { authorise, signedIn } from '~/identity';
import { clock } from '~/kernel/clock';
import { calendarOf } from '~/notices';
import { langOf } from '~/text/lang';

/** Somebody's own dates as they are now, as a file. */
export async function loader({ request }: LoaderFunctionArgs) {
  const actor = await signedIn(request);
  authorise(actor, 'read notices');
  return new Response(await calendarOf(reader(), actor.personId ?? '', langOf(request), clock.now()), {
    headers: { 'Content-Type': 'text/calendar; charset=utf-8', 'Content-Disposition': 'attachment; filename="shanggang.ics"', 'Cache-Control': 'private, no-store' },
  });
}
