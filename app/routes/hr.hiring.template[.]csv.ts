import type { LoaderFunctionArgs } from '@remix-run/node';
import { typedHeaders } from '~/exchange';
import { authorise, signedIn } from '~/identity';
import { csvFile } from '~/kernel/csv';
import { langOf } from '~/text/lang';

/** An empty list with the columns that are understood. */
export async function loader({ request }: LoaderFunctionArgs) {
  authorise(await signedIn(request), 'see hiring lists');
  return new Response(csvFile(typedHeaders(langOf(request)), []), {
    headers: { 'Content-Type': 'text/csv; charset=utf-8', 'Content-Disposition': 'attachment; filename="hiring-list.csv"', 'Cache-Control': 'no-store' },
  });
}
