import type { LoaderFunctionArgs } from '@remix-run/node';
import { pastHeaders } from '~/certification';
import { authorise, signedIn } from '~/identity';
import { csvFile } from '~/kernel/csv';
import { langOf } from '~/text/lang';

/** An empty sheet with the columns that an import of the past understands. */
export async function loader({ request }: LoaderFunctionArgs) {
  authorise(await signedIn(request), 'see past imports');
  return new Response(csvFile(pastHeaders(langOf(request)), []), {
    headers: { 'Content-Type': 'text/csv; charset=utf-8', 'Content-Disposition': 'attachment; filename="past.csv"', 'Cache-Control': 'no-store' },
  });
}
