import type { LoaderFunctionArgs } from '@remix-run/node';
import { headersOf } from '~/exchange';
import { authorise, signedIn } from '~/identity';
import { csvFile } from '~/kernel/csv';
import { langOf } from '~/text/lang';

/** An empty list to begin a roster with. */
export async function loader({ request }: LoaderFunctionArgs) {
  authorise(await signedIn(request), 'see rosters');
  return new Response(csvFile(headersOf(langOf(request)), []), {
    headers: { 'Content-Type': 'text/csv; charset=utf-8', 'Content-Disposition': 'attachment; filename="roster.csv"', 'Cache-Control': 'no-store' },
  });
}
